"""What a person pasted as an API key, made fit for a header or refused without repeating it.

`settings` asks for the host's key, `provider` for the visitor's.
"""

import re
import unicodedata
from contextlib import suppress

from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.vendor import VENDOR

KEY_VARIABLES = ("AIMLAPI_API_KEY", "AIML_API_KEY", "AIMLAPI_KEY")
"""Names of the host's key in the ecosystem, the first that is set wins."""

MAX_KEY_LENGTH = 256

_MAX_PASTED = 4096
"""Characters among which a key is looked for; taking quotes off one by one takes time."""

_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»′″＂＇「」『』"  # noqa: RUF001 - each looks like a quote, on purpose

_NAME = rf"(?:{'|'.join(KEY_VARIABLES)}|X-AIMLAPI-Key|Authorization)"

_BEFORE = re.compile(
    rf"(?:(?:export|set|-)\s+|\$env:)?{_NAME}[\"']?\s*[:=]|Bearer(?:\s*:|\s+|$)", re.IGNORECASE
)
"""What stands before a key in an .env file, a shell, YAML, JSON or a header."""

_PLACEHOLDER = re.compile(
    rf"[$%{{]*{_NAME}[}}%]*|(?:sk-)?[*•●.…]*"
    r"|(?:(?:your|my|the)[-_ ]?)?(?:own[-_ ]?)?(?:aiml(?:api)?[-_ ]?)?(?:api[-_ ]?)?key"
    r"(?:[-_ ]?here)?",
    re.IGNORECASE,
)

_ADDRESS = re.compile(rf"https?://|(?:www\.)?{re.escape(VENDOR.site)}", re.IGNORECASE)

_PARTLY_HIDDEN = re.compile(r"\*{3}|\.{3}|[•●…]")


def clean_key(pasted: str) -> str:
    """Take off what often comes along with a key; any other shape of key is fine.

    That is: quotes, `<>`, `NAME=`, `Authorization: Bearer`, a comma or a stop at the end, space
    around it, and what has no width.

    Raises:
        InvalidRequest: It cannot be a key; says why, and nothing of its content.
    """
    # The bytes of a header are read as Latin-1 [ASGI], whatever was typed.
    with suppress(UnicodeError):
        pasted = pasted.encode("latin-1").decode()
    key = "".join(char for char in pasted if unicodedata.category(char) != "Cf").strip()
    if len(key) <= _MAX_PASTED:
        key = _bare(key)
    if key and (refusal := _refusal(key)):
        message, advice = refusal
        raise InvalidRequest("api_key", message, advice=advice)
    return key


def _bare(key: str) -> str:
    before = None
    while key != before:
        before = key
        key = key.strip().strip(_QUOTES).rstrip(",;.")
        if key.startswith("<") and key.endswith(">"):
            key = key[1:-1]
        if named := _BEFORE.match(key):
            key = key[named.end() :]
    return key


def _refusal(key: str) -> tuple[str, str] | None:
    """Say what is wrong with a key, and what to do; None if nothing is."""
    strange = next((at for at, char in enumerate(key, 1) if not "!" <= char <= "~"), 0)
    wrong = (
        (
            _PLACEHOLDER.fullmatch(key[:_MAX_PASTED]),
            "That is a placeholder, not an API key.",
            f"Put your own in its place; a new one comes from {VENDOR.key_page}.",
        ),
        (
            _ADDRESS.match(key),
            "That is a web address, not an API key.",
            "Open it to find a key, and paste that.",
        ),
        (
            any(char.isspace() for char in key),
            "There is a space or a line break in the middle of the API key.",
            "Paste the key alone, in one piece.",
        ),
        (
            _PARTLY_HIDDEN.search(key),
            "Part of the API key is hidden behind stars or dots.",
            f"Paste the whole of it; if it is lost, make a new one at {VENDOR.key_page}.",
        ),
        (
            len(key) > MAX_KEY_LENGTH,
            f"The API key has {len(key)} characters, and none has more than {MAX_KEY_LENGTH}.",
            "Look what else was pasted along with it.",
        ),
        (
            strange,
            f"Character {strange} of the API key is one that no key has, such as é or я.",
            f"Type it anew, or take the key straight from {VENDOR.key_page}.",
        ),
    )
    return next(((message, advice) for is_so, message, advice in wrong if is_so), None)
