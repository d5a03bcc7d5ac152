"""A picture in the making, and the types that places and shapes are given in.

Its neighbours: the `scene` that it is of; everything else that draws, which is handed it.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imagen_demo.sandbox.painter.scene.palettes import Palette, Rgb
from imagen_demo.sandbox.painter.scene.scene import Dice, Scene

Curve: TypeAlias = NDArray[np.float64]
Spot: TypeAlias = tuple[float, float]

WHITE: Rgb = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture in the making; (x, y) is the place of sun or moon."""

    image: Image.Image
    scene: Scene
    dice: Dice
    x: float
    y: float

    @property
    def unit(self) -> int:
        """The short side, which sizes are shares of."""
        return min(self.image.size)

    @property
    def palette(self) -> Palette:
        """The colours of the scene."""
        return self.scene.palette

    @property
    def side(self) -> int:
        """Where the light comes from: -1 from the left, 1 from the right."""
        return -1 if self.x < self.image.width / 2 else 1
