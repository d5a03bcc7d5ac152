"""The prices that the page is given: figures, and only of what may have changed."""

import json
from datetime import date

import pytest

from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.pricing import Estimate, Prices
from imagen_demo.service.provider_settings import Payer
from imagen_demo.ui.options.price_tags import Pricing


def test_a_price_has_its_tokens_and_the_day_it_was_documented() -> None:
    pricing = Pricing(Prices(), "sandbox")
    assert pricing.of(DEFAULT_MODEL) == {"tokens": 84_000, "documented": "2025-09-18"}
    assert pricing.of("google/gemini-nano-banana-2.1") is None


def test_what_was_charged_here_has_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    charged = Estimate(104_000, None)
    monkeypatch.setattr(Prices, "estimate", lambda *_: charged)
    assert Pricing(Prices(), "host").of(DEFAULT_MODEL) == {"tokens": 104_000, "documented": None}


def test_every_model_has_one_and_all_together_are_short() -> None:
    every = Pricing(Prices(), "sandbox").of_each()
    assert list(every) == list(MODELS)
    assert len(json.dumps(every)) < 500
    for price in filter(None, every.values()):
        assert price["documented"]
        assert date.fromisoformat(price["documented"]) <= date(2026, 11, 30)


def test_of_some_models_only_those_are_told() -> None:
    assert list(Pricing(Prices(), "sandbox").of_each([DEFAULT_MODEL])) == [DEFAULT_MODEL]


@pytest.mark.parametrize(
    ("without_key", "draws"),
    [("sandbox", True), ("always sandbox", True), ("host", False), ("nobody", False)],
)
def test_the_sandbox_is_free_where_it_draws(without_key: Payer, *, draws: bool) -> None:
    assert Pricing(Prices(), without_key).sandbox_draws is draws
