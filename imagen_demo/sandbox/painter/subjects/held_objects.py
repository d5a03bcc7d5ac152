"""Draws the small things that somebody holds.

Its neighbours: `canvas/cutout`, which it draws with; `sitting_animals`, whose hands; `placement`,
which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_PLACES = {"ice-cream": (0, 103, 1.25), "cup": (0, 94, 1.3), "flower": (0, 106, 1.15)}
"""Where each lies before a chest, and how large."""


def draw_held(cut: Cutout, name: str, tint: Rgb | None) -> None:
    """Draw a thing held before the chest of an animal."""
    cut.move_to(*_PLACES.get(name, (10, 98, 1)))
    _HELD[name](cut, tint)
    cut.move_to()


def _draw_ice_cream(cut: Cutout, tint: Rgb | None) -> None:
    cone, line = rgb("#dda15e"), rgb("#b97a3d")
    pink, mint, cream = rgb("#f2909f"), rgb("#a9dcc3"), rgb("#fff3dc")
    first = mix(pink, tint, 0.7) if tint else pink
    cut.blob("-8.5,-8! 8.5,-8! 0.6,17 -0.6,17", cone)
    for i in range(3):
        high = -4.5 + 6 * i
        half = 8.5 * (17 - high) / 25
        for lean in (-1, 1):
            ends = [(-half * lean, high), (-half * lean, high + 0.9), (half * 0.6 * lean, high + 7)]
            cut.shape(np.array(ends), line)
    cut.oval(-4.6, -14, (8.2, 7.8), mint)
    cut.oval(4.8, -14.5, (8.2, 8), cream)
    cut.oval(0, -23.5, (8.6, 8.2), first)
    cut.blob(
        "-10.5,-9 -6,-12 0,-10.5 6,-12 10.5,-9 8,-5.5 4,-7 1,-3.5 -3,-6.4 -7,-5",
        mint,
    )
    cut.oval(-3, -26.5, (2.6, 1.7), (255, 255, 255), share=0.55)
    for dx, dy, colour in (
        (3.6, -26, "#ffd166"), (-4.6, -21, "#5aa9e6"), (1, -20, "#fff6e6"), (5, -21, "#7bc47f"),
    ):  # fmt: skip
        cut.line(f"{dx},{dy} {dx + 1.3},{dy + 0.8}", 1.1, rgb(colour))


def _draw_cup(cut: Cutout, tint: Rgb | None) -> None:
    body = tint or rgb("#e9e2d6")
    cut.line("8,-6 15,-4 13,4 7,4", 2.2, body)
    cut.blob("-10,-9! 10,-9! 8,8 0,10 -8,8", body)
    cut.oval(0, -9, (10, 2.6), mix(body, (255, 255, 255), 0.45))
    cut.oval(0, -8.7, (8.4, 1.9), rgb("#6b4430"))
    for dx in (-3.0, 3.0):
        cut.line(f"{dx},-13 {dx + 2},-17 {dx},-22", (1.2, 1, 0.3), (255, 250, 240))


def _draw_flower(cut: Cutout, tint: Rgb | None) -> None:
    petal = tint or rgb("#e4572e")
    cut.line("0,12 1,-4 0,-18", 1.6, rgb("#4c8a4f"))
    cut.blob("0,-4 7,-10 9,-6 5,-2", rgb("#5da05f"))
    for dx, dy in ((-5, -22), (5, -22), (-3.4, -28), (3.4, -28), (0, -18)):
        cut.oval(dx, dy, (4.6, 4.6), petal)
    cut.oval(0, -23.5, (3.4, 3.4), rgb("#ffd166"))


def _draw_balloon(cut: Cutout, tint: Rgb | None) -> None:
    skin = tint or rgb("#e4572e")
    cut.line("0,0 12,-26 26,-48", 0.8, rgb("#efe7da"))
    cut.blob(
        "26,-47 15,-60 17,-76 30,-80 41,-70 38,-56",
        skin,
    )
    cut.oval(24, -71, (3, 4.6), (255, 255, 255), share=0.4)


_HELD = {
    "ice-cream": _draw_ice_cream,
    "cup": _draw_cup,
    "flower": _draw_flower,
    "balloon": _draw_balloon,
}
