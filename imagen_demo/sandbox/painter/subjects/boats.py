"""Draws boats: one that sails, and one that fishes.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (34, 30, 38)
_WHITE: Rgb = (255, 251, 242)


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
