"""A link gives the settings that a request may have, whatever else stands in it."""

from collections.abc import Mapping

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from imagen_demo.domain.catalog import (
    DEFAULT_MODEL,
    MODELS,
    OPTIONS,
)
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options import rules, share_link
from imagen_demo.ui.outputs import Outputs
from tests.stand_ins import Page, text_of, values_of

NANO = "google/gemini-nano-banana-2.1"
VALUES = {
    name: values_of(option) for name, option in OPTIONS.items() if option.label and name != "model"
}
EVERY = [
    (model.id, name, value)
    for model in MODELS.values()
    for name, values in VALUES.items()
    if name == "aspect_ratio" or name in model.options
    for value in values
]


def as_written(value: object) -> str:
    """Write a value as a browser does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_of_the_page_is_in_the_round_trip() -> None:
    assert {"prompt", "model", *VALUES} == set(rules.SETTINGS)


@pytest.mark.parametrize(("model", "name", "value"), EVERY)
def test_every_value_of_every_option_makes_the_round_trip(
    model: str, name: str, value: object
) -> None:
    query = {"prompt": "A fox", "model": model, name: as_written(value)}
    found = share_link.settings_of(query)
    assert found == {"prompt": "A fox", "model": model, name: value}
    assert type(found[name]) is type(value)


def test_a_link_with_everything_is_taken_whole() -> None:
    settings = {
        "prompt": "Füchse & Schnee? 100% 狐狸 🦊",
        "aspect_ratio": "9:16",
        "model": "google/imagen-4.0-ultra-generate-001",
        "num_images": 4,
        "seed": 42,
        "enhance_prompt": False,
        "person_generation": "dont_allow",
        "safety_setting": "block_only_high",
    }
    assert (
        share_link.settings_of({name: as_written(each) for name, each in settings.items()})
        == settings
    )


@pytest.mark.parametrize("model", MODELS)
def test_an_option_that_the_model_does_not_take_is_left_out(model: str) -> None:
    for name, values in VALUES.items():
        if name == "aspect_ratio" or name in MODELS[model].options:
            continue
        unusual = next(
            value
            for value in values
            if value != GenerationRequest.__dataclass_fields__[name].default
        )
        found = share_link.settings_of({"model": model, name: as_written(unusual)})
        assert found == {"model": model}, name


def test_without_a_model_the_default_one_decides() -> None:
    assert share_link.settings_of({"resolution": "2K", "num_images": "2"}) == {"num_images": 2}


@pytest.mark.parametrize(
    "query",
    [
        *({"api_key": "0123456789abcdef"}, {"visitor": "a" * 64}, {"utm_source": "x"}),
        *({"model": "gpt"}, {"model": ""}, {"model": "google/imagen-4.0-generate-001 "}),
        *({"aspect_ratio": "2:1"}, {"aspect_ratio": ""}, {"aspect_ratio": "16:9\n"}),
        *({"num_images": "0"}, {"num_images": "5"}, {"num_images": "2.0"}, {"num_images": "-1"}),
        *({"num_images": "9" * 5000}, {"num_images": "٣"}, {"num_images": ""}),
        *({"seed": "4294967296"}, {"seed": "-1"}, {"seed": "1e3"}, {"seed": "9" * 5000}),
        *({"seed": ""}, {"seed": "none"}, {"seed": "²"}, {"seed": " 7"}),
        *({"enhance_prompt": "maybe"}, {"enhance_prompt": ""}, {"add_watermark": "2"}),
        *({"person_generation": "allow_all"}, {"safety_setting": "off"}),
        *({"prompt": ""}, {"prompt": " \n\t "}, {"": "x"}, {"PROMPT": "x"}, {}),
    ],
    ids=lambda query: repr(query)[:40],
)
def test_what_makes_no_sense_is_ignored(query: dict[str, str]) -> None:
    assert share_link.settings_of(query) == {}
    sound = {"prompt": "A fox", "aspect_ratio": "4:3"}
    assert share_link.settings_of({**query, **sound}).items() >= sound.items()


def test_one_bad_value_costs_no_other() -> None:
    query = {"seed": "-1", "num_images": "3", "aspect_ratio": "?", "enhance_prompt": "false"}
    assert share_link.settings_of(query) == {"num_images": 3, "enhance_prompt": False}


@pytest.mark.parametrize("said", ["true", "True", "1"])
def test_yes_is_said_in_more_than_one_way(said: str) -> None:
    assert share_link.settings_of({"add_watermark": said}) == {"add_watermark": True}


def test_a_seed_and_the_watermark_do_not_come_together() -> None:
    found = share_link.settings_of({"seed": "7", "add_watermark": "true"})
    assert found == {"seed": 7}


def test_a_prompt_is_taken_up_to_its_bound_and_trimmed() -> None:
    found = share_link.settings_of({"prompt": "  a" + "x" * 100_000})
    assert found == {"prompt": "a" + "x" * (share_link.MAX_PROMPT - 1)}


TEXT = st.text(max_size=20) | st.sampled_from(
    [as_written(value) for values in VALUES.values() for value in values] + list(MODELS)
)
NAME = st.sampled_from([*rules.SETTINGS, "convert_base64_to_url", "api_key"]) | st.text()


@given(st.dictionaries(NAME, TEXT))
def test_whatever_stands_in_a_link_a_request_may_have_it(query: Mapping[str, str]) -> None:
    found = share_link.settings_of(query)
    assert found.keys() <= query.keys() & GenerationRequest.__dataclass_fields__.keys()
    GenerationRequest(**{**found, "prompt": "any"})


# As the page asks.


def on_link(query: bytes, draft: str = "") -> Outputs:
    scope = {"type": "http", "query_string": query, "headers": [], "method": "GET", "path": "/"}
    return Record.on_link(draft, gr.Request(Request(scope)))


def test_the_page_fills_in_what_its_own_address_says_and_nothing_else() -> None:
    filled = on_link(b"prompt=A+fox%3F&seed=0&model=" + DEFAULT_MODEL.encode() + b"&api_key=k&x")
    assert filled.keys() == {"notice", "settings"}
    assert text_of(filled["notice"]) == "Filled in from a link. Press Generate to draw it."
    assert filled["settings"] == {
        "prompt": "A fox?",
        "model": DEFAULT_MODEL,
        "seed": "0",  # the seed's box holds text
    }


@pytest.mark.parametrize("query", [b"", b"?", b"&&=&", b"%ff=%00", b"__theme=dark", b"prompt"])
def test_an_address_without_settings_changes_nothing(query: bytes) -> None:
    assert on_link(query) == {}


@pytest.mark.parametrize(
    ("draft", "query", "offered"),
    [
        *(("An owl", b"prompt=A+fox", True), ("An owl", b"aspect_ratio=16:9", True)),
        *(("A fox", b"prompt=A+fox", False), (" A fox\n", b"prompt=A+fox", False)),
        *(("", b"prompt=A+fox", False), (" \n", b"prompt=A+fox", False)),
    ],
)
def test_a_draft_that_makes_way_for_a_link_can_be_put_back(
    draft: str, query: bytes, *, offered: bool
) -> None:
    page = Page(on_link(query, draft)["notice"]["html"])
    assert ("Put my prompt back" in page.text) is offered
    assert len(page.given("data-undo")) == offered


@pytest.mark.parametrize("query", [b"prompt=", b"aspect_ratio=2:1", b"seed=none"])
def test_a_draft_that_makes_way_for_a_link_without_sense_can_be_put_back_too(query: bytes) -> None:
    """The browser cannot tell: it sets the draft aside for any address with a setting's name."""
    assert "Put my prompt back" in text_of(on_link(query, "An owl")["notice"])


@pytest.mark.parametrize(
    ("said", "prompt"),
    [
        ("A\tfox\nin\rsnow\n", "A fox in snow"),
        ("A\0 f\x07ox\x1b", "A fox"),
        ("\0 \t", None),
    ],
)
def test_control_characters_in_a_links_prompt_are_cleaned(said: str, prompt: str | None) -> None:
    assert share_link.settings_of({"prompt": said}).get("prompt") == prompt


def test_the_key_has_no_name_in_any_link() -> None:
    """The browser puts what is in the settings into one, and nothing else."""
    assert not [name for name in rules.SETTINGS if "key" in name]
