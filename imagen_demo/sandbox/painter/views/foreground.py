"""Draws the nearest ground, what grows on it and who stands there.

Its neighbours: `canvas`, `subjects`, `land` and `vegetation`, which it draws with; `outdoors`,
which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.gradients import fill_below
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix
from imagen_demo.sandbox.painter.subjects.placement import set_subject
from imagen_demo.sandbox.painter.views import land, vegetation


def draw_foreground(sheet: Sheet, by_place: dict[str, list[str]]) -> None:
    """Draw the nearest ground, unless the view is better without, and who stands on it."""
    scene = sheet.scene
    standing = [*by_place.get("ground", []), *by_place.get("table", [])]
    open_water = scene.city or not by_place.keys().isdisjoint({"water", "deep"})
    if not standing and ("cliff" in by_place or (open_water and scene.growth != "flowers")):
        return
    ground = _ground(sheet, standing=bool(standing))
    soil = _soil(sheet, standing=bool(standing))
    _grow(sheet, ground, soil, standing=bool(standing))
    _set_standing(sheet, standing, ground)
    if not (scene.subjects or scene.water or scene.city):
        _set_measure(sheet, ground)


def _soil(sheet: Sheet, *, standing: bool) -> Rgb:
    """Return the colour of the nearest ground; who stands there stands in the light."""
    scene, palette = sheet.scene, sheet.palette
    if scene.land == "dunes":
        return mix(palette.far, palette.near, 0.35)
    if scene.season == "winter":
        return mix(palette.near, palette.light, 0.2)
    if standing and not scene.dark:
        return mix(palette.near, palette.far, 0.3)
    return mix(palette.near, palette.ink, 0.35)


def _grow(sheet: Sheet, ground: Curve, soil: Rgb, *, standing: bool) -> None:
    """Fill the ground and let trees, grass and flowers grow on it."""
    scene, palette, height = sheet.scene, sheet.palette, sheet.image.height
    winter, bare = scene.season == "winter", scene.land == "dunes"
    leafy = scene.season in ("spring", "autumn") and not scene.city
    wooded = scene.growth == "trees" or leafy or not (scene.growth or scene.city)
    wooded = wooded and not bare
    if wooded and not scene.water:
        behind = ground - 0.05 * height
        vegetation.draw_trees(sheet, behind, mix(palette.ink, palette.far, 0.55), 0.15, dense=1.3)
        if scene.growth == "trees":
            vegetation.draw_trees(
                sheet, behind + 0.02 * height, mix(palette.ink, palette.far, 0.3), 0.26
            )
    fill_below(sheet, ground, soil, mix(soil, palette.near if winter else palette.ink, 0.3))
    _draw_light_on_ground(sheet, ground, mix(soil, palette.light, 0.55 if winter else 0.28))
    if wooded:
        vegetation.draw_trees(sheet, ground, mix(palette.ink, palette.near, 0.2), 0.3, dense=0.8)
    if not (winter or bare):
        vegetation.draw_grass(sheet, ground, mix(soil, palette.light, 0.16))
    if scene.growth == "flowers":
        vegetation.draw_flowers(sheet, ground)
    elif standing and wooded and not (winter or scene.dark):
        vegetation.draw_flowers(sheet, ground, dense=0.3)


def _set_measure(sheet: Sheet, ground: Curve) -> None:
    """Set a small cabin into mountains, or a cactus into a desert, which gives them their size."""
    name = {"peaks": "cabin", "dunes": "cactus"}.get(sheet.scene.land)
    if name:
        x = sheet.image.width * (0.5 - 0.2 * sheet.side)
        foot = float(ground[min(int(x), len(ground) - 1)]) + sheet.unit * 0.05
        set_subject(sheet, name, (x, foot), zoom=0.5)


def _ground(sheet: Sheet, *, standing: bool) -> Curve:
    """Return the edge of the foreground: low and to one side, or a rise for who stands there."""
    (width, height), unit = sheet.image.size, sheet.unit
    slope = np.linspace(-1, 1, width) * sheet.side
    level = 0.79 if standing else 0.84 if sheet.scene.growth == "flowers" else 0.89
    ground = height * (level + 0.045 * slope) - land.ridge(sheet, "hills") * unit * 0.06
    if sheet.scene.water and not standing:
        ground += (0.4 + slope).clip(0) ** 2 * height * 0.09
    return np.asarray(ground)


def _draw_light_on_ground(sheet: Sheet, ground: Curve, colour: Rgb) -> None:
    """Let the low light graze the ground in a few long soft strokes."""
    (width, height), unit = sheet.image.size, sheet.unit
    strokes = Stencil(sheet)
    for along, near, size in sheet.dice.random((12, 3)):
        column = min(int(along * width), width - 1)
        y = ground[column] + (height - ground[column]) * (0.08 + 0.8 * near)
        strokes.oval(column, y, (unit * (0.05 + 0.16 * size), unit * (0.002 + 0.006 * near)), 80)
    strokes.press(colour, soft=unit / 250)


def _set_standing(sheet: Sheet, names: list[str], ground: Curve) -> None:
    """Set the first at a third, away from the light; the others at the other side."""
    (width, height), unit = sheet.image.size, sheet.unit
    tall = height > width
    for i, name in reversed(list(enumerate(names[:3]))):
        spots = (
            0.5 - sheet.side * (0.06 if tall else 0.15),
            0.5 + sheet.side * 0.22,
            0.5 - sheet.side * 0.36,
        )
        x = width * spots[i]
        low = min(height * 0.965, float(ground[min(int(x), width - 1)]) + unit * (0.16 - 0.045 * i))
        zoom = (1.12 if tall and name != "cabin" else 1.0) * (1, 0.78, 0.62)[i]
        set_subject(sheet, name, (x, low), zoom=zoom)
