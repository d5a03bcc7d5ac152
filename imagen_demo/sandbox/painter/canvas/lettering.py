"""Sets quoted text on a picture: as a poster's title, a neon sign, or a line on a label.

Its neighbours: `stencil`, which it draws with; `views/street`, `finish`, `branding` and
`contact_sheet`, which call. The fonts are those that Gradio serves to the page, or Pillow's own
where they are missing.
"""

import importlib.util
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from imagen_demo.sandbox.painter.canvas.sheet import WHITE, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil, blurred
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix

_FONTS = Path("templates") / "frontend" / "static" / "fonts"
_FACES = {
    "title": "Montserrat/Montserrat-Bold.woff2",
    "sign": "Quicksand/Quicksand-Bold.woff2",
    "plain": "SourceSansPro/SourceSansPro-Regular.woff2",
}
_NOWHERE = "\U0010fffd"
"""A character that no font has: what it looks like is what a missing one looks like."""

_CORE = [min(255, max(0, (level - 150) * 4)) for level in range(256)]
_Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _folder() -> Path | None:
    # Found without importing Gradio, which the sandbox has no part in.
    found = importlib.util.find_spec("gradio")
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places))) / _FONTS if places else None


@lru_cache(maxsize=64)
def font(face: str, size: int) -> _Font:
    """Return a face at a size in pixels; Pillow's own where the file is missing."""
    folder = _folder()
    try:
        if folder:
            return ImageFont.truetype(str(folder / _FACES[face]), size)
    except OSError:
        pass
    return ImageFont.load_default(size)


@lru_cache(maxsize=4096)
def _has(face: str, letter: str) -> bool:
    """Tell whether a face can draw a character."""
    sample = font(face, 24)
    if letter.isspace():
        return True
    return bytes(sample.getmask(letter)) != bytes(sample.getmask(_NOWHERE))


def legible(text: str, face: str) -> tuple[str, str]:
    """Return what of a text can be drawn, and the face that draws most of it."""
    faces = dict.fromkeys((face, "title", "plain"))
    kept = [("".join(c for c in text if c.isprintable() and _has(each, c)), each) for each in faces]
    best, chosen = max(kept, key=lambda each: len(each[0]))
    return " ".join(best.split()), chosen


def wrap(text: str, lines: int) -> list[str]:
    """Break a text into at most so many lines of about the same length."""
    words = text.split()
    best = [" ".join(words)]
    for limit in range(len(text), 0, -1):
        rows = [""]
        for word in words:
            if rows[-1] and len(rows[-1]) + 1 + len(word) > limit:
                rows.append(word)
            else:
                rows[-1] = f"{rows[-1]} {word}".strip()
        if len(rows) > lines:
            break
        best = rows
    return best


def fitted(
    text: str, face: str, room: tuple[float, float], *, lines: int = 3, spread: float = 0
) -> tuple[list[str], int]:
    """Return a text broken so that it can be as large as its room allows, and that size.

    Args:
        text: What is set.
        face: Its face.
        room: Width and height in pixels.
        lines: How many lines there may be.
        spread: Added between letters, as a share of the size.
    """
    best = (wrap(text, 1), 1)
    for count in range(1, lines + 1):
        rows = wrap(text, count)
        probe = font(face, 100)
        wide = max(probe.getlength(row) / 100 + spread * max(len(row) - 1, 0) for row in rows)
        size = int(min(room[0] / max(wide, 0.1), room[1] / (1.22 * len(rows) - 0.22)))
        if size > best[1] * 1.06:
            best = (rows, size)
    return best


def text_mask(
    size: tuple[int, int], text: str, face: str, *, lines: int = 3, spread: float = 0
) -> Image.Image:
    """Return a mask of a size with a text in its middle, as large as fits."""
    mask = Image.new("L", size)
    rows, tall = fitted(text, face, size, lines=lines, spread=spread)
    letters, pen = font(face, max(tall, 1)), ImageDraw.Draw(mask)
    for i, row in enumerate(rows):
        y = size[1] / 2 + (i - (len(rows) - 1) / 2) * tall * 1.22
        x = size[0] / 2 - (letters.getlength(row) + spread * tall * (len(row) - 1)) / 2
        if spread:
            for j, letter in enumerate(row):
                # The kerning of the whole, with the spread on top.
                at = x + letters.getlength(row[:j]) + spread * tall * j
                pen.text((at, y), letter, 255, letters, "lm")
        else:
            pen.text((x, y), row, 255, letters, "lm")
    return mask


def draw_neon(
    sheet: Sheet, text: str, box: tuple[float, float, float, float], hues: tuple[Rgb, Rgb]
) -> None:
    """Hang a sign of bent glass tubes on a wall, with its glow on the wall around it."""
    left, top, wide, tall = (int(each) for each in box)
    said, face = legible(text, "sign")
    if not said or wide < 8 or tall < 8:
        return
    edge = int(sheet.unit * 0.09)
    size = (wide + 2 * edge, tall + 2 * edge)
    corner = (left - edge, top - edge)
    where = (*corner, corner[0] + size[0], corner[1] + size[1])
    board = Stencil(sheet)
    pad = sheet.unit * 0.028
    board.box(left - pad, top - pad, (wide + 2 * pad, tall + 2 * pad), 225)
    board.press(mix(sheet.palette.ink, (0, 0, 0), 0.3))
    letters = Image.new("L", size)
    inner = int(tall * 0.1)
    letters.paste(
        text_mask((wide - 2 * inner, tall - 2 * inner), said, face, spread=0.03),
        (edge + inner, edge + inner),
    )
    frame = Image.new("L", size)
    pen, thick = ImageDraw.Draw(frame), max(2, int(sheet.unit * 0.006))
    pen.rounded_rectangle(
        (edge, edge, edge + wide, edge + tall), tall * 0.16, outline=255, width=thick
    )
    for mask, hue in ((frame, hues[1]), (letters, hues[0])):
        for reach, share in ((sheet.unit / 16, 0.75), (sheet.unit / 50, 0.9)):
            glow = blurred(mask, reach).point([min(255, int(i * share * 1.7)) for i in range(256)])
            sheet.image.paste(hue, where, glow)
        sheet.image.paste(mix(hue, WHITE, 0.2), where, mask)
        # Only the middle of the tube stays bright once its edges are blurred.
        core = mask.filter(ImageFilter.GaussianBlur(sheet.unit / 280)).point(_CORE)
        sheet.image.paste(mix(hue, WHITE, 0.86), where, core)
