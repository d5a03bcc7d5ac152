"""A request and a key in, a reply out: what AI/ML API documents, as pure functions.

`contract` has the facts; `server` carries the replies over HTTP and draws the pictures that
they promise.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from imagen_demo.sandbox.contract import (
    BLOCKED_MARK,
    EMPTY_KEY,
    GARBAGE_KEY,
    HTML_KEY,
    IMAGEN_FIELDS,
    MAX_WORDS_REWRITTEN,
    NANO_BANANA,
    NANO_BANANA_FIELDS,
    REFUSING_KEYS,
    SCALES,
    SIZES,
    TOKENS_PER_PICTURE,
    TOKENS_PER_USD,
    Field,
    Refusal,
)
from imagen_demo.sandbox.painter.scene.reading import read_scene

Json = dict[str, object]

_PLACES = {
    "": ("folded hills", "a wide valley", "ridges that fade into the distance"),
    "peaks": (
        "high peaks above a valley",
        "snow on a range of mountains",
        "a summit over dark woods",
    ),
    "dunes": ("dunes as far as one sees", "a sea of sand", "warm bare hills of sand"),
    "water": ("a still shore", "wide calm water", "a bay between hills"),
    "city": ("towers over the water", "a skyline with lit windows", "a city by a river"),
    "street": ("a small bar in a quiet street", "warm windows and a wet pavement"),
    "table": ("a table by a window", "a still life on linen"),
    "macro": ("a flower as large as the picture", "one drop of dew that holds a meadow"),
    "aerial": ("lagoons and sand bars from high above", "a shore as the birds see it"),
    "isometric": ("a small city of folded card", "streets and roofs seen from above"),
    "underwater": ("a reef in green light", "the sea from within"),
    "space": ("planets among the stars", "a nebula behind a ringed world"),
}
"""What the rewritten prompt says of each view that the painter has."""


@dataclass(frozen=True, slots=True)
class Order:
    """One picture to draw; `garbage` asks for a web page in its place."""

    prompt: str
    seed: int
    width: int
    height: int
    garbage: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer; `server` puts a link or the bytes of each order into `entries`."""

    status: int
    body: Json | str
    orders: tuple[Order, ...] = ()
    entries: tuple[Json, ...] = ()
    as_links: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


def generate(
    body: Any,  # noqa: ANN401 - any JSON
    key: str | None,
    *,
    fresh_seed: int,
    withdrawn: frozenset[str] = frozenset(),
) -> Reply:
    """Answer `POST /v1/images/generations`.

    Args:
        body: The request, as JSON gives it.
        key: What came after `Bearer`; None or empty if nothing did.
        fresh_seed: Draws the picture where the request fixes none.
        withdrawn: Models that answer 404 today.
    """
    refused = refuse(key)
    if refused:
        return refused
    if key == HTML_KEY:
        return Reply(502, "<html><body><h1>502 Bad Gateway</h1></body></html>")
    issues = _issues(body)
    if issues:
        rejected = Refusal(400, "BadRequestException", "Invalid payload provided")
        return problem(rejected, data=issues)
    if body["model"] in withdrawn:
        return problem(REFUSING_KEYS["sandbox-withdrawn"])
    # A field that is null counts as left out, and one that the model does not know is ignored.
    given = {name: body[name] for name in _fields_of(body) if body.get(name) is not None}
    if key == EMPTY_KEY:
        return _priced({"data": None}, TOKENS_PER_PICTURE[given["model"]], count=1)
    return _pictures(given, fresh_seed, garbage=key == GARBAGE_KEY)


def billing(key: str | None) -> Reply:
    """Answer `GET /v2/billing`: what the documentation's own account has left."""
    return refuse(key) or Reply(200, {"current_balance": 10.07, "currency": "USD"})


def refuse(key: str | None) -> Reply | None:
    """Refuse no key at all, and the test keys that stand for a refusal."""
    refusal = REFUSING_KEYS.get(key or "sandbox-invalid")
    if refusal is None:
        return None
    return problem(refusal, data={"kind": refusal.kind} if refusal.kind else None)


def problem(refusal: Refusal, *, data: object = None) -> Reply:
    """Wrap a refusal in today's envelope; `server` adds the ids and the time."""
    error: Json = {"name": refusal.name, "message": refusal.message}
    if data is not None:
        error["data"] = data
    title = refusal.name.removesuffix("Exception")
    spaced = "".join(f" {char}" if char.isupper() else char for char in title).strip()
    body = {"title": spaced, "status": refusal.status, "message": refusal.message, "error": error}
    return Reply(
        refusal.status, body, headers={"content-type": "application/problem+json; charset=utf-8"}
    )


