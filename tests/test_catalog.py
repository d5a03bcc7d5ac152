"""The catalogue says what the vendor documents, and the sandbox's contract says the same."""

import ast
from datetime import date
from pathlib import Path

from imagen_demo import catalog
from imagen_demo.catalog import MODELS
from imagen_demo.sandbox import contract


def test_the_three_models_have_the_documented_prices_and_limits() -> None:
    assert list(MODELS) == [each.id for each in MODELS.values()]
    assert {each.id: each.tokens_per_picture for each in MODELS.values()} == {
        "google/imagen-4.0-generate-001": 84_000,
        "google/imagen-4.0-fast-generate-001": 42_000,
        "google/imagen-4.0-ultra-generate-001": 126_000,
    }
    assert {each.prompt_limit for each in MODELS.values()} == {400}
    assert [each.usual_seconds for each in MODELS.values()] == [(8, 15), (5, 6), (20, 45)]
    assert catalog.DEFAULT_MODEL == "google/imagen-4.0-generate-001"
    assert catalog.TOKENS_PER_USD == 2_000_000
    assert {each.withdrawn_on for each in MODELS.values()} == {date(2026, 8, 17)}
    assert {each.successor for each in MODELS.values()} == {"google/gemini-nano-banana-2.1"}


def test_the_sandboxs_contract_agrees_with_the_catalogue() -> None:
    fields = contract.FIELDS
    prices = {each.id: each.tokens_per_picture for each in MODELS.values()}
    assert prices == contract.TOKENS_PER_PICTURE
    assert catalog.TOKENS_PER_USD == contract.TOKENS_PER_USD
    assert catalog.MAX_WORDS_REWRITTEN == contract.MAX_WORDS_REWRITTEN == 30
    assert set(fields["model"].options) == set(MODELS)
    assert fields["prompt"].maximum == MODELS[catalog.DEFAULT_MODEL].prompt_limit
    assert set(catalog.ASPECT_RATIOS) == set(fields["aspect_ratio"].options) == set(contract.SIZES)
    assert set(catalog.PERSON_GENERATION) == set(fields["person_generation"].options)
    assert set(catalog.SAFETY_SETTINGS) == set(fields["safety_setting"].options)
    assert fields["num_images"].maximum == catalog.MAX_NUM_IMAGES == 4
    assert (fields["seed"].minimum, fields["seed"].maximum) == (0, catalog.MAX_SEED)
    assert catalog.MAX_SEED == 4_294_967_295


def test_the_contract_is_written_without_the_catalogue() -> None:
    nodes = list(ast.walk(ast.parse(Path(contract.__file__).read_text(encoding="utf-8"))))
    froms = {each.module for each in nodes if isinstance(each, ast.ImportFrom)}
    assert froms == {"dataclasses", "typing"}
    assert not [each for each in nodes if isinstance(each, ast.Import)]
