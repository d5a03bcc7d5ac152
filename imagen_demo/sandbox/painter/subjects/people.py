"""Draws people, and a robot.

Its neighbours: `canvas/cutout`, which it draws with; `placement`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_DARK: Rgb = (30, 27, 34)
_WHITE: Rgb = (255, 252, 244)


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
