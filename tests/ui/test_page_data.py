"""What the scripts know agrees with the demo, and what the demo calls the scripts have."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.comparison import LABELS, PRESETS, models_of
from imagen_demo.domain.pricing import Prices
from imagen_demo.server.body_limits import LARGEST_CALL
from imagen_demo.ui import page_data
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.price_tags import Pricing
from tests.demos import ROOT

UI = ROOT / "imagen_demo/ui"
SCRIPTS = "\n".join(each.read_text() for each in sorted((UI / "static/js").glob("*.js")))
PRICING = Pricing(Prices(), "sandbox")


@pytest.fixture
def data() -> dict[str, Any]:
    return page_data.data(PRICING)


def python_files() -> list[Path]:
    return [*UI.rglob("*.py")]


def test_the_head_is_two_scripts_the_first_of_which_is_data_and_ends_nowhere_else() -> None:
    head = page_data.head(PRICING)
    opened = re.findall(r"<script[^>]*>", head)
    assert opened == ['<script type="application/json" id="imagen-data">', "<script>"]
    written = re.search(r">({.*?})</script>", head, re.DOTALL)
    assert written
    assert "<" not in written[1]
    assert json.loads(written[1]) == json.loads(json.dumps(page_data.data(PRICING)))


def test_every_script_is_in_the_head_once() -> None:
    head = page_data.head(PRICING)
    for each in (UI / "static/js").glob("*.js"):
        assert head.count(each.read_text()) == 1


def test_every_function_that_python_names_is_there() -> None:
    called = set()
    for path in python_files():
        found = re.findall(r'(?:in_the_browser|call|on_load)\(\s*"(\w+)"', path.read_text())
        called.update(found)
    assert {"generate", "lock", "ownTiles", "recall", "prices"} <= called
    there = set(re.findall(r"^  (?:async )?(\w+)[:(]", SCRIPTS, re.MULTILINE))
    assert called - there == set()


def test_all_that_the_scripts_read_is_there(data: dict[str, Any]) -> None:
    assert set(re.findall(r"imagen\.data\.(\w+)", SCRIPTS)) == data.keys() - {"defaults"}
    for name in ("notices", "seedNotes"):
        named = set(re.findall(rf"data\.{name}\.(\w+)", SCRIPTS))
        taken = re.findall(rf"\{{([\w, ]+)\}} = imagen\.data\.{name}\b", SCRIPTS)
        assert named.union(*(each.split(", ") for each in taken)) == data[name].keys()


def test_the_scripts_know_every_model_preset_and_setting(data: dict[str, Any]) -> None:
    assert data["models"].keys() == MODELS.keys()
    assert data["settings"] == rules.SETTINGS
    for preset in PRESETS:
        assert len(data["presets"][preset]["models"]) == len(LABELS[preset])
        assert data["presets"][preset]["models"] == models_of(preset, "")
    nano = "google/gemini-nano-banana-2.1"
    assert data["models"][DEFAULT_MODEL]["limit"] == 400
    assert data["models"][nano]["price"] is None
    assert data["presets"]["rewriting"]["hindrances"] == {
        nano: "Nano Banana 2.1 does not rewrite prompts. Choose an Imagen 4 model under Options."
    }
    assert data["presets"]["ratios"]["hindrances"] == {}


def test_what_the_page_itself_fills_in_has_its_place(data: dict[str, Any]) -> None:
    assert data["notices"]["locked"]["html"].count("SEED") == 1
    assert data["statuses"]["linkToCopy"].count("LINK") == 1


def test_the_longest_prompt_that_gets_through_leaves_room_for_the_rest_of_a_call() -> None:
    assert page_data.LARGEST_PROMPT == LARGEST_CALL - 4096
