"""Draws a small bar in a wet street at night, with its sign.

Its neighbours: `canvas.py` and `lettering.py`, which it draws with; `views.py`, which calls.
"""

import numpy as np
from PIL import Image, ImageOps

from imagen_demo.sandbox.painter.canvas import Curve, Sheet, Stencil, fill_below, outline, stretch
from imagen_demo.sandbox.painter.lettering import draw_neon
from imagen_demo.sandbox.painter.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects import place_of, set_subject

_WARM = rgb("#ffc36b")
_BOWL = outline("-1,0! 1,0! .72,.6 .4,.72 -.4,.72 -.72,.6")


def draw_street(sheet: Sheet) -> None:
    """Draw the house front, its light, and all of it again in the wet ground."""
    width, height = sheet.image.size
    palette, unit = sheet.palette, sheet.unit
    kerb = int(height * (0.8 if height > width else 0.84))
    wall = mix(palette.top, palette.middle, 0.55)
    fill_below(
        sheet,
        np.zeros(width),
        mix(wall, palette.ink, 0.3),
        mix(wall, palette.horizon, 0.22),
        fade=0.8,
    )
    _draw_bricks(sheet, kerb, wall)
    middle = width * (0.5 if height > width else 0.4)
    wide = min(width * 0.78, unit * 0.86)
    top = kerb - unit * (0.62 if height > width else 0.5)
    _draw_upper_windows(sheet, top - unit * 0.18)
    _draw_bar(sheet, (middle - wide / 2, top), (wide, kerb - top))
    if height <= width:
        _draw_neighbour(sheet, middle + wide * 0.56, kerb)
    text = sheet.scene.text or "RAMEN"
    sign_high = unit * 0.2 if height > width else unit * 0.15
    hue, second = (rgb("#ff5f8f"), rgb("#59e0ff"))
    if sheet.scene.tint:
        hue = sheet.scene.tint
    draw_neon(
        sheet,
        text,
        (middle - wide / 2, top - sign_high - unit * 0.11, wide, sign_high),
        (hue, second),
    )
    _draw_lanterns(sheet, middle, wide, top)
    _mirror(sheet, kerb)
    light = Stencil(sheet)
    light.oval(middle, kerb + unit * 0.015, (wide * 0.62, unit * 0.035), 120)
    light.press(_WARM, soft=unit / 28)
    _draw_ripples(sheet, kerb)
    standing = [name for name in sheet.scene.subjects if place_of(name) == "ground"]
    for i, name in enumerate(standing[:2]):
        set_subject(sheet, name, (width * (0.2 + 0.6 * i), height * 0.955), zoom=0.72)


def _draw_bricks(sheet: Sheet, kerb: int, wall: Rgb) -> None:
    """Lay a few courses of brick, as if the rest of the plaster were whole."""
    unit, width = sheet.unit, sheet.image.width
    bricks = Stencil(sheet)
    long, high = unit * 0.05, unit * 0.018
    for along, up in sheet.dice.random((46, 2)):
        row = int(up * kerb / high / 1.35)
        x = int(along * width / long / 1.1) * long * 1.1 + (row % 2) * long / 2
        bricks.box(x, row * high * 1.35, (long, high), 70)
        bricks.box(x + long * 1.1, row * high * 1.35, (long * 0.9, high), 45)
    bricks.press(mix(wall, sheet.palette.horizon, 0.4))


def _draw_upper_windows(sheet: Sheet, bottom: float) -> None:
    """Draw the windows of those who live above, some lit."""
    unit, (width, _) = sheet.unit, sheet.image.size
    wide, high = unit * 0.15, unit * 0.2
    row = bottom - high * 1.9
    while row > -high:
        for i, chance in enumerate(sheet.dice.random(int(width / wide / 1.5) + 1)):
            x = wide * (0.35 + 1.62 * i)
            frame, glass = Stencil(sheet), Stencil(sheet)
            frame.box(x - wide * 0.06, row - wide * 0.06, (wide * 1.12, high * 1.08))
            frame.press(mix(sheet.palette.ink, sheet.palette.middle, 0.25))
            for dx in (0.0, 0.52):
                glass.box(x + wide * dx, row, (wide * 0.48, high * 0.96))
            colour = mix(sheet.palette.middle, sheet.palette.ink, 0.3)
            if chance < 0.5:
                colour = mix(_WARM, sheet.palette.horizon, 0.35 + 0.34 * chance)
            glass.press(colour, mix(colour, sheet.palette.ink, 0.35))
            sill = Stencil(sheet)
            sill.box(x - wide * 0.12, row + high * 1.02, (wide * 1.24, high * 0.05))
            sill.press(mix(sheet.palette.horizon, sheet.palette.ink, 0.45))
        row -= high * 1.75


