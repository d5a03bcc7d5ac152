"""Draws the animals that stand: an owl, a penguin, a stag, a horse.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (30, 27, 34)
_WHITE: Rgb = (255, 252, 244)


def draw_owl(tall: float, tint: Rgb | None) -> Cutout:
    """Draw an owl that looks at us."""
    cut = Cutout((-40, 0, 40, 100), tall)
    coat, pale = tint or rgb("#8a6a52"), rgb("#f0e0c6")
    dark = mix(coat, _DARK, 0.45)
    cut.blob(
        "0,8 20,10 32,4! 33,26 36,54 30,82 16,95 0,97 -16,95 -30,82 -36,54 -33,26 -32,4! -20,10",
        coat,
    )
    cut.blob("0,44 18,48 22,66 16,86 0,92 -16,86 -22,66 -18,48", pale)
    cut.keep_inside()
    for row in range(4):
        for i in range(5):
            x = (i - 2) * 9.5 + (row % 2) * 4.7
            cut.line(
                f"{x - 3},{56 + row * 9} {x},{59 + row * 9} {x + 3},{56 + row * 9}",
                1.5,
                mix(coat, pale, 0.3),
            )
    cut.go_outside()
    cut.pair("-35,44 -24,52 -20,72 -24,88 -32,80 -38,62", dark)
    cut.pair("0,22 -10,16 -24,19 -29,32 -22,43 -10,45 0,38", pale)
    cut.ovals(-14, 31, (9, 9), rgb("#f3b545"))
    cut.ovals(-14, 31, (5.6, 5.6), _DARK)
    cut.oval(-12, 28.6, (1.9, 1.9), _WHITE)
    cut.oval(16, 28.6, (1.9, 1.9), _WHITE)
    cut.blob("0,35 4,38 0,48! -4,38", rgb("#e0913a"))
    cut.pair("-14,94 -6,94 -6,99 -15,99", rgb("#e0913a"))
    return cut


def draw_penguin(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a penguin."""
    cut = Cutout((-36, 0, 36, 100), tall)
    coat = mix(rgb("#2a3342"), tint, 0.6) if tint else rgb("#2a3342")
    cut.pair("-26,44 -34,56 -35,74 -28,76 -22,60", mix(coat, _DARK, 0.3))
    cut.blob("0,4 15,9 20,24 26,48 29,72 22,92 0,97 -22,92 -29,72 -26,48 -20,24 -15,9", coat)
    cut.blob("0,40 14,38 20,58 20,80 12,92 0,95 -12,92 -20,80 -20,58 -14,38", rgb("#f7f1e6"))
    cut.pair("0,24 -8,17 -16,22 -16,34 -6,42 0,44", rgb("#f7f1e6"))
    cut.ovals(-8, 26, (3, 3.4), _DARK)
    cut.ovals(-7.2, 24.8, (1, 1), _WHITE)
    cut.blob("-5,32 0,30 5,32 0,39", rgb("#e79a3c"))
    cut.pair("-20,95 -8,93 -6,99 -21,99", rgb("#e79a3c"))
    return cut


def draw_deer(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a stag from the side."""
    cut = Cutout((-52, 0, 52, 110), tall)
    coat = mix(rgb("#8c5a3c"), tint, 0.5) if tint else rgb("#8c5a3c")
    dark = mix(coat, _DARK, 0.35)
    horn = rgb("#e2cba4")
    for path in (
        "30,28 26,16 30,4",
        "28,18 20,10",
        "36,27 42,16 40,3",
        "40,17 48,10",
        "26,14 22,4",
    ):
        cut.line(path, (2.6, 1.2), horn)
    for path in ("-26,66 -24,84 -26,108", "14,68 15,86 13,108"):
        cut.line(path, (8, 4.4, 3.6), dark)
    for path in ("-32,64 -36,82 -33,108", "8,68 6,86 6,108"):
        cut.line(path, (10, 5, 3.8), coat)
    cut.blob(
        "-40,52 -28,46 0,50 16,44 24,34 32,30 36,38 28,56 20,70 4,74 -22,72 -38,70 -43,60", coat
    )
    cut.blob("26,28 38,26 48,35 50,40 44,43 34,40 27,42", coat)
    cut.blob("46,35 51,38 49,42 44,42", _DARK)
    cut.blob("27,30 18,24 20,31", mix(coat, horn, 0.4))
    cut.oval(37.5, 32.5, (1.5, 1.7), _DARK)
    cut.blob("-41,52 -47,58 -42,62", _WHITE)
    cut.blob("20,70 26,56 30,50 26,64", mix(coat, _WHITE, 0.5), share=0.7)
    return cut


def draw_horse(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a horse from the side."""
    cut = Cutout((-56, 0, 56, 106), tall)
    coat = mix(rgb("#9a6240"), tint, 0.7) if tint else rgb("#9a6240")
    dark, mane = mix(coat, _DARK, 0.3), mix(coat, _DARK, 0.65)
    cut.line("-42,46 -52,58 -50,80", (7, 10, 2), mane)
    for path in ("-26,66 -22,84 -25,104", "18,66 22,84 18,104"):
        cut.line(path, (11, 5.4, 4.6), dark)
    for path in ("-34,64 -38,82 -34,104", "10,68 10,86 10,104"):
        cut.line(path, (13, 6, 5), coat)
    cut.blob(
        "-44,50 -34,42 -8,46 12,42 22,28 30,12 38,16 36,34 30,54 22,68 4,72 -20,70 -38,70 -45,62",
        coat,
    )
    cut.blob("28,13 36,8 44,16 54,30 52,37 45,37 36,30 28,26", coat)
    cut.blob("31,12 32,3! 37,9", coat)
    cut.blob("31,7 24,14 14,36 8,44 20,42 28,26 36,14", mane)
    cut.oval(40.5, 19, (1.6, 1.9), _DARK)
    cut.blob("48,31 54,32 52,38 46,37", mix(coat, _DARK, 0.4))
    return cut
