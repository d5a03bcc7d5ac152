"""Reads a prompt into the scene that the sandbox paints.

Its neighbours: `painter.py` and `figures.py`, which draw the scene.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Rgb: TypeAlias = tuple[int, int, int]
Dice: TypeAlias = np.random.Generator

_PALETTES = {
    "noon": "#4f9cc4 #a3d0e0 #f5eddc #fffaf0 #9fc0c6 #1f5563 #12333f #f2b84b",
    "sunset": "#3a3768 #b85c7c #f8b878 #fff1cf #c07486 #33203f #1d1229 #ffcf87",
    "dawn": "#7d9cc0 #dfb9c0 #fbe2c6 #fff6e4 #bfa3b6 #45506f #2a3149 #f4a6a0",
    "night": "#080e22 #16264a #42598a #f7f0da #33466f #0a1226 #050914 #ffcf6e",
    "rain": "#333f4b #5d6d79 #a5b0b0 #e3e6de #7c8b94 #24303a #141c24 #f0c36a",
    "neon": "#0b0a22 #2a1a55 #8a3f8c #fbe9ee #41306f #130d2c #080615 #ff86c8",
    "fog": "#b4c2c3 #d2d9d4 #efeadd #fffdf5 #bccac8 #50676a #31464a #e9b487",
    "winter": "#86abc9 #c3d8e5 #f7efe9 #fffaf2 #a9c0d4 #eef3f7 #2c4560 #d9645a",
    "autumn": "#6fa3ad #d3ceb0 #f8dfaf #fff4d8 #cf9e70 #7a3a24 #3d1d19 #e07b2f",
    "spring": "#7fbfd4 #c9e4de #fdf0d8 #fffaea #a5cdb2 #3a7a57 #1d4a3c #ee8597",
    "dunes": "#4e9aa6 #efd3a8 #fae6c4 #fff8e6 #e3b083 #ad5a36 #5b2b22 #f6c667",
    "coral": "#2f6f7e #8fb9ae #fbd9b5 #fff3df #d99a86 #23424f #132a35 #f08a6b",
    "plum": "#4b4376 #a07fa6 #f5c9b8 #fff0e2 #8d739c #2f2749 #1c1730 #f2a07b",
    "sage": "#8fb3a5 #c9d6bd #f7eed3 #fffbea #a3bda4 #2f5548 #1b352e #e8a35c",
    "ochre": "#d9a05b #ebc78d #f9e8c8 #fffaec #d1a377 #6e4230 #3b241d #c8553d",
    "lagoon": "#1f7f95 #6fc0be #f4ecd2 #fffbea #7fb5b3 #14505e #0b313c #f4b860",
    "rose": "#c98a94 #e6b5ac #fae3cf #fff8ec #c598a0 #593a55 #352238 #f6c28b",
}
"""The colours of each mood, in the order of the fields of Palette."""

_EVERYDAY = ("noon", "dawn", "coral", "plum", "sage", "ochre", "lagoon", "rose")
"""The moods that a prompt may get which names no hour, season, weather or desert."""

_SNOWFALL = "snow snowy snowfall snowing blizzard"
_CUES = (
    ("hour", "neon", "neon cyberpunk synthwave"),
    ("hour", "night", "night midnight moon moonlight moonlit star stars starry galaxy"),
    ("hour", "sunset", "sunset sundown dusk golden twilight evening"),
    ("hour", "dawn", "dawn sunrise morning daybreak"),
    ("hour", "noon", "noon midday sunny daylight sunshine"),
    ("weather", "rain", "storm stormy rain rainy raining thunder thunderstorm drizzle"),
    ("weather", "fog", "fog foggy mist misty haze hazy"),
    ("weather", "snow", _SNOWFALL),
    ("season", "winter", _SNOWFALL + " winter ice icy frozen frost arctic"),
    ("season", "autumn", "autumn autumnal fall october november harvest"),
    ("season", "spring", "spring flower flowers blossom blossoms meadow poppy tulip garden"),
    ("land", "peaks", "mountain mountains alps alpine peak peaks summit himalaya snow-capped"),
    ("land", "dunes", "desert sand sandy dune dunes sahara beach"),
    ("land", "hills", "hill hills valley countryside field fields meadow"),
    ("city", "yes", "city cityscape street skyline neon town downtown skyscraper urban"),
    ("water", "yes", "sea ocean lake water beach river harbor harbour lagoon lagoons lighthouse"),
    ("water", "yes", "coast island bay boat ship underwater waves"),
    ("growth", "flowers", "flower flowers meadow poppy tulip rose daisy garden"),
    ("mark", "lighthouse", "lighthouse lighthouses"),
    ("mark", "sail", "sail sailing sailboat sailor boat boats ship harbor harbour regatta"),
    ("growth", "trees", "forest forests wood woods tree trees pine jungle blossom blossoms"),
)
"""One row per effect: the scene's field, the value it takes, the words that ask for it.

