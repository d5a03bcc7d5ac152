"""A comparison is a few valid requests for one picture each that differ in one thing."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.domain.catalog import (
    ASPECT_RATIOS,
    DEFAULT_MODEL,
    MAX_SEED,
    MODELS,
    OPTIONS,
)
from imagen_demo.domain.comparison import LABELS, PRESETS, Column, columns_of, hindrance, models_of
from imagen_demo.domain.errors import Charged, InvalidRequest
from imagen_demo.domain.request import GenerationRequest
from tests.stand_ins import values_of

FAST = "google/imagen-4.0-fast-generate-001"
ULTRA = "google/imagen-4.0-ultra-generate-001"
NANO = "google/gemini-nano-banana-2.1"
IMAGEN_4 = (DEFAULT_MODEL, FAST, ULTRA)

COMPARED = {
    "rewriting": "enhance_prompt",
    "models": "model",
    "ratios": "aspect_ratio",
    "seeds": "seed",
}
"""The one field in which the columns of each differ."""

every_preset = pytest.mark.parametrize("preset", PRESETS)
every_imagen = pytest.mark.parametrize("model", IMAGEN_4)


def ask(**fields: object) -> GenerationRequest:
    asked: dict[str, Any] = {"prompt": "A fox", **fields}
    return GenerationRequest(**asked)


def requests(preset: str, **fields: object) -> list[GenerationRequest]:
    return [each.request for each in columns_of(preset, ask(**fields))]


def values(preset: str, name: str, **fields: object) -> list[object]:
    return [getattr(each, name) for each in requests(preset, **fields)]


def differing(asked: Sequence[GenerationRequest]) -> set[str]:
    """The fields in which not all of them agree."""
    names = (each.name for each in fields(GenerationRequest))
    return {name for name in names if len({getattr(each, name) for each in asked}) > 1}


def refusal(preset: str, **fields: object) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        columns_of(preset, ask(**fields))
    assert caught.value.charged is Charged.NO
    return caught.value


@every_preset
@every_imagen
def test_columns_differ_in_one_field_and_draw_one_picture_each(preset: str, model: str) -> None:
    asked = requests(preset, model=model, num_images=4)
    has_drawn_seed = {"seed"} if preset == "rewriting" else set()  # it has no effect on the first
    assert differing(asked) == {COMPARED[preset]} | has_drawn_seed
    assert {each.num_images for each in asked} == {1}
    assert {each.prompt for each in asked} == {"A fox"}


@every_preset
def test_every_preset_has_words_and_columns_of_its_own(preset: str) -> None:
    asked = columns_of(preset, ask())
    assert PRESETS[preset]
    assert 2 <= len(asked) <= 5
    assert len(asked) == len(LABELS[preset]) == len(models_of(preset, DEFAULT_MODEL))
    assert len({each.label for each in asked}) == len(asked)
    assert set(PRESETS) == set(LABELS) == set(COMPARED)


@every_preset
@every_imagen
def test_the_models_said_before_are_those_that_are_asked(preset: str, model: str) -> None:
    assert [each.model for each in requests(preset, model=model)] == list(models_of(preset, model))


@pytest.mark.parametrize("preset", ["models", "ratios"])
def test_what_the_successor_can_compare_asks_the_models_said_before(preset: str) -> None:
    assert [each.model for each in requests(preset, model=NANO)] == list(models_of(preset, NANO))


def test_rewriting_is_on_first_and_then_off() -> None:
    asked = columns_of("rewriting", ask(seed=7))
    on, off = ask(), ask(enhance_prompt=False, seed=7)
    assert asked == [Column("Rewriting on", on), Column("Rewriting off", off)]
    assert LABELS["rewriting"] == ("Rewriting on", "Rewriting off")


def test_models_are_compared_from_the_fastest_to_the_best() -> None:
    asked = columns_of("models", ask())
    assert asked == [
        Column("Fast", ask(model=FAST)),
        Column("Standard", ask(model=DEFAULT_MODEL)),
        Column("Ultra", ask(model=ULTRA)),
    ]
    assert LABELS["models"] == ("Fast", "Standard", "Ultra")


@pytest.mark.parametrize("model", MODELS)
def test_ratios_are_all_that_there_are_whichever_was_chosen(model: str) -> None:
    asked = columns_of("ratios", ask(aspect_ratio="3:4", model=model))
    assert asked == [Column(each, ask(aspect_ratio=each, model=model)) for each in ASPECT_RATIOS]
    assert LABELS["ratios"] == ASPECT_RATIOS


@pytest.mark.parametrize(
    ("seed", "following"),
    [
        (7, [7, 8, 9]),
        (0, [0, 1, 2]),
        (MAX_SEED - 2, [MAX_SEED - 2, MAX_SEED - 1, MAX_SEED]),
        (MAX_SEED - 1, [MAX_SEED - 1, MAX_SEED, 0]),
        (MAX_SEED, [MAX_SEED, 0, 1]),
    ],
)
@pytest.mark.parametrize("enhance_prompt", [True, False])
def test_seeds_begin_with_the_visitors_and_wrap_around(
    seed: int, following: list[int], *, enhance_prompt: bool
) -> None:
    asked = columns_of("seeds", ask(seed=seed, enhance_prompt=enhance_prompt))
    assert asked == [
        Column(f"Seed {each}", ask(seed=each, enhance_prompt=False)) for each in following
    ]


def test_seeds_are_drawn_where_none_was_given() -> None:
    first, second, third = (each.seed for each in requests("seeds"))
    assert isinstance(first, int)
    assert [second, third] == [(first + step) % (MAX_SEED + 1) for step in (1, 2)]
    assert len({requests("seeds")[0].seed for _ in range(9)}) == 9


@pytest.mark.parametrize(
    "chosen", [{}, {"add_watermark": True}, {"enhance_prompt": False}], ids=str
)
def test_seeds_have_an_effect_whatever_was_chosen_besides(chosen: dict[str, object]) -> None:
    for each in requests("seeds", **chosen):
        assert (each.enhance_prompt, each.add_watermark) == (False, False)


@pytest.mark.parametrize("preset", ["models", "ratios"])
@pytest.mark.parametrize(
    ("chosen", "shared"),
    [
        ({"enhance_prompt": False}, True),
        ({}, False),
        ({"add_watermark": True}, False),
        ({"enhance_prompt": False, "add_watermark": True}, False),
    ],
    ids=str,
)
def test_one_seed_is_drawn_for_all_where_it_has_an_effect(
    preset: str, chosen: dict[str, object], *, shared: bool
) -> None:
    (seed,) = set(values(preset, "seed", **chosen))
    assert isinstance(seed, int) is shared
    assert shared or seed is None


@pytest.mark.parametrize("preset", ["models", "ratios"])
@pytest.mark.parametrize("seed", [0, 7, MAX_SEED])
def test_the_visitors_seed_is_used_for_all(preset: str, seed: int) -> None:
    assert set(values(preset, "seed", enhance_prompt=False, seed=seed)) == {seed}


@pytest.mark.parametrize("enhance_prompt", [True, False])
def test_a_seed_is_used_where_rewriting_is_off_and_left_out_where_it_is_on(
    *, enhance_prompt: bool
) -> None:
    assert values("rewriting", "seed", seed=0, enhance_prompt=enhance_prompt) == [None, 0]
    on, off = values("rewriting", "seed", enhance_prompt=enhance_prompt)
    assert on is None
    assert isinstance(off, int)
    assert values("rewriting", "seed", add_watermark=True) == [None, None]


CHOSEN: dict[str, object] = {
    "person_generation": "dont_allow",
    "safety_setting": "block_only_high",
    "convert_base64_to_url": False,
}


@every_preset
@every_imagen
def test_what_was_chosen_besides_is_kept(preset: str, model: str) -> None:
    for each in requests(preset, model=model, **CHOSEN):
        assert {name: getattr(each, name) for name in CHOSEN} == CHOSEN
    if preset != "seeds":  # which the watermark excludes
        assert set(values(preset, "add_watermark", model=model, add_watermark=True)) == {True}
    if preset != "ratios":
        assert set(values(preset, "aspect_ratio", model=model, aspect_ratio="9:16")) == {"9:16"}


@every_preset
def test_a_request_that_was_compared_is_still_as_it_was(preset: str) -> None:
    asked = ask(num_images=4, enhance_prompt=False)
    columns_of(preset, asked)
    assert asked == ask(num_images=4, enhance_prompt=False)


# The successor takes other options.


@pytest.mark.parametrize(
    ("preset", "field", "message"),
    [
        ("rewriting", "enhance_prompt", "Nano Banana 2.1 does not rewrite prompts."),
        ("seeds", "seed", "Nano Banana 2.1 takes no seed."),
    ],
)
def test_what_the_successor_cannot_compare_is_refused_with_advice(
    preset: str, field: str, message: str
) -> None:
    error = refusal(preset, model=NANO, resolution="4K")
    assert (error.field, error.message) == (field, message)
    assert error.advice == "Choose an Imagen 4 model under Options."
    before = hindrance(preset, NANO)
    assert before
    assert (before.field, str(before)) == (error.field, str(error))


@every_preset
@pytest.mark.parametrize("model", MODELS)
def test_a_hindrance_is_said_before_exactly_where_the_click_would_be_refused(
    preset: str, model: str
) -> None:
    hindered = hindrance(preset, model)
    assert (hindered is not None) == (model == NANO and preset in {"rewriting", "seeds"})
    if hindered is None:
        assert len(columns_of(preset, ask(model=model))) == len(LABELS[preset])
    else:
        assert str(refusal(preset, model=model)) == str(hindered)


def test_a_hindrance_is_said_before_anything_else_is_wrong() -> None:
    error = refusal("seeds", model=NANO, prompt="x" * 401)
    assert error.message == "Nano Banana 2.1 takes no seed."


def test_models_leave_out_the_successors_own_options() -> None:
    chosen = {"model": NANO, "resolution": "4K", "enable_web_search": True, "aspect_ratio": "4:3"}
    assert requests("models", **chosen) == [
        ask(model=model, aspect_ratio="4:3") for model in (FAST, DEFAULT_MODEL, ULTRA)
    ]


def test_ratios_keep_the_successors_own_options() -> None:
    chosen = {"model": NANO, "resolution": "4K", "enable_web_search": True}
    assert requests("ratios", **chosen) == [
        ask(**chosen, aspect_ratio=each) for each in ASPECT_RATIOS
    ]


def test_a_prompt_that_only_the_successor_reads_is_refused_for_the_others() -> None:
    longest, too_long = "x" * 400, "x" * 401
    assert len(requests("models", model=NANO, prompt=longest)) == 3
    assert len(requests("ratios", model=NANO, prompt=too_long)) == 5
    error = refusal("models", model=NANO, prompt=too_long)
    assert error.field == "prompt"
    assert "401 characters" in error.message
    assert "Take out 1," in str(error)


@pytest.mark.parametrize("preset", ["", "Models", "model", "three seeds", "__class__"])
@pytest.mark.parametrize("model", MODELS)
def test_nothing_else_is_compared(preset: str, model: str) -> None:
    error = refusal(preset, model=model)
    assert (error.field, error.message) == ("preset", "Nothing is compared that way.")
    assert hindrance(preset, model) is None, "which is no fault of the model's"


# Whatever was chosen.


@st.composite
def valid_requests(draw: st.DrawFn) -> GenerationRequest:
    """Draw any combination of options that a model takes."""
    model = MODELS[draw(st.sampled_from(sorted(MODELS)))]
    seeds = {"seed": st.none() | st.sampled_from([0, MAX_SEED]) | st.integers(0, MAX_SEED)}
    chosen = {
        name: draw(seeds.get(name, st.sampled_from(values_of(OPTIONS[name]))), label=name)
        for name in sorted(model.options)
    }
    if chosen.get("seed") is not None and chosen.get("add_watermark"):
        chosen["seed"] = None  # these two exclude each other
    return ask(model=model.id, aspect_ratio=draw(st.sampled_from(ASPECT_RATIOS)), **chosen)


@given(st.sampled_from(sorted(PRESETS)), valid_requests())
@settings(deadline=None, max_examples=300)
def test_every_column_of_any_request_is_a_valid_one(preset: str, asked: GenerationRequest) -> None:
    if preset in {"rewriting", "seeds"} and asked.model == NANO:
        with pytest.raises(InvalidRequest):
            columns_of(preset, asked)
        return
    compared = columns_of(preset, asked)
    each_asked = [each.request for each in compared]
    assert len(compared) == len(LABELS[preset])
    assert [each.model for each in each_asked] == list(models_of(preset, asked.model))
    assert [replace(each) for each in each_asked] == each_asked  # which checks them once more
    assert {each.num_images for each in each_asked} == {1}
    free = {"seed"} if preset == "rewriting" else set()
    assert {COMPARED[preset]} <= differing(each_asked) <= {COMPARED[preset]} | free
    for each in each_asked:
        assert each.reproducible() == each, "a seed that has an effect is shared"
