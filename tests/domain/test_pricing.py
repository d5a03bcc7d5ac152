"""A price before the fact: the documented one, until this process has seen another charged."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.generation import DrawnBy, Generation, Usage
from imagen_demo.domain.pricing import (
    BEYOND_REASON,
    UNKNOWN_PRICE,
    Estimate,
    Prices,
    believed,
    may_cost,
)
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.verify import verify_picture
from tests.conftest import png

DOCUMENTED = date(2025, 9, 18)
FAST = "google/imagen-4.0-fast-generate-001"
ULTRA = "google/imagen-4.0-ultra-generate-001"
SUCCESSOR = "google/gemini-nano-banana-2.1"


def asked(model: str = DEFAULT_MODEL, num_images: int = 1) -> GenerationRequest:
    return GenerationRequest(prompt="A fox", model=model, num_images=num_images)


def charged(
    tokens: int | None,
    *,
    pictures: int = 1,
    model: str = DEFAULT_MODEL,
    drawn_by: DrawnBy = "imagen",
) -> Generation:
    return Generation(
        request=asked(model, pictures),
        pictures=(verify_picture(png(), None),) * pictures,
        charged=pictures,
        missing=(),
        usage=Usage(tokens),
        seconds=1,
        inference_id="",
        drawn_by=drawn_by,
    )


@pytest.mark.parametrize(
    ("model", "tokens"), [(DEFAULT_MODEL, 84_000), (FAST, 42_000), (ULTRA, 126_000)]
)
def test_before_anything_was_charged_the_documented_price_has_its_date(
    model: str, tokens: int
) -> None:
    assert Prices().estimate(model) == Estimate(tokens, DOCUMENTED)


def test_every_documented_price_has_a_date_and_no_other_has() -> None:
    for model in MODELS.values():
        assert (model.tokens_per_picture is None) is (model.priced_on is None)


def test_what_three_pictures_cost_says_what_one_and_four_will() -> None:
    prices = Prices()
    prices.note(charged(312_000, pictures=3))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(104_000, None)


def test_the_last_price_seen_counts() -> None:
    prices = Prices()
    for tokens in (104_000, 90_000):
        prices.note(charged(tokens))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(90_000, None)


def test_one_models_price_says_nothing_of_anothers() -> None:
    prices = Prices()
    prices.note(charged(52_000, model=FAST))
    assert prices.estimate(FAST) == Estimate(52_000, None)
    assert prices.estimate(ULTRA) == Estimate(126_000, DOCUMENTED)


def test_a_blocked_picture_is_not_charged_and_does_not_lower_the_price() -> None:
    prices = Prices()
    two = charged(208_000, pictures=2)
    prices.note(replace(two, request=replace(two.request, num_images=3)))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(104_000, None)


@pytest.mark.parametrize("tokens", [None, 0])
def test_a_generation_that_names_no_cost_changes_nothing(tokens: int | None) -> None:
    prices = Prices()
    prices.note(charged(tokens))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(84_000, DOCUMENTED)


def test_the_sandboxs_figures_are_no_news() -> None:
    prices = Prices()
    prices.note(charged(1, drawn_by="sandbox"))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(84_000, DOCUMENTED)
    prices.note(charged(104_000))
    prices.note(charged(84_000, drawn_by="sandbox"))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(104_000, None)


def test_nobody_knows_the_successors_price_until_it_was_charged() -> None:
    prices = Prices()
    assert prices.estimate(SUCCESSOR) is None
    prices.note(charged(150_000, model=SUCCESSOR))
    assert prices.estimate(SUCCESSOR) == Estimate(150_000, None)


# What may be charged.

MORE: tuple[dict[str, Any], ...] = (
    {"resolution": "2K"},
    {"resolution": "4K"},
    {"enable_web_search": True},
    {"resolution": "4K", "enable_web_search": True},
)


@pytest.mark.parametrize(
    ("wanted", "tokens"),
    [
        (asked(), 84_000),
        (asked(num_images=3), 252_000),
        (asked(FAST, num_images=4), 168_000),
        (asked(ULTRA), 126_000),
        (replace(asked(), enhance_prompt=False, add_watermark=True, aspect_ratio="16:9"), 84_000),
        (asked(SUCCESSOR), 630_000),
        *((replace(asked(SUCCESSOR), **more), 630_000) for more in MORE),
    ],
    ids=str,
)
def test_a_request_may_cost_what_is_documented_else_far_more(
    wanted: GenerationRequest, tokens: int
) -> None:
    assert max(each.tokens_per_picture or 0 for each in MODELS.values()) * 5 == UNKNOWN_PRICE
    assert may_cost(wanted) == tokens
    assert Prices().at_most(wanted) == tokens


@pytest.mark.parametrize("more", MORE, ids=str)
def test_what_one_kind_of_picture_cost_says_nothing_of_another(more: dict[str, Any]) -> None:
    prices, plain = Prices(), charged(700_000, model=SUCCESSOR)
    prices.note(replace(plain, request=replace(asked(SUCCESSOR), **more)))
    assert prices.estimate(SUCCESSOR) is None
    assert prices.at_most(asked(SUCCESSOR)) == UNKNOWN_PRICE
    assert prices.at_most(replace(asked(SUCCESSOR), **more)) == 700_000
    prices.note(plain)
    assert prices.estimate(SUCCESSOR) == Estimate(700_000, None)


def test_a_dearer_price_is_set_aside_and_a_cheaper_one_is_not() -> None:
    prices = Prices()
    for tokens, at_most in ((104_000, 312_000), (1, 252_000), (90_000, 270_000)):
        prices.note(charged(tokens))
        assert prices.at_most(asked(num_images=3)) == at_most


@pytest.mark.parametrize(
    "generation",
    [charged(84_000), charged(84_000, pictures=4), charged(630_000, model=SUCCESSOR)],
    ids=["one", "four", "of no documented price"],
)
def test_a_figure_beyond_reason_is_neither_believed_nor_a_price(generation: Generation) -> None:
    prices, most = Prices(), BEYOND_REASON * may_cost(generation.request)
    model = generation.request.model
    before = prices.estimate(model)
    for usage in (Usage(most + 1), Usage(0, 1e14), Usage(9 * 10**14, 0.042)):
        absurd = replace(generation, usage=usage)
        prices.note(absurd)
        assert (believed(absurd), prices.estimate(model)) == (0, before)
    dear = replace(generation, usage=Usage(most))
    prices.note(dear)
    assert (believed(dear), prices.at_most(dear.request)) == (most, most)


def test_the_dollars_are_the_price_where_they_say_more() -> None:
    prices = Prices()
    prices.note(replace(charged(0), usage=Usage(0, 0.052)))
    assert prices.estimate(DEFAULT_MODEL) == Estimate(104_000, None)
