"""Shapes with smooth edges, drawn at twice the picture's size: of one colour, or many at once.

Its neighbours: `gradients`, which fills them; the `views`, which draw with them.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from imagen_demo.sandbox.painter.canvas.gradients import ramp, stretch
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet, Spot
from imagen_demo.sandbox.painter.scene.palettes import Rgb


class Stencil:
    """Shapes of one colour, cut at twice the picture's size, so that their edges are smooth."""

    def __init__(self, sheet: Sheet) -> None:
        """Start without any shape."""
        self.image = sheet.image
        self._shapes: list[tuple[Curve, bool, int]] = []

    def dot(self, x: float, y: float, radius: float, light: int = 255) -> None:
        """Cut a disc."""
        self.oval(x, y, (radius, radius), light)

    def oval(self, x: float, y: float, radii: Spot, light: int = 255) -> None:
        """Cut an ellipse."""
        middle, reach = np.array([x, y]), np.maximum(radii, 0.25)
        self._shapes.append((np.array([middle - reach, middle + reach]), True, light))

    def box(self, left: float, top: float, size: Spot, light: int = 255) -> None:
        """Cut an upright rectangle."""
        wide, tall = size
        corners = [(left, top), (left + wide, top), (left + wide, top + tall), (left, top + tall)]
        self.shape(np.array(corners), light)

    def shape(self, points: Curve, light: int = 255) -> None:
        """Cut a polygon."""
        self._shapes.append((np.asarray(points, dtype=float), False, light))

    def mask(self, *, around: int = 0) -> tuple[Image.Image, tuple[int, int]] | None:
        """Return what is cut and where its corner lies, or nothing if all is out of sight.

        Args:
            around: How many pixels to add on each side, beyond the picture's edges if need be.
        """
        if not self._shapes:
            return None
        corners = np.concatenate([points for points, _, _ in self._shapes])
        limit = np.array(self.image.size) + around
        low = np.maximum(np.floor(corners.min(axis=0)) - 1, 0).astype(int) - around
        high = np.minimum(np.ceil(corners.max(axis=0)) + 2 + around, limit).astype(int)
        wide, tall = (int(each) for each in high - low)
        if wide <= 2 * around or tall <= 2 * around:
            return None
        mask = Image.new("L", (wide * 2, tall * 2))
        pen = ImageDraw.Draw(mask)
        for points, is_oval, light in self._shapes:
            flat = ((points - low) * 2).ravel().tolist()
            if is_oval:
                pen.ellipse(flat, fill=light)
            else:
                pen.polygon(flat, fill=light)
        return mask.reduce(2), (int(low[0]), int(low[1]))

    def press(self, colour: Rgb, foot: Rgb | None = None, *, soft: float = 0) -> None:
        """Colour the picture through the shapes, towards `foot` at their lower end.

        Args:
            colour: The colour, or that of the upper end.
            foot: The colour of the lower end, where it differs.
            soft: How many pixels the edges are blurred by.
        """
        cut = self.mask(around=int(soft * 2.5))
        if cut is None:
            return
        mask, (left, top) = cut
        if soft:
            mask = blurred(mask, soft)
        if foot is None:
            self.image.paste(colour, (left, top, left + mask.width, top + mask.height), mask)
        else:
            rows = ramp(colour, foot, np.linspace(0, 1, mask.height))
            self.image.paste(stretch(rows, mask.width), (left, top), mask)


class Panel:
    """A band of the picture at twice its size, to draw many opaque shapes of many colours on."""

    def __init__(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Take the band between two rows off the picture."""
        width, height = sheet.image.size
        self._sheet = sheet
        self._top = min(max(int(top), 0), height - 1)
        low = min(max(int(bottom), self._top + 1), height)
        band = sheet.image.crop((0, self._top, width, low))
        self._large = band.resize((band.width * 2, band.height * 2), Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self._large)

    def shape(self, points: Curve, colour: Rgb) -> None:
        """Fill a polygon."""
        self._pen.polygon(((points - (0, self._top)) * 2).ravel().tolist(), fill=colour)

    def oval(self, x: float, y: float, radii: Spot, colour: Rgb) -> None:
        """Fill an ellipse."""
        x, y, wide, tall = 2 * x, 2 * (y - self._top), 2 * radii[0], 2 * radii[1]
        self._pen.ellipse((x - wide, y - tall, x + wide, y + tall), fill=colour)

    def put_back(self) -> None:
        """Put the band back onto the picture."""
        self._sheet.image.paste(self._large.reduce(2), (0, self._top))


def blurred(mask: Image.Image, radius: float) -> Image.Image:
    """Blur a mask; a wide blur is worked out small, where nobody sees the difference."""
    less = max(1, int(radius / 3))
    small = mask.reduce(less) if less > 1 else mask
    small = small.filter(ImageFilter.GaussianBlur(radius / less))
    return small.resize(mask.size, Image.Resampling.BILINEAR) if less > 1 else small
