"""The painter draws the scene that a prompt asks for, always the same for the same request."""

import hashlib
import io
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from imagen_demo.sandbox.painter import paint

SIZES = [(1024, 1024), (896, 1280), (1280, 896), (768, 1408), (1408, 768)]
EVERYTHING = "snowy rainy foggy night city desert beach flowers lighthouse boat red blue"
ODD_PROMPTS = ["", "🦊" * 100, "山水画 雪", "\ud800 a lone surrogate", "word " * 80, EVERYTHING]


def pixels(prompt: str, seed: int = 1, size: tuple[int, int] = (176, 96)) -> NDArray[np.float64]:
    data = paint(prompt, seed=seed, width=size[0], height=size[1])
    return np.asarray(Image.open(io.BytesIO(data)), dtype=float)


def colour(prompt: str) -> NDArray[np.float64]:
    """Return the mean red, green and blue over a few seeds."""
    means = [pixels(prompt, seed).mean(axis=(0, 1)) for seed in range(3)]
    return np.asarray(np.mean(means, axis=0))


def edges(prompt: str, top: float, bottom: float) -> float:
    """Return the share of hard edges between neighbours in a band of rows, over a few seeds."""
    bands = [pixels(prompt, s, (528, 288))[int(top * 288) : int(bottom * 288)] for s in range(4)]
    return float(np.mean([np.abs(np.diff(band.mean(axis=2), axis=1)) > 24 for band in bands]))


def test_the_same_request_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from imagen_demo.sandbox.painter import paint;"
        "print(hashlib.sha256(paint('a foggy city', seed=7, width=352, height=192)).hexdigest())"
    )
    here = paint("a foggy city", seed=7, width=352, height=192)
    there = subprocess.run(  # noqa: S603 - the code is above
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert here == paint("a foggy city", seed=7, width=352, height=192)
    assert hashlib.sha256(here).hexdigest() == there.stdout.strip()


def test_another_seed_gives_another_picture_of_the_same_mood() -> None:
    first, second = pixels("an astronaut", 1), pixels("an astronaut", 2)
    assert np.mean(np.abs(first - second).max(axis=2) > 8) > 0.2
    assert np.abs(first.mean(axis=(0, 1)) - second.mean(axis=(0, 1))).max() < 25


@pytest.mark.parametrize("size", SIZES)
def test_the_picture_is_a_png_of_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    image = Image.open(io.BytesIO(paint("a lake", seed=3, width=size[0], height=size[1])))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", size)


@pytest.mark.parametrize(
    ("darker", "lighter"),
    [("a night", "a noon"), ("a storm", "a noon"), ("autumn", "fresh snow"), ("dusk", "winter")],
)
def test_hour_weather_and_season_set_the_brightness(darker: str, lighter: str) -> None:
    assert colour(darker).mean() + 20 < colour(lighter).mean()


def test_a_colour_word_tints_the_picture() -> None:
    plain, red, blue = colour("a kite at noon"), colour("a red kite at noon"), colour("blue noon")
    assert red[0] - red[2] > plain[0] - plain[2] + 15
    assert blue[2] - blue[0] > plain[2] - plain[0] + 10


def test_deserts_and_autumn_are_warm_and_fog_is_pale() -> None:
    for warm in ("desert", "autumn", "sunset"):
        assert np.subtract(*colour(warm)[[0, 2]]) > 20
    assert np.ptp(colour("fog")) < np.ptp(colour("autumn")) / 2


@pytest.mark.parametrize(
    ("busy", "calm"), [("snow", "winter"), ("rain", "fog"), ("stars", "misty night")]
)
def test_drops_and_stars_dot_the_sky(busy: str, calm: str) -> None:
    assert edges(busy, 0, 0.12) > edges(calm, 0, 0.12) + 0.0005


STANDING = "city .45 .65/lighthouse .5 .65/sailboat .6 .67/flowers .8 .9/forest .7 .85/lake .67 .8"


@pytest.mark.parametrize("where", STANDING.split("/"))
def test_what_a_prompt_names_stands_in_the_picture(where: str) -> None:
    cue, top, bottom = where.split()
    named, bare = (edges(f"noon desert {x}", float(top), float(bottom)) for x in (cue, ""))
    assert named > bare * 2 + 0.0005


def test_mountains_have_snow_and_shadows() -> None:
    assert edges("noon mountains", 0.25, 0.6) > edges("noon hills", 0.25, 0.6) * 8


def test_water_mirrors_what_stands_above_it() -> None:
    picture = pixels("noon city", size=(528, 288)).mean(axis=2)
    above, below = picture[160:182].mean(axis=0), picture[198:220].mean(axis=0)
    assert np.corrcoef(above, below)[0, 1] > 0.4


@pytest.mark.parametrize("prompt", ["midnight", "fresh snow"])
def test_the_stamp_marks_the_bottom_right_corner(prompt: str) -> None:
    corner = pixels(prompt, size=(1024, 1024))[-70:, -150:].mean(axis=2)
    other = pixels(prompt, size=(1024, 1024))[-70:, 437:587].mean(axis=2)
    assert corner.max() > 190
    assert corner.min() < 125
    assert np.abs(np.diff(corner)).sum() > np.abs(np.diff(other)).sum() * 1.5


@pytest.mark.parametrize("prompt", ODD_PROMPTS)
@pytest.mark.parametrize("size", [(16, 16), (16, 400), (400, 16), (37, 53)])
def test_odd_requests_are_painted_too(prompt: str, size: tuple[int, int]) -> None:
    assert pixels(prompt, 4294967295, size).shape == (size[1], size[0], 3)
