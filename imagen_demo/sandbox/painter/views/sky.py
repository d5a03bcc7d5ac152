"""Draws the sky: its colours, sun, moon, stars, clouds, aurora and lightning.

Its neighbours: `canvas`, which it draws with; `outdoors`, which calls.
"""

import numpy as np
from PIL import Image

from imagen_demo.sandbox.painter.canvas.noise import noise
from imagen_demo.sandbox.painter.canvas.sheet import WHITE, Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import mix

_GLOW = {"rain": 0.35, "storm": 0.25, "fog": 0.6}


def draw_sky(sheet: Sheet) -> None:
    """Draw the gradient, the glow of the light and thin clouds, small, and enlarge them."""
    (width, height), scene, palette = sheet.image.size, sheet.scene, sheet.palette
    ys, xs = np.mgrid[0 : height : max(1, height / 144), 0 : width : max(1, width / 264)]
    stops = np.array([palette.top, palette.middle, palette.horizon], dtype=float)
    down = ys[:, 0] / height
    steps = np.stack([np.interp(down, (0, 0.34, 0.64), stops[:, i]) for i in range(3)], axis=1)
    away = np.hypot(xs - sheet.x, ys - sheet.y) / sheet.unit
    glow = 0.5 * np.exp(-((away / 0.16) ** 2)) + 0.42 * np.exp(-away / 0.3)
    glow *= _GLOW.get(scene.weather, 0.55 if scene.dark else 1.0)
    cloud = _veil(sheet, ys.shape, down) * (0.85 if scene.weather in ("rain", "storm") else 0.42)
    white = mix(palette.horizon, palette.middle if scene.dark else palette.light, 0.4)
    colours = steps[:, None] + (np.array(palette.light) - steps[:, None]) * glow[..., None]
    colours += (np.array(white) - colours) * cloud[..., None]
    if scene.weather == "aurora":
        colours = _with_aurora(sheet, colours, xs / sheet.unit, down)
    small = Image.fromarray(colours.clip(0, 255).astype(np.uint8))
    sheet.image.paste(small.resize((width, height), Image.Resampling.BILINEAR))
    _draw_stars(sheet)
    _draw_disc(sheet)
    if scene.weather == "storm":
        _draw_lightning(sheet)
    if scene.weather in ("", "rain", "storm") and not scene.dark:
        _draw_clouds(sheet)


def _veil(sheet: Sheet, shape: tuple[int, ...], down: Curve) -> Curve:
    """Return how much thin cloud covers each place: a few long soft streaks."""
    aspect = sheet.image.width / sheet.image.height
    long = noise(sheet.dice, (max(2, int(shape[0] * aspect / 3)), shape[0]), 7, octaves=4)
    wide = Image.fromarray(long.astype(np.float32)).resize(
        (shape[1], shape[0]), Image.Resampling.BICUBIC
    )
    body = ((np.asarray(wide, dtype=float) - 0.5) / 0.22).clip(0, 1)
    fade = ((0.6 - down) / 0.2).clip(0, 1) * (down / 0.12).clip(0, 1)
    return np.asarray(body * body * (3 - 2 * body) * fade[:, None])


def _with_aurora(sheet: Sheet, colours: Curve, along: Curve, down: Curve) -> Curve:
    """Hang curtains of light into a night: bright below, fading upwards."""
    dice = sheet.dice
    for i, hue in enumerate(((86, 240, 170), (60, 214, 196), (150, 110, 236))):
        waves = sum(np.sin(along * rate + dice.uniform(0, 6.3)) / rate for rate in (1.7, 3.9, 8.3))
        hem = 0.42 - 0.08 * i + 0.13 * waves
        rays = 0.72 + 0.28 * np.sin(along * 46 + 6 * np.sin(along * 5 + i))
        above = hem - down[:, None]
        light = np.exp(-above / 0.17) * (above > 0) + np.exp(-((above / 0.022) ** 2)) * (above <= 0)
        share = (light * rays * (0.62 - 0.13 * i))[..., None]
        colours = colours + (np.array(hue) - colours) * share
    return colours


