"""The painter draws the scene that a prompt asks for, always the same for the same request."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from imagen_demo.pictures.examples import examples
from imagen_demo.sandbox.painter import contact_sheet, draw, paint
from imagen_demo.sandbox.painter.branding import draw_card, draw_icon
from imagen_demo.sandbox.painter.scene import word_tables

SIZES = [(1024, 1024), (896, 1280), (1280, 896), (768, 1408), (1408, 768)]
EVERYTHING = "snowy rainy foggy night city desert beach flowers lighthouse boat red blue fox cat"
ODD_PROMPTS = [
    "",
    "a crane and a rocket",
    "a gull in a neon alley",
    "a whale and a gull",
    "a raven in space",
    "a raven, still life",
    " ",
    "🦊" * 100,
    "山水画 雪",
    "שלום עולם “שלום”",
    "مرحبا «بالعالم»",
    "\ud800 a lone surrogate",
    "\u200b\u200d\u2060",
    "word " * 800,
    "x" * 4000,
    '"only quotes"',
    '"',
    '"unclosed',
    '""""',
    '"🦊🦊"',
    "「」",
    "a poster that says “" + "W" * 60 + "”",
    "neon '" + "i " * 40 + "'",
    "polaroid poster watercolor neon isometric underwater space table macro aerial",
    EVERYTHING,
]


def pixels(prompt: str, seed: int = 1, size: tuple[int, int] = (176, 96)) -> NDArray[np.float64]:
    data = paint(prompt, seed=seed, width=size[0], height=size[1])
    return np.asarray(Image.open(io.BytesIO(data)), dtype=float)


def colour(prompt: str) -> NDArray[np.float64]:
    """Return the mean red, green and blue over a few seeds."""
    means = [pixels(prompt, seed).mean(axis=(0, 1)) for seed in range(3)]
    return np.asarray(np.mean(means, axis=0))


def differing(one: str, other: str, size: tuple[int, int] = (352, 192)) -> float:
    """Return the share of pixels by which two prompts' pictures differ."""
    gap = np.abs(pixels(one, 1, size) - pixels(other, 1, size)).max(axis=2)
    return float(np.mean(gap > 12))


