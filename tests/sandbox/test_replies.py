"""The sandbox's answers, without a socket: the documented numbers and the vendor's refusals."""

import re
from typing import Any

import pytest

from imagen_demo.sandbox.contract import IMAGEN_FIELDS, REFUSING_KEYS, SIZES, TOKENS_PER_PICTURE
from imagen_demo.sandbox.painter.scene.reading import read_scene
from imagen_demo.sandbox.replies import Reply, billing, generate, rewrite

STANDARD = "google/imagen-4.0-generate-001"
DOCUMENTED = {"prompt": "Racoon eating ice-cream", "model": STANDARD, "aspect_ratio": "16:9"}


def asked(**more: object) -> dict[str, object]:
    """Describe the documented picture, with `more` fields."""
    return {**DOCUMENTED, **more}


def answer(body: object = DOCUMENTED, *, key: str | None = "any-key", fresh: int = 7) -> Reply:
    return generate(body, key, fresh_seed=fresh)


def json(reply: Reply) -> dict[str, Any]:
    assert isinstance(reply.body, dict)
    return reply.body


def issues(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 400
    assert reply.headers["content-type"].startswith("application/problem+json")
    said: list[dict[str, Any]] = json(reply)["error"]["data"]
    return said


def test_the_documented_request_costs_the_documented_tokens() -> None:
    reply = answer()
    assert (reply.status, json(reply)["meta"]) == (200, {"usage": {"tokens_used": 84_000}})
    assert reply.headers["x-aimlapi-credits-used"] == "84000"
    assert float(reply.headers["x-aimlapi-usd-spent"]) == 0.042
    assert [(each.width, each.height) for each in reply.orders] == [(1408, 768)]
    assert reply.as_links


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("model", "tokens"),
    [("generate-001", 84_000), ("fast-generate-001", 42_000), ("ultra-generate-001", 126_000)],
)
def test_the_price_is_the_models_for_each_picture(model: str, tokens: int, count: int) -> None:
    reply = answer(asked(model=f"google/imagen-4.0-{model}", num_images=count))
    assert json(reply)["meta"]["usage"]["tokens_used"] == tokens * count
    assert reply.headers["x-aimlapi-credits-used"] == str(tokens * count)
    assert float(reply.headers["x-aimlapi-usd-spent"]) == tokens * count / 2_000_000
    assert len(reply.orders) == len(reply.entries) == count


@pytest.mark.parametrize(
    ("words", "enhance", "rewritten"),
    [(1, None, 1), (1, True, 1), (29, True, 1), (30, True, 0), (31, None, 0), (1, False, 0)],
)
def test_a_rewritten_prompt_comes_only_for_short_prompts_and_when_wanted(
    *, words: int, enhance: bool | None, rewritten: int
) -> None:
    reply = answer(asked(prompt="fox " * words, enhance_prompt=enhance))
    assert ["prompt" in entry for entry in reply.entries] == [rewritten]
    assert reply.entries[0]["mime_type"] == "image/png"


def test_the_rewritten_prompt_keeps_the_subject_and_says_whose_it_is() -> None:
    said = rewrite("  Racoon eating ice-cream.  ", 1)
    assert said.startswith("Racoon eating ice-cream, ")
    assert "sandbox" in said


def test_whoever_writes_what_the_sandbox_cannot_read_is_told_so() -> None:
    assert ", which knew none of these words: " in rewrite("un chat noir dans la neige", 1)
    assert ", which knew none of these words: " in rewrite("富士山", 1)
    assert "knew none" not in rewrite("Racoon eating ice-cream", 1)
    assert "knew none" not in rewrite("winter", 1)


def test_the_rewritten_prompt_is_the_same_for_the_same_seed_and_varies_with_it() -> None:
    assert rewrite("a fox", 1) == rewrite("a fox", 1)
    assert len({rewrite("a fox", seed) for seed in range(40)}) > 3


@pytest.mark.parametrize(
    ("prompt", "never"),
    [
        ("A thunderstorm over the sea, in oil", "still calm quiet daylight flat poster evening"),
        ("A harbor at night", "daylight morning evening noon"),
        ("Mountains at sunrise", "evening moon night noon"),
        ("A foggy valley", "clear daylight evening moon"),
        ("Watercolor of a city", "flat layers"),
        ("A Polaroid of a fox", "flat layers"),
        ("A charcoal sketch of a whale", "flat layers daylight evening moon"),
        ("A busy street in Tokyo at noon", "quiet wet moon evening night"),
        ("Saturn and its rings", "daylight evening morning moon"),
        ("Summer in the mountains", "snow evening moon night"),
    ],
)
def test_a_rewrite_adds_and_contradicts_neither_the_prompt_nor_the_picture(
    prompt: str, never: str
) -> None:
    for seed in range(60):
        added = rewrite(prompt, seed).removeprefix(prompt)
        assert set(re.findall(r"\w+", added)).isdisjoint(never.split()), added


