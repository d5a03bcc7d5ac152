"""Draws the animals that sit in a picture and look at us: one body, a coat and ears for each.

Its neighbours: `canvas/cutout`, which it draws with; `held_objects`, what they hold; `placement`,
which calls.
"""

from dataclasses import dataclass

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_EARS = {
    "round": ("-25,22 -33,15 -32,5 -23,2 -14,8 -11,17", "-24,17 -28,13 -27,8 -22,7 -17,11 -16,16"),
    "pointed": ("-28,30 -32,14 -31,0! -19,8 -7,19", "-25,22 -27.5,14 -27.5,7! -21,12 -16,18"),
    "long": (
        "-16,22 -25,6 -24,-12 -16,-18 -8,-8 -4,18",
        "-14,12 -19,4 -19,-6 -15.5,-11 -11,-4 -9,12",
    ),
    "floppy": ("-15,13 -26,12 -34,24 -37,42 -31,49 -24,44 -20,28", ""),
}
"""One outer and one inner ear of each kind; the other is its mirror image."""

_TAILS = {
    "ringed": ("22,106 40,104 49,90 48,72 39,60", (9.0, 17.0, 19.0, 17.0, 6.0)),
    "brush": ("20,108 40,110 52,96 50,76 38,62", (8.0, 18.0, 22.0, 19.0, 2.0)),
    "thin": ("20,110 38,112 47,100 43,86 48,74", (6.0, 6.5, 6.5, 6.0, 4.0)),
    "stub": ("20,106 26,104 30,100", (12.0, 13.0, 12.0)),
}

_HEADS = {
    "wide": "0,11 15,13 27,23 33,36 41,46! 31,52 22,62 11,68 0,70 -11,68 -22,62 -31,52 -41,46! "
    "-33,36 -27,23 -15,13",
    "round": "0,11 17,14 28,26 31,42 24,58 12,67 0,69 -12,67 -24,58 -31,42 -28,26 -17,14",
    "slim": "0,12 13,14 24,24 31,37 36,44! 26,52 16,60 7,69 0,72 -7,69 -16,60 -26,52 -36,44! "
    "-31,37 -24,24 -13,14",
}


@dataclass(frozen=True, slots=True)
class SittingAnimal:
    """How one animal differs from the others."""

    coat: str
    pale: str
    dark: str
    ears: str
    head: str
    tail: str
    face: str


SITTING_ANIMALS = {
    "raccoon": SittingAnimal("#8d8f97", "#f0ebe2", "#34363f", "round", "wide", "ringed", "mask"),
    "fox": SittingAnimal("#d9692e", "#fbf0e2", "#3a2522", "pointed", "slim", "brush", "cheeks"),
    "wolf": SittingAnimal("#7d8894", "#eef0ee", "#2c333d", "pointed", "slim", "brush", "cheeks"),
    "cat": SittingAnimal("#e0a15c", "#fbeedb", "#5f3a25", "pointed", "round", "thin", "stripes"),
    "tiger": SittingAnimal("#e08a35", "#fdf1de", "#33231f", "round", "round", "thin", "stripes"),
    "dog": SittingAnimal("#c99560", "#f8ead4", "#5b3823", "floppy", "round", "thin", "muzzle"),
    "bear": SittingAnimal("#80553a", "#cda47c", "#38241b", "round", "round", "stub", "muzzle"),
    "panda": SittingAnimal("#f4f0e8", "#f4f0e8", "#2b2b31", "round", "round", "stub", "patches"),
    "rabbit": SittingAnimal("#c9b7a4", "#f9f1e8", "#54423a", "long", "round", "stub", "plain"),
    "mouse": SittingAnimal("#a7a0a0", "#f2e9e4", "#4a4146", "round", "round", "thin", "plain"),
}