def _draw_stars(sheet: Sheet) -> None:
    (width, height), scene = sheet.image.size, sheet.scene
    if not scene.dark or scene.weather not in ("", "aurora"):
        return
    stars = Stencil(sheet)
    for x, y, size in sheet.dice.random((190, 3)):
        light = int(235 * (1 - y) ** 0.7 * (0.35 + 0.65 * size))
        stars.dot(x * width, y * height * 0.62, sheet.unit * (0.0008 + 0.0024 * size**5), light)
    stars.press(sheet.palette.light)


def _draw_disc(sheet: Sheet) -> None:
    """Draw the sun or the moon; some moons are crescents."""
    scene, dice = sheet.scene, sheet.dice
    radius = sheet.unit * dice.uniform(0.05, 0.07 if scene.dark else 0.09)
    light = {"rain": 0, "storm": 0, "fog": 150, "aurora": 0}.get(scene.weather, 255)
    disc = Stencil(sheet)
    disc.dot(sheet.x, sheet.y, radius, light)
    if scene.dark and dice.random() < 0.5:
        disc.dot(sheet.x - radius * 0.45, sheet.y - radius * 0.2, radius * 0.9, 0)
    if light:
        disc.press(mix(sheet.palette.light, WHITE, 0.3))


def _draw_lightning(sheet: Sheet) -> None:
    """Let a bolt strike on the side where the light is."""
    width, height = sheet.image.size
    steps = sheet.dice.uniform(-1, 1, 12)
    xs = sheet.x + np.cumsum(steps) * sheet.unit * 0.028
    ys = np.linspace(0.12, 0.64, 12) * height
    thick = np.linspace(1, 0.15, 12) * sheet.unit * 0.0045
    left, right = np.stack([xs - thick, ys], axis=1), np.stack([xs + thick, ys], axis=1)
    for soft in (width / 40, width / 160, 0):
        bolt = Stencil(sheet)
        bolt.shape(np.concatenate([left, right[::-1]]))
        bolt.press(mix(sheet.palette.light, WHITE, 0.6), soft=soft)


def _draw_clouds(sheet: Sheet) -> None:
    """Draw a few clouds with a flat foot, larger higher up."""
    (width, height), dice, palette = sheet.image.size, sheet.dice, sheet.palette
    wet = sheet.scene.weather != ""
    for x, y, size in dice.uniform((0, 0.08, 0.4), (1, 0.4, 1), (4 if wet else 3, 3)):
        long = sheet.unit * (0.42 if wet else 0.34) * size * (1.25 - 1.6 * y)
        if np.hypot(x * width - sheet.x, y * height - sheet.y) < sheet.unit * 0.2:
            continue
        cloud = Stencil(sheet)
        for i in range(9):
            off = (i - 4) / 4
            round_ = long * 0.2 * (1 - 0.75 * off**2) * dice.uniform(0.7, 1.25) + long * 0.02
            up = round_ * dice.uniform(0.35, 0.75) * (1 - off**2)
            cloud.oval(x * width + off * long * 0.62, y * height - up, (round_ * 1.25, round_))
        cut = cloud.mask()
        if cut is None:
            continue
        mask, corner = cut
        rows = np.arange(mask.height) + corner[1]
        # The foot melts into the sky.
        keep = ((y * height + long * 0.03 - rows) / (long * 0.22)).clip(0, 1) ** 0.8 * 0.82
        soft = np.asarray(mask, dtype=np.float32) * keep[:, None].astype(np.float32)
        colour = mix(palette.middle, palette.ink if wet else palette.light, 0.35 if wet else 0.72)
        sheet.image.paste(
            colour,
            (corner[0], corner[1], corner[0] + mask.width, corner[1] + mask.height),
            Image.fromarray(soft.astype(np.uint8)),
        )
