"""Reads a prompt into the scene that the sandbox paints.

Its neighbours: `prompt_words` takes the prompt apart, `word_tables` says what its words ask for,
`palettes` has the colours; `painter` and `replies` call.
"""

from collections.abc import Mapping

from imagen_demo.sandbox.painter.scene import word_tables
from imagen_demo.sandbox.painter.scene.palettes import (
    EVERYDAY,
    MOODS,
    Palette,
    Rgb,
    blend,
    rgb,
    tinted,
)
from imagen_demo.sandbox.painter.scene.prompt_words import quoted, singulars, words_of
from imagen_demo.sandbox.painter.scene.scene import DARK_HOURS, Dice, Scene, dice_for

_ANIMALS = frozenset(
    ("raccoon", "fox", "wolf", "cat", "tiger", "dog", "bear", "panda", "rabbit", "mouse")
)
_TABLEWARE = frozenset(["teapot", "cup", "vase", "fruit", "bottle"])
_AFLOAT = frozenset(["sailboat", "trawler"])
_DEEP = frozenset(["whale", "fish", "jellyfish", "turtle"])
_INDOORS = frozenset(["still-life", "studio", "table", "kitchen", "interior", "breakfast", "linen"])
_THROWN_HOURS = ("", "", "", "sunset", "night", "dawn")
_LANDS = ("hills", "hills", "peaks")


def _worn(words: list[str]) -> Rgb | None:
    """Return the colour that stands shortly before the first subject that has one."""
    cues = {cue for row in word_tables.SUBJECTS.values() for cue in row.split()}
    for i, word in enumerate(words):
        near = [each for each in words[max(0, i - 5) : i] if each in word_tables.TINTS]
        if word in cues and near:
            return rgb(word_tables.TINTS[near[-1]])
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
    words = singulars(written)
    dice = dice_for(prompt)
    hour, weather = _asked(word_tables.HOURS, words), _asked(word_tables.WEATHERS, words)
    season, land = _asked(word_tables.SEASONS, words), _asked(word_tables.LANDS, words)
    growth = _asked(word_tables.GROWTHS, words)
    city = not set(word_tables.CITY.split()).isdisjoint(words)
    water = not set(word_tables.WATER.split()).isdisjoint(words)
    subjects = _all_asked(word_tables.SUBJECTS, words)
    setting = _asked(word_tables.SETTINGS, words)
    held = _asked(word_tables.HELD, words)
    seen = setting or land or city or water or growth or season or subjects or hour or weather
    if not seen:
        setting, land, growth, water, city, subjects = _thrown(dice)
        hour = str(dice.choice(_THROWN_HOURS))
    if held in subjects and not _ANIMALS.isdisjoint(subjects):
        # What somebody holds stands nowhere else.
        subjects.remove(held)
    setting = _fitting(setting, subjects, words, outdoors=bool(land or city or water))
    if setting == "street" and not (hour in DARK_HOURS or weather or quoted(prompt)):
        setting, city = "", True
    if weather == "aurora":
        hour = "night"
    # A skyline needs a mirror for its lights, and a lighthouse and a boat their sea.
    water = water or city or not (_AFLOAT | {"lighthouse"}).isdisjoint(subjects)
    tints = [rgb(word_tables.TINTS[word]) for word in written if word in word_tables.TINTS]
    worn = _worn(words) or (tints[0] if tints else None)
    moods = [mood for mood in (hour, weather, season, land) if mood in MOODS]
    if weather == "aurora":
        moods = ["aurora"]
    # Where flowers or a thing can wear the colour, the land need not.
    share = 0.18 if growth == "flowers" or subjects else 0.65
    palette = _mixed(moods or [str(dice.choice(EVERYDAY))], tints, share, words)
    return Scene(
        palette=palette,
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
        style=_asked(word_tables.STYLES, words),
        text=quoted(prompt),
        tint=worn,
        cloth=tints[-1] if len(tints) > 1 or "linen" in words else None,
        is_read=bool(seen),
    )


def _mixed(moods: list[str], tints: list[Rgb], share: float, words: list[str]) -> Palette:
    """Return the colours of some moods, tinted as the prompt says or with flowers of its kind."""
    colours = tinted(blend(moods[0], moods[-1]), tints, share)
    blooms = [rgb(word_tables.BLOOMS[word]) for word in words if word in word_tables.BLOOMS]
    if blooms and not tints:
        colours[-1] = blooms[0]
    return Palette(*colours)


def _fitting(setting: str, subjects: list[str], words: list[str], *, outdoors: bool) -> str:
    """Return a setting that has room for the subjects."""
    tableware = _TABLEWARE.issuperset(subjects)
    if setting in ("", "table", "street") and not _DEEP.isdisjoint(subjects):
        return "underwater"
    no_room = {
        "table": (outdoors or not tableware) and _INDOORS.isdisjoint(words),
        "macro": bool(subjects),
        "aerial": not _AFLOAT.issuperset(subjects),
        "isometric": not _ANIMALS.isdisjoint(subjects),
    }
    if no_room.get(setting):
        return ""
    if not (setting or outdoors) and subjects and tableware:
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
