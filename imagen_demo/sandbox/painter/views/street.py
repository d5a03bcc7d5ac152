"""Draws a small bar in a wet street at night, with its sign.

Its neighbours: `canvas`, `subjects` and `street_bar`, which it draws with; `views`, which calls.
"""

import numpy as np
from PIL import Image, ImageOps

from imagen_demo.sandbox.painter.canvas.gradients import fill_below, stretch
from imagen_demo.sandbox.painter.canvas.lettering import draw_neon
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects.placement import place_of, set_subject
from imagen_demo.sandbox.painter.views.street_bar import WARM, draw_bar, draw_lanterns


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
    draw_bar(sheet, (middle - wide / 2, top), (wide, kerb - top))
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
    draw_lanterns(sheet, middle, wide, top)
    _mirror(sheet, kerb)
    light = Stencil(sheet)
    light.oval(middle, kerb + unit * 0.015, (wide * 0.62, unit * 0.035), 120)
    light.press(WARM, soft=unit / 28)
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
                colour = mix(WARM, sheet.palette.horizon, 0.35 + 0.34 * chance)
            glass.press(colour, mix(colour, sheet.palette.ink, 0.35))
            sill = Stencil(sheet)
            sill.box(x - wide * 0.12, row + high * 1.02, (wide * 1.24, high * 0.05))
            sill.press(mix(sheet.palette.horizon, sheet.palette.ink, 0.45))
        row -= high * 1.75


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
    pane.press(mix(WARM, sheet.palette.middle, 0.35))


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
