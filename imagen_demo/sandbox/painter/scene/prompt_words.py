"""Takes a prompt apart: the text in its quotes, and the words outside of them.

Its neighbours: `word_tables`, which says what words belong together; `reading`, which matches
them.
"""

import re
from functools import cache

from imagen_demo.sandbox.painter.scene import word_tables

MAX_TEXT = 60
"""Characters of quoted text that are set on a picture."""

_QUOTED = re.compile(
    r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|「([^「」]+)」|\u2018([^\u2018\u2019]+)\u2019(?!\w)"
    r'|"([^"]+)"|(?<!\w)\'([^\']+)\'(?!\w)'
)


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
    tables = (
        word_tables.HOURS,
        word_tables.WEATHERS,
        word_tables.SEASONS,
        word_tables.SETTINGS,
        word_tables.SUBJECTS,
        word_tables.HELD,
        word_tables.STYLES,
    )
    cues = " ".join(row for table in tables for row in table.values()).split()
    return frozenset(cue for cue in cues if "-" in cue)


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


def singulars(words: list[str]) -> list[str]:
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
