"""Draws what is seen from very near, from far above, and from under water.

Its neighbours: `canvas.py` and `subjects.py`, which it draws with; `views.py`, which calls.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from imagen_demo.sandbox.painter.canvas import Curve, Sheet, Stencil, noise, outline
from imagen_demo.sandbox.painter.palettes import Rgb, mix, rgb
from imagen_demo.sandbox.painter.subjects import place_of, set_subject

_LAGOON = ("#0b4f6c", "#13809a", "#2fb4b8", "#7fd8cc", "#c8eede", "#fbf3df", "#f0dfbd", "#e8d2a8")
_LEVELS = (0.0, 0.08, 0.2, 0.4, 0.58, 0.66, 0.74, 1.0)


def draw_aerial(sheet: Sheet) -> None:
    """Draw lagoons and sand bars from above, and a small boat with its wake."""
    (width, height), dice, unit = sheet.image.size, sheet.dice, sheet.unit
    small = (max(2, width // 2), max(2, height // 2))
    depth = _shoals(sheet, small)
    table = _soft_steps([rgb(each) for each in _LAGOON])
    picture = Image.fromarray(table[(depth * 1023).astype(np.int32)])
    sheet.image.paste(picture.resize((width, height), Image.Resampling.BICUBIC))
    glints = Stencil(sheet)
    for along, down, size in dice.random((50, 3)):
        if depth[int(down * (small[1] - 1)), int(along * (small[0] - 1))] < 0.5:
            long = unit * (0.01 + 0.03 * size)
            glints.oval(along * width, down * height, (long, unit * 0.0012), 80)
    glints.press((255, 255, 255))
    _draw_boat_from_above(sheet, _open_water(depth, (width, height)))


def _shoals(sheet: Sheet, size: tuple[int, int]) -> Curve:
    """Return how shallow each place is, from 0 to 1: bars that wind through deeper lagoons."""
    bend = noise(sheet.dice, size, 2.4, octaves=2)
    rough = noise(sheet.dice, size, 6, octaves=4)
    ys, xs = np.mgrid[0 : size[1], 0 : size[0]] / min(size)
    run = xs * 0.55 + ys * 0.9 * sheet.side + bend * 1.9
    bars = 0.5 + 0.5 * np.cos(run * 7.2)
    depth = 0.62 * bars**1.6 + 0.3 * rough + 0.32 * (bend - 0.4)
    low, high = np.percentile(depth, (1, 99))
    return np.asarray(((depth - low) / max(high - low, 1e-6)).clip(0, 1))


def _soft_steps(colours: list[Rgb]) -> Curve:
    """Return a colour for each of 1024 depths: flat bands with narrow soft borders."""
    at = np.linspace(0, 1, 1024)
    table = np.zeros((1024, 3))
    table[:] = colours[0]
    for level, colour in zip(_LEVELS[1:], colours[1:], strict=True):
        share = ((at - level + 0.02) / 0.028).clip(0, 1)[:, None]
        table += (np.array(colour) - table) * share * 0.72
    ramp = np.stack([np.interp(at, _LEVELS, [c[i] for c in colours]) for i in range(3)], axis=1)
    return np.asarray((0.62 * table + 0.38 * ramp).clip(0, 255).astype(np.uint8))


def _open_water(depth: Curve, size: tuple[int, int]) -> tuple[float, float]:
    """Return a place near a third of the picture where the water is deep all around."""
    best, found = 9.0, (size[0] / 3, size[1] / 3)
    for x in (0.28, 0.34, 0.4, 0.6, 0.66, 0.72):
        for y in (0.3, 0.4, 0.5, 0.6, 0.7):
            row, col = int(y * depth.shape[0]), int(x * depth.shape[1])
            reach = max(1, min(depth.shape) // 12)
            around = depth[max(0, row - reach) : row + reach, max(0, col - reach) : col + reach]
            level = float(np.percentile(around, 95)) if around.size else 1.0
            if level < best:
                best, found = level, (x * size[0], y * size[1])
    return found


def _draw_boat_from_above(sheet: Sheet, spot: tuple[float, float]) -> None:
    unit, size = sheet.unit, sheet.unit * 0.062
    lean = -0.5
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    middle = np.array(spot)

    def put(path: str, colour: Rgb, light: int = 255, soft: float = 0) -> None:
        stencil = Stencil(sheet)
        stencil.shape(middle + outline(path) * size @ turn, light)
        stencil.press(colour, soft=soft)

    put("-.9,0! -5.2,-.7 -5,-.45 -.9,.1!", (255, 255, 255), 150, unit / 300)
    put("-.9,0! -5,1.0 -4.8,.75 -.9,-.1!", (255, 255, 255), 150, unit / 300)
    put("-.7,.55 .4,.6 1.5,.45 1.7,.75 .5,1.1 -.8,.95", rgb("#0a3f58"), 130, unit / 150)
    put("1.3,0! .6,-.42 -.5,-.46 -1,-.32 -1,.32 -.5,.46 .6,.42", sheet.scene.tint or rgb("#c9362f"))
    put("1.0,0! .5,-.28 -.5,-.31 -.8,-.2 -.8,.2 -.5,.31 .5,.28", rgb("#f3dcc0"))
    put(".55,-.05! .1,.55 -.75,.85! -.5,.2 .0,-.02", (255, 252, 244))


def draw_macro(sheet: Sheet) -> None:
    """Draw one flower as large as the picture, and a drop of dew that holds the meadow."""
    (width, height), unit, dice = sheet.image.size, sheet.unit, sheet.dice
    _draw_bokeh(sheet)
    tint = sheet.scene.tint or rgb("#c8362f")
    middle = np.array([width * 0.5 - sheet.side * unit * 0.07, height * 0.6])
    size = unit * 0.44
    dark, light = mix(tint, (40, 4, 24), 0.5), mix(tint, (255, 190, 150), 0.4)
    stem = Stencil(sheet)
    stem.shape(middle + outline("-.06,.2! .06,.2! .1,.9 .26,2.0! .1,2.0! -.02,.9") * size)
    stem.press(rgb("#5f8a4c"), rgb("#28492e"))
    petals = (
        ("-.2,.3! -.75,.1 -1.2,-.35 -1.1,-.85 -.62,-1.0 -.2,-.75 0,-.2 .05,.2", 0.5),
        (".2,.3! .75,.1 1.22,-.3 1.15,-.85 .66,-1.02 .2,-.75 0,-.2 -.05,.2", 0.42),
        ("0,.34! -.5,0 -.72,-.55 -.5,-1.02 -.05,-1.12 .42,-1.02 .7,-.55 .5,0", 0.24),
    )
    for path, shade in petals:
        petal = Stencil(sheet)
        petal.shape(middle + outline(path) * size)
        petal.press(mix(mix(tint, dark, shade), light, 0.4), mix(tint, dark, shade))
    folds = Stencil(sheet)
    for lean in np.linspace(-1, 1, 13):
        path = f"{lean * 0.06},.26! {lean * 0.4},-.3 {lean * 0.56},-.98! {lean * 0.42},-.3"
        folds.shape(middle + outline(path) * size, 80)
    folds.press(dark, soft=unit / 300)
    front = Stencil(sheet)
    front.shape(
        middle
        + outline(
            "-1,-.42 -.62,-.3 -.1,-.38 .4,-.28 1.02,-.46 1.08,-.1 .8,.34 .3,.58 0,.62 -.36,.58 "
            "-.84,.34 -1.1,-.06"
        )
        * size
    )
    front.press(mix(tint, light, 0.45), mix(tint, dark, 0.22))
    veins = Stencil(sheet)
    for lean in dice.uniform(-1, 1, 16):
        path = f"{lean * 0.1},.56! {lean * 0.55},.1 {lean * 0.95},-.34! {lean * 0.5},.12"
        veins.shape(middle + outline(path) * size, 60)
    veins.press(dark, soft=unit / 400)
    _draw_drop(
        sheet, (middle[0] + sheet.side * size * 0.2, middle[1] + size * 0.12), size * 0.33, dark
    )
    for dx, dy, r in (
        (-0.62, 0.1, 0.07),
        (-0.5, 0.3, 0.045),
        (0.72, 0.16, 0.05),
        (-0.3, -0.7, 0.05),
        (0.5, -0.62, 0.036),
    ):
        _draw_drop(sheet, (middle[0] + dx * size, middle[1] + dy * size), size * r, dark)


def _draw_bokeh(sheet: Sheet) -> None:
    """Blur a meadow beyond recognition: greens, and discs of light."""
    (width, height), dice, palette = sheet.image.size, sheet.dice, sheet.palette
    size = (max(2, width // 16), max(2, height // 16))
    field = noise(dice, size, 3, octaves=3)
    down = np.linspace(0, 1, size[1])[:, None]
    stops = [
        mix(palette.horizon, rgb("#e9f0c9"), 0.5),
        mix(palette.far, rgb("#8fb87a"), 0.6),
        mix(palette.near, rgb("#2f5f3c"), 0.7),
    ]
    place = (down * 0.9 + (field - 0.5) * 0.7).clip(0, 1)
    colours = np.stack(
        [np.interp(place, (0.05, 0.5, 1), [c[i] for c in stops]) for i in range(3)], axis=2
    )
    ground = Image.fromarray(colours.astype(np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    sheet.image.paste(ground)
    unit = sheet.unit
    for hue, count in (
        (palette.light, 12),
        (palette.accent, 7),
        (mix(stops[0], palette.light, 0.4), 8),
    ):
        discs = Stencil(sheet)
        for x, y, r in dice.random((count, 3)):
            radius = unit * (0.02 + 0.055 * r)
            discs.dot(x * width, y * height * 0.9, radius, int(34 + 46 * r))
            discs.dot(x * width, y * height * 0.9, radius * 0.86, int(26 + 34 * r))
        discs.press(hue, soft=unit / 260)


def _draw_drop(sheet: Sheet, middle: tuple[float, float], radius: float, dark: Rgb) -> None:
    """Draw a drop of water that shows what lies behind it upside down."""
    size = int(radius * 2)
    if size < 4:
        return
    shadow = Stencil(sheet)
    shadow.oval(
        middle[0] - sheet.side * radius * 0.25,
        middle[1] + radius * 0.42,
        (radius, radius * 0.85),
        170,
    )
    shadow.press(dark, soft=radius / 5)
    inside = _meadow_in_a_drop(sheet, size * 2)
    mask = Image.new("L", inside.size)
    ImageDraw.Draw(mask).ellipse((1, 1, size * 2 - 2, size * 2 - 2), fill=255)
    ys, xs = np.mgrid[0 : size * 2, 0 : size * 2].astype(np.float32)
    x, y = xs / size - 1, ys / size - 1
    away = np.hypot(x, y).clip(0, 1)
    picture = np.asarray(inside, dtype=np.float32)
    rim = (away**5 * 0.62)[..., None]
    picture = picture + (np.array(dark, dtype=np.float32) - picture) * rim
    glow = np.exp(-(((x + sheet.side * 0.5) ** 2 + (y - 0.6) ** 2) / 0.1))[..., None] * 0.55
    picture = picture + (np.array((255, 244, 226), dtype=np.float32) - picture) * glow
    drop = Image.fromarray(picture.clip(0, 255).astype(np.uint8)).reduce(2)
    corner = (int(middle[0] - radius), int(middle[1] - radius))
    sheet.image.paste(drop, corner, mask.reduce(2))
    shine = Stencil(sheet)
    shine.oval(
        middle[0] + sheet.side * radius * 0.38,
        middle[1] - radius * 0.5,
        (radius * 0.2, radius * 0.14),
    )
    shine.dot(middle[0] + sheet.side * radius * 0.1, middle[1] - radius * 0.66, radius * 0.05, 200)
    shine.press((255, 255, 255))


def _meadow_in_a_drop(sheet: Sheet, size: int) -> Image.Image:
    """Return a meadow with poppies under a sky, the right way round for a lens: upside down."""
    small = 160
    picture = Image.new("RGB", (small, small))
    pen = ImageDraw.Draw(picture)
    for row in range(small):
        sky = mix(rgb("#7fb6d6"), rgb("#fdf0cf"), min(1.0, row / 90))
        field = mix(rgb("#b9cf86"), rgb("#3f7a45"), max(0.0, (row - 84) / 76))
        pen.line((0, row, small, row), fill=sky if row < 84 else field)
    pen.polygon(
        [(0, 88), (40, 66), (84, 84), (120, 70), (160, 86), (160, 96), (0, 96)], fill=rgb("#86ab8c")
    )
    pen.ellipse((96, 30, 118, 52), fill=rgb("#fffbe8"))
    tint = sheet.scene.tint or rgb("#c8362f")
    for i in range(60):
        near = (i / 60) ** 1.4
        x, y, r = (i * 61) % 167 - 4, 92 + near * 66, 1.4 + 5.4 * near
        pen.ellipse(
            (x - r, y - r * 0.8, x + r, y + r * 0.8), fill=mix(tint, rgb("#ffb08a"), (i % 3) * 0.18)
        )
    return ImageOps.flip(picture).resize((size, size), Image.Resampling.BICUBIC)


def draw_deep(sheet: Sheet) -> None:
    """Draw the sea from within: rays of light, a reef, bubbles and who swims there."""
    (width, height), dice, unit = sheet.image.size, sheet.dice, sheet.unit
    stops = [rgb(each) for each in ("#bfeee4", "#4fb7c2", "#1b6f94", "#0a3358")]
    if sheet.scene.dark:
        stops = [mix(each, (6, 14, 44), 0.55) for each in stops]
    down = np.linspace(0, 1, 96)
    rows = np.stack(
        [np.interp(down, (0, 0.22, 0.6, 1), [c[i] for c in stops]) for i in range(3)], axis=1
    )
    column = Image.fromarray(rows.astype(np.uint8)[:, None])
    sheet.image.paste(column.resize((width, height), Image.Resampling.BICUBIC))
    rays = Stencil(sheet)
    for start, wide in dice.uniform((-0.1, 0.3), (1.1, 1), (8, 2)):
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
    rays.press(stops[0], stops[1], soft=unit / 60)
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
    bubbles = Stencil(sheet)
    for along, up, size in dice.random((30, 3)):
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