def draw_sitting_animal(name: str, tall: float, tint: Rgb | None) -> Cutout:
    """Draw one of the animals, sitting; a colour that the prompt names dyes its coat."""
    animal = SITTING_ANIMALS[name]
    top = -20 if animal.ears == "long" else 0
    cut = Cutout((-52, top, 66, 124), tall * (124 - top) / 124)
    coat, pale, dark = rgb(animal.coat), rgb(animal.pale), rgb(animal.dark)
    if tint and name not in ("raccoon", "panda"):
        coat = mix(coat, tint, 0.6)
    _draw_tail(cut, animal, (coat, pale, dark))
    _draw_body(cut, name, (coat, pale, dark))
    _draw_ears(cut, name, (coat, pale, dark))
    _draw_face(cut, animal, (coat, pale, dark))
    return cut


def lick(cut: Cutout) -> None:
    """Put out a tongue, for what is held before the mouth."""
    cut.blob(
        "-4.6,61.6 -2,60.4 0,60.2 2,60.4 4.6,61.6 4.8,66 3,71 0,72.5 -3,71 -4.8,66", rgb("#e8798a")
    )
    cut.line("0,62 0,69", 0.7, rgb("#c9596e"))


def draw_arms(cut: Cutout, name: str) -> None:
    """Draw the two arms that hold something before the chest."""
    animal = SITTING_ANIMALS[name]
    coat, dark = rgb(animal.coat), rgb(animal.dark)
    sleeve = dark if name == "panda" else mix(coat, dark, 0.22)
    paw = dark if animal.face in ("mask", "cheeks", "patches") else mix(coat, dark, 0.4)
    for turned in (False, True):
        cut.line("-24,78 -22,90 -10,95", (13, 12, 9), sleeve, turned=turned)
        cut.line("-12,94 -5,93", (10, 9), paw, turned=turned)


def _draw_tail(cut: Cutout, animal: SittingAnimal, colours: tuple[Rgb, Rgb, Rgb]) -> None:
    coat, pale, dark = colours
    path, thick = _TAILS[animal.tail]
    bands = {
        "ringed": (dark, mix(coat, pale, 0.25)) * 4 + (dark,),
        "brush": (coat, coat, coat, coat, coat, pale, pale),
    }.get(animal.tail, ())
    if animal.face == "stripes":
        bands = (coat, dark) * 3
    body = mix(coat, pale, 0.25) if animal.tail == "ringed" else coat
    cut.line(path, thick, body, bands=bands)


def _draw_body(cut: Cutout, name: str, colours: tuple[Rgb, Rgb, Rgb]) -> None:
    coat, pale, dark = colours
    animal = SITTING_ANIMALS[name]
    shade = mix(coat, dark, 0.14)
    cut.blob(
        "0,54 14,58 22,72 30,92 32,108 24,118 0,121 -24,118 -32,108 -30,92 -22,72 -14,58", shade
    )
    cut.keep_inside()
    cut.blob("0,60 10,66 16,84 17,104 10,116 0,118 -10,116 -17,104 -16,84 -10,66", pale)
    if animal.face == "patches":
        cut.blob("0,50 24,54 26,80 0,84 -26,80 -24,54", dark)
    cut.go_outside()
    feet = dark if animal.face in ("mask", "cheeks", "patches") else mix(coat, dark, 0.25)
    haunch = dark if animal.face == "patches" else mix(coat, dark, 0.06)
    cut.pair("-20,92 -30,96 -36,108 -32,119 -16,121 -10,114 -12,100", haunch)
    cut.pair("-30,117 -26,112 -14,112 -8,117 -11,122.5 -27,122.5", feet)


def _draw_ears(cut: Cutout, name: str, colours: tuple[Rgb, Rgb, Rgb]) -> None:
    coat, pale, dark = colours
    animal = SITTING_ANIMALS[name]
    outer, inner = _EARS[animal.ears]
    if animal.ears == "floppy":
        return
    back = {"panda": dark, "raccoon": mix(coat, dark, 0.35), "fox": dark, "wolf": dark}
    cut.pair(outer, back.get(name, mix(coat, dark, 0.12)))
    if inner:
        lining = {"mask": pale, "patches": dark, "muzzle": mix(coat, pale, 0.5)}
        if animal.face == "cheeks":
            cut.pair(inner, mix(pale, coat, 0.25))
        else:
            cut.pair(inner, lining.get(animal.face, (236, 178, 164)))