def _pictures(given: Mapping[str, Any], fresh_seed: int, *, garbage: bool) -> Reply:
    prompt, rewriting = given["prompt"], given["model"] != NANO_BANANA
    enhance = rewriting and given.get("enhance_prompt", True)
    # The filter takes one of several pictures, or the only one.
    count = given.get("num_images", 1) - (BLOCKED_MARK in prompt)
    width, height = SIZES[given.get("aspect_ratio", "1:1" if rewriting else "16:9")]
    scale = SCALES[given.get("resolution", "1K")]
    # As at Google, a seed has no effect on a prompt that is rewritten.
    first_seed = fresh_seed if enhance else given.get("seed", fresh_seed)
    orders = tuple(
        Order(prompt, (first_seed + number) % 2**32, width * scale, height * scale, garbage)
        for number in range(count)
    )
    rewrites = enhance and len(prompt.split()) < MAX_WORDS_REWRITTEN
    return replace(
        _priced({"data": []}, TOKENS_PER_PICTURE[given["model"]], count=len(orders)),
        orders=orders,
        entries=tuple(_entry(order, rewritten=rewrites) for order in orders),
        as_links=given.get("convert_base64_to_url", True),
    )


def _entry(order: Order, *, rewritten: bool) -> Json:
    entry: Json = {"mime_type": "image/png"}
    if rewritten:
        entry["prompt"] = rewrite(order.prompt, order.seed)
    return entry


def _priced(body: Json, price: int | None, *, count: int) -> Reply:
    if price is None:
        return Reply(200, {**body, "meta": {"usage": None}})
    tokens = price * count
    headers = {
        "x-aimlapi-credits-used": str(tokens),
        "x-aimlapi-usd-spent": f"{tokens / TOKENS_PER_USD:g}",
    }
    return Reply(200, {**body, "meta": {"usage": {"tokens_used": tokens}}}, headers=headers)


def rewrite(prompt: str, seed: int) -> str:
    """Rewrite a prompt as visibly the sandbox's work, the same for the same seed."""
    digest = hashlib.sha256(f"{seed}\n{prompt}".encode("utf-8", "replace")).digest()
    pick = random.Random(digest)  # noqa: S311 - chooses words, guards nothing
    subject = prompt.strip().rstrip(".!,;")
    light = pick.choice(
        ("the low light of evening", "a clear early morning", "soft, even daylight")
    )
    scene = read_scene(prompt)
    place = pick.choice(_PLACES.get(scene.view, _PLACES[""]))
    feel = pick.choice(("calm and a little dreamy", "quiet and spacious", "simple and warm"))
    # It knows some English; whoever wrote something else should not look for it in the picture.
    lost = "" if scene.is_read else ", which knew none of these words"
    return (
        f"{subject}, imagined by the sandbox{lost}: {place} in {light}, drawn in flat layers of "
        f"colour like a travel poster, {feel}."
    )


def _issues(body: object) -> list[Json]:
    """List what is wrong with a request, field by field, in the words of the vendor's validator."""
    if not isinstance(body, Mapping):
        return [_issue("invalid_type", "(root)", "Expected object", expected="object")]
    rules = _fields_of(body)
    issues = (_field_issue(name, body.get(name), rule) for name, rule in rules.items())
    return [issue for issue in issues if issue]


def _fields_of(body: Mapping[str, object]) -> dict[str, Field]:
    return NANO_BANANA_FIELDS if body.get("model") == NANO_BANANA else IMAGEN_FIELDS


def _field_issue(name: str, value: object, rule: Field) -> Json | None:
    if value is None:
        return _issue("invalid_type", name, "Required") if rule.required else None
    python_type = {"string": str, "integer": int, "boolean": bool}[rule.kind]
    if not isinstance(value, python_type) or (rule.kind == "integer" and isinstance(value, bool)):
        return _issue("invalid_type", name, f"Expected {rule.kind}", expected=rule.kind)
    if rule.options and value not in rule.options:
        expected = " | ".join(f"'{option}'" for option in rule.options)
        said = f"Invalid enum value. Expected {expected}, received '{value}'"
        return _issue("invalid_enum_value", name, said, options=list(rule.options))
    return _size_issue(name, value if isinstance(value, int) else len(str(value)), rule)


def _size_issue(name: str, size: int, rule: Field) -> Json | None:
    limits: Json = {"type": "string" if rule.kind == "string" else "number", "inclusive": True}
    if rule.maximum is not None and size > rule.maximum:
        text = f"String must contain at most {rule.maximum} character(s)"
        number = f"Number must be less than or equal to {rule.maximum}"
        said = text if rule.kind == "string" else number
        return _issue("too_big", name, said, maximum=rule.maximum, exact=False, **limits)
    if rule.minimum is not None and size < rule.minimum:
        said = f"Number must be greater than or equal to {rule.minimum}"
        return _issue("too_small", name, said, minimum=rule.minimum, exact=False, **limits)
    return None


def _issue(code: str, name: str, message: str, **more: object) -> Json:
    return {"code": code, "path": [name], "message": message, **more}