def test_what_nobody_asked_for_is_told_as_it_is_drawn() -> None:
    hours = {"daylight": "", "evening": "sunset", "moon": "night", "first light": "dawn"}
    prompts = [f"xyzzy {number}" for number in range(80)]
    for prompt in prompts:
        told = {hour for words, hour in hours.items() if words in rewrite(prompt, 1)}
        assert told <= {read_scene(prompt).hour}


def seeds(fresh: int, **more: object) -> list[int]:
    return [order.seed for order in answer(asked(**more), fresh=fresh).orders]


def test_a_fixed_seed_gives_the_same_pictures_and_each_of_a_batch_its_own() -> None:
    first = seeds(1, seed=5, enhance_prompt=False, num_images=3)
    assert first == seeds(2, seed=5, enhance_prompt=False, num_images=3)
    assert len(set(first)) == 3
    assert seeds(1, enhance_prompt=False) != seeds(2, enhance_prompt=False)


def test_a_seed_has_no_effect_while_the_prompt_is_rewritten() -> None:
    assert seeds(1, seed=5) == seeds(1, seed=6) == seeds(1)
    assert seeds(1, seed=5) != seeds(2, seed=5)


def test_the_last_seed_rolls_over_instead_of_leaving_its_range() -> None:
    last = 2**32 - 1
    assert seeds(1, seed=last, enhance_prompt=False, num_images=2) == [last, 0]


@pytest.mark.parametrize(("ratio", "size"), [*SIZES.items(), (None, (1024, 1024))])
def test_each_ratio_has_its_size(ratio: str | None, size: tuple[int, int]) -> None:
    (order,) = answer(asked(aspect_ratio=ratio)).orders
    assert (order.width, order.height) == size


def test_base64_comes_only_when_links_are_not_wanted() -> None:
    assert not answer(asked(convert_base64_to_url=False)).as_links
    assert answer(asked(convert_base64_to_url=None)).as_links


RATIOS = "Expected '1:1' | '9:16' | '16:9' | '3:4' | '4:3', received '2:1'"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("model", None, {"code": "invalid_type", "message": "Required"}),
        ("model", "x", {"code": "invalid_enum_value", "options": [*TOKENS_PER_PICTURE]}),
        ("prompt", None, {"code": "invalid_type", "message": "Required"}),
        ("prompt", 7, {"code": "invalid_type", "expected": "string"}),
        ("prompt", "x" * 401, {"code": "too_big", "maximum": 400, "type": "string"}),
        ("prompt", "é" * 401, {"message": "String must contain at most 400 character(s)"}),
        ("aspect_ratio", "2:1", {"message": f"Invalid enum value. {RATIOS}"}),
        ("num_images", 5, {"code": "too_big", "maximum": 4}),
        ("num_images", "2", {"code": "invalid_type"}),
        ("num_images", True, {"code": "invalid_type"}),
        ("num_images", 1.5, {"code": "invalid_type"}),
        ("seed", -1, {"code": "too_small", "minimum": 0}),
        ("seed", 2**32, {"code": "too_big", "maximum": 2**32 - 1}),
        ("enhance_prompt", "true", {"code": "invalid_type", "expected": "boolean"}),
        ("enhance_prompt", 1, {"code": "invalid_type", "expected": "boolean"}),
        ("person_generation", "allow_all", {"code": "invalid_enum_value"}),
        ("safety_setting", "", {"code": "invalid_enum_value"}),
        ("add_watermark", 0, {"code": "invalid_type"}),
        ("convert_base64_to_url", {}, {"code": "invalid_type"}),
    ],
)
def test_a_wrong_field_is_named_as_the_vendor_does(
    field: str, value: object, expected: dict[str, object]
) -> None:
    (issue,) = issues(answer(asked(**{field: value})))
    assert issue["path"] == [field]
    assert issue["message"]
    assert expected.items() <= issue.items()


