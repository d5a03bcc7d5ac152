"""Finishes a picture: frames and papers, titles, grain, and the sandbox's stamp.

Its neighbours: `canvas`, which it draws with; `painter`, which calls.
"""

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFont

from imagen_demo.sandbox.painter.canvas.lettering import legible, text_mask
from imagen_demo.sandbox.painter.canvas.noise import noise
from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import mix, rgb
from imagen_demo.sandbox.painter.scene.scene import Scene, dice_for

Box: TypeAlias = tuple[int, int, int, int]

_PAPER = (250, 246, 236)


def window(scene: Scene, size: tuple[int, int]) -> Box:
    """Return the part of the page that the picture itself fills: left, top, width and height."""
    (width, height), unit = size, min(size)
    if scene.style == "polaroid":
        card = int(min(width * 0.9, height * 0.78))
        inner = max(1, int(card * 0.88))
        return (width - inner) // 2, int((height - card * 1.2) * 0.46 + card * 0.06), inner, inner
    if scene.style == "poster" or (scene.text and scene.setting != "street"):
        margin = int(unit * 0.045)
        band = int(unit * 0.05 + height * 0.105) if legible(scene.text, "title")[0] else 0
        wide, tall = width - 2 * margin, height - 2 * margin - band
        return margin, margin, max(1, wide), max(1, tall)
    return 0, 0, width, height


def mounted(sheet: Sheet, size: tuple[int, int], box: Box) -> Image.Image:
    """Return the page: the picture on the paper that the prompt asks for, with what it says."""
    style = sheet.scene.style
    if style in ("faded", "polaroid"):
        _fade(sheet)
    if style == "watercolor":
        _wash(sheet)
    if box[2:] == size:
        return sheet.image
    page = replace(sheet, image=Image.new("RGB", size, _PAPER))
    if style == "polaroid":
        _mount_photo(page, sheet.image, box)
    else:
        _mount_poster(page, sheet.image, box)
    return page.image


def _fade(sheet: Sheet) -> None:
    """Let colours fade and blacks lift."""
    pale = ImageEnhance.Color(sheet.image).enhance(0.72)
    warm = Image.new("RGB", pale.size, (244, 226, 200))
    sheet.image.paste(
        Image.blend(ImageChops.screen(pale, Image.new("RGB", pale.size, (34, 28, 30))), warm, 0.1)
    )


