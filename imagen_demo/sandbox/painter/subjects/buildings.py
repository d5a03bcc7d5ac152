"""Draws what gives shelter: a lighthouse, a cabin, an umbrella.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.canvas.outlines import corners
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (34, 30, 38)
_WHITE: Rgb = (255, 251, 242)


def draw_lighthouse(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a lighthouse with a keeper's house beside it."""
    cut = Cutout((-34, 0, 42, 150), tall)
    white, red = rgb("#f6efe2"), tint or rgb("#c8453a")
    roof = mix(red, _DARK, 0.35)
    cut.shape(corners("8,122 40,122 40,150 8,150"), mix(white, rgb("#c9b79c"), 0.25))
    cut.shape(corners("4,124 24,106 44,124"), roof)
    cut.box(27, 130, (6, 8), rgb("#f7c873"))
    cut.shape(corners("-10.5,34 10.5,34 17,150 -17,150"), white)
    cut.keep_inside()
    for low, high in ((50, 72), (94, 116)):
        cut.shape(corners(f"-20,{low} 20,{low} 20,{high} -20,{high}"), red)
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


def draw_cabin(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a house with a lit window and smoke over it."""
    cut = Cutout((-60, 0, 60, 88), tall)
    wall, roof = rgb("#9b6442"), tint or rgb("#5a3a34")
    cut.box(24, 14, (9, 26), rgb("#8d7a70"))
    cut.shape(corners("-46,46 46,46 46,88 -46,88"), wall)
    for y in range(52, 88, 7):
        cut.line(f"-46,{y} 46,{y}", 0.8, mix(wall, _DARK, 0.25))
    cut.shape(corners("-30,46 0,14 30,46"), mix(wall, _WHITE, 0.12))
    cut.shape(corners("-58,52 -8,8 8,8 58,52 52,54 0,16 -52,54"), roof)
    cut.shape(corners("-8,8 8,8 3,12 0,16 -3,12"), mix(roof, _WHITE, 0.1))
    glow = rgb("#ffd27a")
    for x in (-36, 20):
        cut.box(x, 58, (15, 15), glow)
        cut.box(x + 7, 58, (1.2, 15), _DARK)
        cut.box(x, 65, (15, 1.2), _DARK)
    cut.box(-8, 60, (16, 28), mix(wall, _DARK, 0.5))
    cut.oval(0, 34, (6, 6), glow)
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
