"""Links that carry settings: `?prompt=...&aspect_ratio=16:9&model=...`, never a key.

The link is made in the browser (`static/js/memory.js`) and read on the server, by the names of the
API; whatever it says that makes no sense is ignored.
"""

from collections.abc import Mapping
from typing import Any

from imagen_demo.domain.catalog import MODELS, OPTIONS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.option import Option
from imagen_demo.domain.request import GenerationRequest, clean_prompt

MAX_PROMPT = 4_000
"""Characters of a prompt that are taken from a link."""

_OPTIONS = [each for each in OPTIONS.values() if each.name != "prompt"]
_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}


def settings_of(query: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings that a link gives, by their names; only those that a request may have."""
    model = query.get("model", "")
    found: dict[str, Any] = {"model": model} if model in MODELS else {}
    for option in _OPTIONS:
        value = _read(query.get(option.name, ""), option)
        if option.name in query and value is not None:
            try:
                GenerationRequest(prompt="any", **{**found, option.name: value})
            except InvalidRequest:
                continue
            found[option.name] = value
    if prompt := clean_prompt(query.get("prompt", ""))[:MAX_PROMPT]:
        found["prompt"] = prompt
    return found


def _read(text: str, option: Option) -> object:
    if option.is_switch:
        return _YES_OR_NO.get(text.lower())
    if option.limits:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None  # noqa: PLR2004
    return text
