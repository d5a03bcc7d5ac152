"""Reads the outlines of figures from short strings.

Its neighbours: `cutout`, `subjects` and `views`, whose figures are written so.
"""

from functools import lru_cache

import numpy as np

from imagen_demo.sandbox.painter.canvas.sheet import Curve


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


def corners(path: str) -> Curve:
    """Return a path's points, the corners of a polygon."""
    return np.array([pair.split(",") for pair in path.split()], dtype=float)
