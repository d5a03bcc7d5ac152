"""The catalogue says what the vendor documents, and the sandbox's contract says the same."""

import ast
from dataclasses import MISSING
from datetime import date
from pathlib import Path
from typing import get_type_hints

import pytest

from imagen_demo.domain import catalog
from imagen_demo.domain.catalog import MODELS, OPTIONS, RequestFields
from imagen_demo.domain.option import Option
from imagen_demo.sandbox import contract

IMAGEN_4 = [model for model in MODELS.values() if "imagen" in model.id]
SUCCESSOR = MODELS["google/gemini-nano-banana-2.1"]


def test_every_row_is_found_by_its_own_id() -> None:
    assert list(MODELS) == [each.id for each in MODELS.values()]
    assert catalog.DEFAULT_MODEL == "google/imagen-4.0-generate-001"
    assert catalog.TOKENS_PER_USD == 2_000_000


def test_the_three_imagen_models_have_the_documented_prices_and_limits() -> None:
    assert {each.id: each.tokens_per_picture for each in IMAGEN_4} == {
        "google/imagen-4.0-generate-001": 84_000,
        "google/imagen-4.0-fast-generate-001": 42_000,
        "google/imagen-4.0-ultra-generate-001": 126_000,
    }
    assert {each.priced_on for each in IMAGEN_4} == {date(2025, 9, 18)}
    assert {each.prompt_limit for each in IMAGEN_4} == {400}
    assert [each.usual_seconds for each in IMAGEN_4] == [(8, 15), (5, 6), (20, 45)]
    assert {each.withdrawn_on for each in IMAGEN_4} == {date(2026, 8, 17)}
    assert {each.successor for each in IMAGEN_4} == {SUCCESSOR.id}


def test_the_successor_has_options_of_its_own_and_no_invented_figures() -> None:
    assert SUCCESSOR.options == {"resolution", "enable_web_search"}
    assert (SUCCESSOR.prompt_limit, SUCCESSOR.tokens_per_picture) == (None, None)
    assert (SUCCESSOR.usual_seconds, SUCCESSOR.withdrawn_on) == (None, None)
    assert SUCCESSOR.priced_on is None


def test_the_sandboxs_contract_agrees_with_the_catalogue() -> None:
    fields, successor = contract.IMAGEN_FIELDS, contract.NANO_BANANA_FIELDS
    prices = {each.id: each.tokens_per_picture for each in MODELS.values()}
    assert prices == contract.TOKENS_PER_PICTURE
    assert catalog.TOKENS_PER_USD == contract.TOKENS_PER_USD
    assert catalog.MAX_WORDS_REWRITTEN == contract.MAX_WORDS_REWRITTEN == 30
    always = {"model", "prompt", "aspect_ratio"}
    assert set(fields["model"].options) == set(MODELS)
    assert {frozenset(fields) - always} == {each.options for each in IMAGEN_4}
    assert set(successor) - always == SUCCESSOR.options
    assert successor["prompt"].maximum is None
    assert set(successor["resolution"].options) == set(contract.SCALES)
    assert fields["prompt"].maximum == MODELS[catalog.DEFAULT_MODEL].prompt_limit
    assert set(catalog.ASPECT_RATIOS) == set(fields["aspect_ratio"].options) == set(contract.SIZES)
    assert fields["num_images"].maximum == catalog.MAX_NUM_IMAGES == 4
    assert (fields["seed"].minimum, fields["seed"].maximum) == (0, catalog.MAX_SEED)
    assert catalog.MAX_SEED == 4_294_967_295


KINDS = {"string": str, "integer": int, "boolean": bool}


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_is_in_the_sandboxs_contract_with_the_same_type_and_limits(name: str) -> None:
    option, documented = OPTIONS[name], contract.IMAGEN_FIELDS | contract.NANO_BANANA_FIELDS
    field = documented[name]
    typed = get_type_hints(RequestFields)[name]
    assert typed in {KINDS[field.kind], KINDS[field.kind] | None}
    assert set(option.choices) == set(field.options)
    if option.limits:
        low, high = option.limits
        assert (low, high) == (1 if field.minimum is None else field.minimum, field.maximum)


@pytest.mark.parametrize("option", OPTIONS.values(), ids=OPTIONS)
def test_a_row_fits_itself(option: Option) -> None:
    assert set(option.words) in (set(), set(option.choices))
    assert (
        not (option.choices and option.default is not MISSING) or option.default in option.choices
    )
    assert not option.models or set(option.models) <= set(MODELS)
    assert len(option.description) > 5
    assert "{" not in option.description


def test_a_program_is_told_what_an_option_may_be() -> None:
    assert OPTIONS["num_images"].description == "1 to 4."
    assert OPTIONS["person_generation"].description == "dont_allow or allow_adult."
    assert OPTIONS["resolution"].description == "1K, 2K or 4K; of Nano Banana 2.1 only."


def test_the_contract_is_written_without_the_catalogue() -> None:
    nodes = list(ast.walk(ast.parse(Path(contract.__file__).read_text(encoding="utf-8"))))
    froms = {each.module for each in nodes if isinstance(each, ast.ImportFrom)}
    assert froms == {"dataclasses", "typing"}
    assert not [each for each in nodes if isinstance(each, ast.Import)]
