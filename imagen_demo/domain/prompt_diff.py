"""What the rewrite did: the words that prompt and rewritten prompt share, found by difflib.

`ui/create/view` marks them.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from operator import itemgetter
from unicodedata import category

MAX_WORK = 10_000_000
"""Pairs of equal words, times the shorter text's words, up to which texts are compared: a real
prompt and its rewrite come to a few thousand, a hostile text to any number."""

# Scripts without spaces, where one character is the smallest word: from Thai to Lao, Burmese,
# Khmer, kana and ideographs [Unicode's block names]. First and first-after, in pairs.
_UNSPACED = (
    *(0x0E00, 0x0F00, 0x1000, 0x10A0, 0x1780, 0x1800, 0x3040, 0x3100, 0x3400, 0xA000),
    *(0xF900, 0xFB00, 0x20000, 0x40000),
)
# Closing quotes and brackets belong to the sentence they close.
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’)\]]*(?=\s)|[。！？]+[」』”’）]*")  # noqa: RUF001
_JOINER = "\u200d"
_EMOJI = "\ufe0f"  # what makes an emoji of the character before it
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text whose words the other text has as well, or has not."""

    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Diff:
    """Prompt and rewritten prompt, each taken apart; joined again the pieces are the very text.

    Attributes:
        kept: How many of the prompt's words are in the rewritten prompt, in their order; None if
            the texts were not compared.
        words: How many words the prompt has.
    """

    prompt: list[Piece]
    rewritten: list[Piece]
    kept: int | None
    words: int


def diff(prompt: str, rewritten: str) -> Diff:
    """Find the words of the prompt that stand in the rewritten prompt, in the same order.

    Capitals do not matter. Where a script has no spaces each character is a word, and so is each
    emoji. What stands between two words is shared if it stands between them in both texts. Texts
    that repeat themselves beyond all sense (see `MAX_WORK`) are not compared.
    """
    ours, theirs = list(_tokens(prompt)), list(_tokens(rewritten))
    found = _same_words(ours, theirs)
    same = found or []
    shared = [*same, *_same_gaps(ours, theirs, same)]
    return Diff(
        prompt=_pieces(ours, {here for here, _ in shared}),
        rewritten=_pieces(theirs, {there for _, there in shared}),
        kept=None if found is None else len(same),
        words=len(_words(ours)),
    )


def trimmed(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters, at the end of its last sentence that fits.

    If that leaves less than a third of what fits, at the end of a word; if that does, too, as in
    Chinese without punctuation, anywhere between two characters that a person would tell apart.
    """
    if len(text) <= limit:
        return text
    start = text[: limit + 1]  # one more, to see what the cut would part
    sentences = [found.end() for found in _SENTENCE_END.finditer(start) if found.end() <= limit]
    cuts = (max(sentences, default=0), start.rfind(" "), _whole_tokens(start, limit), limit)
    return text[: next(cut for cut in cuts if cut * 3 >= limit)].rstrip()


def _whole_tokens(text: str, limit: int) -> int:
    """How many characters the tokens have that fit."""
    end = 0
    for token in _tokens(text):
        if end + len(token) > limit:
            break
        end += len(token)
    return end


def has_words(text: str) -> bool:
    """Whether there is anything but spaces and punctuation in a text."""
    return bool(_words(list(_tokens(text))))


def _same_words(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where the same words are in both, in order; None if looking for them would take too long."""
    our_words, their_words = _words(ours), _words(theirs)
    asked = [ours[place].casefold() for place in our_words]
    used = [theirs[place].casefold() for place in their_words]
    times = Counter(used)
    if sum(times[word] for word in asked) * min(len(asked), len(used)) > MAX_WORK:
        return None
    # Without `autojunk`, which ignores the words that a long text repeats.
    matcher = SequenceMatcher(None, asked, used, autojunk=False)
    return [
        (our_words[block.a + step], their_words[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]


def _same_gaps(
    ours: Sequence[str], theirs: Sequence[str], same: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Where the same spaces and punctuation are between two neighbours of those words."""
    for (here, there), (next_here, next_there) in pairwise(same):
        if ours[here + 1 : next_here] == theirs[there + 1 : next_there]:
            yield from zip(range(here + 1, next_here), range(there + 1, next_there), strict=True)


def _tokens(text: str) -> Iterator[str]:
    """Take a text apart: words, characters of unspaced scripts, whole emoji, and the rest."""
    token = ""
    for char in text:
        if token and not _continues(char, token):
            yield token
            token = ""
        token += char
    if token:
        yield token


def _continues(char: str, token: str) -> bool:
    if token.isspace():
        return False
    last = token[-1]
    if _JOINER in {char, last} or char in _SKIN_TONES or category(char)[0] == "M":
        return True
    if "\U000e0020" <= char <= "\U000e007f":  # the name of a region, behind a black flag
        return True
    if _is_flag_letter(char):
        return len(token) == 1 and _is_flag_letter(token)
    return _is_spaced(char) and (_is_spaced(last) or _is_accented(token))


def _is_accented(token: str) -> bool:
    """Whether a token is a word that ends in a mark; a keycap's marks end the token."""
    return _is_spaced(token[0]) and category(token[-1]) in {"Mn", "Mc"} and token[-1] != _EMOJI


def _is_flag_letter(char: str) -> bool:
    """Two of them are a country's flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_spaced(char: str) -> bool:
    """Whether a character belongs to words that have spaces between them."""
    return char.isalnum() and bisect(_UNSPACED, ord(char)) % 2 == 0


def _words(tokens: Sequence[str]) -> list[int]:
    """Where the tokens are that mean something."""
    return [
        place
        for place, token in enumerate(tokens)
        if token[0].isalnum() or category(token[0]) == "So"
    ]


def _pieces(tokens: Sequence[str], shared: set[int]) -> list[Piece]:
    marked = [(place in shared, token) for place, token in enumerate(tokens)]
    return [
        Piece("".join(token for _, token in group), is_shared)
        for is_shared, group in groupby(marked, key=itemgetter(0))
    ]
