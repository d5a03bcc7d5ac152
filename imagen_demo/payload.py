"""The JSON of an answer, made safe to quote: the key blacked out, every text whole.

`client` reads every answer through it, before `refusals` or `generation` look at what it says.
"""

import json

# A key shorter than this is no secret, and could stand in ordinary text by chance.
_SHORTEST_SECRET = 8


def read_payload(body: bytes, key: str) -> object:
    """Return a body's JSON; None where there is none, which no caller mistakes for an answer."""
    try:
        return _clean(json.loads(body), key)
    except (ValueError, RecursionError):
        return None


def redacted(text: str, key: str) -> str:
    """Black the key out of a text, should the service ever repeat it."""
    return text.replace(key, "[key]") if len(key) >= _SHORTEST_SECRET else text


def _clean(value: object, key: str) -> object:
    if isinstance(value, str):
        # JSON can carry half a surrogate pair; UTF-8, and so every page and file, cannot.
        whole = value if value.isascii() else value.encode("utf-8", "replace").decode()
        return redacted(whole, key)
    if isinstance(value, list):
        return [_clean(each, key) for each in value]
    if isinstance(value, dict):
        return {str(_clean(name, key)): _clean(each, key) for name, each in value.items()}
    return value