def _draw_face(cut: Cutout, animal: SittingAnimal, colours: tuple[Rgb, Rgb, Rgb]) -> None:
    coat, _, dark = colours
    cut.blob(_HEADS[animal.head], coat)
    cut.keep_inside()
    _draw_markings(cut, animal, colours)
    cut.go_outside()
    if animal.ears == "floppy":
        cut.pair(_EARS["floppy"][0], mix(coat, dark, 0.55))
    eye = (28, 24, 28)
    white = (255, 252, 244)
    ring = {"mask": mix(dark, coat, 0.35), "patches": mix(dark, coat, 0.12)}.get(animal.face)
    if ring:
        cut.ovals(-13, 41, (6.2, 6.6), ring)
    cut.ovals(-13, 41, (4.6, 5.2), eye)
    cut.oval(-11.4, 39, (1.7, 1.8), white)
    cut.oval(14.6, 39, (1.7, 1.8), white)
    cut.oval(-14.2, 43.4, (0.8, 0.8), white, share=0.8)
    cut.oval(11.8, 43.4, (0.8, 0.8), white, share=0.8)
    nose = (196, 120, 116) if animal.face in ("plain", "stripes") else (30, 26, 30)
    small = 0.8 if animal.face in ("plain", "stripes") else 1.0
    wide = 5.4 * small
    cut.blob(
        f"{-wide},52.5 0,51 {wide},52.5 {wide * 0.6},56.2 0,57.6 {-wide * 0.6},56.2",
        nose,
    )
    cut.oval(-1.5, 53, (1.6, 0.7), white, share=0.55)
    for turned in (False, True):
        cut.line("0,57 -0.4,60 -4,62 -8,60.6", 1.1, mix(dark, (0, 0, 0), 0.2), turned=turned)


def _draw_markings(cut: Cutout, animal: SittingAnimal, colours: tuple[Rgb, Rgb, Rgb]) -> None:
    """Draw what tells one face from another."""
    coat, pale, dark = colours
    if animal.face == "mask":
        cut.pair("0,33 -10,29 -22,31 -32,38 -46,48 -34,58 -18,60 0,62", pale)
        cut.pair("-3,38 -10,34 -19,34 -28,40 -40,50 -32,57 -20,55 -10,50 -4,46", dark)
        cut.blob("0,12 3.5,22 2.5,40 4,50 0,54 -4,50 -2.5,40 -3.5,22", mix(dark, coat, 0.2))
        cut.blob("0,47 8,49 13,57 9,66 0,69 -9,66 -13,57 -8,49", pale)
    elif animal.face == "cheeks":
        cut.pair("0,50 -10,47 -20,44 -32,42 -50,44 -30,70 0,76", pale)
        cut.blob("0,40 5,46 7,53 0,57 -7,53 -5,46", coat)
    elif animal.face == "muzzle":
        cut.blob("0,46 10,48 16,56 12,66 0,69 -12,66 -16,56 -10,48", pale)
    elif animal.face == "patches":
        cut.pair("-10,33 -18,35 -24,44 -23,52 -16,52 -8,46 -6,38", dark)
    elif animal.face == "stripes":
        for path in ("0,8 2,16 0,27 -2,16", "-8,9 -7,17 -10,24 -10.5,16", "-16,12 -16,18 -19,23"):
            cut.pair(path, mix(coat, dark, 0.7))
        cut.pair("-34,44 -25,46 -32,49", mix(coat, dark, 0.7))
        cut.pair("-32,53 -23,53 -29,57", mix(coat, dark, 0.7))
        cut.blob("0,48 7,50 12,57 8,65 0,68 -8,65 -12,57 -7,50", pale)
    else:
        cut.blob("0,48 8,51 11,58 7,66 0,68 -7,66 -11,58 -8,51", pale)
