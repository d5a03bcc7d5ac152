"""What an answer says in words, wherever they stand in it: to be quoted, never to be decided by.

`error_mapping` asks it of refusals, `replies` of a success that brought no picture.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

MAX_DETAIL = 300
"""Characters of the service's own words that reach a visitor."""

_ENOUGH = 20
"""Complaints of one answer that are read."""


def words_of(answer: Mapping[str, object]) -> str:
    """Say which field the service names and why; else its message or description; else nothing."""
    problem = answer.get("error")
    places = (problem, answer) if isinstance(problem, Mapping) else (answer,)
    named = list(dict.fromkeys(chain.from_iterable(map(_complaints, places))))
    return shortened("; ".join(named[:_ENOUGH]) or _message(places))


def shortened(text: str) -> str:
    """Make a text of the service's fit to be shown: printable, and not too long."""
    cut = text[: 4 * MAX_DETAIL]
    printable = "".join(char if char.isprintable() else " " for char in cut).strip()
    return printable if len(printable) <= MAX_DETAIL else f"{printable[: MAX_DETAIL - 1]}…"


def text_of(value: object) -> str:
    """A text, or several of a list; empty for what says nothing."""
    parts = value[:_ENOUGH] if isinstance(value, list) else [value]
    return "; ".join(part for part in parts if isinstance(part, str) and part.strip())


def _complaints(place: Mapping[str, object]) -> Iterator[str]:
    """Each field's complaint: zod's under `data`, FastAPI's under `detail`, others' `errors`."""
    for name in ("data", "detail", "errors"):
        issues = place.get(name)
        for issue in issues if isinstance(issues, list) else ():
            if said := _issue(issue):
                yield said


def _issue(issue: object) -> str:
    """One field's complaint, as `prompt: String must contain …`; empty if it says nothing."""
    if not isinstance(issue, Mapping):
        return ""
    said = next((text for name in ("message", "msg") if (text := text_of(issue.get(name)))), "")
    path = next((each for name in ("path", "loc") if isinstance(each := issue.get(name), list)), [])
    field = ".".join(str(part) for part in path if part != "body")  # FastAPI's word for where
    return f"{field}: {said}" if field and said else said


def _message(places: tuple[Mapping[str, object], ...]) -> str:
    """The first that says something: a message beats a code."""
    for name in ("message", "error_description", "detail", "error"):
        for place in places:
            if said := text_of(place.get(name)):
                return said
    return ""
