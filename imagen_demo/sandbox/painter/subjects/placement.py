"""Who and what stands in a picture: where each belongs, how tall it is, and who draws it.

Its neighbours: the other modules of `subjects`, which draw; the `views`, which call with the places
they have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from imagen_demo.sandbox.painter.canvas.cutout import Cutout
from imagen_demo.sandbox.painter.canvas.sheet import Sheet, Spot
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix
from imagen_demo.sandbox.painter.subjects import (
    boats,
    buildings,
    flying_objects,
    people,
    plants,
    sea_animals,
    sitting_animals,
    standing_animals,
    tableware,
    vehicles,
)
from imagen_demo.sandbox.painter.subjects.held_objects import draw_held

_Draw: TypeAlias = Callable[[float, Rgb | None], Cutout]


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a subject belongs, its height as a share of the short side, and who draws it."""

    where: str
    tall: float
    draw: _Draw


SUBJECTS = {
    "owl": Subject("ground", 0.5, standing_animals.draw_owl),
    "penguin": Subject("ground", 0.48, standing_animals.draw_penguin),
    "robot": Subject("ground", 0.56, people.draw_robot),
    "astronaut": Subject("ground", 0.56, people.draw_astronaut),
    "person": Subject("ground", 0.46, people.draw_person),
    "deer": Subject("ground", 0.46, standing_animals.draw_deer),
    "horse": Subject("ground", 0.46, standing_animals.draw_horse),
    "bigtree": Subject("ground", 0.6, plants.draw_bigtree),
    "cactus": Subject("ground", 0.46, plants.draw_cactus),
    "mushroom": Subject("ground", 0.4, plants.draw_mushroom),
    "cabin": Subject("ground", 0.26, buildings.draw_cabin),
    "lighthouse": Subject("cliff", 0.56, buildings.draw_lighthouse),
    "umbrella": Subject("ground", 0.42, buildings.draw_umbrella),
    "bicycle": Subject("ground", 0.34, vehicles.draw_bicycle),
    "car": Subject("ground", 0.26, vehicles.draw_car),
    "train": Subject("ground", 0.26, vehicles.draw_train),
    "sailboat": Subject("water", 0.34, boats.draw_sailboat),
    "trawler": Subject("water", 0.26, boats.draw_trawler),
    "whale": Subject("deep", 0.36, sea_animals.draw_whale),
    "fish": Subject("deep", 0.3, sea_animals.draw_fish),
    "jellyfish": Subject("deep", 0.46, sea_animals.draw_jellyfish),
    "turtle": Subject("deep", 0.32, sea_animals.draw_turtle),
    "balloon": Subject("sky", 0.4, flying_objects.draw_balloon),
    "kite": Subject("sky", 0.36, flying_objects.draw_kite),
    "rocket": Subject("sky", 0.5, flying_objects.draw_rocket),
    "teapot": Subject("table", 0.4, tableware.draw_teapot),
    "cup": Subject("table", 0.28, tableware.draw_cup),
    "vase": Subject("table", 0.56, tableware.draw_vase),
    "fruit": Subject("table", 0.32, tableware.draw_fruit),
    "bottle": Subject("table", 0.5, tableware.draw_bottle),
}
"""The sitting animals, which `sitting_animals` lists, and the birds come on top of these."""

_SITTING_TALL = 0.58

_TURNED = ("water",)
"""What sails turns its bow away from the light, so that the sails stand in it."""


def place_of(name: str) -> str:
    """Tell where a subject belongs: ground, cliff, water, deep, sky, table; birds fly."""
    if name == "birds":
        return name
    return SUBJECTS[name].where if name in SUBJECTS else "ground"


def set_subject(
    sheet: Sheet, name: str, foot: Spot, *, zoom: float = 1, floating: bool = False
) -> None:
    """Draw a subject with its foot at a spot, and, unless it floats, its shadow on the ground."""
    if name == "birds":
        draw_birds(sheet, (foot[0], foot[1] - 0.3 * sheet.unit * zoom), zoom=zoom)
        return
    tall = (SUBJECTS[name].tall if name in SUBJECTS else _SITTING_TALL) * sheet.unit * zoom
    where = place_of(name)
    if name in sitting_animals.SITTING_ANIMALS:
        cut = sitting_animals.draw_sitting_animal(name, tall, _dye(sheet, name))
        held = sheet.scene.held
        if held:
            if held == "ice-cream":
                sitting_animals.lick(cut)
            draw_held(cut, held, None)
            sitting_animals.draw_arms(cut, name)
    else:
        cut = SUBJECTS[name].draw(tall, _dye(sheet, name))
    if where in ("ground", "cliff", "table") and not floating:
        _cast_shadow(sheet, foot, tall * (0.3 if where != "cliff" else 0.1))
    cut.set_in(sheet, foot, turned=sheet.side > 0 and where in _TURNED)


def _dye(sheet: Sheet, name: str) -> Rgb | None:
    """Return the colour that the prompt names, for the first thing of it that can wear one."""
    return sheet.scene.tint if sheet.scene.subjects[:1] == (name,) else None


def _cast_shadow(sheet: Sheet, foot: Spot, wide: float) -> None:
    shadow = Stencil(sheet)
    aside = -sheet.side * wide * 0.5
    shadow.oval(foot[0] + aside * 0.7, foot[1] - wide * 0.03, (wide * 1.5, wide * 0.17), 120)
    shadow.oval(foot[0], foot[1] - wide * 0.02, (wide * 0.95, wide * 0.11), 170)
    colour = sheet.image.getpixel(
        (
            min(max(int(foot[0]), 0), sheet.image.width - 1),
            min(max(int(foot[1]) + 2, 0), sheet.image.height - 1),
        )
    )
    ground = colour if isinstance(colour, tuple) else (0, 0, 0)
    # A shadow is the ground itself, darker and a little bluer.
    shadow.press(
        mix((ground[0], ground[1], ground[2]), (22, 24, 52), 0.62), soft=max(1.0, wide / 16)
    )


def draw_birds(sheet: Sheet, middle: Spot, *, count: int = 7, zoom: float = 1) -> None:
    """Let a few birds fly in a loose wedge."""
    birds = Stencil(sheet)
    for i, (dx, dy, size) in enumerate(sheet.dice.uniform(-1, 1, (count, 3))):
        span = sheet.unit * 0.032 * zoom * (1 + 0.35 * size)
        arm = (i + 1) // 2 * (1 if i % 2 else -1)
        x = middle[0] + (arm * 1.7 + 0.5 * dx) * span
        y = middle[1] + (abs(arm) * 0.75 + 0.4 * dy) * span
        lift = 0.28 + 0.3 * abs(dx)
        wing = np.array(
            [(0, 0.1), (0.35, -lift), (1, -lift * 0.55), (0.42, -lift * 0.45), (0, 0.26)]
        )
        birds.shape((x, y) + np.concatenate([wing, wing[::-1] * (-1, 1)]) * span)
    birds.press(mix(sheet.palette.ink, sheet.palette.top, 0.15))
