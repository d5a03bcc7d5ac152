"""Draws a city of folded card, seen from above.

Its neighbours: `canvas`, which it draws with; `views`, which calls.
"""

import numpy as np
from PIL import Image, ImageDraw

from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_NEAR_WALL, _FAR_WALL = 0.1, 0.92
"""Where a house begins and ends on its lot, along either side."""


class _Plan:
    """A ground plan seen from above at an angle, drawn at twice the size in one go."""

    def __init__(self, sheet: Sheet, ground: Rgb) -> None:
        width, height = sheet.image.size
        self.sheet = sheet
        self.step = sheet.unit * 0.092
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


def draw_isometric(sheet: Sheet) -> None:
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
                _draw_house(
                    plan, (col, row), storeys, card[int(pick * len(card))], gabled=chance > 0.6
                )
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


def _draw_house(plan: _Plan, at: tuple[int, int], up: float, colour: Rgb, *, gabled: bool) -> None:
    """Draw one house: a soft shadow, two walls with windows, a roof."""
    (c, r), palette = at, plan.sheet.palette
    a, b, ink = _NEAR_WALL, _FAR_WALL, palette.ink
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
    _draw_card_windows(plan, at, up, colour)
    _draw_roof(plan, at, up, colour, gabled=gabled)


def _draw_card_windows(plan: _Plan, at: tuple[int, int], up: float, colour: Rgb) -> None:
    """Draw the windows of both walls, storey by storey."""
    (c, r), palette = at, plan.sheet.palette
    a, b, ink = _NEAR_WALL, _FAR_WALL, palette.ink
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


def _draw_roof(plan: _Plan, at: tuple[int, int], up: float, colour: Rgb, *, gabled: bool) -> None:
    """Draw a roof: a gable, or a flat one with a court in it."""
    (c, r), palette = at, plan.sheet.palette
    a, b, ink = _NEAR_WALL, _FAR_WALL, palette.ink
    dim = mix(colour, ink, 0.32)
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
