"""The examples are valid requests with small real tiles, and show every shape."""

import re

import pytest
from PIL import Image

from imagen_demo.examples import EXAMPLES, Example
from imagen_demo.request import GenerationRequest

EACH = pytest.mark.parametrize("example", EXAMPLES, ids=[each.name for each in EXAMPLES])


def test_there_are_at_least_eight_no_two_alike_in_every_shape() -> None:
    assert len(EXAMPLES) >= 8
    assert len({each.name for each in EXAMPLES}) == len(EXAMPLES)
    assert len({each.prompt for each in EXAMPLES}) == len(EXAMPLES)
    assert {each.aspect_ratio for each in EXAMPLES} == {"1:1", "9:16", "16:9", "3:4", "4:3"}


@EACH
def test_an_example_is_a_valid_request_short_enough_to_be_rewritten(example: Example) -> None:
    request = GenerationRequest(prompt=example.prompt, aspect_ratio=example.aspect_ratio)
    assert request.prompt == example.prompt
    assert len(example.prompt.split()) < 30


@EACH
def test_a_tile_is_a_small_real_picture_of_its_shape(example: Example) -> None:
    assert example.tile.stat().st_size < 60_000
    with Image.open(example.tile, formats=["JPEG"]) as tile:
        tile.load()
        width, height = map(int, example.aspect_ratio.split(":"))
        assert tile.width / tile.height == pytest.approx(width / height, rel=0.08)


def test_text_in_a_picture_is_shown_and_at_most_25_characters_long() -> None:
    phrases = [phrase for each in EXAMPLES for phrase in re.findall('"(.*?)"', each.prompt)]
    assert phrases
    assert all(1 <= len(phrase) <= 25 for phrase in phrases)
