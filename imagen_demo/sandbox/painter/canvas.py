"""What every part of a picture is drawn with: curves, stencils, cut-outs and grounds.

Its neighbours: everything else in this package; it knows the scene's colours and nothing else.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from imagen_demo.sandbox.painter.palettes import Palette, Rgb, mix
from imagen_demo.sandbox.painter.scene import Dice, Scene

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


@lru_cache(maxsize=2048)
def outline(path: str, *, closed: bool = True) -> Curve:
    """Return the smooth curve through a path's points; a point with a `!` stays a corner.

    Points are written as "x,y", in any unit; each tangent is that of its two neighbours.
    """
    words = path.split()
    points = np.array([word.rstrip("!").split(",") for word in words], dtype=float)
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    if not closed:
        before[0], after[-1] = points[0], points[-1]
    tangents = (after - before) / 2
    tangents[[word.endswith("!") for word in words]] = 0
    t = np.linspace(0, 1, 9)[:-1, None]
    pieces = [
        (2 * t**3 - 3 * t**2 + 1) * points[i]
        + (t**3 - 2 * t**2 + t) * tangents[i]
        + (3 * t**2 - 2 * t**3) * points[(i + 1) % len(points)]
        + (t**3 - t**2) * tangents[(i + 1) % len(points)]
        for i in range(len(points) - (not closed))
    ]
    if not closed:
        pieces.append(points[-1:])
    return np.concatenate(pieces)


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


class Cutout:
    """A figure in its own colours, drawn large on a board of its own and then set in the picture.

    Places and sizes are in the board's units; mirror images are mirrored where x is 0.
    """

    def __init__(self, board: tuple[float, float, float, float], tall: float) -> None:
        """Start an empty board.

        Args:
            board: Its left, top, right and bottom.
            tall: How many pixels high it will be in the picture.
        """
        self._fine = 3 if tall < 320 else 2
        self._scale = max(tall, 4.0) / (board[3] - board[1]) * self._fine
        self._corner = np.array(board[:2])
        sides = np.subtract(board[2:], board[:2]) * self._scale / self._fine
        size = [max(1, round(side)) * self._fine for side in sides]
        self._axis = -board[0] / (board[2] - board[0])
        self._shift, self._zoom = np.zeros(2), 1.0
        self.image = Image.new("RGBA", (size[0], size[1]))
        self._pen = ImageDraw.Draw(self.image)
        self._inside: Image.Image | None = None

    def move_to(self, x: float = 0, y: float = 0, zoom: float = 1) -> None:
        """Draw what follows around another place, larger or smaller."""
        self._shift, self._zoom = np.array([x, y]), zoom

    def keep_inside(self) -> None:
        """Let what follows appear only on what is there already."""
        self._inside = self.image.getchannel("A").copy()

    def go_outside(self) -> None:
        """Let what follows appear anywhere again."""
        self._inside = None

    def _placed(self, points: Curve) -> Curve:
        """Return where points of the board lie on its image."""
        return np.asarray((points * self._zoom + self._shift - self._corner) * self._scale)

    def blob(self, path: str, colour: Rgb, *, share: float = 1, turned: bool = False) -> None:
        """Draw a smooth shape; `turned` mirrors it, `share` below 1 lets the ground through."""
        self.shape(outline(path), colour, share=share, turned=turned)

    def pair(self, path: str, colour: Rgb, *, share: float = 1) -> None:
        """Draw a smooth shape and its mirror image."""
        self.blob(path, colour, share=share)
        self.blob(path, colour, share=share, turned=True)

    def shape(self, points: Curve, colour: Rgb, *, share: float = 1, turned: bool = False) -> None:
        """Draw a polygon."""
        if turned:
            points = points * (-1, 1)
        placed = self._placed(points)
        if self._inside is None and share >= 1:
            self._pen.polygon(placed.ravel().tolist(), fill=(*colour, 255))
            return
        low = np.floor(placed.min(axis=0)).clip(0).astype(int)
        high = np.minimum(np.ceil(placed.max(axis=0)).astype(int) + 1, self.image.size)
        if (high <= low).any():
            return
        box = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        pen = ImageDraw.Draw(mask)
        pen.polygon((placed - low).ravel().tolist(), fill=round(255 * share))
        if self._inside is not None:
            mask = ImageChops.multiply(mask, self._inside.crop(box))
        self.image.paste((*colour, 255), box, mask)

    def oval(self, x: float, y: float, radii: Spot, colour: Rgb, *, share: float = 1) -> None:
        """Draw an ellipse."""
        turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        points = np.stack([x + radii[0] * np.cos(turn), y + radii[1] * np.sin(turn)], axis=1)
        self.shape(points, colour, share=share)

    def ovals(self, x: float, y: float, radii: Spot, colour: Rgb) -> None:
        """Draw an ellipse and its mirror image."""
        self.oval(x, y, radii, colour)
        self.oval(-x, y, radii, colour)

    def box(self, left: float, top: float, size: Spot, colour: Rgb, *, share: float = 1) -> None:
        """Draw an upright rectangle."""
        wide, tall = size
        corners = [(left, top), (left + wide, top), (left + wide, top + tall), (left, top + tall)]
        self.shape(np.array(corners), colour, share=share)

    def line(
        self,
        path: str,
        thick: float | tuple[float, ...],
        colour: Rgb,
        *,
        bands: tuple[Rgb, ...] = (),
        turned: bool = False,
    ) -> None:
        """Draw a smooth line, round at its ends.

        Args:
            path: As of `outline`.
            thick: Its thickness, or several along the way.
            colour: Its colour.
            bands: More colours, which alternate with the first along the way.
            turned: Mirror it.
        """
        points = outline(path, closed=False)
        if turned:
            points = points * (-1, 1)
        length = np.hypot(*np.diff(points, axis=0).T).sum()
        points, scale = self._placed(points), self._scale * self._zoom
        # Discs so close together that their sum has a smooth edge.
        pace = max(2.0, float(np.min(thick)) * scale / 12)
        count = max(2, int(length * scale / pace))
        at, along = np.linspace(0, 1, len(points)), np.linspace(0, 1, count)
        radii = np.atleast_1d(np.asarray(thick, dtype=float)) / 2
        sizes = np.interp(along, np.linspace(0, 1, len(radii)), radii) * scale
        xs, ys = (np.interp(along, at, points[:, i]) for i in (0, 1))
        colours = (colour, *bands)
        which = (along * 0.999 * max(1, len(colours))).astype(int)
        for x, y, r, i in zip(xs, ys, sizes, which, strict=True):
            self._pen.ellipse((x - r, y - r, x + r, y + r), fill=(*colours[i], 255))

    def set_in(
        self, sheet: Sheet, foot: Spot, *, turned: bool = False, shade: float = 0.34
    ) -> None:
        """Set the figure in the picture in the light of the scene, the middle of its foot there."""
        tile = self.image.reduce(self._fine)
        if turned:
            tile = tile.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        alpha = tile.getchannel("A")
        axis = 1 - self._axis if turned else self._axis
        lit = _lit(tile.convert("RGB"), alpha, sheet, shade)
        sheet.image.paste(
            lit, (round(foot[0] - tile.width * axis), round(foot[1] - tile.height)), alpha
        )


def _lit(figure: Image.Image, alpha: Image.Image, sheet: Sheet, shade: float) -> Image.Image:
    """Model a flat figure: bright along the side of the light, dark along the other."""
    reach = max(2.0, min(alpha.size) / 9)
    step = max(1, int(reach * 0.9))
    wider = Image.new("L", (alpha.width + 2 * step, alpha.height + 2 * step))
    wider.paste(alpha, (step, step))
    less = max(1, int(reach / 4))
    rough = wider.reduce(less).filter(ImageFilter.GaussianBlur(reach / less))
    soft = np.asarray(rough.resize(wider.size, Image.Resampling.BILINEAR)).astype(np.float32) / 255
    across = step - sheet.side * step
    tall, wide = alpha.height, alpha.width
    moved = soft[:tall, 2 * step - across : 2 * step - across + wide]
    edge_from = soft[step : step + tall, step : step + wide]
    # Where the figure, moved away from the light, leaves itself uncovered, light grazes it.
    edge = (edge_from - moved).clip(-0.5, 0.5)
    ambient = Image.new("RGB", figure.size, sheet.scene.ambient)
    figure = ImageChops.multiply(figure, ambient)
    bright = Image.fromarray(((edge.clip(0) * 255) * shade * 1.3).astype(np.uint8))
    dim = Image.fromarray(((-edge).clip(0) * 255 * shade * 2.4).astype(np.uint8))
    figure.paste(mix(sheet.palette.ink, sheet.palette.top, 0.25), (0, 0), dim)
    figure.paste(sheet.palette.light, (0, 0), bright)
    return figure


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
