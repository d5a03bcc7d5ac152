"""A request and a key in, a reply out: what AI/ML API documents, as pure functions.

`contract` has the facts, `validation` finds what is wrong with a request; `server` carries the
replies over HTTP and draws the pictures that they promise.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from imagen_demo.sandbox.contract import (
    BLOCKED_MARK,
    DEPRECATIONS,
    EMPTY_KEY,
    GARBAGE_KEY,
    HTML_KEY,
    IMAGEN_MODELS,
    MAX_WORDS_REWRITTEN,
    NANO_BANANA,
    REFUSING_KEYS,
    SCALES,
    SIZES,
    TOKENS_PER_PICTURE,
    TOKENS_PER_USD,
    Json,
    Refusal,
)
from imagen_demo.sandbox.painter.scene.prompt_words import words_of
from imagen_demo.sandbox.painter.scene.reading import read_scene
from imagen_demo.sandbox.painter.scene.scene import Scene
from imagen_demo.sandbox.validation import fields_of, issues_of

_PLACES = {
    "": ("folded hills", "a wide valley", "ridges that fade into the distance"),
    "peaks": (
        "high peaks above a valley",
        "a range of mountains",
        "a summit over woods",
    ),
    "dunes": ("dunes as far as one sees", "a sea of sand", "bare hills of sand"),
    "water": ("a shore", "wide open water", "a bay"),
    "city": ("towers over the water", "a skyline", "a city by a river"),
    "street": ("a small bar in a street", "lit windows and a pavement"),
    "table": ("a table by a window", "a still life on linen"),
    "macro": ("a flower as large as the picture", "one drop of dew that holds a meadow"),
    "aerial": ("lagoons and sand bars from high above", "a shore as the birds see it"),
    "isometric": ("a small city of folded card", "streets and roofs seen from above"),
    "underwater": ("a reef", "the sea from within"),
    "space": ("planets among the stars", "a nebula behind a ringed world"),
}
"""What the rewritten prompt says of each view that the painter has, and no more than it has."""

_LIGHTS = {
    "": ("soft, even daylight", "the light of day"),
    "noon": ("bright daylight", "the light of noon"),
    "dawn": ("an early morning", "the first light of the day"),
    "sunset": ("the low light of evening", "the last light of the day"),
    "night": ("the light of the moon", "a night of few lights"),
    "neon": ("the glow of neon", "a night of many colours"),
}
"""What it says of each hour that the painter reads."""

_WEATHERS = {
    "aurora": ("northern lights",),
    "storm": ("the dark clouds of a storm", "wind and heavy clouds"),
    "rain": ("rain", "a veil of rain"),
    "fog": ("fog", "air as thick as milk"),
    "snow": ("falling snow", "a flurry of snow"),
}

_WITHOUT_SKY = frozenset(["space", "underwater"])

_MEDIA = (
    "oil oils acrylic watercolor watercolour aquarelle gouache pastel crayon chalk charcoal pencil "
    "ink sketch drawing painting etching engraving woodcut linocut mosaic fresco collage photo "
    "photograph photography polaroid film 35mm render 3d pixel claymation embroidery origami "
    "cartoon comic anime manga sculpture"
)
"""Words that say how a picture is to be made: then nothing else is said of it."""


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
    issues = issues_of(body)
    if issues:
        rejected = Refusal(400, "BadRequestException", "Invalid payload provided")
        return problem(rejected, data=issues)
    if body["model"] in withdrawn:
        return problem(REFUSING_KEYS["sandbox-withdrawn"])
    # A field that is null counts as left out, and one that the model does not know is ignored.
    given = {name: body[name] for name in fields_of(body) if body.get(name) is not None}
    if key == EMPTY_KEY:
        return _priced({"data": None}, TOKENS_PER_PICTURE[given["model"]], count=1)
    return _pictures(given, fresh_seed, garbage=key == GARBAGE_KEY)


def billing(key: str | None) -> Reply:
    """Answer `GET /v2/billing`: what the documentation's own account has left."""
    return refuse(key) or Reply(200, {"current_balance": 10.07, "currency": "USD"})


def deprecations(*, imagen: str, status: str | None, since: str) -> list[Json]:
    """List what `GET /v1/models/deprecations` names.

    Args:
        imagen: How Imagen 4 stands: one of `IMAGEN_STATUSES`, or empty for in service.
        status: The only one asked for, or None.
        since: The first day asked for, as YYYY-MM-DD, or empty.
    """
    rows = [*DEPRECATIONS, *(_imagen_rows(imagen) if imagen else ())]
    return [
        row
        for row in rows
        if status in {None, row["status"]} and str(row["deprecated_at"]) >= since
    ]


def _imagen_rows(status: str) -> list[Json]:
    """Say how the list would name Imagen 4; the dates are Google's."""
    return [
        {
            "id": model,
            "aliases": [model.removeprefix("google/")],
            "status": status,
            "deprecated_at": "2026-06-30",
            "shutdown_at": "2026-08-17",
            "replaced_by": NANO_BANANA,
            "reason": "provider_delisted",
        }
        for model in sorted(IMAGEN_MODELS)
    ]


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
    scene = read_scene(prompt)
    place = pick.choice(_PLACES.get(scene.view, _PLACES[""]))
    feel = pick.choice(("simply composed", "in few and plain shapes", "in a handful of colours"))
    # It knows some English; whoever wrote something else should not look for it in the picture.
    lost = "" if scene.is_read else ", which knew none of these words"
    is_asked = scene.style or not set(_MEDIA.split()).isdisjoint(words_of(prompt))
    made = "" if is_asked else ", drawn in flat layers of colour"
    return f"{subject}, imagined by the sandbox{lost}: {place}{_sky(scene, pick)}{made}, {feel}."


def _sky(scene: Scene, pick: random.Random) -> str:
    """Say what light and weather the painter gave the scene."""
    if scene.view in _WITHOUT_SKY:
        return ""
    weather = pick.choice(_WEATHERS.get(scene.weather, ("",)))
    light = pick.choice(_LIGHTS[scene.hour]) if scene.hour or not weather else ""
    return f" in {' and '.join(filter(None, (weather, light)))}"
