"""Draws a table by a window, and what stands on it.

Its neighbours: `canvas` and `subjects`, which it draws with; `views`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.gradients import fill_below
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects.placement import place_of, set_subject

_CLOTHS = ("#5f7f9f", "#7f8f78", "#b88a6a", "#8d7f93", "#5d8584")
_WALLS = ("#e3d8c6", "#d5dcd4", "#e6d2c2", "#cfd6de")


def draw_table(sheet: Sheet) -> None:
    """Draw a wall in soft window light, a linen cloth, and a still life on it."""
    (width, height), dice, scene = sheet.image.size, sheet.dice, sheet.scene
    wall = rgb(str(dice.choice(_WALLS)))
    cloth = rgb(str(dice.choice(_CLOTHS)))
    if scene.cloth:
        cloth = mix(scene.cloth, (134, 140, 148), 0.38)
    if scene.dark:
        wall, cloth = mix(wall, sheet.palette.top, 0.7), mix(cloth, sheet.palette.top, 0.5)
    line = height * 0.66
    fill_below(sheet, np.zeros(width), mix(wall, (90, 84, 88), 0.34), wall, fade=0.62)
    _draw_window_light(sheet, line, mix(wall, (255, 250, 232), 0.85))
    _draw_cloth(sheet, line, cloth)
    things = [name for name in scene.subjects if place_of(name) in ("table", "ground")]
    _set_table(sheet, things or [str(dice.choice(["teapot", "vase", "fruit"]))], line)


def _draw_window_light(sheet: Sheet, line: float, light: Rgb) -> None:
    """Let a window throw its panes on the wall, slanting away from the light."""
    width, unit = sheet.image.width, sheet.unit
    panes, leaf = Stencil(sheet), Stencil(sheet)
    start = width * (0.5 - 0.04 * sheet.side) - unit * 0.34
    lean = -sheet.side * 0.22
    for col in range(2):
        for row in range(3):
            x, y = start + col * unit * 0.32, line * 0.06 + row * line * 0.27
            wide, tall = unit * 0.285, line * 0.24
            corners = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]
            points = np.array([(px + lean * py, py) for px, py in corners])
            panes.shape(points + np.array([-lean * line * 0.4, 0]), 150)
    panes.press(light, soft=unit / 110)
    stem = np.array([start + unit * 0.62, line * 0.16])
    for i in range(9):
        spot = stem + np.array([(i % 2 - 0.5) * 0.12 - 0.03 * i, 0.052 * i]) * unit
        leaf.oval(spot[0], spot[1], (unit * 0.052, unit * 0.02), 60)
    leaf.press(mix(light, (70, 74, 70), 0.6), soft=unit / 90)


def _draw_cloth(sheet: Sheet, line: float, cloth: Rgb) -> None:
    """Spread linen over the table, with a few soft folds and its woven threads."""
    (width, height), unit, dice = sheet.image.size, sheet.unit, sheet.dice
    edge: Curve = line + np.sin(np.arange(width) / unit * 5 + dice.uniform(0, 6)) * unit * 0.004
    far, near = mix(cloth, (255, 250, 238), 0.25), mix(cloth, (24, 28, 44), 0.22)
    fill_below(sheet, edge, far, near, fade=0.4)
    dark, bright = Stencil(sheet), Stencil(sheet)
    for x, bend, deep in dice.uniform((0, -0.1, 0.3), (1, 0.1, 1), (6, 3)):
        run = np.linspace(0, 1, 16)
        # Folds spread towards the viewer.
        middle = width / 2 + (x - 0.5) * width * (1 + 0.5 * run) + bend * unit * np.sin(run * 3)
        rows = line + unit * 0.02 + run * (height - line)
        for stencil, off in ((dark, -0.006), (bright, 0.008)):
            half = unit * 0.012 * run * deep + 0.5
            left = np.stack([middle - half + off * unit * sheet.side, rows], axis=1)
            right = np.stack([middle + half + off * unit * sheet.side, rows], axis=1)
            stencil.shape(np.concatenate([left, right[::-1]]), 90)
    dark.press(mix(cloth, (20, 24, 40), 0.3), soft=unit / 110)
    bright.press(mix(cloth, (255, 250, 238), 0.35), soft=unit / 110)
    threads = Stencil(sheet)
    for i in range(26):
        threads.box(0, line + (height - line) * (i / 26) ** 1.3, (width, max(0.5, unit / 1100)), 40)
    threads.press(mix(cloth, (255, 255, 255), 0.4))


def _set_table(sheet: Sheet, things: list[str], line: float) -> None:
    """Set the things down: the first large and to one side, the next beside it."""
    (width, height), unit = sheet.image.size, sheet.unit
    first = width / 2 - sheet.side * unit * (0.02 if width < height * 1.2 else 0.12)
    foot = line + (height - line) * 0.5
    others = things[1:3]
    if not others and things[0] == "teapot":
        others = ["cup"]
    elif not others and things[0] in ("cup", "vase", "bottle"):
        others = ["fruit"]
    for i, name in enumerate(others):
        away = (0.36 if i == 0 else -0.44) * sheet.side
        set_subject(sheet, name, (first + away * unit, foot + unit * (0.05 - 0.07 * i)), zoom=0.72)
    set_subject(sheet, things[0], (first - 0.1 * unit * sheet.side, foot), zoom=1.15)
