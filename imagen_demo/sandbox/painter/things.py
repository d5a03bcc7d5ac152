"""Draws what stands, drives and flies: towers, houses, boats, balloons, trees.

Its neighbours: `canvas.py`, which it draws with; `subjects.py`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas import Curve, Cutout
from imagen_demo.sandbox.painter.palettes import Rgb, mix, rgb

_DARK: Rgb = (34, 30, 38)
_WHITE: Rgb = (255, 251, 242)


def draw_lighthouse(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a lighthouse with a keeper's house beside it."""
    cut = Cutout((-34, 0, 42, 150), tall)
    white, red = rgb("#f6efe2"), tint or rgb("#c8453a")
    roof = mix(red, _DARK, 0.35)
    cut.shape(_rows("8,122 40,122 40,150 8,150"), mix(white, rgb("#c9b79c"), 0.25))
    cut.shape(_rows("4,124 24,106 44,124"), roof)
    cut.box(27, 130, (6, 8), rgb("#f7c873"))
    cut.shape(_rows("-10.5,34 10.5,34 17,150 -17,150"), white)
    cut.keep_inside()
    for low, high in ((50, 72), (94, 116)):
        cut.shape(_rows(f"-20,{low} 20,{low} 20,{high} -20,{high}"), red)
    cut.go_outside()
    for y in (60, 84, 106):
        cut.box(-2, y, (4, 7), mix(_DARK, rgb("#34506b"), 0.6))
    cut.blob("-4,150! -4,137 0,134 4,137 4,150!", roof)
    cut.box(-15, 30, (30, 4.4), _DARK)
    cut.box(-8.6, 16, (17.2, 14), rgb("#fff0b8"))
    for x in (-8.6, -3, 2, 7.4):
        cut.box(x, 15, (1.2, 15), _DARK)
    cut.blob("-11,16! -8,9 0,4 8,9 11,16!", red)
    cut.line("0,5 0,0.5", 1.2, _DARK)
    return cut


