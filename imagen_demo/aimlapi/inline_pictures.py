"""A picture that came inside an answer, as bytes: base64 as services write it, or `data:`.

`client` asks it of `b64_json`, and of an address that leads nowhere but to itself.
"""

import base64
from urllib.parse import unquote_to_bytes

from imagen_demo.domain.errors import Charged, UnusableReply

_URL_SAFE = str.maketrans("-_", "+/", "=")


def is_inline(said: str) -> bool:
    """Whether an address holds what it leads to."""
    return said[:5].lower() == "data:"


def decoded(said: str) -> bytes:
    """Return the bytes that a text stands for; whether they are a picture is not looked at here.

    With or without `data:` in front, line breaks, padding, and the two letters that differ where
    base64 is to stand in an address [RFC 4648, RFC 2397]: it was paid for either way.

    Raises:
        UnusableReply: It is no base64.
    """
    try:
        if is_inline(said):
            kind, _, rest = said.partition(",")
            body = unquote_to_bytes(rest)
            return _from_base64(body.decode()) if ";base64" in kind.lower() else body
        return _from_base64(said)
    except ValueError as cause:
        raise UnusableReply("The picture came back damaged.", charged=Charged.YES) from cause


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        plain = "".join(text.split()).translate(_URL_SAFE)
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
