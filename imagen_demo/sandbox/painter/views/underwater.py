"""Draws the sea from within.

Its neighbours: `canvas` and `subjects`, which it draws with; `views`, which calls.
"""

import numpy as np
from PIL import Image

from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects.placement import place_of, set_subject


def draw_underwater(sheet: Sheet) -> None:
    """Draw the sea from within: rays of light, a reef, bubbles and who swims there."""
    (width, height), dice = sheet.image.size, sheet.dice
    stops = [rgb(each) for each in ("#bfeee4", "#4fb7c2", "#1b6f94", "#0a3358")]
    if sheet.scene.dark:
        stops = [mix(each, (6, 14, 44), 0.55) for each in stops]
    down = np.linspace(0, 1, 96)
    rows = np.stack(
        [np.interp(down, (0, 0.22, 0.6, 1), [c[i] for c in stops]) for i in range(3)], axis=1
    )
    column = Image.fromarray(rows.astype(np.uint8)[:, None])
    sheet.image.paste(column.resize((width, height), Image.Resampling.BICUBIC))
    _draw_rays(sheet, stops[0], stops[1])
    for depth in range(3):
        _draw_reef(sheet, depth, mix(stops[2], mix(stops[3], rgb("#05203c"), 0.4), depth / 2))
    swimmers = [
        name for name in sheet.scene.subjects if place_of(name) in ("deep", "ground", "sky")
    ]
    _draw_shoal(sheet, mix(stops[3], stops[1], 0.3))
    for i, name in enumerate(
        swimmers[:2] or [str(dice.choice(["turtle", "fish", "jellyfish", "whale"]))]
    ):
        x = width * (0.42 if sheet.side > 0 else 0.58) + (i * 0.33 * width) * (
            1 if sheet.side > 0 else -1
        )
        low = 0.66 if place_of(name) == "deep" else 0.84
        set_subject(sheet, name, (x, height * (low - 0.12 * i)), zoom=1.15 - 0.4 * i, floating=True)
    _draw_bubbles(sheet)


def _draw_rays(sheet: Sheet, colour: Rgb, foot: Rgb) -> None:
    """Let light fall in slanting rays, away from where it comes from."""
    (width, height), unit = sheet.image.size, sheet.unit
    rays = Stencil(sheet)
    for start, wide in sheet.dice.uniform((-0.1, 0.3), (1.1, 1), (8, 2)):
        x, lean = start * width, -sheet.side * unit * 0.3
        rays.shape(
            np.array(
                [
                    (x, -5),
                    (x + unit * 0.06 * wide, -5),
                    (x + lean + unit * 0.24 * wide, height * 0.95),
                    (x + lean, height * 0.95),
                ]
            ),
            46,
        )
    rays.press(colour, foot, soft=unit / 60)


def _draw_bubbles(sheet: Sheet) -> None:
    """Let bubbles rise, each with a rim and a glint."""
    (width, height), unit = sheet.image.size, sheet.unit
    bubbles = Stencil(sheet)
    for along, up, size in sheet.dice.random((30, 3)):
        x, r = (
            (0.2 + 0.08 * np.sin(along * 9)) * width + along * width * 0.6,
            unit * (0.003 + 0.011 * size**2),
        )
        bubbles.dot(x, up * height, r, 110)
        bubbles.dot(x, up * height, r * 0.8, 40)
        bubbles.dot(x - r * 0.3, up * height - r * 0.3, r * 0.25, 220)
    bubbles.press((255, 255, 255))


def _draw_shoal(sheet: Sheet, colour: Rgb) -> None:
    """Let a shoal of small fish pass in the distance."""
    width, height = sheet.image.size
    shoal = Stencil(sheet)
    fish = outline("1,0! .3,-.34 -.5,-.1 -1,-.36! -.86,0 -1,.36! -.5,.1 .3,.34")
    middle = np.array([width * (0.5 + 0.24 * sheet.side), height * 0.3])
    for dx, dy, size in sheet.dice.normal(0, 1, (22, 3)).clip(-2, 2):
        spot = middle + np.array([dx * 0.1, dy * 0.05]) * sheet.unit
        shoal.shape(spot + fish * (sheet.side, 1) * sheet.unit * (0.013 + 0.002 * size), 200)
    shoal.press(colour)


def _draw_reef(sheet: Sheet, depth: int, colour: Rgb) -> None:
    """Draw one row of the reef: rock, and corals in the front row."""
    (width, height), unit, dice = sheet.image.size, sheet.unit, sheet.dice
    columns = np.linspace(0, width, 80)
    bumps = sum(np.sin(columns / unit * rate + dice.uniform(0, 6)) / rate for rate in (2.2, 5, 11))
    edges = np.abs(columns / width - 0.5) * 2
    top = height * (0.86 + 0.045 * depth) - unit * (0.13 * edges**2 + 0.06 * bumps)
    rock = Stencil(sheet)
    rock.shape(
        np.concatenate([np.stack([columns, top], axis=1), [(width, height + 2), (0, height + 2)]])
    )
    rock.press(colour, mix(colour, (4, 16, 34), 0.4))
    hues = [rgb(each) for each in ("#f08a7a", "#f2b56b", "#c77fb5", "#7fc9b0")]
    corals = [Stencil(sheet) for _ in hues]
    for i, spot in enumerate(dice.random(7)):
        index = min(79, int(spot * 80))
        if edges[index] < 0.25:
            continue
        x, y, size = columns[index], top[index] + unit * 0.02, unit * (0.07 + 0.05 * dice.random())
        coral = corals[(i + depth) % len(hues)]
        root = np.array([x, y])
        for lean in np.linspace(-0.9, 0.9, 6):
            tip = (lean * 0.9, -1 + 0.35 * abs(lean))
            branch = [(lean * 0.2 + 0.09, 0), (lean * 0.5 + 0.09, -0.5), tip]
            branch += [(lean * 0.5 - 0.09, -0.5), (lean * 0.2 - 0.09, 0)]
            coral.shape(root + np.array(branch) * size)
            coral.dot(x + tip[0] * size, y + tip[1] * size, size * 0.07)
    for coral, hue in zip(corals, hues, strict=True):
        coral.press(mix(hue, colour, 0.65 - 0.25 * depth), mix(hue, colour, 0.85 - 0.2 * depth))
