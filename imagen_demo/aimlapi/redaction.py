"""The JSON of an answer, made safe to quote: the key blacked out, every text whole.

`client` reads every answer through it, before `error_mapping` or `replies` look at what it says,
and quotes a success for whoever wants to see the raw response.
"""

import json

from imagen_demo.domain.generation import MAX_QUOTED

# A key shorter than this is no secret, and could stand in ordinary text by chance.
_SHORTEST_SECRET = 8

# A text of ASCII without a space that is longer is data, such as a picture in base64.
_LONGEST_WORD = 1_000
_SHOWN_OF_DATA = 60


def read_payload(body: bytes, api_key: str) -> object:
    """Return a body's JSON; None where there is none, which no caller mistakes for an answer."""
    try:
        return _clean(json.loads(body), api_key)
    except (ValueError, RecursionError):
        return None


def redacted(text: str, api_key: str) -> str:
    """Black the key out of a text, should the service ever repeat it."""
    return text.replace(api_key, "[key]") if len(api_key) >= _SHORTEST_SECRET else text


def quoted(payload: object) -> str:
    """Write a payload as JSON again, data in it shortened; nothing if it is odd or too long."""
    try:
        text = json.dumps(_shortened(payload), ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return ""
    return text if len(text) <= MAX_QUOTED else ""


def _is_data(text: str) -> bool:
    return text.isascii() and " " not in text


def _shortened(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST_WORD and _is_data(value):
        return f"{value[:_SHOWN_OF_DATA]}… ({len(value):,} characters)"
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in value.items()}
    return value


def _clean(value: object, api_key: str) -> object:
    if isinstance(value, str):
        # JSON can carry half a surrogate pair; UTF-8, and so every page and file, cannot.
        whole = value if value.isascii() else value.encode("utf-8", "replace").decode()
        return redacted(whole, api_key)
    if isinstance(value, list):
        return [_clean(each, api_key) for each in value]
    if isinstance(value, dict):
        return {str(_clean(name, api_key)): _clean(each, api_key) for name, each in value.items()}
    return value
