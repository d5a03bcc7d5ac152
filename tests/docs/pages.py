"""The pages that people read of the project, taken apart."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.demos import ROOT
from tools import write_docs

_MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_IN_HTML = re.compile(r'(?:src|srcset|href)="([^"]*)"')


@dataclass(frozen=True)
class Block:
    """What stands between two fences.

    Attributes:
        page: The page's name.
        language: What is said behind the first fence.
        text: What stands between them.
    """

    page: str
    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """One page, as `write_docs` names them.

    Attributes:
        path: Where it is.
        text: All of it.
    """

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Its path in the project."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def blocks(self) -> list[Block]:
        """Its blocks of code."""
        return [
            Block(self.name, each.info, each.content)
            for each in self._tokens()
            if each.type in {"fence", "code_block"}
        ]

    @property
    def code(self) -> list[str]:
        """Its pieces of code within a line."""
        return [each.content for each in self._tokens() if each.type == "code_inline"]

    @property
    def links(self) -> list[str]:
        """Where its links and pictures lead."""
        found = []
        for each in self._tokens():
            found += [str(each.attrs[name]) for name in ("href", "src") if name in each.attrs]
            if each.type.startswith("html"):
                found += _IN_HTML.findall(each.content)
        return found

    @property
    def anchors(self) -> set[str]:
        """What may stand behind `#` in a link to it, as GitHub makes it of a heading."""
        tokens = list(self._tokens())
        titles = [tokens[at + 1] for at, each in enumerate(tokens) if each.type == "heading_open"]
        return {re.sub(r"[^\w\- ]", "", each.content.lower()).replace(" ", "-") for each in titles}

    def _tokens(self) -> Iterator[Token]:
        for each in _MARKDOWN.parse(_FRONT_MATTER.sub("", self.text)):
            yield each
            yield from each.children or ()


@cache
def pages() -> dict[str, Page]:
    """All of them by name."""
    found = [Page(path, path.read_text(encoding="utf-8")) for path in write_docs.pages()]
    return {each.name: each for each in found}


def commands_of(text: str) -> list[list[str]]:
    """Return the words of each command of a shell's text, without comments."""
    lines = text.replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def split(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Part a command into the variables that are set for it, and itself."""
    given = []
    for each in words:
        if not re.match(r"[A-Z_]+=", each):
            break
        given.append(each)
    return dict(each.split("=", 1) for each in given), words[len(given) :]