def test_the_same_request_gives_the_same_bytes_in_another_process() -> None:
    prompt = "a foggy city that says 'hello', a fox and a boat"
    code = (
        "import hashlib; from imagen_demo.sandbox.painter import paint;"
        f"print(hashlib.sha256(paint({prompt!r}, seed=7, width=352, height=192)).hexdigest())"
    )
    here = paint(prompt, seed=7, width=352, height=192)
    there = subprocess.run(  # noqa: S603 - the code is above
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert here == paint(prompt, seed=7, width=352, height=192)
    assert hashlib.sha256(here).hexdigest() == there.stdout.strip()


def test_another_seed_gives_another_picture_of_the_same_mood() -> None:
    first, second = pixels("a lake at dawn", 1), pixels("a lake at dawn", 2)
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
    plain, red, blue = colour("a noon walk"), colour("a red noon walk"), colour("blue noon walk")
    assert red[0] - red[2] > plain[0] - plain[2] + 15
    assert blue[2] - blue[0] > plain[2] - plain[0] + 10


def test_deserts_and_autumn_are_warm_and_fog_is_pale() -> None:
    for warm in ("desert", "autumn", "sunset"):
        assert np.subtract(*colour(warm)[[0, 2]]) > 15
    assert np.ptp(colour("fog")) < np.ptp(colour("autumn")) / 2


SETTINGS = {
    "": "a noon hill",
    "peaks": "noon mountains",
    "dunes": "a noon desert",
    "city": "a noon city",
    "water": "a noon lake",
    **{name: row.split()[0] for name, row in word_tables.SETTINGS.items()},
}


def test_every_setting_looks_different_from_every_other() -> None:
    pictures = {name: pixels(prompt, 3) for name, prompt in SETTINGS.items()}
    names = list(pictures)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            gap = np.abs(pictures[one] - pictures[other]).max(axis=2)
            assert np.mean(gap > 8) > 0.1, (one, other)


@pytest.mark.parametrize("cues", word_tables.SUBJECTS.values(), ids=word_tables.SUBJECTS)
def test_every_subject_is_in_the_picture(cues: str) -> None:
    cue = cues.split(maxsplit=1)[0]
    assert differing(f"noon hill, a {cue}", "noon hill, a moment") > 0.005


@pytest.mark.parametrize("held", word_tables.HELD)
def test_what_is_held_is_in_the_picture(held: str) -> None:
    assert differing(f"noon hill, a fox holding a {held}", "noon hill, a fox") > 0.003


@pytest.mark.parametrize("weather", word_tables.WEATHERS)
def test_every_weather_changes_the_picture(weather: str) -> None:
    assert differing(f"{weather} over a hill", "a moment over a hill") > 0.1


@pytest.mark.parametrize("style", word_tables.STYLES)
def test_every_style_changes_the_picture(style: str) -> None:
    assert differing(f"{style} of a noon lake", "photo of a noon lake") > 0.02


def test_water_mirrors_what_stands_above_it() -> None:
    likeness = []
    for seed in range(4):
        picture = pixels("noon city", seed, (528, 288)).mean(axis=2)
        above, below = picture[172:188].mean(axis=0), picture[192:208].mean(axis=0)
        likeness.append(np.corrcoef(above, below)[0, 1])
    assert np.mean(likeness) > 0.25, likeness


@pytest.mark.parametrize("prompt", ["midnight", "fresh snow", "polaroid of a fox", "poster 'A'"])
def test_the_stamp_marks_the_bottom_right_corner(prompt: str) -> None:
    corner = pixels(prompt, size=(1024, 1024))[-70:, -150:].mean(axis=2)
    assert corner.max() > 190
    assert corner.min() < 130


@pytest.mark.parametrize("prompt", ODD_PROMPTS)
@pytest.mark.parametrize("size", [(16, 16), (16, 400), (400, 16), (37, 53), (176, 96)])
def test_odd_requests_are_painted_too(prompt: str, size: tuple[int, int]) -> None:
    assert pixels(prompt, 4294967295, size).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("number", range(60))
def test_nothing_that_the_tables_name_breaks(number: int) -> None:
    words = contact_sheet.prompts(60)[number]
    size = [(176, 96), (96, 176), (128, 128)][number % 3]
    assert np.ptp(pixels(words, number, size)) > 60


def test_the_contact_sheet_has_the_gallerys_prompts_first_and_no_prompt_twice() -> None:
    told = contact_sheet.prompts()
    assert len(told) == len(set(told)) == 50
    assert told[: len(contact_sheet.GALLERY)] == list(contact_sheet.GALLERY)
    assert told == contact_sheet.prompts()
    shipped = [each.recipe.request.prompt for each in examples()]
    assert list(contact_sheet.GALLERY) == shipped


@pytest.mark.host
def test_the_contact_sheet_is_written_by_a_command(tmp_path: Path) -> None:
    place = tmp_path / "sheet.png"
    command = [sys.executable, "-m", "imagen_demo.sandbox.painter", "--sheet", str(place)]
    subprocess.run(command, check=True)  # noqa: S603 - the command is above
    with Image.open(place) as sheet:
        assert sheet.format == "PNG"
        assert min(sheet.size) > 1500


@pytest.mark.parametrize("size", [16, 64, 512])
def test_the_icon_is_a_square_with_clear_corners(size: int) -> None:
    icon = draw_icon(size)
    assert (icon.mode, icon.size) == ("RGBA", (size, size))
    assert icon.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert icon.getpixel((size // 2, size // 2))[3] == 255  # type: ignore[index]


def test_the_card_has_its_size() -> None:
    assert draw_card("Imagen 4", "Type a line.").size == (1280, 640)


def test_a_drawing_is_what_is_painted() -> None:
    drawn = np.asarray(draw("a lake", seed=1, size=(176, 96)), dtype=float)
    assert (drawn == pixels("a lake")).all()