Where two rows of a field match, the upper one wins.
"""

_TINTS = {
    "red": "#c8362f", "crimson": "#b0203a", "orange": "#e8802a", "yellow": "#ecc434",
    "gold": "#d9a531", "green": "#3f9150", "emerald": "#1f8a63", "teal": "#1d8a8c",
    "turquoise": "#2fb8b5", "cyan": "#2fb4cf", "blue": "#2f68c0", "navy": "#1f3470",
    "indigo": "#46399c", "purple": "#7a3f9e", "violet": "#8450b8", "lavender": "#a892d6",
    "pink": "#e4799f", "magenta": "#c23590", "brown": "#80583a", "white": "#f2f2f0",
    "silver": "#b4b8bd", "gray": "#8a8d90", "grey": "#8a8d90", "black": "#1c1c1e",
}  # fmt: skip
"""The colours a prompt can name."""


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


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for."""

    palette: Palette
    land: str
    hour: str = ""
    weather: str = ""
    season: str = ""
    growth: str = ""
    mark: str = ""
    city: str = ""
    water: str = ""

    @property
    def dark(self) -> bool:
        """Tell whether a moon stands in the sky."""
        return self.hour in ("night", "neon")


def dice_for(text: str) -> Dice:
    """Return a random generator that is the same for the same text, in every process."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def read_scene(prompt: str) -> Scene:
    """Read the scene from a prompt's whole words; let its hash decide what they leave open."""
    # A hyphen joins: "ice-cream" is no ice.
    words = re.findall(r"\w+(?:-\w+)*", prompt.casefold())
    found: dict[str, str] = {}
    for field, value, cues in _CUES:
        if not set(cues.split()).isdisjoint(words):
            found.setdefault(field, value)
    dice = dice_for(prompt)
    moods = [found[key] for key in ("hour", "weather", "season", "land") if key in found]
    moods = [mood for mood in moods if mood in _PALETTES] or [str(dice.choice(_EVERYDAY))]
    # Where flowers can wear the colour, the land need not.
    share = 0.25 if found.get("growth") == "flowers" else 0.65
    tints = [_TINTS[word] for word in words if word in _TINTS]
    palette = _tint(_blend(moods[0], moods[-1]), tints, share)
    if found.keys().isdisjoint({"land", "city", "water", "growth", "season"}):
        found["water"] = str(dice.choice(["", "yes"]))
    if found.keys() & {"city", "mark"}:
        # A skyline needs ground to stand on, and a mirror of its lights is the best there is.
        found["water"] = "yes"
    found.setdefault("land", str(dice.choice(["hills", "peaks"])))
    bare = found.keys() & {"city", "mark"} or found["land"] == "dunes"
    if not bare or found.get("season") in ("autumn", "winter"):
        found.setdefault("growth", "trees")
    return Scene(palette=Palette(*palette), **found)


def _blend(sky: str, land: str) -> list[Rgb]:
    """Join two moods: the first rules the sky, both share the land."""
    colours = ([_rgb(code) for code in _PALETTES[mood].split()] for mood in (sky, land))
    return list(map(mix, *colours, (0.2, 0.2, 0.2, 0.1, 0.35, 0.35, 0.3, 0.8)))


def _tint(colours: list[Rgb], tints: list[str], share: float) -> list[Rgb]:
    """Pull the sky towards the first tint and the land towards the last."""
    if not tints:
        return colours
    first, last = _rgb(tints[0]), _rgb(tints[-1])
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


def _rgb(code: str) -> Rgb:
    """Read a colour from its hexadecimal code."""
    red, green, blue = bytes.fromhex(code[1:])
    return red, green, blue
