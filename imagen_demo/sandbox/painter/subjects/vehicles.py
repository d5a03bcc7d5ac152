"""Draws what has wheels: a bicycle, a car, a tram.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (34, 30, 38)
_GLASS = rgb("#bfdbe4")


def draw_bicycle(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a bicycle with a basket."""
    cut = Cutout((-62, 0, 62, 84), tall)
    frame = tint or rgb("#2f8a83")
    for x in (-36, 36):
        for turn in np.arange(8) * np.pi / 4:
            dx, dy = 21 * np.cos(turn), 21 * np.sin(turn)
            cut.line(f"{x},60 {x + dx},{60 + dy}", 0.5, rgb("#8a8d90"))
        ring = " ".join(
            f"{x + 22 * np.cos(t)},{60 + 22 * np.sin(t)}" for t in np.linspace(0, 2 * np.pi, 17)
        )
        cut.line(ring, 2.8, _DARK)
    for path in (
        "-36,60 -8,60",
        "-8,60 -18,30",
        "-36,60 -16,36",
        "-16,36 26,32",
        "-8,60 26,32",
        "36,60 25,22",
    ):
        cut.line(path, 2.8, frame)
    cut.line("-18,31 -20,22", 2, _DARK)
    cut.blob("-30,20 -12,19 -10,23 -20,25 -29,24", rgb("#6b4430"))
    cut.line("25,23 23,14 14,13", 2.2, _DARK)
    cut.blob("28,18! 48,18! 45,33 31,33", rgb("#c79a62"))
    cut.oval(-8, 60, (5, 5), rgb("#566573"))
    return cut


def draw_car(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a small old car."""
    cut = Cutout((-66, 0, 66, 68), tall)
    paint = tint or rgb("#e0a63a")
    cut.blob("-36,30! -26,8 -6,4 20,5 34,12 44,30!", mix(paint, rgb("#fff6e2"), 0.6))
    cut.blob("-30,29! -22,12 -4,10 -4,29!", _GLASS)
    cut.blob("1,29! 1,10 20,11 28,16 37,29!", _GLASS)
    cut.blob("-64,50 -62,36 -44,29 0,28 44,29 60,34 64,50 60,56 -60,56", paint)
    cut.blob("-64,50 64,50 60,57 -60,57", mix(paint, _DARK, 0.3))
    cut.oval(58, 40, (4, 4.4), rgb("#fff0b8"))
    cut.oval(-60, 41, (2.6, 3.4), rgb("#c8362f"))
    cut.line("-8,37 -2,37", 1.4, mix(paint, _DARK, 0.5))
    for x in (-36, 36):
        cut.oval(x, 54, (13, 13), _DARK)
        cut.oval(x, 54, (6, 6), rgb("#d9dfe2"))
    return cut


def draw_train(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a tram."""
    cut = Cutout((-90, 0, 90, 76), tall)
    paint, cream = tint or rgb("#c8453a"), rgb("#f6ead2")
    cut.line("-4,14 10,2 24,2", 1.2, _DARK)
    cut.blob("-84,22! -80,14 -60,12 60,12 80,14 84,22!", mix(paint, _DARK, 0.3))
    cut.blob("-86,66! -87,40 -82,20! 82,20! 87,40 86,66!", cream)
    cut.blob("-87,44! 87,44! 86,66! -86,66!", paint)
    for x in range(-76, 70, 22):
        cut.box(x, 25, (17, 15), _GLASS)
        cut.box(x, 25, (17, 4), mix(_GLASS, (255, 255, 255), 0.5))
    cut.oval(80, 54, (3, 3), rgb("#fff0b8"))
    cut.box(-86, 48, (172, 1.6), cream)
    for x in (-56, -36, 36, 56):
        cut.oval(x, 67, (8, 8), _DARK)
        cut.oval(x, 67, (3, 3), rgb("#8a8d90"))
    return cut
