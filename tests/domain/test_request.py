"""A request holds every documented limit before anything is sent."""

import unicodedata
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.request import GenerationRequest

DOCUMENTED: dict[str, tuple[object, ...]] = {
    "model": tuple(f"google/imagen-4.0-{v}generate-001" for v in ("", "fast-", "ultra-")),
    "aspect_ratio": ("1:1", "9:16", "16:9", "3:4", "4:3"),
    "num_images": (1, 2, 3, 4),
    "seed": (None, 0, 1, 2**32 - 1),
    "enhance_prompt": (True, False),
    "person_generation": ("allow_adult", "dont_allow"),
    "safety_setting": ("block_medium_and_above", "block_low_and_above", "block_only_high"),
    "add_watermark": (False, True),
    "convert_base64_to_url": (True, False),
}
WRONG: dict[str, tuple[object, ...]] = {
    "prompt": (None, 7, b"A fox", ["A fox"]),
    "model": ("", "imagen-4", "GOOGLE/IMAGEN-4.0-GENERATE-001", None, [], {}),
    "aspect_ratio": ("", "2:1", "16x9", " 1:1", None, 1, [], {}),
    "num_images": (0, 5, -1, True, "2", 2.0, None, [], float("nan"), 10**30),
    "seed": (-1, 2**32, True, "7", 7.0, [], float("inf")),
    "enhance_prompt": (None, 0, 1, "true", []),
    "person_generation": ("", "allow_all", None, True, []),
    "safety_setting": ("", "block_none", None, {}),
    "add_watermark": (None, 0, 1, "false", {}),
    "convert_base64_to_url": (None, 1, ""),
}


def ask(**fields: object) -> GenerationRequest:
    asked: dict[str, Any] = {"prompt": "A fox", **fields}
    return GenerationRequest(**asked)


def refusal(**fields: object) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        ask(**fields)
    return caught.value


@pytest.mark.parametrize("char", ["a", "狐", "🦊"], ids=ascii)
def test_400_characters_are_taken_and_401_refused_with_both_numbers(char: str) -> None:
    assert ask(prompt=f"  {char * 400}\0\n").prompt == char * 400
    error = refusal(prompt=char * 401)
    assert error.field == "prompt"
    assert "401 characters; Imagen 4 reads at most 400." in error.message
    assert "Take out 1," in str(error)


@pytest.mark.parametrize(
    "prompt",
    ["", "  ", "\t\r\n", "\u3000\xa0", "\u200b\u200d\ufeff", "\ud800", "\0\x1b", "\u2066 \u2069"],
    ids=ascii,
)
def test_a_prompt_without_a_visible_character_is_empty(prompt: str) -> None:
    error = refusal(prompt=prompt)
    assert (error.field, error.message) == ("prompt", "The prompt is empty.")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(("  A fox  ", "A fox"), ("A\tfox\nin\r\nsnow\v!", "A fox in  snow !")),
        *(("A\u2028b\u2029c\x85d", "A b c d"), ("A\0 f\x1bo\x7fx\x9f", "A fox")),
        ("A \ud83dfox\udc00", "A fox"),
        ("👩\u200d🚀 नमस्ते e\u0301", "👩\u200d🚀 नमस्ते e\u0301"),
    ],
    ids=ascii,
)
def test_a_prompt_is_kept_as_it_will_be_sent(typed: str, kept: str) -> None:
    assert ask(prompt=typed).prompt == kept


def visible(text: str) -> list[str]:
    return [char for char in text if unicodedata.category(char)[0] not in "ZC"]


def prompt_or_error(typed: str) -> str | InvalidRequest:
    try:
        return ask(prompt=typed).prompt
    except InvalidRequest as error:
        return error


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())), st.integers(1, 100))
def test_any_text_is_a_clean_prompt_or_refused_by_name(text: str, times: int) -> None:
    typed = text * times
    prompt = prompt_or_error(typed)
    if isinstance(prompt, InvalidRequest):
        assert prompt.field == "prompt"
        assert len(typed) > 400 or not visible(typed)
        return
    assert 1 <= len(prompt) <= 400
    assert prompt == prompt.strip()
    assert not {unicodedata.category(char) for char in prompt} & {"Cc", "Cs", "Zl", "Zp"}
    assert visible(prompt) == visible(typed)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_documented_value_is_taken_and_the_first_is_the_default(name: str) -> None:
    values = list(DOCUMENTED[name])
    assert [getattr(ask(**{name: value}), name) for value in values] == values
    assert getattr(ask(), name) == values[0]


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, row in WRONG.items() for v in row])
def test_any_other_value_is_refused_by_its_fields_name(name: str, value: object) -> None:
    error = refusal(**{name: value})
    assert error.field == name
    assert error.advice_at(Door.CREATE)


