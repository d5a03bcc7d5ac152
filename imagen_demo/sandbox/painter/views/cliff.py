"""Draws a cliff in the sea, and what stands on it.

Its neighbours: `canvas`, `subjects` and `water`, which it draws with; `outdoors`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.outlines import corners
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet, Spot
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects.placement import set_subject
from imagen_demo.sandbox.painter.views import water

_PROFILE = (
    "-3,.01 -.6,-.012 -.1,0 .12,.01 .2,.045 .23,.1 .3,.13 .33,.2 .42,.235 .47,.3 .56,.34 .66,.4"
)
"""The edge of the cliff, from the turf on its top down to the water."""

_ROCK = np.array([(-1, 0.4), (-0.7, -0.2), (-0.1, -0.5), (0.5, -0.25), (1, 0.4)])


def draw_cliff(sheet: Sheet, name: str) -> None:
    """Raise a cliff out of the sea with the subject on it, surf at its foot, and a beam at dusk."""
    (width, height), unit, side = sheet.image.size, sheet.unit, -sheet.side
    upright = height > width
    x = width * (0.5 + side * (0.24 if upright else 0.2))
    top = height * (0.63 if upright else 0.7)
    zoom = 1.0 if upright else 0.86
    rough = sheet.dice.uniform(-1, 1, 40)
    shape = corners(_PROFILE)
    edge = np.stack([x - side * shape[:, 0] * unit, top + shape[:, 1] * (height - top) / 0.36], 1)
    edge[:, 1] += rough[: len(edge)] * unit * 0.004
    rock = mix(sheet.palette.near, sheet.palette.ink, 0.35)
    surf = (x - side * unit * 0.62, height * 0.93)
    _draw_rocks(sheet, surf, rock)
    water.draw_surf(sheet, surf)
    _draw_mass(sheet, edge, rock, rough)
    set_subject(sheet, name, (x, top + unit * 0.012), zoom=zoom)
    if sheet.scene.hour in ("night", "sunset", "neon") or sheet.scene.weather:
        _draw_beam(sheet, (x, top - unit * 0.473 * zoom))


def _draw_mass(sheet: Sheet, edge: Curve, rock: Rgb, rough: Curve) -> None:
    """Draw the rock behind its edge: lit along it, cracked, with turf on top."""
    height, unit, palette, side = sheet.image.height, sheet.unit, sheet.palette, -sheet.side
    x, top = edge[2]
    corners = [(x - side * unit * 0.6, height + 4), (x + side * unit * 3, height + 4)]
    cliff, face, cracks, turf = (Stencil(sheet) for _ in range(4))
    cliff.shape(np.concatenate([edge, corners]))
    cliff.press(mix(rock, palette.far, 0.25), mix(rock, palette.ink, 0.35))
    for i in range(3, len(edge) - 1):
        drop = unit * (0.1 + 0.05 * rough[i + 12])
        low = edge[[i + 1, i]] + side * unit * np.array([(0.02, 0), (0.05, 0)])
        low[:, 1] += (drop, drop * 1.2)
        face.shape(np.concatenate([edge[[i, i + 1]], low]), 105)
    face.press(mix(palette.light, palette.horizon, 0.6), rock)
    for i in range(12):
        start = np.array([x - side * unit * 0.26 * rough[i], top])
        start[1] += (height - top) * (0.2 + 0.6 * abs(rough[i + 12]))
        long = 0.06 + 0.05 * rough[i + 20]
        cracks.shape(start + np.array([(0, 0), (0.008, 0.01), (-side * 0.02, long)]) * unit, 130)
    cracks.press(mix(palette.ink, (0, 0, 0), 0.2))
    lip = edge[:6]
    below = lip + np.array([side * unit * 0.015, unit * 0.026])
    turf.shape(np.concatenate([lip, below[::-1]]))
    turf.press(mix(mix(palette.accent, rgb("#7f9a55"), 0.6), palette.near, 0.35))


def _draw_rocks(sheet: Sheet, spot: Spot, colour: Rgb) -> None:
    """Leave a few rocks in the surf."""
    rocks, unit = Stencil(sheet), sheet.unit
    for dx, dy, size in sheet.dice.uniform((-0.3, -0.06, 0.3), (0.3, 0.05, 1), (6, 3)):
        middle = np.array([spot[0] + dx * unit, spot[1] + dy * unit])
        rocks.shape(middle + _ROCK * unit * 0.05 * size)
    rocks.press(colour, mix(colour, sheet.palette.ink, 0.4))


def _draw_beam(sheet: Sheet, lamp: Spot) -> None:
    """Send two beams of light over the sea."""
    unit, reach = sheet.unit, max(sheet.image.size)
    for direction, light in ((sheet.side, 95), (-sheet.side, 60)):
        beam = Stencil(sheet)
        fan = np.array([(0, 0), (direction, -0.12), (direction, 0.03)])
        beam.shape(np.array(lamp) + fan * reach, light)
        beam.press(sheet.palette.light, soft=unit / 120)
    halo = Stencil(sheet)
    halo.dot(*lamp, unit * 0.028, 230)
    halo.press((255, 248, 220), soft=unit / 50)
