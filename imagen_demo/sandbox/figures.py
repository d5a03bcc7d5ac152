"""Draws what has a shape of its own in a landscape, from the sun to a tree to a drop of rain.

Its neighbours: `scene.py` says what a prompt asks for, `painter.py` draws the land around.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imagen_demo.sandbox.scene import Dice, Rgb, Scene, mix

Curve: TypeAlias = NDArray[np.float64]
_Spot: TypeAlias = tuple[float, float]

_HALVES = {
    "conifer": "0 1 .17 .785 .09 .795 .34 .57 .18 .58 .5 .355 .27 .365 .68 .14 .06 .14 .06 0",
    "round": "0 1 .3 .96 .52 .84 .6 .68 .54 .5 .36 .38 .05 .34 .06 0",
    "glint": "0 .5 .5 0 0 -.5",
    "bloom": "0 .86 .2 .98 .4 1 .6 .9 .8 .92 1 .7 .98 .42 .75 .15 .4 0 0 -.04",
    "flat": ".5 1 .5 0",
    "step": ".28 1 .28 .92 .5 .92 .5 0",
    "mast": ".02 1.2 .04 .92 .4 .92 .4 .86 .5 .86 .5 0",
    "spire": "0 1.12 .5 .86 .5 0",
    "sail": "0 1 .42 .2 .02 .2 .02 .14 .5 .14 .36 0",
    "lighthouse": "0 1 .3 .91 .2 .91 .2 .82 .38 .82 .38 .79 .26 .79 .5 0",
}
"""Flat figures, each the same on both sides: half widths and heights from the tip down."""


def _both_sides(half: str) -> Curve:
    """Return the points around a figure; up is negative, as in a picture."""
    right = np.array(half.split(), dtype=float).reshape(-1, 2) * (1, -1)
    return np.concatenate([right, right[::-1] * (-1, 1)])


_FIGURES = {name: _both_sides(half) for name, half in _HALVES.items()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture in the making; (x, y) is the place of sun or moon."""

    image: Image.Image
    scene: Scene
    dice: Dice
    x: float
    y: float

    @property
    def unit(self) -> int:
        """The short side, which sizes are shares of."""
        return min(self.image.size)


class _Stencil:
    """A mask of twice the picture's size, so that the shapes cut into it get smooth edges."""

    def __init__(self, sheet: Sheet) -> None:
        """Start without any shape."""
        self.image = sheet.image
        self.mask = Image.new("L", (self.image.width * 2, self.image.height * 2))
        self.pen = ImageDraw.Draw(self.mask)

    def dot(self, x: float, y: float, radius: float, light: int = 255) -> None:
        """Cut a disc."""
        x, y, radius = x * 2, y * 2, max(radius * 2, 0.5)
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=light)

    def figure(self, name: str, place: _Spot, size: _Spot, light: int = 255) -> None:
        """Cut one of the figures, its foot in a place."""
        points = np.add(place, _FIGURES[name] * size) * 2
        self.pen.polygon(points.ravel().tolist(), fill=light)

    def press(self, colour: Rgb) -> None:
        """Colour the picture through the shapes."""
        box = self.mask.getbbox()
        if box is None:
            return
        left, top = box[0] // 2, box[1] // 2
        # Only the part in use is worth the time.
        used = self.mask.crop((left * 2, top * 2, box[2] + box[2] % 2, box[3] + box[3] % 2))
        small = used.reduce(2)
        self.image.paste(colour, (left, top, left + small.width, top + small.height), small)


def draw_sun(sheet: Sheet) -> None:
    """Draw the sun, or at night the stars and the moon; some moons are crescents."""
    (width, height), dark, dice = sheet.image.size, sheet.scene.dark, sheet.dice
    stencil = _Stencil(sheet)
    for x, y, size in dice.random((170 if dark and not sheet.scene.weather else 0, 3)):
        light = int(225 * (1 - y) ** 0.7 * (0.35 + 0.65 * size))
        stencil.dot(x * width, y * height * 0.6, sheet.unit * (0.0008 + 0.0022 * size**4), light)
    radius = sheet.unit * dice.uniform(0.05, 0.07 if dark else 0.095)
    light = {"rain": 0, "fog": 150}.get(sheet.scene.weather, 255)
    stencil.dot(sheet.x, sheet.y, radius, light)
    if dark and dice.random() < 0.5:
        stencil.dot(sheet.x - radius * 0.45, sheet.y - radius * 0.2, radius * 0.9, 0)
    stencil.press(sheet.scene.palette.light)


def draw_skyline(sheet: Sheet, nearness: float) -> None:
    """Draw a row of towers with lit windows."""
    (width, height), dice, palette = sheet.image.size, sheet.dice, sheet.scene.palette
    towers, windows = _Stencil(sheet), _Stencil(sheet)
    floor, cell = height * 0.67, max(2.0, sheet.unit * 0.013)
    lit = 0.5 if sheet.scene.dark or sheet.scene.hour == "sunset" else 0.2
    x = -cell * dice.uniform(0, 5)
    while x < width:
        cols, middle = int(dice.integers(2, 5)) * 2, 1 - abs(x / width - 0.5) * 1.2
        rows = int((7 + dice.random() ** 1.6 * 20 * middle) * (1.35 - 0.6 * nearness))
        place, size = (x + cols * cell / 2, floor), (cols * cell, rows * cell)
        towers.figure(str(dice.choice(["flat", "flat", "step", "mast", "spire"])), place, size)
        for row, col in np.argwhere(dice.random((int(rows * 0.8), cols - 1)) < lit * nearness):
            left, top = 2 * (x + (col + 0.8) * cell), 2 * (floor - (row + 0.8) * cell)
            windows.pen.rectangle((left, top, left + cell * 0.8, top + cell), 210)
        x += (cols + int(dice.integers(0, 2))) * cell
    towers.press(mix(palette.horizon, palette.ink, 0.35 + 0.6 * nearness))
    windows.press(palette.accent)


