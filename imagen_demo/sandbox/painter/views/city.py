"""Draws what people build along a shore: a skyline, and a small port.

Its neighbours: `canvas`, which it draws with; `outdoors`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_ROOFS = ("flat", "flat", "step", "mast", "spire", "tank")


def draw_skyline(sheet: Sheet, horizon: float, nearness: float) -> None:
    """Draw a row of towers with lit windows."""
    (width, height), dice, palette = sheet.image.size, sheet.dice, sheet.palette
    towers, shades, windows = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    floor, cell = height * horizon + 2, max(2.0, sheet.unit * 0.0125)
    lit = 0.5 if sheet.scene.dark or sheet.scene.hour == "sunset" else 0.2
    x = -cell * dice.uniform(0, 5)
    while x < width:
        cols, middle = int(dice.integers(2, 5)) * 2, 1 - abs(x / width - 0.5) * 1.2
        rows = int((7 + dice.random() ** 1.6 * 22 * middle) * (1.35 - 0.6 * nearness))
        _tower(towers, (x, floor), (cols * cell, rows * cell), str(dice.choice(_ROOFS)))
        dark = x + (cols * cell * 0.62 if sheet.side < 0 else 0)
        shades.box(dark, floor - rows * cell * 0.86, (cols * cell * 0.38, rows * cell * 0.86), 90)
        for row, col in np.argwhere(dice.random((int(rows * 0.8), cols - 1)) < lit * nearness):
            left, top = x + (col + 0.8) * cell, floor - (row + 0.8) * cell
            windows.box(left, top, (cell * 0.4, cell * 0.5), 215)
        x += (cols + int(dice.integers(0, 2))) * cell
    body = mix(palette.horizon, palette.ink, 0.3 + 0.55 * nearness)
    towers.press(mix(body, palette.middle, 0.16), mix(body, palette.horizon, 0.22))
    shades.press(mix(body, palette.ink, 0.5))
    windows.press(palette.accent if nearness > 0.5 else palette.light)


def _tower(
    towers: Stencil, foot: tuple[float, float], size: tuple[float, float], roof: str
) -> None:
    (x, floor), (wide, tall) = foot, size
    towers.box(x, floor - tall * 0.86, (wide, tall * 0.86))
    middle, top = x + wide / 2, floor - tall * 0.86
    if roof == "step":
        towers.box(middle - wide * 0.3, top - tall * 0.08, (wide * 0.6, tall * 0.1))
        towers.box(middle - wide * 0.14, top - tall * 0.14, (wide * 0.28, tall * 0.1))
    elif roof == "mast":
        towers.box(middle - wide * 0.35, top - tall * 0.05, (wide * 0.7, tall * 0.06))
        towers.box(middle - wide * 0.03, top - tall * 0.34, (wide * 0.06, tall * 0.36))
    elif roof == "spire":
        towers.shape(np.array([(x, top + 1), (x + wide, top + 1), (middle, top - tall * 0.22)]))
    elif roof == "tank":
        towers.box(middle - wide * 0.2, top - tall * 0.09, (wide * 0.34, tall * 0.07))
        towers.box(middle - wide * 0.15, top - tall * 0.03, (wide * 0.05, tall * 0.04))
        towers.box(middle + wide * 0.05, top - tall * 0.03, (wide * 0.05, tall * 0.04))


def draw_quay(sheet: Sheet, line: float) -> None:
    """Draw the gabled houses and the church of a small port along the far shore."""
    width, unit, dice, palette = sheet.image.width, sheet.unit, sheet.dice, sheet.palette
    hues = [
        rgb(each) for each in ("#c97b5d", "#e0c28c", "#7f9aa8", "#d9d0bd", "#a8605a", "#8fa08a")
    ]
    haze = 0.55 if sheet.scene.weather == "fog" else 0.25
    reach, along = width * 0.62, 0.0
    spire = reach * dice.uniform(0.25, 0.45)
    while along < reach:
        wide = unit * dice.uniform(0.05, 0.085)
        tall = unit * dice.uniform(0.07, 0.125) * (1 - 0.45 * along / reach)
        x = along if sheet.side > 0 else width - along - wide
        hue = mix(
            mix(hues[int(dice.integers(len(hues)))], sheet.scene.ambient, 0.1),
            palette.horizon,
            haze,
        )
        if along <= spire < along + wide:
            _draw_church(sheet, (x + wide / 2, line), unit * 0.2, hue)
        _draw_gabled_house(sheet, (x, line), (wide, tall), hue, haze)
        along += wide * 1.02
    quay = Stencil(sheet)
    quay.box(
        0 if sheet.side > 0 else width - reach * 1.04,
        line - unit * 0.012,
        (reach * 1.04, unit * 0.02),
    )
    quay.press(mix(mix(palette.near, palette.ink, 0.2), palette.horizon, haze))


def _draw_gabled_house(
    sheet: Sheet, foot: tuple[float, float], size: tuple[float, float], hue: Rgb, haze: float
) -> None:
    """Draw one house of the port, its foot's left end at a spot."""
    (x, line), (wide, tall) = foot, size
    unit, palette = sheet.unit, sheet.palette
    wall, roof, glass = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    wall.box(x, line - tall, (wide + 1, tall))
    wall.press(hue, mix(hue, palette.near, 0.18))
    ridge = line - tall - wide * sheet.dice.uniform(0.4, 0.7)
    roof.shape(
        np.array(
            [
                (x - wide * 0.05, line - tall + 1),
                (x + wide * 1.05, line - tall + 1),
                (x + wide * 0.8, ridge),
                (x + wide * 0.2, ridge),
            ]
        )
    )
    roof.press(mix(mix(rgb("#8a4a3c"), palette.ink, 0.25), palette.horizon, haze))
    for level in range(int(tall / (unit * 0.032))):
        for i in range(2):
            glass.box(
                x + wide * (0.2 + 0.36 * i),
                line - tall + unit * (0.012 + 0.032 * level),
                (wide * 0.18, unit * 0.016),
            )
    glass.press(
        rgb("#ffd98a")
        if sheet.scene.dark
        else mix(mix(hue, palette.ink, 0.6), palette.horizon, haze / 2)
    )


def _draw_church(sheet: Sheet, foot: tuple[float, float], tall: float, colour: Rgb) -> None:
    tower = Stencil(sheet)
    (x, y), half = foot, tall * 0.1
    tower.box(x - half, y - tall, (2 * half, tall))
    tower.press(colour)
    tip = Stencil(sheet)
    tip.shape(
        np.array([(x - half * 1.25, y - tall), (x + half * 1.25, y - tall), (x, y - tall * 1.6)])
    )
    tip.press(mix(colour, sheet.palette.ink, 0.5))
