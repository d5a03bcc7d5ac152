"""Draws what stands on a table: a teapot, a cup, a vase, fruit, a bottle.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_WHITE: Rgb = (255, 253, 246)
_DARK: Rgb = (40, 38, 44)


def draw_teapot(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a round glazed teapot."""
    cut = Cutout((-72, 0, 72, 88), tall)
    glaze = tint or rgb("#a3c9ae")
    dark, light = mix(glaze, rgb("#2d4f47"), 0.4), mix(glaze, _WHITE, 0.5)
    cut.line("38,34 62,28 66,48 52,66 36,70", (7, 6, 5.4, 6, 7), dark)
    cut.line("38,33 61,27 65,47 51,65 36,69", (4.6, 4, 3.6, 4, 4), glaze)
    cut.blob("-36,66 -50,54 -56,38 -68,26! -58,23! -48,32 -42,44 -30,48", mix(glaze, dark, 0.25))
    cut.blob("-36,62 -48,52 -55,37 -66,26 -63,25 -52,34 -45,46 -32,50", glaze)
    cut.blob("-20,84! 20,84! 17,88 -17,88", dark)
    cut.blob("0,22 28,26 44,46 42,66 24,83 0,86 -24,83 -42,66 -44,46 -28,26", glaze)
    cut.keep_inside()
    cut.blob("-46,70 -20,76 20,74 46,62 46,90 -46,90", dark, share=0.45)
    cut.blob("-34,40 -24,30 -14,29 -24,42 -30,58 -36,58", _WHITE, share=0.42)
    cut.blob("10,26 30,34 40,54 34,70 32,50 22,36", light, share=0.3)
    cut.go_outside()
    cut.blob("-25,25 -22,18 0,14 22,18 25,25 0,29", mix(glaze, dark, 0.18))
    cut.blob("-22,23 -19,17 0,14 19,17 22,23 0,26", glaze)
    cut.blob("-14,19 -6,16.4 2,16.2 -6,20", _WHITE, share=0.5)
    cut.oval(0, 10, (6, 5.4), mix(glaze, dark, 0.12))
    cut.oval(-1.8, 8.2, (2, 1.5), _WHITE, share=0.7)
    return cut


def draw_cup(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a cup on its saucer, with steam."""
    cut = Cutout((-52, 0, 52, 92), tall)
    glaze = tint or rgb("#efe6d8")
    dark = mix(glaze, _DARK, 0.25)
    for x in (-9, 5):
        cut.line(f"{x},34 {x + 5},24 {x - 2},14 {x + 4},3", (2.4, 2, 0.4), mix(glaze, _WHITE, 0.6))
    cut.blob("-46,84 0,78 46,84 34,90 0,92 -34,90", mix(glaze, dark, 0.4))
    cut.blob("-44,83 0,79 44,83 30,87 0,88 -30,87", glaze)
    cut.line("28,50 44,48 42,66 24,70", (5, 4.6, 4.6, 5), dark)
    cut.blob("-33,42! 33,42! 30,64 17,82 0,84 -17,82 -30,64", glaze)
    cut.keep_inside()
    cut.blob("6,42 34,42 30,70 10,86", dark, share=0.35)
    cut.go_outside()
    cut.oval(0, 42, (33, 7.4), mix(glaze, _WHITE, 0.4))
    cut.oval(0, 43, (28.5, 5.4), rgb("#6b4028"))
    cut.oval(-6, 42.4, (13, 2), rgb("#c99a6a"), share=0.7)
    return cut


def draw_vase(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a vase of flowers."""
    cut = Cutout((-50, 0, 50, 132), tall)
    petal = tint or rgb("#e0705c")
    for x, y in ((-28, 36), (-10, 20), (12, 16), (30, 34), (0, 44)):
        cut.line(f"{x * 0.15},84 {x * 0.6},{(84 + y) / 2} {x},{y}", 1.6, rgb("#5f8a5c"))
    for path in ("-6,74 -34,66 -42,54 -22,56", "8,70 32,68 44,58 24,56"):
        cut.blob(path, rgb("#6f9a68"))
    pale = mix(petal, _WHITE, 0.6)
    for i, (x, y, r) in enumerate(
        ((-28, 34, 12), (12, 15, 13), (30, 32, 11), (-9, 19, 11), (1, 43, 14))
    ):
        colour = petal if i % 2 == 0 else pale
        for dx, dy in ((-0.5, -0.4), (0.5, -0.4), (-0.6, 0.35), (0.6, 0.35), (0, 0.6), (0, -0.7)):
            cut.oval(
                x + dx * r,
                y + dy * r * 0.8,
                (r * 0.58, r * 0.5),
                mix(colour, _DARK, 0.04 * (dy > 0)),
            )
        cut.oval(x, y, (r * 0.42, r * 0.34), rgb("#f3c85f"))
    clay = rgb("#5d86a8")
    cut.blob("-13,78! 13,78! 11,86 24,102 22,120 12,130! -12,130! -22,120 -24,102 -11,86", clay)
    cut.keep_inside()
    cut.blob("-18,94 -12,92 -14,112 -19,114", _WHITE, share=0.4)
    cut.blob("-26,104 26,104 26,110 -26,110", rgb("#f1e6cf"), share=0.8)
    return cut


def draw_fruit(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a bowl of fruit."""
    cut = Cutout((-58, 0, 58, 84), tall)
    apple = tint or rgb("#c9473a")
    for x, y, r, colour in (
        (-24, 34, 17, rgb("#e9a23b")), (24, 34, 16, rgb("#b9c25a")), (0, 27, 18, apple),
        (-38, 44, 11, rgb("#7a3f6e")), (40, 45, 11, rgb("#e9a23b")),
    ):  # fmt: skip
        cut.oval(x, y, (r, r * 0.96), colour)
        cut.oval(x - r * 0.35, y - r * 0.4, (r * 0.24, r * 0.18), _WHITE, share=0.45)
    cut.line("0,12 2,4", 1.8, rgb("#5b4033"))
    cut.blob("2,7 12,0 16,4 8,9", rgb("#6f9a58"))
    bowl = rgb("#4d7f97")
    cut.blob("-52,44! 52,44! 44,66 22,80! -22,80! -44,66", bowl)
    cut.keep_inside()
    cut.blob("-46,48 -34,48 -26,70 -34,70", _WHITE, share=0.3)
    cut.box(-60, 43, (120, 4), mix(bowl, _WHITE, 0.5))
    return cut


def draw_bottle(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a bottle."""
    cut = Cutout((-26, 0, 26, 124), tall)
    glass = tint or rgb("#4a7a63")
    cut.box(-6, 2, (12, 10), rgb("#b58c5c"))
    cut.blob("-7,10! 7,10! 7,38 20,52 21,120! -21,120! -20,52 -7,38", glass)
    cut.keep_inside()
    cut.blob("-16,58 -11,56 -11,114 -16,114", _WHITE, share=0.4)
    cut.box(-22, 72, (44, 30), rgb("#f3e9d4"))
    cut.box(-12, 80, (24, 2), mix(glass, _DARK, 0.3))
    cut.box(-8, 88, (16, 1.6), mix(glass, _DARK, 0.1))
    return cut
