"""Reads a prompt into the scene that the sandbox paints.

Its neighbours: `words.py` has the tables of words, `palettes.py` the colours; everything else in
this package draws what is read here.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np

from imagen_demo.sandbox.painter import words as tables
from imagen_demo.sandbox.painter.palettes import (
    EVERYDAY,
    MOODS,
    Palette,
    Rgb,
    blend,
    mix,
    rgb,
    tinted,
)

Dice: TypeAlias = np.random.Generator

_ANIMALS = frozenset(
    ("raccoon", "fox", "wolf", "cat", "tiger", "dog", "bear", "panda", "rabbit", "mouse")
)
_WARES = frozenset(["teapot", "cup", "vase", "fruit", "bottle"])
_AFLOAT = frozenset(["sailboat", "trawler"])
_DEEP = frozenset(["whale", "fish", "jellyfish", "turtle"])
_INDOORS = frozenset(["still-life", "studio", "table", "kitchen", "interior", "breakfast", "linen"])
_DARK = ("night", "neon")
_THROWN_HOURS = ("", "", "", "sunset", "night", "dawn")
_LANDS = ("hills", "hills", "peaks")

MAX_TEXT = 60
"""Characters of quoted text that are set on a picture."""

_QUOTED = re.compile(
    r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|「([^「」]+)」|\u2018([^\u2018\u2019]+)\u2019(?!\w)"
    r'|"([^"]+)"|(?<!\w)\'([^\']+)\'(?!\w)'
)

_WEATHER_LIGHT: dict[str, Rgb] = {
    "fog": (232, 236, 234),
    "rain": (190, 200, 208),
    "storm": (172, 184, 196),
}
_HOUR_LIGHT: dict[str, Rgb] = {
    "night": (158, 170, 212),
    "neon": (176, 154, 206),
    "sunset": (255, 222, 198),
    "dawn": (250, 236, 236),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for.

    Attributes:
        is_read: Whether any word of it was known; else it is all the dice's.
    """

    palette: Palette
    setting: str
    land: str
    hour: str = ""
    weather: str = ""
    season: str = ""
    growth: str = ""
    city: bool = False
    water: bool = False
    subjects: tuple[str, ...] = ()
    held: str = ""
    style: str = ""
    text: str = ""
    tint: Rgb | None = None
    cloth: Rgb | None = None
    is_read: bool = True

    @property
    def dark(self) -> bool:
        """Tell whether a moon stands in the sky."""
        return self.hour in _DARK

    @property
    def view(self) -> str:
        """What kind of view it is: the setting, or what an open landscape has most of."""
        city, water = "city" if self.city else "", "water" if self.water else ""
        return self.setting or city or water or self.land.replace("hills", "")

    @property
    def ambient(self) -> Rgb:
        """The colour of the light that falls on every figure."""
        light = _HOUR_LIGHT.get(self.hour, (255, 250, 242))
        return mix(light, _WEATHER_LIGHT.get(self.weather, light), 0.6)


def dice_for(text: str) -> Dice:
    """Return a random generator that is the same for the same text, in every process."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def quoted(prompt: str) -> str:
    """Return the text that a prompt has in quotes, on one line and not too long."""
    match = _QUOTED.search(prompt)
    if match is None:
        return ""
    text = " ".join(next(group for group in match.groups() if group).split())
    if len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT].rsplit(" ", 1)[0]


@cache
def _pairs() -> frozenset[str]:
    """Return the cues that are two words."""
    rows = [*tables.HOURS.values(), *tables.WEATHERS.values(), *tables.SEASONS.values()]
    rows += [*tables.SETTINGS.values(), *tables.SUBJECTS.values(), *tables.HELD.values()]
    rows += tables.STYLES.values()
    return frozenset(word for row in rows for word in row.split() if "-" in word)


def words_of(prompt: str) -> list[str]:
    """Return a prompt's words outside its quotes, with what belongs together joined."""
    # A hyphen joins: "ice-cream" is no ice.
    found = re.findall(r"\w+(?:[-']\w+)*", _QUOTED.sub(" ", prompt.casefold()))
    words: list[str] = []
    for word in found:
        pair = f"{words[-1]}-{word}" if words else ""
        if pair in _pairs() or pair.removesuffix("s") in _pairs():
            words[-1] = pair
        else:
            words.append(word)
    return words


def _singulars(words: list[str]) -> list[str]:
    """Return each word and what it may be a form of, in the order of the prompt."""
    return [
        form
        for word in words
        for form in dict.fromkeys(
            (
                word,
                word.removesuffix("'s"),
                word.removesuffix("s"),
                word.removesuffix("es"),
                re.sub("ies$", "y", word),
            )
        )
    ]


def _worn(words: list[str]) -> Rgb | None:
    """Return the colour that stands shortly before the first subject that has one."""
    cues = {cue for row in tables.SUBJECTS.values() for cue in row.split()}
    for i, word in enumerate(words):
        near = [each for each in words[max(0, i - 5) : i] if each in tables.TINTS]
        if word in cues and near:
            return rgb(tables.TINTS[near[-1]])
    return None


