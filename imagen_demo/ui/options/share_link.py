"""Links that carry settings: `?prompt=...&aspect_ratio=16:9&model=...`, never a key.

The link is made in the browser and read on the server, by the names of the API; whatever it says
that makes no sense is ignored.
"""

import json
from collections.abc import Mapping
from typing import Any

from imagen_demo.domain.catalog import MODELS, OPTIONS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.option import Option
from imagen_demo.domain.request import GenerationRequest, clean_prompt
from imagen_demo.ui.options import rules

MAX_PROMPT = 4_000
"""Characters of a prompt that are taken from a link."""

_OPTIONS = [each for each in OPTIONS.values() if each.name != "prompt"]
_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False}

# What the API would do anyway is left out; a seed that is not set is an empty text here.
COPY_LINK = (
    """async (...values) => {
  const names = NAMES, always = ['prompt', 'aspect_ratio', 'model'];
  const taken = TAKEN[values[names.indexOf('model')]] ?? [];
  const query = new URLSearchParams();
  names.forEach((name, i) => {
    const differs = taken.includes(name) && values[i] !== DEFAULTS[name] && values[i] !== '';
    if (always.includes(name) || differs) query.set(name, values[i] ?? '');
  });
  const link = `${location.origin}${location.pathname}?${query}`;
  try {
    await navigator.clipboard.writeText(link);
    return '<p role="status">Link copied. It has the settings, never the key.</p>';
  } catch {
    const box = document.createElement('input');
    box.readOnly = true;
    box.setAttribute('value', link);
    box.setAttribute('aria-label', 'Link to copy');
    return `<p role="status">This browser keeps its clipboard closed. Copy it here:</p>`
      + box.outerHTML;
  }
}""".replace("NAMES", json.dumps(rules.SETTINGS))
    .replace("TAKEN", json.dumps({each.id: sorted(each.options) for each in MODELS.values()}))
    .replace("DEFAULTS", json.dumps({each.name: each.default for each in _OPTIONS}))
)

IS_LINK = "NAMES.some((name) => new URLSearchParams(location.search).has(name))".replace(
    "NAMES", json.dumps(rules.SETTINGS)
)

# Once its settings are on the page a link has done its work: a refresh must not bring them back
# over what was typed since.
FORGET_LINK = """(prompt) => {
  if (IS_LINK) window.filled = prompt;
  const url = new URL(location.href);
  NAMES.forEach((name) => url.searchParams.delete(name));
  history.replaceState(history.state, '', url);
}""".replace("IS_LINK", IS_LINK).replace("NAMES", json.dumps(rules.SETTINGS))


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
