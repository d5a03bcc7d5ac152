"""Colours that change from row to row.

Its neighbours: `stencil`, which fills its shapes with them; the `views`, their grounds.
"""

import numpy as np
from PIL import Image

from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet
from imagen_demo.sandbox.painter.scene.palettes import Rgb


def fill_below(sheet: Sheet, edge: Curve, colour: Rgb, foot: Rgb, *, fade: float = 0.3) -> None:
    """Fill the ground below an edge with a colour that fades into the one at its foot."""
    width, height = sheet.image.size
    top = min(max(int(edge.min()) - 1, 0), height - 1)
    share = (np.arange(height - top) / (fade * height)).clip(0, 1)
    ground = stretch(ramp(colour, foot, share), width)
    # Below the lowest point of the edge nothing shines through, and no mask is needed.
    low = min(height, int(edge.max()) + 2)
    rows = np.arange(top, low, dtype=np.float32)[:, None]
    cover = ((rows - edge.astype(np.float32) + 1).clip(0, 1) * 255).astype(np.uint8)
    upper = ground.crop((0, 0, width, low - top))
    sheet.image.paste(upper, (0, top), Image.fromarray(cover))
    if low < height:
        sheet.image.paste(ground.crop((0, low - top, width, height - top)), (0, low))


def ramp(start: Rgb, end: Rgb, share: Curve) -> Curve:
    """Return rows of colour that lie each its share of the way from start to end."""
    return np.asarray(start + np.subtract(end, start) * share[:, None])


def stretch(rows: Curve, width: int) -> Image.Image:
    """Return a picture with a level or a colour for each row."""
    column = Image.fromarray(rows.clip(0, 255).astype(np.uint8)[:, None])
    return column.resize((width, len(rows)), Image.Resampling.NEAREST)