def test_every_wrong_field_is_named() -> None:
    found = issues(answer({"prompt": "x" * 401, "seed": -1, "num_images": 9}))
    assert {issue["path"][0] for issue in found} == {"model", "prompt", "seed", "num_images"}


@pytest.mark.parametrize(
    ("field", "value"), [("prompt", "x" * 400), ("num_images", 4), ("seed", 0), ("seed", 2**32 - 1)]
)
def test_a_value_at_its_limit_is_accepted(field: str, value: object) -> None:
    assert answer(asked(**{field: value})).status == 200


def test_null_and_unknown_fields_count_as_left_out() -> None:
    optional = [
        name for name, rule in IMAGEN_FIELDS.items() if not rule.required and name not in DOCUMENTED
    ]
    assert answer(asked(**dict.fromkeys(optional), future=1)) == answer()


@pytest.mark.parametrize("body", [[], "text", 7, True, [DOCUMENTED]], ids=str)
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    (issue,) = issues(answer(body))
    assert (issue["code"], issue["expected"]) == ("invalid_type", "object")


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_nothing_is_drawn_and_no_balance_told(key: str | None) -> None:
    assert (answer(key=key).status, billing(key).status) == (401, 401)


REFUSALS = {
    "sandbox-invalid": (401, "Unauthorized", None),
    "sandbox-no-credits": (403, "Forbidden", "err_insufficent_credits"),
    "sandbox-unverified": (403, "Forbidden", "err_unverified_card"),
    "sandbox-withdrawn": (404, "Not Found", None),
    "sandbox-busy": (429, "Too Many Requests", None),
    "sandbox-down": (503, "Service Unavailable", None),
    "sandbox-crash": (500, "Internal Server Error", None),
}


@pytest.mark.parametrize("key", REFUSING_KEYS)
def test_a_test_key_refuses_as_documented(key: str) -> None:
    status, title, kind = REFUSALS[key]
    reply = answer(key=key)
    body = json(reply)
    assert (reply.status, body["status"], body["title"]) == (status, status, title)
    assert body["error"]["name"].endswith("Exception")
    assert body["message"] == body["error"]["message"]
    assert body["error"].get("data", {}).get("kind") == kind
    assert not reply.orders
    assert billing(key).status == status


def test_the_empty_key_charges_and_gives_nothing() -> None:
    reply = answer(key="sandbox-empty")
    assert json(reply) == {"data": None, "meta": {"usage": {"tokens_used": 84_000}}}
    assert (reply.status, reply.orders) == (200, ())


def test_the_garbage_key_promises_a_picture_that_is_none() -> None:
    assert [
        order.garbage for order in answer(asked(num_images=2), key="sandbox-garbage").orders
    ] == [True] * 2
    assert [order.garbage for order in answer().orders] == [False]


@pytest.mark.parametrize(("wanted", "drawn"), [(1, 0), (2, 1), (4, 3)])
def test_a_blocked_prompt_loses_one_picture_and_its_price(wanted: int, drawn: int) -> None:
    reply = answer(asked(prompt="a [blocked] fox", num_images=wanted))
    assert (reply.status, len(reply.orders), len(reply.entries)) == (200, drawn, drawn)
    assert json(reply)["meta"]["usage"]["tokens_used"] == 84_000 * drawn


def test_billing_tells_the_documented_balance() -> None:
    assert billing("any-key") == Reply(200, {"current_balance": 10.07, "currency": "USD"})


SUCCESSOR = {"model": "google/gemini-nano-banana-2.1", "prompt": "A fox"}


def test_the_successor_draws_16_9_and_reports_no_price() -> None:
    reply = generate(SUCCESSOR, "any-key", fresh_seed=1)
    assert [(order.width, order.height) for order in reply.orders] == [(1408, 768)]
    assert reply.entries == ({"mime_type": "image/png"},)
    assert reply.body == {"data": [], "meta": {"usage": None}}


def test_the_successor_draws_larger_on_request() -> None:
    reply = generate({**SUCCESSOR, "resolution": "2K"}, "any-key", fresh_seed=1)
    assert [(order.width, order.height) for order in reply.orders] == [(2816, 1536)]


def test_the_successor_ignores_what_it_does_not_know_and_reads_long_prompts() -> None:
    unknown = {"num_images": 4, "seed": "odd", "enhance_prompt": 7, "prompt": "a" * 4_000}
    assert len(generate({**SUCCESSOR, **unknown}, "any-key", fresh_seed=1).orders) == 1
