"""Figures in colours of their own, drawn large and set in the picture in its light.

Its neighbours: `subjects`, all of which are such figures.
"""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Curve, Sheet, Spot
from imagen_demo.sandbox.painter.scene.palettes import Rgb, mix


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
