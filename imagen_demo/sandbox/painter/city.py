"""Draws cities: a skyline over water, and one of card seen from above.

Its neighbours: `canvas.py`, which it draws with; `views.py`, which calls.
"""

import numpy as np
from PIL import Image, ImageDraw

from imagen_demo.sandbox.painter.canvas import Sheet, Stencil
from imagen_demo.sandbox.painter.palettes import Rgb, mix, rgb

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
        wall, roof, glass = Stencil(sheet), Stencil(sheet), Stencil(sheet)
        wall.box(x, line - tall, (wide + 1, tall))
        wall.press(hue, mix(hue, palette.near, 0.18))
        peak_ = line - tall - wide * dice.uniform(0.4, 0.7)
        roof.shape(
            np.array(
                [
                    (x - wide * 0.05, line - tall + 1),
                    (x + wide * 1.05, line - tall + 1),
                    (x + wide * 0.8, peak_),
                    (x + wide * 0.2, peak_),
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
        along += wide * 1.02
    quay = Stencil(sheet)
    quay.box(
        0 if sheet.side > 0 else width - reach * 1.04,
        line - unit * 0.012,
        (reach * 1.04, unit * 0.02),
    )
    quay.press(mix(mix(palette.near, palette.ink, 0.2), palette.horizon, haze))


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


class _Plan:
    """A ground plan seen from above at an angle, drawn at twice the size in one go."""

    def __init__(self, sheet: Sheet, ground: Rgb) -> None:
        width, height = sheet.image.size
        self.sheet = sheet
        self.step = sheet.unit * 0.083
        self.middle = (width * 0.5, height * 0.52)
        self.large = Image.new("RGB", (width * 2, height * 2), ground)
        self._pen = ImageDraw.Draw(self.large)
        # This one mixes what it draws with what is there, which takes longer.
        self._brush = ImageDraw.Draw(self.large, "RGBA")

    def finish(self) -> None:
        """Put what is drawn on the sheet."""
        self.sheet.image.paste(self.large.reduce(2))

    def spot(self, col: float, row: float, up: float = 0) -> tuple[float, float]:
        """Return where a point of the plan lies, some storeys up."""
        x = self.middle[0] + (col - row) * self.step * 0.87
        return x, self.middle[1] + (col + row) * self.step * 0.5 - up * self.step

    def face(
        self, points: tuple[tuple[float, float, float], ...], colour: Rgb, light: int = 255
    ) -> None:
        """Fill one flat face."""
        spots = [self.spot(*each) for each in points]
        pen = self._pen if light == 255 else self._brush
        pen.polygon([(x * 2, y * 2) for x, y in spots], fill=_ink(colour, light))

    def oval(
        self, x: float, y: float, radii: tuple[float, float], colour: Rgb, light: int = 255
    ) -> None:
        """Fill an upright ellipse of the picture."""
        box = (2 * (x - radii[0]), 2 * (y - radii[1]), 2 * (x + radii[0]), 2 * (y + radii[1]))
        pen = self._pen if light == 255 else self._brush
        pen.ellipse(box, fill=_ink(colour, light))


def _ink(colour: Rgb, light: int) -> tuple[int, ...]:
    """Return a colour as either pen takes it."""
    return colour if light == 255 else (*colour, light)


def draw_plan_city(sheet: Sheet) -> None:
    """Draw a city of folded card: houses, trees and trams between streets."""
    palette = sheet.palette
    base = mix(palette.horizon, palette.light, 0.3)
    width, height = sheet.image.size
    plan, dice = _Plan(sheet, mix(base, palette.middle, 0.2)), sheet.dice
    reach = int(max(width, height) / plan.step * 0.8) + 2
    card = [
        palette.accent,
        palette.far,
        palette.near,
        mix(palette.accent, palette.light, 0.45),
        mix(palette.far, palette.light, 0.5),
        palette.light,
        mix(palette.near, palette.accent, 0.5),
    ]
    _draw_streets(plan, reach, mix(base, palette.far, 0.42))
    for depth in range(-2 * reach, 2 * reach + 1):
        for col in range(max(-reach, depth - reach), min(reach, depth + reach) + 1):
            row = depth - col
            x, y = plan.spot(col, row)
            if not (
                -2 < x / plan.step < width / plan.step + 2
                and -1 < y / plan.step < height / plan.step + 6
            ):
                continue
            lot = (col % 4 == 0) + 2 * (row % 5 == 0)
            chance, pick, tall = dice.random(3)
            if lot:
                if lot == 2 and col % 4 == 2 and chance < 0.4:
                    _draw_tram(plan, col, row)
                continue
            if chance < 0.26:
                _draw_card_trees(plan, col, row, mix(palette.accent, palette.near, 0.7 * pick))
            else:
                # Along a street's near side houses stay low, or they would hide it.
                storeys = 0.5 + (1.6 if row % 5 > 1 and col % 4 > 1 else 0.25) * tall**1.5
                _draw_house(plan, (col, row), storeys, card[int(pick * len(card))], chance > 0.6)
    plan.finish()


def _draw_streets(plan: _Plan, reach: int, colour: Rgb) -> None:
    for n in range(-reach, reach + 1):
        if n % 4 == 0:
            plan.face(
                ((n, -reach, 0), (n + 1, -reach, 0), (n + 1, reach, 0), (n, reach, 0)), colour
            )
        if n % 5 == 0:
            plan.face(
                ((-reach, n, 0), (-reach, n + 1, 0), (reach, n + 1, 0), (reach, n, 0)), colour
            )


def _draw_house(plan: _Plan, at: tuple[int, int], up: float, colour: Rgb, gabled: bool) -> None:  # noqa: FBT001
    """Draw one house: a soft shadow, two walls with windows, a roof."""
    (c, r), palette = at, plan.sheet.palette
    a, b = 0.1, 0.92
    ink = palette.ink
    # Two faint shadows, one inside the other, have a soft edge.
    for long in (0.35 + up * 0.3, 0.22 + up * 0.24):
        plan.face(
            (
                (c + a, r + b, 0),
                (c + b, r + a, 0),
                (c + b + long, r + a + 0.1, 0),
                (c + b + long, r + b + 0.1, 0),
                (c + a + long * 0.8, r + b + 0.12, 0),
            ),
            ink,
            55,
        )
    lit, dim = mix(colour, palette.light, 0.22), mix(colour, ink, 0.32)
    plan.face(((c + a, r + b, 0), (c + b, r + b, 0), (c + b, r + b, up), (c + a, r + b, up)), lit)
    plan.face(((c + b, r + b, 0), (c + b, r + a, 0), (c + b, r + a, up), (c + b, r + b, up)), dim)
    glass = mix(colour, ink, 0.62) if sum(colour) > 330 else palette.light
    for level in np.arange(0.2, up - 0.22, 0.38):
        for i in range(3):
            x, y, high = c + a + 0.1 + 0.25 * i, r + a + 0.1 + 0.25 * i, level + 0.2
            plan.face(
                (
                    (x, r + b, level),
                    (x + 0.12, r + b, level),
                    (x + 0.12, r + b, high),
                    (x, r + b, high),
                ),
                glass,
            )
            plan.face(
                (
                    (c + b, y, level),
                    (c + b, y + 0.12, level),
                    (c + b, y + 0.12, high),
                    (c + b, y, high),
                ),
                glass,
                150,
            )
    if gabled:
        m, top = (a + b) / 2, up + 0.42
        plan.face(((c + b, r + a, up), (c + b, r + b, up), (c + b, r + m, top)), dim)
        plan.face(
            ((c + a, r + a, up), (c + b, r + a, up), (c + b, r + m, top), (c + a, r + m, top)),
            mix(colour, ink, 0.4),
        )
        plan.face(
            ((c + a, r + b, up), (c + b, r + b, up), (c + b, r + m, top), (c + a, r + m, top)),
            mix(mix(colour, palette.accent, 0.5), ink, 0.12),
        )
    else:
        plan.face(
            ((c + a, r + a, up), (c + b, r + a, up), (c + b, r + b, up), (c + a, r + b, up)),
            mix(colour, palette.light, 0.5),
        )
        plan.face(
            (
                (c + 0.24, r + 0.24, up),
                (c + 0.78, r + 0.24, up),
                (c + 0.78, r + 0.78, up),
                (c + 0.24, r + 0.78, up),
            ),
            mix(colour, palette.light, 0.3),
        )


def _draw_card_trees(plan: _Plan, col: int, row: int, colour: Rgb) -> None:
    """Draw three round trees on a lawn."""
    palette, step = plan.sheet.palette, plan.step
    lawn = mix(mix(palette.horizon, palette.near, 0.3), palette.accent, 0.18)
    plan.face(((col, row, 0), (col + 1, row, 0), (col + 1, row + 1, 0), (col, row + 1, 0)), lawn)
    for dx, dy, size in ((0.3, 0.35, 1.0), (0.72, 0.4, 0.8), (0.5, 0.75, 1.1)):
        x, y = plan.spot(col + dx, row + dy)
        big = step * size
        plan.oval(x + step * 0.14, y, (0.24 * big, 0.11 * big), palette.ink, 90)
        plan.oval(x, y - big * 0.14, (0.03 * big, 0.16 * big), palette.ink)
        plan.oval(x, y - big * 0.46, (0.22 * big, 0.26 * big), colour)
        plan.oval(
            x - step * 0.06,
            y - big * 0.54,
            (0.1 * big, 0.12 * big),
            mix(colour, palette.light, 0.6),
            110,
        )


def _draw_tram(plan: _Plan, col: int, row: int) -> None:
    """Draw a small tram along its street."""
    palette = plan.sheet.palette
    red, a, b, up = rgb("#b8382f"), row + 0.3, row + 0.7, 0.44
    cream, glass = mix(palette.light, red, 0.06), mix(palette.ink, palette.light, 0.22)
    c0, c1 = col - 0.7, col + 1.1
    plan.face(
        ((c0, b, 0), (c1, b, 0), (c1 + 0.2, b + 0.3, 0), (c0 + 0.2, b + 0.3, 0)), palette.ink, 70
    )
    for low, high, hue in ((0.05, 0.22, red), (0.22, up, cream), (0.25, 0.38, glass)):
        inset = 0.06 if hue == glass else 0
        plan.face(
            (
                (c0 + inset, b, low),
                (c1 - inset, b, low),
                (c1 - inset, b, high),
                (c0 + inset, b, high),
            ),
            hue,
        )
        shade = mix(hue, palette.ink, 0.3)
        plan.face(
            (
                (c1, b - inset, low),
                (c1, a + inset, low),
                (c1, a + inset, high),
                (c1, b - inset, high),
            ),
            shade,
        )
    for i in range(1, 4):
        x = c0 + 1.8 * i / 4
        plan.face(((x, b, 0.22), (x + 0.06, b, 0.22), (x + 0.06, b, up), (x, b, up)), cream)
    plan.face(((c0, a, up), (c1, a, up), (c1, b, up), (c0, b, up)), mix(red, cream, 0.3))
