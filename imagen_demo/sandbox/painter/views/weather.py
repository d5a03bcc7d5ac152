"""Draws what falls and drifts before everything else: rain, snow, fog.

Its neighbours: `canvas`, which it draws with; `views` and `outdoors`, which
call.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.gradients import stretch
from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import mix


def draw_falling(sheet: Sheet) -> None:
    """Let rain or snow fall."""
    (width, height), weather, unit = sheet.image.size, sheet.scene.weather, sheet.unit
    if weather == "snow":
        flakes = Stencil(sheet)
        for along, down, size in sheet.dice.random((260, 3)):
            radius = unit * (0.0012 + 0.0055 * size**4)
            flakes.dot(along * width, down * height, radius, int(130 + 110 * size))
        flakes.press((255, 255, 255))
    elif weather in ("rain", "storm"):
        drops = Stencil(sheet)
        for along, down, size in sheet.dice.random((300, 3)):
            x, y, long = along * width * 1.1, down * height, unit * (0.02 + 0.06 * size)
            thin = unit * 0.0009
            corners = [
                (x, y),
                (x + thin, y),
                (x - long * 0.25 + thin, y + long),
                (x - long * 0.25, y + long),
            ]
            drops.shape(np.array(corners), int(50 + 70 * size))
        drops.press(mix(sheet.palette.light, sheet.palette.horizon, 0.3))


def draw_fog(sheet: Sheet, row: float) -> None:
    """Lay a bank of fog around a row, given as a share of the height."""
    width, height = sheet.image.size
    down = np.arange(height) / height
    veil = 185 * np.exp(-((down - row) ** 2) / 0.013) + 60 * (down > row) * np.exp(
        -(down - row) * 6
    )
    sheet.image.paste(sheet.palette.horizon, (0, 0, width, height), stretch(veil, width))
