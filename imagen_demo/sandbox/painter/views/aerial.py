"""Draws lagoons and sand bars from far above.

Its neighbours: `canvas`, which it draws with; `views`, which calls.
"""

import numpy as np
from PIL import Image

from imagen_demo.sandbox.painter.canvas.noise import noise
from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import Rgb, rgb

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

    put("-.9,0! -3.6,-.5 -3.4,-.3 -.9,.1!", (255, 255, 255), 150, unit / 300)
    put("-.9,0! -3.6,.72 -3.4,.52 -.9,-.1!", (255, 255, 255), 150, unit / 300)
    put("-.7,.55 .4,.6 1.5,.45 1.7,.75 .5,1.1 -.8,.95", rgb("#0a3f58"), 130, unit / 150)
    put("1.3,0! .6,-.42 -.5,-.46 -1,-.32 -1,.32 -.5,.46 .6,.42", sheet.scene.tint or rgb("#c9362f"))
    put("1.0,0! .5,-.28 -.5,-.31 -.8,-.2 -.8,.2 -.5,.31 .5,.28", rgb("#f3dcc0"))
    put(".55,-.05! .1,.55 -.75,.85! -.5,.2 .0,-.02", (255, 252, 244))