def _asked(table: Mapping[str, str], words: list[str]) -> str:
    """Return the first row of a table that a word asks for, or nothing."""
    rows = (name for name, cues in table.items() if not set(cues.split()).isdisjoint(words))
    return next(rows, "")


def _all_asked(table: Mapping[str, str], words: list[str]) -> list[str]:
    """Return every row that a word asks for, in the order of the words."""
    cues = {cue: name for name, row in table.items() for cue in row.split()}
    return list(dict.fromkeys(cues[word] for word in words if word in cues))


def read_scene(prompt: str) -> Scene:
    """Read the scene from a prompt's whole words; let its hash decide what they leave open."""
    written = words_of(prompt)
    words = _singulars(written)
    dice = dice_for(prompt)
    hour, weather = _asked(tables.HOURS, words), _asked(tables.WEATHERS, words)
    season, land = _asked(tables.SEASONS, words), _asked(tables.LANDS, words)
    growth = _asked(tables.GROWTHS, words)
    city = not set(tables.CITY.split()).isdisjoint(words)
    water = not set(tables.WATER.split()).isdisjoint(words)
    subjects = _all_asked(tables.SUBJECTS, words)
    setting = _asked(tables.SETTINGS, words)
    held = _asked(tables.HELD, words)
    seen = setting or land or city or water or growth or season or subjects or hour or weather
    if not seen:
        setting, land, growth, water, city, subjects = _thrown(dice)
        hour = str(dice.choice(_THROWN_HOURS))
    if held in subjects and not _ANIMALS.isdisjoint(subjects):
        # What somebody holds stands nowhere else.
        subjects.remove(held)
    setting = _fitting(setting, subjects, words, outdoors=bool(land or city or water))
    if setting == "street" and not (hour in _DARK or weather or quoted(prompt)):
        setting, city = "", True
    if weather == "aurora":
        hour = "night"
    # A skyline needs a mirror for its lights, and a lighthouse and a boat their sea.
    water = water or city or not (_AFLOAT | {"lighthouse"}).isdisjoint(subjects)
    tints = [rgb(tables.TINTS[word]) for word in written if word in tables.TINTS]
    worn = _worn(words) or (tints[0] if tints else None)
    moods = [mood for mood in (hour, weather, season, land) if mood in MOODS]
    if weather == "aurora":
        moods = ["aurora"]
    moods = moods or [str(dice.choice(EVERYDAY))]
    # Where flowers or a thing can wear the colour, the land need not.
    share = 0.18 if growth == "flowers" or subjects else 0.65
    colours = tinted(blend(moods[0], moods[-1]), tints, share)
    blooms = [rgb(tables.BLOOMS[word]) for word in words if word in tables.BLOOMS]
    if blooms and not tints:
        colours[-1] = blooms[0]
    return Scene(
        palette=Palette(*colours),
        setting=setting,
        # Behind a lighthouse peaks would be in its way.
        land=land or ("hills" if "lighthouse" in subjects else str(dice.choice(_LANDS))),
        hour=hour,
        weather=weather,
        season=season,
        growth=growth,
        city=city,
        water=water,
        subjects=tuple(subjects[:3]),
        held=held,
        style=_asked(tables.STYLES, words),
        text=quoted(prompt),
        tint=worn,
        cloth=tints[-1] if len(tints) > 1 or "linen" in words else None,
        is_read=bool(seen),
    )


def _fitting(setting: str, subjects: list[str], words: list[str], *, outdoors: bool) -> str:
    """Return a setting that has room for the subjects."""
    wares = _WARES.issuperset(subjects)
    if setting in ("", "table", "street") and not _DEEP.isdisjoint(subjects):
        return "underwater"
    no_room = {
        "table": (outdoors or not wares) and _INDOORS.isdisjoint(words),
        "macro": bool(subjects),
        "aerial": not _AFLOAT.issuperset(subjects),
        "isometric": not _ANIMALS.isdisjoint(subjects),
    }
    if no_room.get(setting):
        return ""
    if not (setting or outdoors) and subjects and wares:
        return "table"
    return setting


def _thrown(dice: Dice) -> tuple[str, str, str, bool, bool, list[str]]:
    """Choose a view where none is asked for: setting, land, growth, water, city, subjects."""
    views: tuple[tuple[str, str, str, bool, bool, list[str]], ...] = (
        ("", "peaks", "trees", True, False, []),
        ("", "peaks", "flowers", False, False, ["cabin"]),
        ("", "hills", "flowers", False, False, ["balloon"]),
        ("", "hills", "trees", True, False, ["sailboat"]),
        ("", "hills", "trees", False, False, ["birds"]),
        ("", "dunes", "", False, False, []),
        ("", "hills", "", True, False, ["lighthouse"]),
        ("", "peaks", "trees", False, False, ["balloon"]),
        ("", "hills", "flowers", False, False, ["bigtree"]),
        ("", "hills", "", True, True, []),
        ("", "hills", "", True, False, ["trawler"]),
        ("space", "", "", False, False, []),
        ("underwater", "", "", False, False, []),
    )
    return views[int(dice.integers(len(views)))]
