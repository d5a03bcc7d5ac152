"""Draws water: what it mirrors, its ripples, the glitter of the light, and surf.

Its neighbours: `canvas`, which it draws with; `outdoors` and `cliff`, which
call.
"""

import numpy as np
from PIL import Image, ImageOps

from imagen_demo.sandbox.painter.canvas.gradients import ramp, stretch
from imagen_demo.sandbox.painter.canvas.sheet import WHITE, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import mix

_GLINT = np.array([(-0.5, 0), (0, -0.5), (0.5, 0), (0, 0.5)])


def draw_water(sheet: Sheet, line: int) -> None:
    """Lay water below a line: what stands above it, mirrored, softened and rippled."""
    image, dice, palette = sheet.image, sheet.dice, sheet.palette
    width, deep = image.width, image.height - line
    mirror = ImageOps.flip(image.crop((0, line - deep, width, line)))
    soft = mirror.resize((-(-width // 6), -(-deep // 2)), Image.Resampling.BOX)
    soft = soft.resize((width, deep), Image.Resampling.BILINEAR)
    down = np.arange(deep) / deep
    swing = np.sin(np.cumsum(dice.uniform(0.1, 0.9, deep))) * down * deep * 0.06
    rows = (np.arange(deep) + swing).clip(0, deep - 1).astype(int)
    water = Image.fromarray(np.asarray(soft)[rows])
    body = mix(palette.middle, palette.top if sheet.scene.land == "dunes" else palette.near, 0.5)
    depths = ramp(palette.horizon, body, (down * 4).clip(0, 1) ** 0.5)
    water.paste(stretch(depths, width), (0, 0), stretch(90 + 90 * down, width))
    image.paste(water, (0, line))
    _draw_ripples(sheet, line)
    _draw_glitter(sheet, line)


def _draw_ripples(sheet: Sheet, line: int) -> None:
    """Draw long thin strokes of lighter water, wider towards the viewer."""
    width, deep, unit = sheet.image.width, sheet.image.height - line, sheet.unit
    strokes = Stencil(sheet)
    for along, far, size in sheet.dice.random((34, 3)):
        long = unit * (0.05 + 0.3 * size) * (0.3 + far)
        spot = (along * width, line + deep * (0.06 + 0.9 * far))
        strokes.shape(spot + _GLINT * (long, unit * (0.002 + 0.006 * far)), int(36 + 40 * far))
    strokes.press(mix(sheet.palette.horizon, WHITE, 0.3))


def _draw_glitter(sheet: Sheet, line: int) -> None:
    if sheet.scene.weather in ("rain", "storm", "aurora"):
        return
    glitter, deep = Stencil(sheet), sheet.image.height - line
    for far, aside, size in sheet.dice.random((60, 3)):
        x = sheet.x + (aside - 0.5) * sheet.unit * (0.12 + 0.22 * far)
        long, high = sheet.unit * (0.025 + 0.08 * size), sheet.unit * (0.0025 + 0.005 * far)
        spot = (x, line + deep * far**1.3)
        glitter.shape(spot + _GLINT * (long, high), int(190 - 110 * far))
    glitter.press(sheet.palette.light)


def draw_surf(sheet: Sheet, foot: tuple[float, float]) -> None:
    """Let water drawn long wash around the foot of a cliff like silk."""
    (width, height), unit, dice = sheet.image.size, sheet.unit, sheet.dice
    veils = Stencil(sheet)
    for i, (along, down, size) in enumerate(dice.random((34, 3))):
        near = (i / 34) ** 0.8
        x = foot[0] + (along - 0.5) * width * (0.7 + 0.6 * near)
        top = foot[1] - unit * 0.22
        y = top + (height - top) * near + (down - 0.5) * unit * 0.03
        veils.oval(x, y, (unit * (0.1 + 0.3 * size), unit * (0.005 + 0.014 * near)), 150)
    veils.press(mix(sheet.palette.light, WHITE, 0.35), soft=unit / 75)
