"""Recipes come back from their own JSON whole, and nothing else comes back as a recipe."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imagen_demo import __version__
from imagen_demo.domain.catalog import (
    MAX_SEED,
    MODELS,
    OPTIONS,
)
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.generation import (
    MAX_QUOTED,
    MAX_REWRITTEN,
    DrawnBy,
    Generation,
    Picture,
    Usage,
)
from imagen_demo.domain.recipe import VERSION, Recipe, parse_recipe
from imagen_demo.domain.request import GenerationRequest
from tests.conftest import png
from tests.stand_ins import values_of

NANO = "google/gemini-nano-banana-2.1"
RECIPE = Recipe(
    request=GenerationRequest(prompt="A fox"),
    rewritten_prompt="A red fox in deep snow",
    width=1408,
    height=768,
    usage=Usage(84_000, 0.042),
    seconds=3.25,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    inference_id="01ABC:def-2.x_y",
    drawn_by="imagen",
    response='{"data": [{"url": "https://cdn.example/1.png", "prompt": "A red fox"}]}',
    made_with="imagen-demo 9.8.7",
)
OUTCOME = {
    "rewritten_prompt": "A red fox in deep snow",
    "tokens_used": 84_000,
    "usd_spent": 0.042,
    "seconds": 3.25,
    "created_at": "2026-01-02T03:04:05+00:00",
    "inference_id": "01ABC:def-2.x_y",
    "drawn_by": "imagen",
    "response": '{"data": [{"url": "https://cdn.example/1.png", "prompt": "A red fox"}]}',
    "made_with": "imagen-demo 9.8.7",
}
CHOICES = {name: values_of(option) for name, option in OPTIONS.items()}
EVERY_OPTION = [
    (model.id, name, value)
    for model in MODELS.values()
    for name in sorted(model.options | {"aspect_ratio"})
    for value in (*CHOICES[name], *([None] if name == "seed" else []))
]


def request_of(**said: object) -> GenerationRequest:
    return GenerationRequest(**{"prompt": "A fox", **said})  # type: ignore[arg-type]


def back(recipe: Recipe) -> Recipe | None:
    return parse_recipe(recipe.to_text(), recipe.width, recipe.height)


def changed(**said: object) -> Recipe | None:
    return parse_recipe(json.dumps({**RECIPE.to_json(), **said}), 8, 8)


def without(name: str) -> Recipe | None:
    kept = {key: value for key, value in RECIPE.to_json().items() if key != name}
    return parse_recipe(json.dumps(kept), 8, 8)


def generation(*pictures: Picture, seconds: float = 3.0) -> Generation:
    return Generation(
        request=RECIPE.request,
        pictures=pictures,
        charged=len(pictures),
        missing=(),
        usage=RECIPE.usage,
        seconds=seconds,
        inference_id="abc-1",
        drawn_by="sandbox",
        response=RECIPE.response,
    )


def test_a_recipe_is_flat_json_under_the_apis_own_names() -> None:
    assert json.loads(RECIPE.to_text()) == {
        "version": 1,
        "model": "google/imagen-4.0-generate-001",
        "prompt": "A fox",
        "aspect_ratio": "1:1",
        **OUTCOME,
    }


@pytest.mark.parametrize(("model", "name", "value"), EVERY_OPTION)
def test_every_option_of_every_model_comes_back(model: str, name: str, value: object) -> None:
    recipe = replace(RECIPE, request=request_of(model=model, **{name: value}))
    assert back(recipe) == recipe


@pytest.mark.parametrize(("model", "name", "value"), EVERY_OPTION)
def test_what_was_sent_is_in_a_recipe_and_nothing_else(
    model: str, name: str, value: object
) -> None:
    request = request_of(model=model, **{name: value})
    said = replace(RECIPE, request=request).to_json()
    asked = {key: said[key] for key in said if key not in {"version", *OUTCOME}}
    assert asked == request.to_json()
    assert set(asked) == {"model", "prompt", "aspect_ratio"} | (
        {name} if getattr(request, name) != getattr(RECIPE.request, name) else set()
    )


def test_a_recipe_has_no_place_for_a_key() -> None:
    everything = replace(
        RECIPE,
        request=request_of(
            num_images=4,
            seed=7,
            enhance_prompt=False,
            person_generation="dont_allow",
            safety_setting="block_only_high",
            convert_base64_to_url=False,
        ),
    )
    names = {"version", *OUTCOME, *(each.name for each in fields(GenerationRequest))}
    unsent = {"add_watermark", "resolution", "enable_web_search"}
    assert set(everything.to_json()) == names - unsent
    assert names - {"version"} == (
        {"prompt", "model", "aspect_ratio", "num_images", "seed", "enhance_prompt"}
        | {"person_generation", "safety_setting", "add_watermark", "convert_base64_to_url"}
        | {"resolution", "enable_web_search", "rewritten_prompt", "tokens_used", "usd_spent"}
        | {"seconds", "created_at", "inference_id", "drawn_by", "response"}
        | {"made_with"}
    )


@given(
    prompt=st.text(min_size=1, max_size=400),
    rewritten=st.none() | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    tokens=st.none() | st.integers(0, 10**15 - 1),
    dollars=st.none() | st.floats(0, 1e15, exclude_max=True),
    seconds=st.floats(0, 1e6),
    moment=st.datetimes(timezones=st.just(UTC)),
    drawn_by=st.sampled_from(["imagen", "sandbox"]),
    response=st.text(alphabet=st.characters(exclude_categories=["Cs"])),
)
@settings(deadline=None, max_examples=150)
def test_whatever_stands_in_a_recipe_comes_back(  # noqa: PLR0913 - one for each thing that varies
    *,
    prompt: str,
    rewritten: str | None,
    tokens: int | None,
    dollars: float | None,
    seconds: float,
    moment: datetime,
    drawn_by: DrawnBy,
    response: str,
) -> None:
    try:
        request = request_of(prompt=prompt)
    except InvalidRequest:
        assume(condition=False)
    recipe = replace(
        RECIPE,
        request=request,
        rewritten_prompt=rewritten,
        usage=Usage(tokens, dollars),
        seconds=seconds,
        created_at=moment,
        drawn_by=drawn_by,
        response=response,
    )
    assert back(recipe) == recipe
    assert parse_recipe(recipe.to_text().encode(), recipe.width, recipe.height) == recipe


@pytest.mark.parametrize(
    "prompt",
    [
        *("two\nlines\r\nand\ttabs", "🦊👩‍🚀🇺🇦", "狐" * 400, "🦊" * 400, '"quoted" \\ {"a": 1}'),
        *("Steps: 3, Seed: 1", "Negative prompt: x", "<script>alert(1)</script>"),
    ],
    ids=lambda text: ascii(text)[:24],
)
def test_any_prompt_comes_back_on_one_line(prompt: str) -> None:
    recipe = replace(RECIPE, request=request_of(prompt=prompt))
    assert back(recipe) == recipe
    assert "\n" not in recipe.to_text()
    assert recipe.request.prompt in json.loads(recipe.to_text()).values()


def test_a_prompt_without_a_limit_comes_back_however_long_it_is() -> None:
    recipe = replace(RECIPE, request=request_of(model=NANO, prompt="狐" * 200_000))
    assert back(recipe) == recipe


def test_a_generation_is_noted_down_with_the_hour_in_utc() -> None:
    picture = Picture(png(), ".png", 8, 6, "A red fox")
    before = datetime.now(UTC)
    recipe = Recipe.of(generation(picture, seconds=3.14159))
    assert timedelta(seconds=-1) <= recipe.created_at - before < timedelta(minutes=1)
    assert recipe == Recipe(
        request=RECIPE.request,
        rewritten_prompt="A red fox",
        width=8,
        height=6,
        usage=Usage(84_000, 0.042),
        seconds=3.14,
        created_at=recipe.created_at,
        inference_id="abc-1",
        drawn_by="sandbox",
        response=RECIPE.response,
        made_with=f"imagen-demo {__version__}",
    )
    assert recipe.created_at.tzinfo is UTC
    assert recipe.created_at.microsecond == 0
    assert str(recipe.to_json()["created_at"]).endswith("+00:00")
    assert back(recipe) == recipe


@pytest.mark.parametrize(
    ("said", "seed"),
    [
        ({"seed": 7}, None),
        ({"seed": 7, "enhance_prompt": False}, 7),
        ({"seed": 0, "enhance_prompt": False}, 0),
        ({"enhance_prompt": False}, None),
        ({}, None),
    ],
    ids=repr,
)
def test_a_seed_counts_only_where_the_prompt_was_not_rewritten(
    said: dict[str, object], seed: int | None
) -> None:
    recipe = replace(RECIPE, request=request_of(**said))
    assert recipe.seed == seed


DEEP = [
    text
    for depth in (20, 300, 100_000)
    for text in ("[" * depth, "[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth)
]
NO_RECIPES: list[str | bytes] = [
    *("", " ", "A fox", "null", "true", "1", '"A fox"', "[]", "{}", "[{}]", "{", "NaN"),
    *(b"", b"\xff\xfe", b"\0", b'{"version": 1}', '{"version": 1, "prompt": "A fox"}'),
    *(RECIPE.to_text()[:-1], RECIPE.to_text() + "x", f"[{RECIPE.to_text()}]", "\ud800"),
    *(RECIPE.to_text().encode("utf-16"), RECIPE.to_text().encode() + b"\xff"),
    *(RECIPE.to_text().replace("A fox", spoilt) for spoilt in ("\ud800", "\\ud800", "\\x")),
    *(f'{{"x": {text}, {RECIPE.to_text()[1:]}' for text in DEEP[3:]),
    *DEEP,
]


@pytest.mark.parametrize("written", NO_RECIPES, ids=lambda written: ascii(written)[:24])
def test_what_is_no_recipe_is_none(written: str | bytes) -> None:
    assert parse_recipe(written, 8, 8) is None


NOT_AMOUNTS: tuple[object, ...] = (
    *(-1, -0.01, 1e15, 10**15, 1e300, 10**400, math.nan, math.inf, -math.inf),
    *("84000", True, False, [84_000], {}, ""),
)
WRONG: Mapping[str, tuple[object, ...]] = {
    "version": (None, 0, 2, "1", [1], {}, 1.5, True),
    "model": (None, "", "google/imagen-9", 7, [], {}, True),
    "prompt": (None, "", "  ", 7, [], {}, "x" * 401, "\u200d"),
    "aspect_ratio": (None, "", "2:1", 1, []),
    "num_images": (None, 0, 5, -1, "1", 1.5, True, [], 10**400),
    "seed": (-1, MAX_SEED + 1, "7", 7.5, True, [], 10**400, math.nan),
    "enhance_prompt": (None, "false", 0, 1, []),
    "person_generation": (None, "allow_all", True, []),
    "safety_setting": (None, "block_none", 0, []),
    "add_watermark": (None, "true", 1),
    "convert_base64_to_url": (None, "true", 1),
    "resolution": (None, "8K", "2K", 1),
    "enable_web_search": (None, 1, True),
    "rewritten_prompt": (7, True, [], {}, "x" * (MAX_REWRITTEN + 1)),
    "tokens_used": (*NOT_AMOUNTS, 0.5),
    "usd_spent": NOT_AMOUNTS,
    "seconds": (*NOT_AMOUNTS, None),
    "created_at": (
        *("", "now", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05+00:00"),
        *("99999-01-02T03:04:05+00:00", "1767322800", 1_767_322_800, 1e300, None, True, [], {}),
    ),
    "inference_id": (None, 7, "x" * 129, "a b", "a\n", "<b>", "é", "a/b", []),
    "drawn_by": (None, "", "midjourney", True, ["imagen"]),
    "response": (None, 7, True, [], {"data": []}, "x" * (MAX_QUOTED + 1), "狐" * (MAX_QUOTED + 1)),
    "made_with": (None, 7, "x" * 65, "a\n", "<b>", []),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG.items() for value in values],
    ids=lambda value: ascii(value)[:24],
)
def test_one_wrong_value_makes_it_no_recipe(name: str, value: object) -> None:
    assert changed(**{name: value}) is None


@pytest.mark.parametrize("name", ["tokens_used", "usd_spent", "seconds"])
@pytest.mark.parametrize("digits", ["9" * 5000, "1e999", "-1e999", "NaN", "Infinity", "0x10"])
def test_a_number_beyond_python_makes_it_no_recipe(name: str, digits: str) -> None:
    said = f'"{name}": {OUTCOME[name]}'
    assert said in RECIPE.to_text()
    assert parse_recipe(RECIPE.to_text().replace(said, f'"{name}": {digits}'), 8, 8) is None


@pytest.mark.parametrize(
    "name", sorted({"version", "prompt", *OUTCOME} - {"response", "made_with"})
)
def test_a_recipe_that_lacks_a_piece_is_none(name: str) -> None:
    assert without(name) is None


def test_an_older_recipe_tells_nothing_of_the_demo_that_made_it() -> None:
    assert without("made_with") == replace(RECIPE, width=8, height=8, made_with="")


def test_an_older_recipe_tells_nothing_of_what_the_service_answered() -> None:
    assert without("response") == replace(RECIPE, width=8, height=8, response="")


RESPONSES = {
    "nothing": "",
    "no json": "<html>\r\n\tIt works!</html>\0",
    "quotes and backslashes": '{"a\\\\": "\\"\\\\\\u72d0"}' * 20,
    "a recipe": '{"version": 2, "prompt": "", "response": "x"}',
    "as long as can be": "x" * MAX_QUOTED,
    "as long as can be in Chinese": "狐" * MAX_QUOTED,
    "as long as can be in emoji": "🦊" * MAX_QUOTED,
}


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_whatever_the_service_answered_comes_back_as_text(response: str) -> None:
    recipe = replace(RECIPE, response=response)
    assert back(recipe) == recipe
    assert json.loads(recipe.to_text())["response"] == response
    assert "\n" not in recipe.to_text()


def test_two_options_that_exclude_each_other_are_no_recipe() -> None:
    assert changed(seed=7, add_watermark=True) is None


def test_an_option_that_the_model_does_not_take_is_no_recipe() -> None:
    assert changed(model=NANO) is not None
    assert changed(model=NANO, seed=7) is None


def test_amounts_that_the_service_did_not_say_come_back_as_none() -> None:
    recipe = replace(RECIPE, usage=Usage(), rewritten_prompt=None, inference_id="")
    assert back(recipe) == recipe


def test_a_piece_that_a_later_demo_added_is_passed_over() -> None:
    later: tuple[object, ...] = (1, None, "x", [1, {"y": None}], {"z": [[[]]]})
    for value in later:
        assert changed(mood=value) == replace(RECIPE, width=8, height=8)
    assert changed(width=1, height=-1, __class__="x", self=1) == changed()


def test_the_size_is_the_pictures_own() -> None:
    recipe = parse_recipe(RECIPE.to_text(), 640, 480)
    assert recipe == replace(RECIPE, width=640, height=480)


@pytest.mark.parametrize(
    "said", ["2026-01-02T05:04:05+02:00", "2026-01-01T22:04:05-05:00", "2026-01-02T03:04:05Z"]
)
def test_an_hour_of_another_zone_is_read_as_utc(said: str) -> None:
    recipe = changed(created_at=said)
    assert recipe is not None
    assert recipe.created_at == RECIPE.created_at
    assert recipe.to_json()["created_at"] == "2026-01-02T03:04:05+00:00"


@pytest.mark.parametrize("said", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_an_hour_that_utc_cannot_express_is_no_recipe(said: str) -> None:
    assert changed(created_at=said) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=6,
    ),
    st.sampled_from(sorted({"mood", *WRONG})),
)
@settings(deadline=None, max_examples=150)
def test_any_json_in_any_place_is_read_or_none(value: object, name: str) -> None:
    recipe = changed(**{name: value})
    assert recipe is None or back(recipe) == recipe


@given(st.text() | st.binary())
@settings(deadline=None, max_examples=100)
def test_noise_is_none(written: str | bytes) -> None:
    assert parse_recipe(written, 8, 8) is None


def test_the_version_is_still_the_first() -> None:
    assert RECIPE.to_json()["version"] == VERSION == 1
