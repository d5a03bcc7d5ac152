"""Draws the land: ridges, high peaks, dunes, the ground in front and what grows on it.

Its neighbours: `canvas.py`, which it draws with; `views.py`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas import Curve, Panel, Sheet, Stencil, fill_below, outline
from imagen_demo.sandbox.painter.palettes import Rgb, mix

_CONIFER = "0,1 .17,.785 .09,.795 .34,.57 .18,.58 .5,.355 .27,.365 .68,.14 .06,.14 .06,0"


def both_sides(half: str) -> Curve:
    """Return the points around a figure, from half widths and heights; up is negative."""
    right = np.array([pair.split(",") for pair in half.split()], dtype=float) * (1, -1)
    return np.concatenate([right, right[::-1] * (-1, 1)])


CONIFER = both_sides(_CONIFER)
_TRUNK = both_sides(".035,.55 .05,.1 .075,0")
_CROWN = outline("-.75,0! -.7,-.5 -.2,-1 .3,-.95 .72,-.45 .75,0!")
_LEAF = outline("0,0! 1.6,-.5 2.6,-2 1,-1.4")


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


def draw_trees(sheet: Sheet, ground: Curve, colour: Rgb, size: float, *, dense: float = 1) -> None:
    """Stand trees along the ground, taller and denser towards the sides, to frame the view."""
    width, dice = sheet.image.width, sheet.dice
    leafy = sheet.scene.season in ("autumn", "spring")
    count = min(300, int(5 * width / (size * sheet.unit) * dense))
    spots = np.sort(dice.random(count))
    crowns, trunks, glints = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    for spot, chance in zip(spots, dice.random(count), strict=True):
        away = abs(spot - 0.5) * 2
        if chance > (0.12 + 0.88 * away) * dense:
            continue
        column = int(spot * width)
        tall = sheet.unit * size * (0.35 + 0.65 * away) * dice.uniform(0.7, 1.15)
        foot = np.array([column, ground[column] + sheet.unit * 0.01])
        if leafy:
            _round_tree((crowns, trunks, glints), foot, tall, sheet)
        else:
            crowns.shape(foot + CONIFER * (0.27 * tall, tall))
    leaves = mix(colour, sheet.palette.accent, 0.7) if leafy else colour
    trunks.press(mix(colour, sheet.palette.ink, 0.5))
    crowns.press(leaves)
    glints.press(mix(leaves, sheet.palette.light, 0.3))


def _round_tree(
    parts: tuple[Stencil, Stencil, Stencil], foot: Curve, tall: float, sheet: Sheet
) -> None:
    crowns, trunks, glints = parts
    trunks.shape(foot + _TRUNK * tall)
    for dx, dy, r in ((-0.13, 0.5, 0.17), (0.14, 0.52, 0.16), (0, 0.7, 0.22), (-0.02, 0.5, 0.2)):
        crowns.dot(foot[0] + dx * tall, foot[1] - dy * tall, r * tall)
    for dx, dy, r in ((0.06, 0.76, 0.1), (0.15, 0.58, 0.06)):
        glints.dot(foot[0] + dx * tall * sheet.side, foot[1] - dy * tall, r * tall, 150)


def draw_flowers(sheet: Sheet, ground: Curve, *, dense: float = 1) -> None:
    """Grow flowers all over the ground, larger towards the viewer."""
    (width, height), palette, unit = sheet.image.size, sheet.palette, sheet.unit
    petals = (palette.accent, mix(palette.accent, palette.light, 0.55), palette.light)
    meadow = Panel(sheet, ground.min() - unit * 0.06, height)
    for low, high, fade in ((0.0, 0.3, 0.5), (0.3, 0.6, 0.25), (0.6, 1.0, 0.0)):
        stem = mix(palette.ink, palette.near, 0.3 + fade)
        heart = mix(mix(palette.ink, palette.accent, 0.35), palette.near, fade * 0.5)
        count = int((10 + (44 - 26 * low) * width / unit / 1.8) * dense)
        for i, (aside, near) in enumerate(sheet.dice.uniform((0, low), (1, high), (count, 2))):
            x, wide = (i + aside) / count * width, unit * (0.005 + 0.014 * near)
            edge = float(ground[int(x)])
            foot = np.array([x, edge + near * (height * 1.04 - edge)])
            lean, tall = unit * 0.012 * np.sin(i * 2.4), unit * (0.025 + 0.06 * near)
            thin = unit * (0.0008 + 0.0012 * near)
            tip, across = foot + np.array([lean, -tall]), np.array([thin, 0])
            meadow.shape(np.array([foot - across, foot + across, tip + across]), stem)
            leaf = _LEAF * (1 if i % 2 else -1, 1) * wide
            meadow.shape(foot + np.array([0, -tall * 0.2]) + leaf, stem)
            petal = mix(petals[(0, 0, 1, 0, 2)[i % 5]], palette.near, fade * 0.7)
            for turn in np.arange(5) * 1.2566 + i:
                spot = tip + wide * np.array([np.cos(turn) * 0.7, np.sin(turn) * 0.5])
                meadow.oval(spot[0], spot[1], (wide * 0.62, wide * 0.52), petal)
            meadow.oval(tip[0], tip[1], (wide * 0.42, wide * 0.34), heart)
    meadow.put_back()


def draw_grass(sheet: Sheet, ground: Curve, colour: Rgb) -> None:
    """Grow tufts along an edge and over the ground."""
    (width, height), unit = sheet.image.size, sheet.unit
    tufts = Stencil(sheet)
    for spot, near in sheet.dice.random((int(70 * width / unit), 2)):
        column = min(int(spot * width), width - 1)
        foot = ground[column] + near**1.5 * (height - ground[column])
        for lean in (-1.0, 0.1, 1.1):
            tall = unit * (0.008 + 0.022 * near)
            tufts.shape(
                np.array(
                    [
                        (column - tall * 0.08, foot + 1),
                        (column + tall * 0.08, foot + 1),
                        (column + lean * tall * 0.5, foot - tall),
                    ]
                )
            )
    tufts.press(colour)
