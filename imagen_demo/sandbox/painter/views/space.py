"""Draws space: nebulae, stars, planets with rings and a dark side.

Its neighbours: `canvas` and `subjects`, which it draws with; `views`, which calls.
"""

import numpy as np
from PIL import Image

from imagen_demo.sandbox.painter.canvas.noise import noise
from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects.placement import set_subject

_MOODS = (
    ("#0a0b24", "#3b1f63", "#d2557f", "#ffc27a"),
    ("#061426", "#0f3f5c", "#3aa6a0", "#ffe1a0"),
    ("#120a1e", "#4a1a3f", "#e0663f", "#ffd08a"),
    ("#0a1030", "#26358c", "#8a6be0", "#ffc9dc"),
)


def draw_space(sheet: Sheet) -> None:
    """Draw a nebula and stars, a large planet, a small one, and who travels there."""
    (width, height), dice, unit = sheet.image.size, sheet.dice, sheet.unit
    deep, cloud, glow, star = (rgb(each) for each in _MOODS[int(dice.integers(len(_MOODS)))])
    if sheet.scene.tint:
        glow = mix(glow, sheet.scene.tint, 0.6)
    _draw_nebula(sheet, deep, cloud, glow)
    _draw_star_field(sheet, star)
    side = -1 if dice.random() < 0.5 else 1
    large = (width * (0.5 + side * 0.21), height * (0.56 if width > height else 0.64))
    radius = unit * dice.uniform(0.25, 0.31)
    small = (width * (0.5 - side * 0.3), height * 0.25)
    _draw_planet(sheet, small, unit * 0.06, mix(cloud, star, 0.5), ringed=False)
    _draw_planet(sheet, large, radius, mix(glow, star, 0.35), ringed=dice.random() < 0.75)
    for i, name in enumerate(sheet.scene.subjects[:2]):
        foot = (width * (0.5 - side * (0.2 - 0.4 * i)), height * (0.86 - 0.1 * i))
        set_subject(sheet, name, foot, zoom=0.92 - 0.3 * i, floating=True)


def _draw_nebula(sheet: Sheet, deep: Rgb, cloud: Rgb, glow: Rgb) -> None:
    width, height = sheet.image.size
    size = (max(2, width // 5), max(2, height // 5))
    body = noise(sheet.dice, size, 3.2, octaves=5)
    veins = noise(sheet.dice, size, 5, octaves=5)
    ys, xs = np.mgrid[0 : size[1], 0 : size[0]]
    lean = sheet.dice.uniform(-0.6, 0.6)
    band = (ys / size[1] - 0.5) + lean * (xs / size[0] - 0.5)
    belt = np.exp(-((band / 0.3) ** 2))
    thick = ((body - 0.34) * 2.2).clip(0, 1) * (0.3 + 0.7 * belt)
    bright = (
        ((body - 0.5) * 3.2).clip(0, 1) * belt * (1 - np.abs(veins - 0.5) * 1.6).clip(0, 1) ** 2
    )
    colours = np.array(deep) + (np.array(cloud) - deep) * thick[..., None]
    colours += (np.array(glow) - colours) * (bright * 0.85)[..., None]
    picture = Image.fromarray(colours.clip(0, 255).astype(np.uint8))
    sheet.image.paste(picture.resize((width, height), Image.Resampling.BICUBIC))


def _draw_star_field(sheet: Sheet, colour: Rgb) -> None:
    (width, height), unit = sheet.image.size, sheet.unit
    stars, sparks = Stencil(sheet), Stencil(sheet)
    for x, y, size in sheet.dice.random((int(260 * max(width, height) / unit), 3)):
        stars.dot(x * width, y * height, unit * (0.0007 + 0.0022 * size**6), int(70 + 180 * size))
    for x, y, size in sheet.dice.random((7, 3)):
        long, thin = unit * (0.012 + 0.02 * size), unit * 0.0016
        spot = np.array([x * width, y * height])
        for dx, dy in ((long, thin), (thin, long)):
            sparks.shape(spot + np.array([(-dx, 0), (0, -dy), (dx, 0), (0, dy)]))
    stars.press(mix(colour, (255, 255, 255), 0.5))
    sparks.press(mix(colour, (255, 255, 255), 0.7))


def _draw_planet(
    sheet: Sheet, middle: tuple[float, float], radius: float, colour: Rgb, *, ringed: bool
) -> None:
    """Draw a banded planet that the light meets from one side, and its ring around it."""
    size = max(8, int(radius * 2) + 4)
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    x, y = (xs - size / 2) / radius, (ys - size / 2) / radius
    away = np.hypot(x, y)
    tilt = 0.32
    across = y * np.cos(tilt) - x * np.sin(tilt) + 0.05 * np.sin(x * 4)
    waves = [sheet.dice.uniform(2, 15), sheet.dice.uniform(0, 6), sheet.dice.uniform(14, 24)]
    bands = 0.5 + 0.3 * np.sin(across * waves[0] + waves[1]) + 0.2 * np.sin(across * waves[2])
    pale, dark = mix(colour, (255, 244, 224), 0.6), mix(colour, (60, 24, 60), 0.35)
    skin = np.array(dark) + (np.array(pale) - dark) * bands[..., None]
    depth = np.sqrt((1 - away**2).clip(0, 1))
    light = (0.72 * sheet.side * x - 0.45 * y + 0.55 * depth + 0.1).clip(0, 1)
    night = np.array((10, 8, 30))
    skin = night + (skin - night) * (light * 1.25).clip(0.05, 1.05)[..., None]
    rim = ((away - 0.86) / 0.14).clip(0, 1) ** 2 * light
    skin += (np.array((255, 236, 214)) - skin) * (rim * 0.6)[..., None]
    mask = Image.fromarray((((1 - away) * radius + 0.5).clip(0, 1) * 255).astype(np.uint8))
    corner = (int(middle[0] - size / 2), int(middle[1] - size / 2))
    if ringed:
        _draw_ring(sheet, middle, radius, pale, front=False)
    sheet.image.paste(Image.fromarray(skin.clip(0, 255).astype(np.uint8)), corner, mask)
    if ringed:
        _draw_ring(sheet, middle, radius, pale, front=True)


def _draw_ring(
    sheet: Sheet, middle: tuple[float, float], radius: float, colour: Rgb, *, front: bool
) -> None:
    turn = np.linspace(0, np.pi, 60) + (0 if front else np.pi)
    lean = np.array([[np.cos(0.32), np.sin(0.32)], [-np.sin(0.32), np.cos(0.32)]])
    for inner, outer, light in ((1.32, 1.5, 150), (1.54, 1.86, 220), (1.9, 2.02, 110)):
        ring = Stencil(sheet)
        arcs = [
            np.stack([np.cos(turn) * r, np.sin(turn) * r * 0.24], axis=1) @ lean.T
            for r in (inner, outer)
        ]
        ring.shape(np.array(middle) + np.concatenate([arcs[0], arcs[1][::-1]]) * radius, light)
        ring.press(mix(colour, (255, 255, 255), 0.15))