def draw_sailboat(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a sailing boat."""
    cut = Cutout((-44, 0, 44, 100), tall)
    hull = tint or rgb("#b5413a")
    sail = rgb("#fbf3e3")
    cut.line("0,4 0,82", 1.6, rgb("#6b4a35"))
    cut.blob("2.4,6! 16,34 34,74! 2.4,78!", sail)
    cut.blob("-2.4,14! -14,44 -32,74! -2.4,77!", mix(sail, rgb("#9fb4c6"), 0.22))
    cut.line("4,58 28,60", 0.6, mix(sail, _DARK, 0.2))
    cut.line("4,38 18,39", 0.6, mix(sail, _DARK, 0.2))
    cut.blob("-38,82! 0,84 40,80! 32,93 18,98 -22,98 -32,93", hull)
    cut.blob("-38,82! 0,84 40,80! 39,84 0,88 -37,86", _WHITE)
    return cut


def draw_trawler(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a small fishing boat."""
    cut = Cutout((-56, 0, 56, 92), tall)
    hull = tint or rgb("#2f6a86")
    wood = rgb("#7a553c")
    cut.line("10,6 10,66", 1.8, wood)
    cut.line("10,14 -30,44", 1.2, wood)
    cut.line("10,8 46,62", 0.6, mix(wood, _WHITE, 0.3))
    cut.line("10,8 -50,64", 0.6, mix(wood, _WHITE, 0.3))
    cut.box(-26, 42, (28, 26), rgb("#f3ebdc"))
    cut.box(-30, 38, (36, 5), rgb("#c9533f"))
    for x in (-22, -10):
        cut.box(x, 47, (8, 8), rgb("#4d6b80"))
    cut.blob("16,66 16,58 32,58 34,68", rgb("#d9a860"))
    cut.blob("-52,60! -30,66 20,68 54,54! 44,78 34,90! -38,90! -46,78", hull)
    cut.blob("-52,60! -30,66 20,68 54,54! 52,60 20,73 -30,71 -51,65", _WHITE)
    cut.blob("-43,82 0,85 40,82 34,90! -38,90!", rgb("#a83d33"))
    return cut


def draw_balloon(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a hot-air balloon."""
    cut = Cutout((-42, 0, 42, 122), tall)
    first, second, third = tint or rgb("#d8573c"), rgb("#f6e3bd"), rgb("#e8a846")
    for x, foot in ((-16, -6), (-6, -2.4), (6, 2.4), (16, 6)):
        cut.line(f"{x},82 {foot},104", 0.7, rgb("#6b4a35"))
    cut.blob("0,3 22,8 37,25 39,44 30,66 16,86 0,88 -16,86 -30,66 -39,44 -37,25 -22,8", first)
    cut.keep_inside()
    cut.pair("0,2 -22,4 -30,24 -31,46 -24,68 -12,88 -6,88 -16,62 -19,44 -17,22", second)
    cut.blob("0,2 8,20 9,44 7,66 3,88 -3,88 -7,66 -9,44 -8,20", third)
    cut.blob("-50,45 0,51 50,45 50,52 0,58 -50,52", _WHITE, share=0.35)
    cut.go_outside()
    cut.blob("-7,103! 7,103! 6,117 0,118.5 -6,117", rgb("#8a5a38"))
    cut.line("-7,104 7,104", 1.8, rgb("#5f3d28"))
    return cut


def draw_cabin(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a house with a lit window and smoke over it."""
    cut = Cutout((-60, 0, 60, 88), tall)
    wall, roof = rgb("#9b6442"), tint or rgb("#5a3a34")
    cut.box(24, 14, (9, 26), rgb("#8d7a70"))
    cut.shape(_rows("-46,46 46,46 46,88 -46,88"), wall)
    for y in range(52, 88, 7):
        cut.line(f"-46,{y} 46,{y}", 0.8, mix(wall, _DARK, 0.25))
    cut.shape(_rows("-30,46 0,14 30,46"), mix(wall, _WHITE, 0.12))
    cut.shape(_rows("-58,52 -8,8 8,8 58,52 52,54 0,16 -52,54"), roof)
    cut.shape(_rows("-8,8 8,8 3,12 0,16 -3,12"), mix(roof, _WHITE, 0.1))
    glow = rgb("#ffd27a")
    for x in (-36, 20):
        cut.box(x, 58, (15, 15), glow)
        cut.box(x + 7, 58, (1.2, 15), _DARK)
        cut.box(x, 65, (15, 1.2), _DARK)
    cut.box(-8, 60, (16, 28), mix(wall, _DARK, 0.5))
    cut.oval(0, 34, (6, 6), glow)
    return cut


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


def draw_rocket(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a rocket on its flame."""
    cut = Cutout((-34, 0, 34, 142), tall)
    red, shell = tint or rgb("#d8473c"), rgb("#f3efe6")
    cut.blob("-10,98 -13,116 0,141 13,116 10,98", rgb("#f2993c"))
    cut.blob("-6,98 -7,112 0,128 7,112 6,98", rgb("#fff0b8"))
    cut.pair("-14,64 -27,82 -29,102 -14,95", red)
    cut.blob("0,2! 13,24 18,52 16,80 10,99 -10,99 -16,80 -18,52 -13,24", shell)
    cut.keep_inside()
    cut.blob("-30,0 30,0 30,27 0,31 -30,27", red)
    cut.blob("-30,86 30,86 30,110 -30,110", rgb("#56616e"))
    cut.go_outside()
    cut.oval(0, 47, (9, 9), rgb("#56616e"))
    cut.oval(0, 47, (6.6, 6.6), rgb("#6fc3d8"))
    cut.oval(-2, 44.6, (2, 2), _WHITE)
    cut.blob("-2.6,76 2.6,76 2.4,102 -2.4,102", red)
    return cut


def draw_kite(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a kite with its tail."""
    cut = Cutout((-40, 0, 40, 126), tall)
    first = tint or rgb("#d8573c")
    cut.line("4,72 -8,90 10,104 -4,124", 0.9, _DARK)
    for x, y in ((-5, 88), (7, 103), (-1, 117)):
        cut.blob(f"{x},{y} {x - 7},{y - 4} {x - 7},{y + 4}", rgb("#f6c667"))
        cut.blob(f"{x},{y} {x + 7},{y - 4} {x + 7},{y + 4}", rgb("#f6c667"))
    cut.shape(_rows("8,0 34,34 4,74 -26,28"), first)
    cut.shape(_rows("8,0 4,74 -26,28"), mix(first, _WHITE, 0.35))
    cut.shape(_rows("34,34 4,74 -26,28 5,31"), mix(first, _DARK, 0.16), share=0.5)
    return cut


def draw_umbrella(tall: float, tint: Rgb | None) -> Cutout:
    """Draw an open umbrella."""
    cut = Cutout((-50, 0, 50, 100), tall)
    skin = tint or rgb("#d8473c")
    cut.line("0,8 0,86 4,94 11,92 12,86", 2.2, rgb("#6b4a35"))
    cut.blob("0,5 28,14 48,46! 36,42 24,48! 12,43 0,48! -12,43 -24,48! -36,42 -48,46! -28,14", skin)
    cut.keep_inside()
    cut.blob("0,4 10,20 12,46 0,50 -12,46 -10,20", mix(skin, _WHITE, 0.18))
    cut.pair("0,4 -24,20 -37,50 -52,50 -30,12", mix(skin, _DARK, 0.14))
    return cut


def _rows(path: str) -> Curve:
    """Return the corners of a polygon."""
    return np.array([pair.split(",") for pair in path.split()], dtype=float)