def _draw_bar(sheet: Sheet, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Draw the open front: warm light, shelf and bowls, curtains, stools."""
    (left, top), (wide, tall), unit = corner, size, sheet.unit
    ink = mix(sheet.palette.ink, rgb("#2a1620"), 0.5)
    frame = Stencil(sheet)
    frame.box(left, top, (wide, tall))
    frame.press(ink)
    inside = Stencil(sheet)
    inside.box(left + wide * 0.04, top + tall * 0.1, (wide * 0.92, tall * 0.56))
    inside.press(rgb("#ffdf9a"), rgb("#f29a4b"))
    back = Stencil(sheet)
    for y in (0.3, 0.46):
        back.box(left + wide * 0.06, top + tall * y, (wide * 0.88, tall * 0.014))
    for i, (size_, high) in enumerate(sheet.dice.random((22, 2))):
        x, y = left + wide * (0.08 + 0.039 * i), top + tall * (0.3 if i % 2 else 0.46)
        back.box(
            x,
            y - tall * (0.05 + 0.06 * high),
            (wide * (0.012 + 0.014 * size_), tall * (0.05 + 0.06 * high)),
        )
    back.press(rgb("#b8642f"))
    _draw_cook(sheet, left + wide * 0.62, top + tall * 0.66, tall * 0.42)
    counter, edge = Stencil(sheet), Stencil(sheet)
    counter.box(left, top + tall * 0.65, (wide, tall * 0.3))
    counter.press(rgb("#6e3427"), rgb("#3a1c20"))
    edge.box(left - wide * 0.012, top + tall * 0.63, (wide * 1.024, tall * 0.035))
    edge.press(rgb("#d98a4e"))
    slats = Stencil(sheet)
    for i in range(1, 14):
        slats.box(left + wide * i / 14, top + tall * 0.67, (wide * 0.004, tall * 0.28), 120)
    slats.press(ink)
    for x in (0.2, 0.38):
        _draw_bowl(sheet, (left + wide * x, top + tall * 0.585), unit * 0.036)
    stools, legs = Stencil(sheet), Stencil(sheet)
    for x in (0.16, 0.36, 0.56, 0.76):
        spot = left + wide * (x + 0.04)
        stools.oval(spot, top + tall * 0.79, (wide * 0.052, tall * 0.022))
        legs.box(spot - wide * 0.006, top + tall * 0.79, (wide * 0.012, tall * 0.2))
        legs.oval(spot, top + tall * 0.985, (wide * 0.035, tall * 0.012))
    legs.press(mix(ink, _WARM, 0.18))
    stools.press(rgb("#c4423c"))
    _draw_curtains(sheet, (left + wide * 0.03, top + tall * 0.09), (wide * 0.94, tall * 0.17))


def _draw_cook(sheet: Sheet, x: float, foot: float, tall: float) -> None:
    """Draw the cook behind the counter, as a dark shape in the light."""
    cook = Stencil(sheet)
    cook.shape(
        np.array([x, foot]) + outline("-.34,0! -.3,-.34 -.12,-.44 .12,-.44 .3,-.34 .34,0!") * tall
    )
    cook.dot(x, foot - tall * 0.56, tall * 0.125)
    cook.press(rgb("#8a4a2c"), rgb("#6e3427"))
    cap = Stencil(sheet)
    cap.shape(np.array([x, foot]) + outline("-.13,-.6 -.12,-.7 0,-.72 .12,-.7 .13,-.6") * tall)
    cap.press(rgb("#fff0d4"))


def _draw_bowl(sheet: Sheet, spot: tuple[float, float], size: float) -> None:
    bowl, soup, steam = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    bowl.shape(np.array(spot) + _BOWL * size)
    bowl.press(rgb("#f4ede1"), rgb("#d94b3d"))
    soup.oval(spot[0], spot[1], (size, size * 0.16))
    soup.press(rgb("#fff6e0"))
    for dx in (-0.4, 0.2, 0.6):
        rise = outline("0,0! .2,-.7 -.1,-1.4 .1,-2.2! 0,-1.4 .28,-.7") * size
        steam.shape(np.array([spot[0] + dx * size, spot[1] - size * 0.2]) + rise, 150)
    steam.press(rgb("#fffaf0"), soft=size / 9)


def _draw_curtains(sheet: Sheet, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Hang five short curtains, each with a white round in the middle."""
    (left, top), (wide, tall) = corner, size
    cloth, folds, marks = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    share = wide / 5
    for i in range(5):
        x = left + i * share
        drop = tall * (0.96 + 0.06 * (i % 2))
        panel = np.array(
            [
                (0, 0),
                (share * 0.95, 0),
                (share * 0.98, drop),
                (share * 0.5, drop * 1.03),
                (-share * 0.02, drop),
            ]
        )
        cloth.shape(panel + np.array([x, top]))
        folds.box(x + share * 0.78, top, (share * 0.14, drop), 70)
        folds.box(x + share * 0.2, top, (share * 0.06, drop), 50)
        marks.dot(x + share * 0.48, top + drop * 0.52, min(share, tall) * 0.22)
    red = rgb("#b92f38")
    cloth.press(red, mix(red, _WARM, 0.25))
    folds.press(mix(red, (20, 6, 16), 0.6))
    marks.press(rgb("#fdf0dc"))


def _draw_lanterns(sheet: Sheet, middle: float, wide: float, top: float) -> None:
    """Hang a paper lantern at either end of the front."""
    unit = sheet.unit
    for side in (-1, 1):
        x, y = middle + side * wide * 0.455, top + unit * 0.2
        r = unit * 0.038
        halo, body, bands = Stencil(sheet), Stencil(sheet), Stencil(sheet)
        halo.oval(x, y, (r * 1.9, r * 2.2), 130)
        halo.press(rgb("#ff8a50"), soft=unit / 30)
        bands.box(x - unit * 0.001, y - r * 2.2, (unit * 0.002, r))
        body.oval(x, y, (r, r * 1.28))
        body.press(rgb("#ff9a5c"), rgb("#e2483c"))
        for k in (-1.3, 1.18):
            bands.box(x - r * 0.5, y + k * r, (r, r * 0.16))
        for k in (-0.7, -0.25, 0.2, 0.65):
            bands.box(
                x - r * np.sqrt(max(0.0, 1 - (k / 1.28) ** 2)),
                y + k * r,
                (2 * r * np.sqrt(1 - (k / 1.28) ** 2), r * 0.05),
                90,
            )
        bands.press(rgb("#3a1620"))


def _draw_neighbour(sheet: Sheet, left: float, kerb: int) -> None:
    """Draw the shut shop next door: a door, a shutter and plants before it."""
    unit, width = sheet.unit, sheet.image.width
    shutter, lines, door = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    wide = width * 0.97 - left
    shutter.box(left, kerb - unit * 0.4, (wide * 0.6, unit * 0.4))
    shade = mix(sheet.palette.ink, sheet.palette.middle, 0.55)
    shutter.press(shade, mix(shade, sheet.palette.ink, 0.5))
    for i in range(16):
        lines.box(left, kerb - unit * 0.4 + unit * 0.025 * i, (wide * 0.6, unit * 0.004), 130)
    lines.press(sheet.palette.ink)
    door.box(left + wide * 0.7, kerb - unit * 0.36, (wide * 0.24, unit * 0.36))
    door.press(mix(rgb("#2c6e73"), sheet.palette.ink, 0.45))
    pane = Stencil(sheet)
    pane.box(left + wide * 0.74, kerb - unit * 0.32, (wide * 0.16, unit * 0.13))
    pane.press(mix(_WARM, sheet.palette.middle, 0.35))


def _mirror(sheet: Sheet, kerb: int) -> None:
    """Let the wet ground mirror the front in broken, softened rows."""
    image, dice = sheet.image, sheet.dice
    width, deep = image.width, image.height - kerb
    stretch_by = 2.6
    source = image.crop((0, max(0, kerb - int(deep * stretch_by)), width, kerb))
    mirror = ImageOps.flip(source).resize((width, deep), Image.Resampling.BILINEAR)
    soft = _softened(mirror)
    down = np.arange(deep) / max(deep, 1)
    swing = np.sin(np.cumsum(dice.uniform(0.2, 1.3, deep))) * (0.2 + down) * deep * 0.05
    rows = (np.arange(deep) + swing).clip(0, deep - 1).astype(int)
    water = Image.fromarray(np.asarray(soft)[rows])
    dark: Curve = np.tile(
        np.array(mix(sheet.palette.ink, sheet.palette.top, 0.5), dtype=float), (deep, 1)
    )
    water.paste(stretch(dark, width), (0, 0), stretch(70 + 80 * down, width))
    image.paste(water, (0, kerb))
    edge = Stencil(sheet)
    edge.box(0, kerb - sheet.unit * 0.008, (width, sheet.unit * 0.014))
    edge.press(mix(sheet.palette.ink, sheet.palette.middle, 0.3))


def _softened(image: Image.Image) -> Image.Image:
    """Soften a picture, more up and down than along."""
    small = image.resize(
        (max(1, image.width // 3), max(1, image.height // 8)), Image.Resampling.BOX
    )
    return small.resize(image.size, Image.Resampling.BICUBIC)


def _draw_ripples(sheet: Sheet, kerb: int) -> None:
    """Draw the rings of drops on the ground."""
    rings = Stencil(sheet)
    width, deep, unit = sheet.image.width, sheet.image.height - kerb, sheet.unit
    for along, near, size in sheet.dice.random((26, 3)):
        x, y = along * width, kerb + deep * (0.1 + 0.85 * near)
        r = unit * (0.006 + 0.02 * size) * (0.5 + near)
        rings.oval(x, y, (r, r * 0.26), 90)
        rings.oval(x, y, (r * 0.86, r * 0.2), 0)
    rings.press(sheet.palette.light)
