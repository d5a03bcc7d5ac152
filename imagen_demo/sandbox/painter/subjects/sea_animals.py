"""Draws the animals of the sea: a whale, a fish, a jellyfish, a turtle.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (30, 27, 34)
_WHITE: Rgb = (255, 252, 244)


def draw_whale(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a whale."""
    cut = Cutout((-80, 0, 74, 84), tall)
    skin, belly = tint or rgb("#3d6f94"), rgb("#e9f0ec")
    cut.blob("46,42 58,26 70,10! 73,24 64,34! 74,36 73,46! 60,46 48,54", skin)
    cut.blob("-76,46 -66,22 -34,10 0,14 30,32 52,38 54,46 36,62 2,74 -40,74 -68,66", skin)
    cut.keep_inside()
    cut.blob("-80,52 -52,54 -20,56 10,60 34,60 10,84 -80,84", belly)
    for i in range(6):
        cut.line(
            f"{-76 + i * 3},{58 + i * 3.4} -40,{59 + i * 3} {2 - i * 2},{62 + i * 3}",
            0.8,
            mix(belly, skin, 0.4),
        )
    cut.blob("-60,22 -30,12 0,16 20,28 -20,22", _WHITE, share=0.16)
    cut.go_outside()
    cut.blob("-30,58 -16,58 -4,76 -10,81 -26,70", mix(skin, _DARK, 0.22))
    cut.oval(-56, 46, (2.5, 2.9), _DARK)
    cut.oval(-56.7, 45, (0.9, 0.9), _WHITE)
    cut.line("-76,50 -64,53 -52,52", 1.1, mix(skin, _DARK, 0.5))
    return cut


def draw_fish(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a fish with broad stripes."""
    cut = Cutout((-54, 0, 54, 70), tall)
    skin = tint or rgb("#f08a3c")
    cut.blob("30,34 48,16 53,18 47,35 53,52 48,54", mix(skin, _DARK, 0.12))
    cut.blob("-18,18 0,2 18,10 20,20", mix(skin, _DARK, 0.12))
    cut.blob("-8,50 2,66 12,60 10,48", mix(skin, _DARK, 0.12))
    cut.blob("-48,38 -38,22 -14,13 14,18 36,34 14,51 -14,56 -38,50", skin)
    cut.keep_inside()
    for path in ("-26,8 -17,8 -13,35 -17,62 -26,62 -22,35", "4,8 12,10 16,35 12,60 4,60 8,35"):
        cut.blob(path, _WHITE)
    cut.go_outside()
    cut.oval(-35, 34, (4, 4.4), _WHITE)
    cut.oval(-35.6, 34, (2.4, 2.8), _DARK)
    cut.line("-47,41 -42,43 -39,42", 1, mix(skin, _DARK, 0.5))
    cut.blob("-10,36 2,32 4,40 -4,46", mix(skin, _DARK, 0.16))
    return cut


def draw_jellyfish(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a jellyfish."""
    cut = Cutout((-36, 0, 36, 120), tall)
    skin = tint or rgb("#f2a7b8")
    for i, x in enumerate((-22, -13, -4, 5, 14, 22)):
        bend = 5 if i % 2 else -5
        cut.line(
            f"{x},40 {x + bend},62 {x - bend},84 {x + bend * 0.6},{104 + 5 * (i % 3)}",
            (3, 2.4, 0.8),
            mix(skin, _WHITE, 0.25),
        )
    cut.blob(
        "0,4 22,10 33,30 34,44 24,40 14,47 5,41 -5,47 -14,41 -24,46 -34,44 -33,30 -22,10", skin
    )
    cut.keep_inside()
    cut.blob("-24,16 -8,8 6,10 -12,22 -22,36", _WHITE, share=0.4)
    cut.blob("-34,36 0,30 34,36 34,50 -34,50", mix(skin, rgb("#7a3f9e"), 0.35), share=0.5)
    return cut


def draw_turtle(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a swimming turtle."""
    cut = Cutout((-62, 0, 58, 72), tall)
    skin, shell = rgb("#86b07a"), tint or rgb("#4f7a54")
    cut.blob("-22,42 -34,62 -40,70 -28,68 -8,50", mix(skin, _DARK, 0.12))
    cut.blob("24,44 40,58 50,60 44,48 34,40", mix(skin, _DARK, 0.12))
    cut.blob("-30,36 -44,22 -58,24 -61,33 -52,40 -34,44", skin)
    cut.blob("-38,42 -20,14 8,8 32,20 46,42 30,48 0,52 -24,50", shell)
    cut.keep_inside()
    for path in (
        "-22,26 -8,20 -2,34 -14,42 -26,38",
        "2,18 18,18 22,32 8,40 0,32",
        "26,26 36,34 34,44 20,42",
    ):
        cut.blob(path, mix(shell, _WHITE, 0.18))
    cut.go_outside()
    cut.blob("-40,43 0,52 46,43 30,54 0,57 -26,54", mix(skin, _WHITE, 0.4))
    cut.blob("-16,48 -8,66 6,71 6,60 0,48", skin)
    cut.oval(-53, 30, (1.9, 2.1), _DARK)
    return cut
