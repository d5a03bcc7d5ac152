"""Draws what grows on the land: trees, flowers and grass.

Its neighbours: `canvas`, which it draws with; `foreground`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.outlines import corners, outline
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Panel, Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix


def _both_sides(half: str) -> Curve:
    """Return the points around a figure, from half widths and heights; up is negative."""
    right = corners(half) * (1, -1)
    return np.concatenate([right, right[::-1] * (-1, 1)])


_CONIFER = _both_sides(
    "0,1 .17,.785 .09,.795 .34,.57 .18,.58 .5,.355 .27,.365 .68,.14 .06,.14 .06,0"
)
_TRUNK = _both_sides(".035,.55 .05,.1 .075,0")
_LEAF = outline("0,0! 1.6,-.5 2.6,-2 1,-1.4")


def draw_trees(sheet: Sheet, ground: Curve, colour: Rgb, size: float, *, dense: float = 1) -> None:
    """Stand trees along the ground, taller and denser towards the sides, to frame the view."""
    width, dice = sheet.image.width, sheet.dice
    leafy = sheet.scene.season in ("autumn", "spring")
    count = min(300, int(5 * width / (size * sheet.unit) * dense))
    spots = np.sort(dice.random(count))
    crowns, trunks, glints = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    for spot, chance in zip(spots, dice.random(count), strict=True):
        away = abs(spot - 0.5) * 2
        if chance > (0.12 + 0.88 * away) * dense:
            continue
        column = int(spot * width)
        tall = sheet.unit * size * (0.35 + 0.65 * away) * dice.uniform(0.7, 1.15)
        foot = np.array([column, ground[column] + sheet.unit * 0.01])
        if leafy:
            _round_tree((crowns, trunks, glints), foot, tall, sheet)
        else:
            crowns.shape(foot + _CONIFER * (0.27 * tall, tall))
    leaves = mix(colour, sheet.palette.accent, 0.7) if leafy else colour
    trunks.press(mix(colour, sheet.palette.ink, 0.5))
    crowns.press(leaves)
    glints.press(mix(leaves, sheet.palette.light, 0.3))


def _round_tree(
    parts: tuple[Stencil, Stencil, Stencil], foot: Curve, tall: float, sheet: Sheet
) -> None:
    crowns, trunks, glints = parts
    trunks.shape(foot + _TRUNK * tall)
    for dx, dy, r in ((-0.13, 0.5, 0.17), (0.14, 0.52, 0.16), (0, 0.7, 0.22), (-0.02, 0.5, 0.2)):
        crowns.dot(foot[0] + dx * tall, foot[1] - dy * tall, r * tall)
    for dx, dy, r in ((0.06, 0.76, 0.1), (0.15, 0.58, 0.06)):
        glints.dot(foot[0] + dx * tall * sheet.side, foot[1] - dy * tall, r * tall, 150)


def draw_flowers(sheet: Sheet, ground: Curve, *, dense: float = 1) -> None:
    """Grow flowers all over the ground, larger towards the viewer."""
    (width, height), palette, unit = sheet.image.size, sheet.palette, sheet.unit
    petals = (palette.accent, mix(palette.accent, palette.light, 0.55), palette.light)
    meadow = Panel(sheet, ground.min() - unit * 0.06, height)
    for low, high, fade in ((0.0, 0.3, 0.5), (0.3, 0.6, 0.25), (0.6, 1.0, 0.0)):
        stem = mix(palette.ink, palette.near, 0.3 + fade)
        heart = mix(mix(palette.ink, palette.accent, 0.35), palette.near, fade * 0.5)
        count = int((10 + (44 - 26 * low) * width / unit / 1.8) * dense)
        for i, (aside, near) in enumerate(sheet.dice.uniform((0, low), (1, high), (count, 2))):
            x, wide = (i + aside) / count * width, unit * (0.005 + 0.014 * near)
            edge = float(ground[int(x)])
            foot = np.array([x, edge + near * (height * 1.04 - edge)])
            lean, tall = unit * 0.012 * np.sin(i * 2.4), unit * (0.025 + 0.06 * near)
            thin = unit * (0.0008 + 0.0012 * near)
            tip, across = foot + np.array([lean, -tall]), np.array([thin, 0])
            meadow.shape(np.array([foot - across, foot + across, tip + across]), stem)
            leaf = _LEAF * (1 if i % 2 else -1, 1) * wide
            meadow.shape(foot + np.array([0, -tall * 0.2]) + leaf, stem)
            petal = mix(petals[(0, 0, 1, 0, 2)[i % 5]], palette.near, fade * 0.7)
            for turn in np.arange(5) * 1.2566 + i:
                spot = tip + wide * np.array([np.cos(turn) * 0.7, np.sin(turn) * 0.5])
                meadow.oval(spot[0], spot[1], (wide * 0.62, wide * 0.52), petal)
            meadow.oval(tip[0], tip[1], (wide * 0.42, wide * 0.34), heart)
    meadow.put_back()


def draw_grass(sheet: Sheet, ground: Curve, colour: Rgb) -> None:
    """Grow tufts along an edge and over the ground."""
    (width, height), unit = sheet.image.size, sheet.unit
    tufts = Stencil(sheet)
    for spot, near in sheet.dice.random((int(70 * width / unit), 2)):
        column = min(int(spot * width), width - 1)
        foot = ground[column] + near**1.5 * (height - ground[column])
        for lean in (-1.0, 0.1, 1.1):
            tall = unit * (0.008 + 0.022 * near)
            tufts.shape(
                np.array(
                    [
                        (column - tall * 0.08, foot + 1),
                        (column + tall * 0.08, foot + 1),
                        (column + lean * tall * 0.5, foot - tall),
                    ]
                )
            )
    tufts.press(colour)
