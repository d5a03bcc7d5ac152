"""Whole answers that are kept to be sent again, within a bound.

`ready_answers` fills it and asks it.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

MOST = 16 * 1024**2
"""Bytes of all that is kept; the page and what it loads take one or two million."""

_OVERHEAD = 1024
"""Bytes that an answer takes beside its body and its key, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What an answer depends on, and all that the app is asked with.

    Attributes:
        path: As the app's routes see it; as it was written where there are addresses in the answer.
        encoding: What the answer is packed with.
        query: What the app is asked with, whatever was sent.
        is_addressed: Whether there are addresses in the answer, and the rest counts.
        server: The address that was connected to.
        headers: Those that count.
    """

    path: str
    encoding: str
    query: bytes = b""
    is_addressed: bool = False
    root_path: str = ""
    scheme: str = ""
    server: Hashable = None
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(slots=True, kw_only=True)
class Answer:
    """What is sent.

    Attributes:
        tag: Its ETag; empty if it is no answer to keep.
        version: Of what it was made of; it is outdated when there is another one.
        asked: How often it was asked for.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    tag: str = ""
    version: Hashable = None
    asked: int = 0


@dataclass(slots=True)
class AnswerStore:
    """So many bytes of answers; where a new one finds no room, those least asked for go.

    So whoever asks by ever new hosts drives out what was asked for once, and not the page that a
    room is opening.

    Attributes:
        size: Bytes that are taken.
    """

    size: int = 0
    _kept: dict[Key, Answer] = field(default_factory=dict)

    def get(self, key: Key, version: Hashable) -> Answer | None:
        """Return what is kept of this version."""
        answer = self._kept.get(key)
        if answer is None or answer.version != version:
            return None
        answer.asked += 1
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Keep it if it is not larger than everything together may be."""
        self._drop(key)
        size = _size(key, answer)
        if size > MOST:
            return
        while self.size + size > MOST:
            self._drop(min(self._kept, key=lambda each: self._kept[each].asked))
        self._kept[key] = answer
        self.size += size

    def _drop(self, key: Key) -> None:
        if answer := self._kept.pop(key, None):
            self.size -= _size(key, answer)


def _size(key: Key, answer: Answer) -> int:
    named = len(key.path) + sum(len(name) + len(value) for name, value in key.headers)
    return len(answer.body) + named + _OVERHEAD
