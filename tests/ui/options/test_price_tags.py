"""The list of prices that the page is given: what the visitor reads before every click."""

import json

import pytest

from imagen_demo.domain.catalog import MAX_NUM_IMAGES, MODELS
from imagen_demo.domain.comparison import PRESETS
from imagen_demo.domain.pricing import Prices
from imagen_demo.ui.options.price_tags import Pricing


@pytest.fixture
def pricing() -> Pricing:
    return Pricing(Prices(), "sandbox")


def test_everything_that_can_be_chosen_has_its_price(pricing: Pricing) -> None:
    listed = json.loads(pricing.everything())
    for model in MODELS:
        assert listed["pictures"][model] == [
            pricing.of_pictures(model, number + 1) for number in range(MAX_NUM_IMAGES)
        ]
        for preset in PRESETS:
            assert listed["comparison"][model][preset] == pricing.of_comparison(preset, model)
    assert "<p " in listed["pictures"][model][0]


def test_the_list_is_no_markup(pricing: Pricing) -> None:
    assert not set("<&") & set(pricing.everything())


def test_it_is_short_enough_to_go_along_with_every_picture(pricing: Pricing) -> None:
    assert len(pricing.everything()) < 8_000
