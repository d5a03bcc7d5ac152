"""The colours of every mood, and how they are joined and tinted.

Its neighbour: `reading`, which chooses among them.
"""

from dataclasses import dataclass
from typing import TypeAlias

Rgb: TypeAlias = tuple[int, int, int]

MOODS = {
    "noon": "#4f9cc4 #a3d0e0 #f5eddc #fffaf0 #9fc0c6 #1f5563 #12333f #f2b84b",
    "sunset": "#3a3768 #b85c7c #f8b878 #fff1cf #c07486 #33203f #1d1229 #ffcf87",
    "dawn": "#7d9cc0 #dfb9c0 #fbe2c6 #fff6e4 #bfa3b6 #45506f #2a3149 #f4a6a0",
    "night": "#080e22 #16264a #42598a #f7f0da #33466f #0a1226 #050914 #ffcf6e",
    "aurora": "#061022 #0d2c44 #2f6f78 #d9fff0 #26505f #08161f #040b12 #7df0c0",
    "storm": "#232b38 #4a5663 #8f9a9c #e8ebe0 #62717c #1a242e #0e151c #f0c36a",
    "rain": "#333f4b #5d6d79 #a5b0b0 #e3e6de #7c8b94 #24303a #141c24 #f0c36a",
    "neon": "#0b0a22 #2a1a55 #8a3f8c #fbe9ee #41306f #130d2c #080615 #ff86c8",
    "fog": "#b4c2c3 #d2d9d4 #efeadd #fffdf5 #bccac8 #50676a #31464a #e9b487",
    "winter": "#5b93c1 #aecfe2 #f8eee4 #fffaf2 #9dbad3 #eef3f7 #24405f #d9645a",
    "autumn": "#6fa3ad #d3ceb0 #f8dfaf #fff4d8 #cf9e70 #7a3a24 #3d1d19 #e07b2f",
    "spring": "#7fbfd4 #c9e4de #fdf0d8 #fffaea #a5cdb2 #3a7a57 #1d4a3c #ee8597",
    "dunes": "#4e9aa6 #efd3a8 #fae6c4 #fff8e6 #e3b083 #ad5a36 #5b2b22 #f6c667",
    "coral": "#2f6f7e #8fb9ae #fbd9b5 #fff3df #d99a86 #23424f #132a35 #f08a6b",
    "plum": "#4b4376 #a07fa6 #f5c9b8 #fff0e2 #8d739c #2f2749 #1c1730 #f2a07b",
    "sage": "#8fb3a5 #c9d6bd #f7eed3 #fffbea #a3bda4 #2f5548 #1b352e #e8a35c",
    "ochre": "#d9a05b #ebc78d #f9e8c8 #fffaec #d1a377 #6e4230 #3b241d #c8553d",
    "lagoon": "#1f7f95 #6fc0be #f4ecd2 #fffbea #7fb5b3 #14505e #0b313c #f4b860",
    "rose": "#c98a94 #e6b5ac #fae3cf #fff8ec #c598a0 #593a55 #352238 #f6c28b",
    "meadow": "#69b3cf #b9dcd6 #fcefd2 #fffbe8 #9fc7b4 #3f7d58 #1f4a3b #f3b14e",
    "peach": "#6d8fb5 #e3b7ac #fde0bd #fff7e2 #b59db0 #4a4a6b #29294a #f28f6a",
}
"""The colours of each mood, in the order of the fields of Palette."""

EVERYDAY = ("noon", "dawn", "coral", "plum", "sage", "ochre", "lagoon", "rose", "meadow", "peach")
"""The moods that a prompt may get which names no hour, season, weather or desert."""


_DARK = ("night", "neon", "aurora", "storm", "sunset")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mood."""

    top: Rgb
    middle: Rgb
    horizon: Rgb
    light: Rgb
    far: Rgb
    near: Rgb
    ink: Rgb
    accent: Rgb


def blend(sky: str, land: str) -> list[Rgb]:
    """Join two moods: the first rules the sky, both share the land."""
    colours = ([rgb(code) for code in MOODS[mood].split()] for mood in (sky, land))
    # By night all land is dark; by day sand stays sand, and snow snow.
    share = 0.35 if sky in _DARK else 0.72
    return list(map(mix, *colours, (0.2, 0.2, 0.2, 0.1, share, share, share, 0.8)))


def tinted(colours: list[Rgb], tints: list[Rgb], share: float) -> list[Rgb]:
    """Pull the sky towards the first tint and the land towards the last."""
    if not tints:
        return colours
    first, last = tints[0], tints[-1]
    sky = [mix(colour, _shade(first, colour), share) for colour in colours[:3]]
    land = [mix(colour, _shade(last, colour), share) for colour in colours[4:7]]
    return [*sky, colours[3], *land, first]


def mix(start: Rgb, end: Rgb, share: float) -> Rgb:
    """Return the colour that lies `share` of the way from start to end."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return red, green, blue


def _shade(hue: Rgb, like: Rgb) -> Rgb:
    """Return the hue made as bright as another colour."""
    own, want = (0.3 * red + 0.59 * green + 0.11 * blue for red, green, blue in (hue, like))
    # A little of the hue's own brightness stays: white has to lighten, navy to darken.
    want += (own - want) * 0.3
    if want <= own:
        return mix((0, 0, 0), hue, want / own)
    return mix(hue, (255, 255, 255), (want - own) / (255 - own))


def rgb(code: str) -> Rgb:
    """Read a colour from its hexadecimal code."""
    red, green, blue = bytes.fromhex(code.lstrip("#"))
    return red, green, blue
