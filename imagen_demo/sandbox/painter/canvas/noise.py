"""Smooth noise, for clouds, water and paper.

Its neighbours: the `views` and `finish`, which draw with it.
"""

import numpy as np
from PIL import Image

from imagen_demo.sandbox.painter.canvas.sheet import Curve
from imagen_demo.sandbox.painter.scene.scene import Dice


def noise(dice: Dice, size: tuple[int, int], cells: float, *, octaves: int = 4) -> Curve:
    """Return smooth noise between about 0 and 1 for each place of a size of width and height.

    Args:
        dice: Where it comes from.
        size: Width and height.
        cells: How many bumps the longer side has in the coarsest octave.
        octaves: How many octaves there are, each twice as fine and half as strong.
    """
    total = np.zeros((size[1], size[0]), dtype=np.float32)
    weight = 1.0
    for octave in range(octaves):
        pace = cells * 2**octave / max(size)
        patch = dice.random((int(size[1] * pace) + 3, int(size[0] * pace) + 3), dtype=np.float32)
        box = (0, 0, max(1.0, size[0] * pace + 1), max(1.0, size[1] * pace + 1))
        total += weight * np.asarray(
            Image.fromarray(patch).resize(size, Image.Resampling.BICUBIC, box)
        )
        weight /= 2
    return np.asarray(total / (2 - 2 * weight), dtype=np.float64)
