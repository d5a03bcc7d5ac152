"""Options that depend on each other and on the model, and what a request fills in."""

from typing import Any

import gradio as gr
import pytest

from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS, OPTIONS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.panel import place_options


@pytest.mark.parametrize("model", MODELS)
def test_only_what_the_model_takes_is_shown(model: str) -> None:
    updates = rules.fit(model)
    shown = {
        name for name, update in zip(rules.OPTIONS, updates, strict=False) if update["visible"]
    }
    assert shown == MODELS[model].options & set(rules.OPTIONS)
    assert {update["visible"] for update in updates[len(rules.OPTIONS) :]} == {"seed" in shown}


def test_every_option_of_every_model_is_on_the_page_but_how_pictures_travel() -> None:
    every = frozenset().union(*(model.options for model in MODELS.values()))
    assert every - set(rules.OPTIONS) == {"convert_base64_to_url"}


def test_what_is_hidden_is_not_sent() -> None:
    given = {"seed": 7, "resolution": "2K"}
    assert rules.taken(DEFAULT_MODEL, given) == {"seed": 7}
    assert rules.taken("google/gemini-nano-banana-2.1", given) == {"resolution": "2K"}


def test_the_settings_are_all_inputs_in_the_pages_order() -> None:
    with gr.Blocks():
        options = place_options()
    assert ("prompt", "aspect_ratio", *options.inputs) == rules.SETTINGS
    fields = GenerationRequest.__dataclass_fields__.keys()
    assert fields - set(rules.SETTINGS) == {"convert_base64_to_url"}


def test_a_request_fills_every_setting_as_its_widget_takes_it() -> None:
    request = GenerationRequest(
        prompt="A fox",
        aspect_ratio="3:4",
        num_images=2,
        seed=7,
        enhance_prompt=False,
        person_generation="dont_allow",
        safety_setting="block_only_high",
    )
    assert rules.filled(request) == {
        **{name: OPTIONS[name].default for name in rules.SETTINGS},
        "prompt": "A fox",
        "aspect_ratio": "3:4",
        "num_images": 2,
        "seed": "7",
        "enhance_prompt": False,
        "person_generation": "dont_allow",
        "safety_setting": "block_only_high",
    }


def test_a_seed_that_had_no_effect_is_not_filled_in() -> None:
    filled = rules.filled(GenerationRequest(prompt="A fox", seed=7))
    assert filled["seed"] == ""
    assert filled["enhance_prompt"] is True


CHOSEN: dict[str, Any] = {
    **{name: OPTIONS[name].default for name in rules.SETTINGS},
    "prompt": "A fox",
    "aspect_ratio": "3:4",
    "num_images": 2,
    "seed": "",
    "person_generation": "dont_allow",
    "safety_setting": "block_only_high",
    "add_watermark": True,
    "resolution": "2K",
    "enable_web_search": True,
}


@pytest.mark.parametrize("setting", rules.SETTINGS)
def test_a_request_is_made_of_every_setting_by_its_name(setting: str) -> None:
    without = {name: value for name, value in CHOSEN.items() if name != setting}
    with pytest.raises(KeyError, match=setting):
        rules.request_of(without)


def test_a_request_is_made_of_what_the_model_takes() -> None:
    assert rules.request_of(CHOSEN) == GenerationRequest(
        prompt="A fox",
        aspect_ratio="3:4",
        num_images=2,
        person_generation="dont_allow",
        safety_setting="block_only_high",
        add_watermark=True,
    )
    successor = "google/gemini-nano-banana-2.1"
    assert rules.request_of({**CHOSEN, "model": successor}) == GenerationRequest(
        prompt="A fox",
        aspect_ratio="3:4",
        model=successor,
        resolution="2K",
        enable_web_search=True,
    )


def test_a_request_fills_in_the_settings_that_it_was_made_of() -> None:
    seeded = {
        **CHOSEN,
        "seed": "42",
        "enhance_prompt": False,
        "add_watermark": False,
        "resolution": "1K",
        "enable_web_search": False,
    }
    request = rules.request_of(seeded)
    assert request.seed == 42
    assert rules.filled(request) == seeded


def test_a_seed_that_overtakes_its_own_settling_switches_the_others_off() -> None:
    request = rules.request_of({**CHOSEN, "seed": "42"})
    assert (request.seed, request.enhance_prompt, request.add_watermark) == (42, False, False)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("prompt", " "), ("seed", "x"), ("num_images", 5), ("aspect_ratio", "2:1")],
)
def test_a_request_outside_its_limits_names_the_setting(setting: str, value: object) -> None:
    with pytest.raises(InvalidRequest) as caught:
        rules.request_of(CHOSEN | {setting: value})
    assert caught.value.field == setting


@pytest.mark.parametrize(
    ("typed", "seed"), [(None, None), ("", None), ("  ", None), ("0", 0), (" 42 ", 42)]
)
def test_a_seed_is_read_as_typed(typed: str | None, seed: int | None) -> None:
    assert rules.parse_seed(typed) == seed


@pytest.mark.parametrize("typed", ["x", "1.5", "-1", "1e3", "٣", "1 2"])
def test_anything_else_is_no_seed(typed: str) -> None:
    with pytest.raises(InvalidRequest, match="not a whole number") as caught:
        rules.parse_seed(typed)
    assert caught.value.field == "seed"