def _wash(sheet: Sheet) -> None:
    """Let colours pool and granulate, and leave the paper's edge white."""
    (width, height), unit, dice = sheet.image.size, sheet.unit, sheet.dice
    size = (max(2, width // 4), max(2, height // 4))
    pools = noise(dice, size, 6, octaves=5)
    ys, xs = np.mgrid[0 : size[1], 0 : size[0]] * 4.0
    edge = np.minimum(np.minimum(xs, width - xs), np.minimum(ys, height - ys)) / unit
    torn = edge - 0.055 - 0.06 * (pools - 0.5)
    body = (torn / 0.008).clip(0, 1)
    rim = np.exp(-(((torn - 0.006) / 0.007) ** 2)) * body * 0.3
    pale = (0.13 + 0.5 * (pools - 0.5)).clip(0, 0.5)
    cover = ((1 - body) + body * pale).clip(0, 1)
    for share, colour in ((cover, (253, 251, 245)), (rim, sheet.palette.near)):
        mask = Image.fromarray((share * 255).astype(np.uint8)).resize(
            (width, height), Image.Resampling.BICUBIC
        )
        sheet.image.paste(colour, (0, 0, width, height), mask)


def _mount_photo(page: Sheet, photo: Image.Image, box: Box) -> None:
    """Set a picture into the white card of an instant photo, on a table."""
    left, top, inner, _ = box
    gap, unit = int(inner * 0.068), page.unit
    wide, tall = inner + 2 * gap, int((inner + 2 * gap) * 1.2)
    _lay_table(page)
    corner = (left - gap, top - gap)
    shadow = Stencil(page)
    shadow.box(corner[0] + unit * 0.012, corner[1] + unit * 0.02, (wide, tall), 190)
    shadow.press((58, 42, 34), soft=unit / 45)
    card = Stencil(page)
    card.box(*corner, (wide, tall))
    card.press((252, 250, 244), (240, 236, 226))
    page.image.paste(photo, (left, top))
    line = Stencil(page)
    for size in ((inner, 2), (2, inner)):
        line.box(left, top, size, 90)
    line.press((60, 52, 48))
    said, face = legible(page.scene.text, "sign")
    room = (int(inner * 0.84), int(wide * 0.12))
    if said and min(room) > 4:
        ink, low = text_mask(room, said, face, lines=1), top + inner + int(wide * 0.05)
        page.image.paste((62, 62, 78), (left + (inner - room[0]) // 2, low), ink)


def _lay_table(sheet: Sheet) -> None:
    """Cover the picture with a table of pale boards."""
    (width, height), unit, dice = sheet.image.size, sheet.unit, sheet.dice
    wood = mix(rgb("#c9a986"), sheet.palette.horizon, 0.35)
    boards = 5
    for i in range(boards):
        board = Stencil(sheet)
        board.box(width * i / boards, 0, (width / boards + 2, height))
        tone = mix(wood, rgb("#7d5a40"), 0.1 + 0.22 * dice.random())
        board.press(mix(tone, (255, 244, 224), 0.15), tone)
    grain, joints = Stencil(sheet), Stencil(sheet)
    for x, y, size in dice.random((70, 3)):
        grain.oval(x * width, y * height, (unit * 0.0012, unit * (0.05 + 0.2 * size)), 60)
    for i in range(1, boards):
        joints.box(width * i / boards - unit * 0.002, 0, (unit * 0.004, height), 150)
    grain.press(rgb("#6b4a35"))
    joints.press(rgb("#4a3326"))


def _mount_poster(page: Sheet, picture: Image.Image, box: Box) -> None:
    """Give a picture a poster's margin, and its title in the band below."""
    (width, height), (left, top, wide, tall) = page.image.size, box
    page.image.paste(picture, (left, top))
    ink = mix(page.palette.ink, rgb("#1f2b44"), 0.4)
    line = max(1, page.unit // 320)
    pen = ImageDraw.Draw(page.image)
    pen.rectangle((left, top, left + wide - 1, top + tall - 1), outline=ink, width=line)
    said, face = legible(page.scene.text, "title")
    foot, room = top + tall, (int(wide * 0.9), int((height - top - tall) * 0.5))
    if said and min(room) > 4:
        mask = text_mask(room, said, face, lines=2, spread=0.08)
        page.image.paste(ink, ((width - room[0]) // 2, foot + (height - foot - room[1]) // 2), mask)


def add_grain(image: Image.Image) -> Image.Image:
    """Add the tooth of paper, a level or two, so that gradients do not band."""
    # One small tile over and over costs the PNG a fraction of what free noise would, and with
    # every level once in each square of four the tiles do not show.
    dice = dice_for("grain")
    squares = dice.permuted(np.tile(np.arange(4, dtype=np.uint8), (256, 1)), axis=1)
    tile = squares.reshape(16, 16, 2, 2).swapaxes(1, 2).reshape(32, 32)
    repeated = np.tile(tile, (-(-image.height // 32), -(-image.width // 32)))
    grain = Image.fromarray(repeated[: image.height, : image.width])
    return ImageChops.add(image, Image.merge("RGB", (grain, grain, grain)), offset=-2)


def stamp(image: Image.Image) -> None:
    """Mark the picture as the sandbox's own, in the bottom right corner."""
    unit = min(image.size)
    font = ImageFont.load_default(max(6.0, unit * 0.026))
    left, top, right, bottom = font.getbbox("sandbox")
    wide, tall = int(right - left + (bottom - top) * 1.8), int((bottom - top) * 2.2)
    pill = Image.new("RGBA", (wide * 2, tall * 2), (18, 20, 26, 0))
    ImageDraw.Draw(pill).rounded_rectangle(
        (0, 0, wide * 2 - 1, tall * 2 - 1), tall, (18, 20, 26, 165)
    )
    pill = pill.reduce(2)
    ImageDraw.Draw(pill).text((wide / 2, tall / 2), "sandbox", (255, 255, 255, 235), font, "mm")
    gap = int(unit * 0.022)
    image.paste(pill, (image.width - gap - wide, image.height - gap - tall), pill)
