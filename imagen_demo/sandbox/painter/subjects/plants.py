"""Draws single plants: an old tree, a cactus, and a toadstool.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (34, 30, 38)


def draw_bigtree(tall: float, tint: Rgb | None) -> Cutout:
    """Draw an old broad tree."""
    cut = Cutout((-70, 0, 70, 124), tall)
    leaf, bark = tint or rgb("#5c8a4f"), rgb("#5b4033")
    cut.blob("-12,124! -6,100 -7,80 -22,62 -4,72 0,58 5,72 24,60 8,82 7,100 13,124!", bark)
    for x, y, r in ((-40, 56, 25), (40, 54, 26), (-18, 34, 29), (20, 32, 30), (0, 58, 27)):
        cut.oval(x, y, (r, r * 0.86), mix(leaf, _DARK, 0.16))
    for x, y, r in ((-36, 47, 20), (36, 44, 21), (-12, 25, 22), (20, 23, 22), (4, 46, 22)):
        cut.oval(x, y, (r, r * 0.8), leaf)
    for x, y, r in ((-40, 40, 8), (32, 36, 9), (-14, 17, 10), (16, 15, 9), (2, 38, 8)):
        cut.oval(x, y, (r * 1.3, r * 0.7), mix(leaf, rgb("#fff2b0"), 0.28))
    return cut


def draw_cactus(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a tall cactus."""
    cut = Cutout((-34, 0, 34, 110), tall)
    skin = tint or rgb("#4f8a66")
    cut.line("0,108 0,10", (20, 19, 18), skin)
    cut.line("-4,66 -24,64 -25,38", 11, skin)
    cut.line("4,54 22,52 23,24", 11, skin)
    for x in (-5, 0, 5):
        cut.line(f"{x},12 {x},106", 0.9, mix(skin, _DARK, 0.25))
    cut.oval(-25, 32, (4, 3), rgb("#f2766b"))
    cut.oval(23, 18, (4, 3), rgb("#f2766b"))
    return cut


def draw_mushroom(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a toadstool."""
    cut = Cutout((-44, 0, 44, 92), tall)
    cap = tint or rgb("#c8362f")
    cut.blob("-11,46 -10,66 -15,88 0,92 15,88 10,66 11,46", rgb("#f5ead6"))
    cut.blob("-13,52 0,48 13,52 15,61 0,57 -15,61", rgb("#e6d6ba"))
    cut.blob("-42,46 -36,22 -16,5 0,2 16,5 36,22 42,46 22,52 0,54 -22,52", cap)
    for x, y, r in (
        (-22, 30, 6),
        (4, 16, 7),
        (24, 32, 5),
        (-4, 38, 4.4),
        (-12, 15, 3.6),
        (33, 42, 3),
    ):
        cut.oval(x, y, (r, r * 0.84), rgb("#fbf3e3"))
    return cut
