"""Draws whoever is not one of the sitting animals: birds, fish, robots, people.

Its neighbours: `canvas.py`, which it draws with; `subjects.py`, which calls.
"""

from imagen_demo.sandbox.painter.canvas import Cutout
from imagen_demo.sandbox.painter.palettes import Rgb, mix, rgb

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


def draw_robot(tall: float, tint: Rgb | None) -> Cutout:
    """Draw a friendly robot."""
    cut = Cutout((-44, 0, 44, 110), tall)
    shell = tint or rgb("#d9dfe2")
    joint, glow = rgb("#566573"), rgb("#6fe0d6")
    cut.line("0,16 0,5", 1.8, joint)
    cut.oval(0, 4.5, (3.4, 3.4), rgb("#f2766b"))
    for turned in (False, True):
        cut.line("-26,58 -37,68 -36,82", (7, 6, 6), joint, turned=turned)
        cut.line("-13,92 -14,102", 9, joint, turned=turned)
    cut.ovals(-36, 84, (6, 6), shell)
    cut.pair("-24,108 -22,101 -8,101 -6,108", mix(shell, joint, 0.35))
    cut.blob("0,50 22,52 27,60 26,84 20,94 0,96 -20,94 -26,84 -27,60 -22,52", shell)
    cut.blob("0,14 26,15 33,22 34,38 28,47 0,49 -28,47 -34,38 -33,22 -26,15", shell)
    cut.pair("-33,26 -39,26 -39,38 -33,38", joint)
    cut.blob("0,20 22,20 27,25 27,37 22,42 0,43 -22,42 -27,37 -27,25 -22,20", rgb("#22303d"))
    cut.ovals(-11, 30, (4.4, 5), glow)
    cut.ovals(-10, 28.2, (1.4, 1.4), _WHITE)
    cut.line("-5,37 0,39 5,37", 1.6, glow)
    cut.blob("0,62 13,63 15,70 13,80 0,82 -13,80 -15,70 -13,63", mix(shell, joint, 0.18))
    cut.oval(0, 72, (5, 5), rgb("#f6b756"))
    return cut


def draw_astronaut(tall: float, tint: Rgb | None) -> Cutout:
    """Draw an astronaut who waves."""
    cut = Cutout((-46, 0, 46, 116), tall)
    suit, trim = mix(rgb("#f2f0ea"), tint, 0.5) if tint else rgb("#f2f0ea"), rgb("#e08a4a")
    grey = rgb("#9aa5b1")
    cut.blob("-24,44 24,44 26,80 -26,80", grey)
    cut.line("22,58 36,48 40,32", (12, 11, 10), mix(suit, grey, 0.2))
    cut.oval(40, 29, (6.4, 6.4), trim)
    cut.line("-22,58 -34,70 -33,82", (12, 11, 10), mix(suit, grey, 0.2))
    cut.oval(-33, 85, (6.4, 6.4), trim)
    for turned in (False, True):
        cut.line("-10,86 -13,98 -13,106", (16, 14, 14), mix(suit, grey, 0.15), turned=turned)
        cut.blob("-22,106 -5,106 -4,114 -24,114", trim, turned=turned)
    cut.blob("0,46 20,50 24,66 22,86 12,94 0,95 -12,94 -22,86 -24,66 -20,50", suit)
    cut.blob("-11,68! 11,68! 11,82! -11,82!", mix(suit, grey, 0.4))
    for x, colour in ((-6, "#e4572e"), (0, "#f2b84b"), (6, "#4f9cc4")):
        cut.oval(x, 73, (2, 2), rgb(colour))
    cut.oval(0, 29, (26, 25), suit)
    cut.ovals(-25, 30, (4, 7), grey)
    cut.blob("0,13 16,16 21,28 17,40 0,44 -17,40 -21,28 -16,16", rgb("#1f2c48"))
    cut.keep_inside()
    cut.blob("-20,36 -8,20 14,14 24,20 10,24 -4,38 -10,46", rgb("#e8a76d"), share=0.5)
    cut.go_outside()
    cut.blob("-14,22 -9,17 -6,19 -12,26", _WHITE, share=0.85)
    return cut


def draw_person(tall: float, tint: Rgb | None) -> Cutout:
    """Draw somebody seen from behind, in a long coat, who looks into the picture."""
    cut = Cutout((-30, 0, 30, 112), tall)
    coat, hair = tint or rgb("#c8553d"), rgb("#3b2a2a")
    for turned in (False, True):
        cut.line("-7,84 -7.4,104", (7, 5.6), rgb("#2e3440"), turned=turned)
        cut.blob("-13,106 -4,104 -3,110 -13,111", rgb("#4a3328"), turned=turned)
        cut.line("-13,40 -19,58 -17,72", (9, 8, 6), mix(coat, _DARK, 0.16), turned=turned)
        cut.oval(17 if turned else -17, 74, (3.2, 3.6), rgb("#d8a384"))
    cut.blob("0,30 12,34 15,50 20,90 10,93 0,92 -10,93 -20,90 -15,50 -12,34", coat)
    cut.line("0,58 0.6,91", 0.9, mix(coat, _DARK, 0.3))
    cut.blob("0,28 9,31 12,36 0,39 -12,36 -9,31", rgb("#f0dcb4"))
    cut.blob("8,36 13,36 12,58 8,57", rgb("#f0dcb4"))
    cut.blob("0,6 10,10 12,22 9,32 0,35 -9,32 -12,22 -10,10", hair)
    cut.blob("0,3 9,6 13,17 0,15 -13,17 -9,6", mix(coat, rgb("#2c4560"), 0.75))
    cut.blob("-15,15 0,12.5 15,15 13,19 0,17.5 -13,19", mix(coat, rgb("#2c4560"), 0.85))
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
