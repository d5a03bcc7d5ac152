"""Draws what is seen from very near: one flower, and the dew on it.

Its neighbours: `canvas`, which it draws with; `views`, which calls.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from imagen_demo.sandbox.painter.canvas.noise import noise
from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet, Spot
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix, rgb

_STEM = "-.06,.2! .06,.2! .1,.9 .26,2! .1,2! -.02,.9"
_PETALS = (
    ("-.2,.3! -.75,.1 -1.2,-.35 -1.1,-.85 -.62,-1.0 -.2,-.75 0,-.2 .05,.2", 0.5),
    (".2,.3! .75,.1 1.22,-.3 1.15,-.85 .66,-1.02 .2,-.75 0,-.2 -.05,.2", 0.42),
    ("0,.34! -.5,0 -.72,-.55 -.5,-1.02 -.05,-1.12 .42,-1.02 .7,-.55 .5,0", 0.24),
)
"""The petals behind, and how far each lies in shadow."""

_FRONT = (
    "-1,-.42 -.62,-.3 -.1,-.38 .4,-.28 1.02,-.46 1.08,-.1 .8,.34 .3,.58 0,.62 -.36,.58 "
    "-.84,.34 -1.1,-.06"
)
_DROPS = (
    (-0.62, 0.1, 0.07),
    (-0.5, 0.3, 0.045),
    (0.72, 0.16, 0.05),
    (-0.3, -0.7, 0.05),
    (0.5, -0.62, 0.036),
)
"""The small drops: where, from the flower's middle, and how large."""


def draw_macro(sheet: Sheet) -> None:
    """Draw one flower as large as the picture, and a drop of dew that holds the meadow."""
    (width, height), unit = sheet.image.size, sheet.unit
    _draw_bokeh(sheet)
    tint = sheet.scene.tint or rgb("#c8362f")
    middle, size = np.array([width * 0.5 - sheet.side * unit * 0.07, height * 0.6]), unit * 0.42
    dark = mix(tint, (40, 4, 24), 0.5)
    _draw_petals(sheet, middle, size, tint)
    meadow = _meadow_in_a_drop(tint)
    for dx, dy, share in ((0.2, 0.12, 0.33), *_DROPS):
        spot = (float(middle[0]) + dx * size * sheet.side, float(middle[1]) + dy * size)
        _draw_drop(sheet, spot, size * share, (dark, meadow))


def _draw_petals(sheet: Sheet, middle: Curve, size: float, tint: Rgb) -> None:
    """Draw the stem, the petals behind, the one in front, and their veins."""
    dark, light = mix(tint, (40, 4, 24), 0.5), mix(tint, (255, 190, 150), 0.4)
    stem = Stencil(sheet)
    stem.shape(middle + outline(_STEM) * size)
    stem.press(rgb("#5f8a4c"), rgb("#28492e"))
    for path, shade in _PETALS:
        petal = Stencil(sheet)
        petal.shape(middle + outline(path) * size)
        petal.press(mix(mix(tint, dark, shade), light, 0.4), mix(tint, dark, shade))
    folds, front, veins = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    for lean in np.linspace(-1, 1, 13):
        path = f"{lean * 0.06},.26! {lean * 0.4},-.3 {lean * 0.56},-.98! {lean * 0.42},-.3"
        folds.shape(middle + outline(path) * size, 80)
    folds.press(dark, soft=sheet.unit / 300)
    front.shape(middle + outline(_FRONT) * size)
    front.press(mix(tint, light, 0.45), mix(tint, dark, 0.22))
    for lean in sheet.dice.uniform(-1, 1, 16).round(2):
        path = f"{lean * 0.1},.56! {lean * 0.55},.1 {lean * 0.95},-.34! {lean * 0.5},.12"
        veins.shape(middle + outline(path) * size, 60)
    veins.press(dark, soft=sheet.unit / 400)


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
        discs.press(hue)


def _draw_drop(sheet: Sheet, middle: Spot, radius: float, look: tuple[Rgb, Image.Image]) -> None:
    """Draw a drop of water that shows what lies behind it upside down."""
    size, (dark, meadow) = int(radius * 2), look
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
    inside = meadow.resize((size * 2, size * 2), Image.Resampling.BICUBIC)
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


def _meadow_in_a_drop(tint: Rgb) -> Image.Image:
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
    for i in range(60):
        near = (i / 60) ** 1.4
        x, y, r = (i * 61) % 167 - 4, 92 + near * 66, 1.4 + 5.4 * near
        pen.ellipse(
            (x - r, y - r * 0.8, x + r, y + r * 0.8), fill=mix(tint, rgb("#ffb08a"), (i % 3) * 0.18)
        )
    return ImageOps.flip(picture)