def test_a_seed_and_the_watermark_exclude_each_other_even_for_seed_zero() -> None:
    assert refusal(seed=0, add_watermark=True).field == "seed"


def test_a_request_cannot_be_changed_past_its_checks() -> None:
    with pytest.raises(FrozenInstanceError):
        ask().prompt = "x" * 401  # type: ignore[misc]


@pytest.mark.parametrize("ratio", ["16:9", "1:1"])
def test_the_documented_request_gives_exactly_the_documented_body(ratio: str) -> None:
    body = {"prompt": "Racoon eating ice-cream", "model": "google/imagen-4.0-generate-001"}
    assert ask(**body, aspect_ratio=ratio).to_json() == {**body, "aspect_ratio": ratio}


def test_a_body_names_what_differs_from_the_defaults() -> None:
    chosen = {"prompt": "A fox", **{name: values[-1] for name, values in DOCUMENTED.items()}}
    without_seed = {name: value for name, value in chosen.items() if name != "seed"}
    assert ask(**without_seed).to_json() == without_seed
    assert ask(seed=0).to_json()["seed"] == 0


SUCCESSOR = "google/gemini-nano-banana-2.1"


@pytest.mark.parametrize(
    ("chosen", "drawn"),
    [
        ({}, False),
        ({"enhance_prompt": False}, True),
        ({"enhance_prompt": False, "num_images": 4}, True),
        ({"enhance_prompt": False, "add_watermark": True}, False),
        ({"add_watermark": True}, False),
        ({"enhance_prompt": False, "seed": 0}, False),
        ({"enhance_prompt": False, "seed": 7}, False),
        ({"seed": 7}, False),
        ({"model": SUCCESSOR}, False),
        *(({"enhance_prompt": False, "model": model}, True) for model in DOCUMENTED["model"]),
    ],
    ids=str,
)
def test_a_seed_is_drawn_only_where_it_has_an_effect_and_none_was_given(
    chosen: dict[str, object], *, drawn: bool
) -> None:
    given = ask(**chosen)
    made = given.reproducible()
    if not drawn:
        assert made == given
        return
    assert made.seed is not None
    assert made == replace(given, seed=made.seed)
    assert made.to_json()["seed"] == made.seed
    assert made.reproducible() == made


def test_drawn_seeds_differ_and_reach_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ask(enhance_prompt=False)
    assert len({given.reproducible().seed for _ in range(9)}) == 9
    monkeypatch.setattr("secrets.randbelow", lambda bound: bound - 1)
    assert given.reproducible().seed == 2**32 - 1


CHOSEN: dict[str, object] = {
    "num_images": 2,
    "seed": 7,
    "enhance_prompt": False,
    "person_generation": "dont_allow",
    "safety_setting": "block_only_high",
    "add_watermark": True,
    "convert_base64_to_url": False,
    "resolution": "4K",
    "enable_web_search": True,
}


@pytest.mark.parametrize("option", CHOSEN)
@pytest.mark.parametrize("model", MODELS)
def test_an_option_is_sent_or_refused_as_the_model_takes_it(model: str, option: str) -> None:
    chosen: dict[str, Any] = {"prompt": "A fox", "model": model, option: CHOSEN[option]}
    if option in MODELS[model].options:
        assert GenerationRequest(**chosen).to_json()[option] == CHOSEN[option]
        return
    with pytest.raises(
        InvalidRequest, match=f"{MODELS[model].label} does not take {option}"
    ) as said:
        GenerationRequest(**chosen)
    assert said.value.field == option


def test_the_successor_reads_prompts_of_any_length() -> None:
    assert len(GenerationRequest(prompt="a" * 4_000, model=SUCCESSOR).prompt) == 4_000


@pytest.mark.parametrize("resolution", ["8K", "1k", "", None, 1, ["1K"]])
def test_an_unknown_resolution_is_refused(resolution: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(InvalidRequest, match="1K, 2K, 4K"):
        GenerationRequest(prompt="A fox", model=SUCCESSOR, resolution=resolution)