def draw_glitter(sheet: Sheet, line: int) -> None:
    """Let the light glitter on the water below a line."""
    glitter, deep = _Stencil(sheet), sheet.image.height - line
    for far, aside, size in sheet.dice.random((60, 3)):
        x = sheet.x + (aside - 0.5) * sheet.unit * (0.12 + 0.22 * far)
        long, high = sheet.unit * (0.025 + 0.08 * size), sheet.unit * (0.0025 + 0.005 * far)
        glitter.figure("glint", (x, line + deep * far**1.3), (long, high), int(190 - 110 * far))
    glitter.press(sheet.scene.palette.light)


def draw_sails(sheet: Sheet, line: int) -> None:
    """Set a few boats on the water."""
    boats = _Stencil(sheet)
    for i, (along, near) in enumerate(sheet.dice.random((3, 2))):
        tall = sheet.unit * (0.05 + 0.12 * near)
        x = (i + 0.2 + 0.6 * along) / 3 * sheet.image.width
        boats.figure("sail", (x, line + tall * 0.35), (tall * 0.7, tall))
    boats.press(mix(sheet.scene.palette.ink, sheet.scene.palette.light, 0.85))


def draw_lighthouse(sheet: Sheet, ground: Curve, slope: Curve) -> None:
    """Set a lighthouse on the high side of the shore."""
    column = int(np.abs(slope - 0.55).argmin())
    tower, lamp, unit = _Stencil(sheet), _Stencil(sheet), sheet.unit
    foot = float(ground[column]) + unit * 0.02
    tower.figure("lighthouse", (column, foot), (unit * 0.085, unit * 0.46))
    tower.press(mix(sheet.scene.palette.ink, sheet.scene.palette.near, 0.3))
    lamp.dot(column, foot - unit * 0.4, unit * 0.045, 90)
    lamp.dot(column, foot - unit * 0.4, unit * 0.012)
    lamp.press(sheet.scene.palette.light)


def draw_trees(sheet: Sheet, ground: Curve, colour: Rgb, size: float) -> None:
    """Stand trees along the ground, taller and denser towards the sides, to frame the view."""
    width, dice, stencil = sheet.image.width, sheet.dice, _Stencil(sheet)
    leafy = sheet.scene.season in ("autumn", "spring")
    for spot, chance in dice.random((min(300, int(5 * width / (size * sheet.unit))), 2)):
        side = abs(spot - 0.5) * 2
        if chance < 0.15 + 0.85 * side:
            column = int(spot * width)
            tall = sheet.unit * size * (0.35 + 0.65 * side) * dice.uniform(0.7, 1.15)
            place = (column, float(ground[column]) + sheet.unit * 0.01)
            name, wide = ("round", 0.5) if leafy else ("conifer", 0.26)
            stencil.figure(name, place, (wide * tall, tall))
    stencil.press(mix(colour, sheet.scene.palette.accent, 0.7) if leafy else colour)


def draw_flowers(sheet: Sheet, ground: Curve) -> None:
    """Grow flowers all over the ground, larger towards the viewer."""
    (width, height), palette, unit = sheet.image.size, sheet.scene.palette, sheet.unit
    for colour, low, high in ((0.55, 0.0, 0.3), (0.25, 0.3, 0.6), (0.0, 0.6, 1.0)):
        stems, blooms = _Stencil(sheet), _Stencil(sheet)
        count = 4 + int((30 - 20 * low) * width / unit / 1.8)
        for i, (aside, near) in enumerate(sheet.dice.uniform((0, low), (1, high), (count, 2))):
            column, wide = int((i + aside) / count * width), unit * (0.008 + 0.03 * near)
            foot = float(ground[column]) + near * (height * 1.02 - float(ground[column]))
            tall = unit * (0.03 + 0.05 * near)
            stems.figure("flat", (column, foot), (unit * (0.002 + 0.002 * near), tall))
            blooms.figure("bloom", (column, foot - tall), (wide, wide * 1.5))
        stems.press(mix(palette.ink, palette.near, colour))
        blooms.press(mix(palette.accent, palette.near, colour))


def draw_drops(sheet: Sheet) -> None:
    """Let rain or snow fall."""
    (width, height), weather, unit = sheet.image.size, sheet.scene.weather, sheet.unit
    if weather not in ("rain", "snow"):
        return
    stencil = _Stencil(sheet)
    for along, down, size in sheet.dice.random((260, 3)):
        x, y, long = along * width * 1.1, down * height, unit * (0.02 + 0.06 * size)
        if weather == "snow":
            stencil.dot(x, y, unit * (0.0012 + 0.0048 * size**3), int(120 + 120 * size))
        else:
            ends = (x * 2, y * 2, x * 2 - long * 0.5, (y + long) * 2)
            stencil.pen.line(ends, fill=int(50 + 60 * size), width=max(1, unit // 400))
    stencil.press(sheet.scene.palette.light)
