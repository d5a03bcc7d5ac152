"""How an answer is packed for its way: as Brotli, as gzip, or not at all, as its client likes.

`ready_answers` packs once what is the same for everybody.
"""

import gzip
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import brotli

NONE: Final = "identity"
"""HTTP's word for a body that is sent as it is."""

_WORTH_IT = 0.95
"""What a body must shrink to, or it stays as it is: pictures and fonts do not."""

_WEIGHT = re.compile(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LEAST = 0.0001  # always possible, and liked least

# As fast as Gradio's quality 4 but for a few milliseconds a megabyte, and 7 % smaller. The best of
# all, 11, takes a second a megabyte for another 8 %.
_QUALITY = 7

_PACK: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=_QUALITY)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    NONE: bytes,
}


@lru_cache(maxsize=64)  # browsers send the same for every file
def preferred_encoding(header: str) -> str:
    """Of Brotli, gzip and neither the one that a client likes best [RFC 9110, 12.5.3].

    Args:
        header: Its Accept-Encoding; empty if it has none.
    """
    weights = {NONE: _LEAST, "*": 0.0}
    for each in header.lower().split(","):
        name, separator, parameter = (part.strip() for part in each.partition(";"))
        weight = _WEIGHT.fullmatch(parameter)
        weights[name.removeprefix("x-")] = float(weight[1]) if weight else float(not separator)
    best = max(_PACK, key=lambda each: weights.get(each, weights["*"]))
    return best if weights.get(best, weights["*"]) else NONE


def packed(body: bytes, encoding: str) -> tuple[bytes, str]:
    """Pack a body; returns it as it was, and says so, where that saves nothing."""
    smaller = _PACK[encoding](body)
    return (smaller, encoding) if len(smaller) < _WORTH_IT * len(body) else (body, NONE)
