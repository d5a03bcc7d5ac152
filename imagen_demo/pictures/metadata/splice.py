"""A file's bytes with a few pieces in other words, copied once; `png` and `jpeg` write by it."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple


class Edit(NamedTuple):
    """Bytes that stand in place of others, from one place to another; both may be the same."""

    start: int
    end: int
    new: bytes


def spliced(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Make the edits, none of which overlap; those of one place keep their order."""
    view, place = memoryview(data), 0
    pieces: list[bytes | memoryview] = []
    for edit in sorted(edits, key=attrgetter("start", "end")):
        pieces += [view[place : edit.start], edit.new]
        place = edit.end
    return b"".join([*pieces, view[place:]])
