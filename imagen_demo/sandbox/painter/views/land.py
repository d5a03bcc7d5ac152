"""Draws the land in the distance: ridges, high peaks, dunes.

Its neighbours: `canvas`, which it draws with; `outdoors` and `foreground`,
which call.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.gradients import fill_below
from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix

_CROWN = outline("-.75,0! -.7,-.5 -.2,-1 .3,-.95 .72,-.45 .75,0!")


def draw_ridges(sheet: Sheet, horizon: float) -> None:
    """Draw the land from far to near, down to a horizon given as a share of the height."""
    height, scene, palette = sheet.image.height, sheet.scene, sheet.palette
    haze = 0.95 if scene.weather in ("fog", "rain", "storm") else 0.7
    if scene.land == "peaks":
        draw_peaks(sheet, horizon)
    count = int(sheet.dice.integers(3, 5)) - (scene.land == "peaks")
    for depth in (np.arange(count) + (scene.land == "peaks")) / (count + (scene.land == "peaks")):
        land = scene.land if scene.land == "dunes" else "hills"
        tall = (height + sheet.unit) * (0.08 if land == "dunes" else 0.085)
        low = horizon - 0.05 + (0 if scene.water else 0.22) * depth
        bump = ridge(sheet, land)
        edge = height * low - bump * tall * (1 - 0.6 * depth)
        colour = mix(palette.far, palette.near, depth**1.1)
        fill_below(sheet, edge, colour, mix(colour, palette.horizon, haze * (1 - depth)))
        if land == "dunes":
            _draw_slip_faces(sheet, edge, colour)
        elif depth > 0 and scene.weather != "fog" and scene.season != "winter":
            _draw_far_woods(sheet, edge, mix(colour, palette.ink, 0.11), depth)


def ridge(sheet: Sheet, land: str) -> Curve:
    """Return one ridge, as heights from about 0 to 1 for every column."""
    along = np.arange(sheet.image.width) / sheet.unit + sheet.dice.uniform(0, 50)
    waves = [np.sin(along * 2.3 * 1.83**i + sheet.dice.uniform(0, 6.28)) * 0.5**i for i in range(4)]
    if land == "dunes":
        # A fold makes a crest; a wave in its own phase leans the crest to one side.
        return np.asarray(1 - np.abs(np.sin(along * 1.3 + 0.5 * waves[0]) + 0.3 * waves[1]))
    return np.asarray(0.5 + 0.3 * sum(waves), dtype=np.float64)


def _draw_slip_faces(sheet: Sheet, edge: Curve, colour: Rgb) -> None:
    """Lay shadow on the side of each crest that the light misses, down a winding line."""
    unit, width = sheet.unit, sheet.image.width
    reach = max(1, unit // 9)
    crests = [
        i for i in range(reach, width - reach, 2)
        if edge[i] <= edge[i - reach : i + reach].min() + 1e-9
    ]  # fmt: skip
    shade = Stencil(sheet)
    for crest in crests:
        away = -sheet.side
        run = np.linspace(0, 1, 24)
        reach_x = unit * 0.5
        tops = np.clip(crest + away * run * reach_x, 0, width - 1).astype(int)
        upper = np.stack([crest + away * run * reach_x, edge[tops]], axis=1)
        bend = np.sin(run * 5) * 0.12 * (1 - run)
        lower = np.stack(
            [crest + away * (run * 0.55 + bend) * reach_x, edge[crest] + run * unit * 0.19], axis=1
        )
        shade.shape(np.concatenate([upper, lower[::-1]]), 120)
    shade.press(mix(colour, sheet.palette.ink, 0.45), mix(colour, sheet.palette.ink, 0.1))


def _draw_far_woods(sheet: Sheet, edge: Curve, colour: Rgb, depth: float) -> None:
    """Sow copses over a hillside, in rows that follow it."""
    width, dice, unit = sheet.image.width, sheet.dice, sheet.unit
    woods = Stencil(sheet)
    for spot, down, long in dice.random((int(9 + 9 * width / unit), 3)):
        tall = unit * 0.009 * (0.5 + depth)
        for i, size in enumerate(dice.random(int(4 + 9 * long))):
            x = spot * width + i * tall * 0.85
            column = min(max(int(x), 0), width - 1)
            y = edge[column] + unit * (0.012 + 0.07 * down)
            woods.shape(np.array([x, y]) + _CROWN * tall * (0.65 + 0.6 * size))
    woods.press(colour)


def draw_peaks(sheet: Sheet, horizon: float) -> None:
    """Draw a range of high peaks: a hazy row behind, and one that rules the picture."""
    (width, height), dice, unit = sheet.image.size, sheet.dice, sheet.unit
    foot = height * horizon
    spread = max(width, unit * 1.2)
    for i in range(5):
        x = width * (i + dice.uniform(0.1, 0.9)) / 5
        peak(sheet, (x, foot - (height + unit) * dice.uniform(0.085, 0.13)), foot, 0.35)
    # Behind whoever stands there the hero would be lost.
    off = sheet.side if sheet.scene.subjects else -sheet.side
    hero = width * (0.5 + 0.15 * off) + dice.uniform(-0.05, 0.05) * width
    others = [(-0.3, 0.15), (0.34, 0.135), (-0.62, 0.12), (0.66, 0.15)]
    for aside, tall in others:
        x = hero + aside * spread * 0.8 * dice.uniform(0.8, 1.15)
        peak(sheet, (x, foot - (height + unit) * tall * dice.uniform(0.85, 1.1)), foot, 0.7)
    high = 0.275 if sheet.scene.style == "poster" else 0.225
    peak(sheet, (hero, foot - (height + unit) * high), foot, 1.0)


def peak(sheet: Sheet, tip: tuple[float, float], foot: float, near: float) -> None:
    """Draw one peak down to a foot: rock, snow, and the side in shadow.

    Args:
        sheet: The picture.
        tip: Its summit.
        foot: The row where it ends.
        near: From 0, lost in haze, to 1.
    """
    dice, palette, side = sheet.dice, sheet.palette, sheet.side
    tall = foot - tip[1]
    count = 11
    down = np.linspace(0, 1, count)
    wobble = dice.uniform(-0.07, 0.07, (3, count)) * np.minimum(down * 4, 1)
    wide = tall * dice.uniform(0.95, 1.25, 2)
    left = tip[0] - wide[0] * (down**0.92 + wobble[0])
    right = tip[0] + wide[1] * (down**0.92 + wobble[1])
    rows = tip[1] + tall * down
    # The crest between the lit and the dark side zigzags down towards the viewer.
    zigzag = np.where(np.arange(count) % 2, 0.075, -0.075) * np.minimum(down * 3, 1.4)
    crest = tip[0] + tall * (zigzag * dice.uniform(0.6, 1.4, count) - side * 0.22 * down)
    snowy = sheet.scene.season == "winter"
    stone = mix(palette.far, palette.ink, 0.4) if snowy else mix(palette.far, palette.near, 0.35)
    rock = mix(palette.horizon, stone, 0.35 + 0.65 * near)
    haze = mix(rock, palette.horizon, 0.75)
    body = Stencil(sheet)
    body.shape(_around(left, right, rows))
    body.press(rock, haze)
    cap = 7 if snowy else 5
    snow = Stencil(sheet)
    for edge in (left, right):
        line = _around(crest[:cap], edge[:cap], rows[:cap])
        teeth = np.linspace(crest[cap - 1], edge[cap - 1], 7)
        drop = np.where(np.arange(7) % 2, -0.1, 0.035) * tall * dice.uniform(0.5, 1.3, 7)
        # Where the snow meets the sky it must not stand over the edge.
        drop[-1] = 0
        hem = np.stack([teeth, rows[cap - 1] + drop], axis=1)
        snow.shape(np.concatenate([line[:cap], hem, line[cap:]]))
    white = mix(palette.light, palette.horizon, 0.5 * (1 - near))
    snow.press(white, mix(white, rock, 0.25))
    shade = Stencil(sheet)
    dark = left if side > 0 else right
    shade.shape(_around(crest, dark, rows), int(80 + 90 * near))
    for i in range(2, count - 1, 2):
        # Gullies on the lit side.
        lit = right if side > 0 else left
        a, b = crest[i] + (lit[i] - crest[i]) * dice.uniform(0.2, 0.75), tall * 0.05
        shade.shape(
            np.array(
                [(a, rows[i]), (a + b * side, rows[i] + tall * 0.16), (a - b, rows[i] + tall * 0.2)]
            ),
            int(50 * near),
        )
    shadow = mix(mix(palette.far, palette.top, 0.6), palette.ink, 0.3)
    shade.press(mix(shadow, palette.horizon, 0.4 * (1 - near)), haze)


def _around(left: Curve, right: Curve, rows: Curve) -> Curve:
    """Return the outline between two edges."""
    there = np.stack([left, rows], axis=1)
    return np.concatenate([there, np.stack([right, rows], axis=1)[::-1]])
