"""Draws what flies: a balloon, a kite, a rocket.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.canvas.outlines import corners
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (34, 30, 38)
_WHITE: Rgb = (255, 251, 242)


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


def draw_kite(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a kite with its tail."""
    cut = Cutout((-40, 0, 40, 126), tall)
    first = tint or rgb("#d8573c")
    cut.line("4,72 -8,90 10,104 -4,124", 0.9, _DARK)
    for x, y in ((-5, 88), (7, 103), (-1, 117)):
        cut.blob(f"{x},{y} {x - 7},{y - 4} {x - 7},{y + 4}", rgb("#f6c667"))
        cut.blob(f"{x},{y} {x + 7},{y - 4} {x + 7},{y + 4}", rgb("#f6c667"))
    cut.shape(corners("8,0 34,34 4,74 -26,28"), first)
    cut.shape(corners("8,0 4,74 -26,28"), mix(first, _WHITE, 0.35))
    cut.shape(corners("34,34 4,74 -26,28 5,31"), mix(first, _DARK, 0.16), share=0.5)
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
