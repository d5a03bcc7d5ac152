"""Draws the figures that stand in a landscape: towers, boats, a lighthouse, trees, flowers.

Its neighbours: `scene.py` says what a prompt asks for, `painter.py` draws the land around.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imagen_demo.sandbox.scene import Dice, Rgb, Scene, mix

Curve: TypeAlias = NDArray[np.float64]
Spot: TypeAlias = tuple[float, float]

_HALVES = {
    "conifer": ".0 1 .17 .785 .09 .795 .34 .57 .18 .58 .5 .355 .27 .365 .68 .14 .06 .14 .06 0",
    "round": ".0 1 .3 .96 .52 .84 .6 .68 .54 .5 .36 .38 .05 .34 .06 0",
    "glint": ".0 .5 .5 0 .0 -.5",
    "bloom": ".0 .86 .2 .98 .4 1 .6 .9 .8 .92 1 .7 .98 .42 .75 .15 .4 .0 .0 -.04",
    "flat": ".5 1 .5 0",
    "step": ".28 1 .28 .92 .5 .92 .5 0",
    "mast": ".02 1.2 .04 .92 .4 .92 .4 .86 .5 .86 .5 0",
    "spire": ".0 1.12 .5 .86 .5 0",
    "sail": ".0 1 .42 .2 .02 .2 .02 .14 .5 .14 .36 0",
    "lighthouse": ".0 1 .3 .91 .2 .91 .2 .82 .38 .82 .38 .79 .26 .79 .5 0",
}
"""Flat figures, each the same on both sides: half widths and heights from the tip down."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture in the making: `unit` is its short side, (x, y) the place of sun or moon."""

    image: Image.Image
    scene: Scene
    dice: Dice
    unit: int
    x: float
    y: float


class Stencil:
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

    def figure(self, name: str, place: Spot, size: Spot, light: int = 255) -> None:
        """Cut one of the FIGURES, its foot in a place."""
        (x, foot), (wide, tall) = place, size
        numbers = [float(number) * 2 for number in FIGURES[name].split()]
        half = list(zip(numbers[::2], numbers[1::2], strict=True))
        right = [(x * 2 + out * wide, foot * 2 - up * tall) for out, up in half]
        left = [(x * 2 - out * wide, foot * 2 - up * tall) for out, up in reversed(half)]
        self.pen.polygon(right + left, fill=light)

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


def draw_skyline(sheet: Sheet, nearness: float) -> None:
    """Draw a row of towers with lit windows."""
    (width, height), dice, palette = sheet.image.size, sheet.dice, sheet.scene.palette
    towers, windows = Stencil(sheet), Stencil(sheet)
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


def draw_sails(sheet: Sheet, line: int) -> None:
    """Set a few boats on the water."""
    boats = Stencil(sheet)
    for i, (along, near) in enumerate(sheet.dice.random((3, 2))):
        tall = sheet.unit * (0.05 + 0.12 * near)
        boats.figure(
            "sail",
            ((i + 0.2 + 0.6 * along) / 3 * sheet.image.width, line + tall * 0.35),
            (tall * 0.7, tall),
        )
    boats.press(mix(sheet.scene.palette.ink, sheet.scene.palette.light, 0.85))


def draw_lighthouse(sheet: Sheet, ground: Curve, slope: Curve) -> None:
    """Set a lighthouse on the high side of the shore."""
    column = int(np.abs(slope - 0.55).argmin())
    tower, lamp, unit = Stencil(sheet), Stencil(sheet), sheet.unit
    foot = float(ground[column]) + unit * 0.02
    tower.figure("lighthouse", (column, foot), (unit * 0.085, unit * 0.46))
    tower.press(mix(sheet.scene.palette.ink, sheet.scene.palette.near, 0.3))
    lamp.dot(column, foot - unit * 0.4, unit * 0.045, 90)
    lamp.dot(column, foot - unit * 0.4, unit * 0.012)
    lamp.press(sheet.scene.palette.light)


def draw_trees(sheet: Sheet, ground: Curve, colour: Rgb, size: float) -> None:
    """Stand trees along the ground, taller and denser towards the sides, to frame the view."""
    width, dice, stencil = sheet.image.width, sheet.dice, Stencil(sheet)
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
        stems, blooms = Stencil(sheet), Stencil(sheet)
        count = 4 + int((30 - 20 * low) * width / unit / 1.8)
        for i, (aside, near) in enumerate(sheet.dice.uniform((0, low), (1, high), (count, 2))):
            column, wide = int((i + aside) / count * width), unit * (0.008 + 0.03 * near)
            foot = float(ground[column]) + near * (height * 1.02 - float(ground[column]))
            tall = unit * (0.03 + 0.05 * near)
            stems.figure("flat", (column, foot), (unit * (0.002 + 0.002 * near), tall))
            blooms.figure("bloom", (column, foot - tall), (wide, wide * 1.5))
        stems.press(mix(palette.ink, palette.near, colour))
        blooms.press(mix(palette.accent, palette.near, colour))
