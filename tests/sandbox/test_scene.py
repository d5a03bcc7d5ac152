"""A prompt's words become the right scene, always the same for the same prompt."""

from dataclasses import fields, replace

import pytest

from imagen_demo.sandbox.scene import Palette, Rgb, read_scene


def colours(prompt: str) -> list[Rgb]:
    palette = read_scene(prompt).palette
    return [getattr(palette, field.name) for field in fields(Palette)]


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [
        ("a neon sign", "hour", "neon"),
        ("under the stars", "hour", "night"),
        ("golden light", "hour", "sunset"),
        ("a thunderstorm", "weather", "rain"),
        ("misty morning", "weather", "fog"),
        ("a blizzard", "weather", "snow"),
        ("a blizzard", "season", "winter"),
        ("october", "season", "autumn"),
        ("tulip", "season", "spring"),
        ("tulip", "growth", "flowers"),
        ("the alps", "land", "peaks"),
        ("sahara", "land", "dunes"),
        ("countryside", "land", "hills"),
        ("a skyline", "city", "yes"),
        ("a skyline", "water", "yes"),
        ("an island", "water", "yes"),
        ("a regatta", "mark", "sail"),
        ("a lighthouse", "mark", "lighthouse"),
        ("the jungle", "growth", "trees"),
        ("the sahara", "growth", ""),
        ("a noon walk", "weather", ""),
    ],
)
def test_words_set_the_scene(prompt: str, field: str, value: str) -> None:
    assert getattr(read_scene(prompt), field) == value


@pytest.mark.parametrize("word", ["knights", "nightingale", "night-light", "ice-cream"])
def test_only_whole_words_count(word: str) -> None:
    plain = read_scene(f"noon lake {word}")
    # What no word decides comes from the prompt's hash.
    assert replace(plain, land="hills") == replace(read_scene("noon lake"), land="hills")


def test_case_and_punctuation_do_not_count() -> None:
    scene = read_scene("NIGHT, (Snowy) City!")
    assert (scene.hour, scene.weather, scene.city) == ("night", "snow", "yes")


@pytest.mark.parametrize(("prompt", "hour"), [("night neon", "neon"), ("noon dusk", "sunset")])
def test_of_two_cues_the_upper_row_wins(prompt: str, hour: str) -> None:
    assert read_scene(prompt).hour == hour


@pytest.mark.parametrize(("prompt", "dark"), [("midnight", True), ("neon", True), ("noon", False)])
def test_a_moon_stands_in_a_dark_sky(prompt: str, dark: bool) -> None:  # noqa: FBT001 - a case
    assert read_scene(prompt).dark is dark


def test_prompts_without_a_cue_get_several_scenes() -> None:
    scenes = [read_scene(f"subject {i}") for i in range(40)]
    assert len({scene.palette.top for scene in scenes}) >= 6
    assert {scene.land for scene in scenes} == {"hills", "peaks"}
    assert {scene.water for scene in scenes} == {"", "yes"}
    assert scenes == [read_scene(f"subject {i}") for i in range(40)]


def test_the_first_mood_rules_the_sky_and_both_share_the_land() -> None:
    night, autumn, both = (read_scene(x).palette for x in ("night", "autumn", "autumn night"))
    assert abs(both.top[0] - night.top[0]) < abs(both.top[0] - autumn.top[0])
    assert night.near[0] < both.near[0] < autumn.near[0]
    assert both.accent != night.accent


def test_the_first_colour_word_tints_the_sky_and_the_last_the_land() -> None:
    plain, mixed = read_scene("a noon kite").palette, read_scene("red noon, blue kite").palette
    assert mixed.middle[0] - mixed.middle[2] > plain.middle[0] - plain.middle[2] + 30
    assert mixed.far[2] - mixed.far[0] > plain.far[2] - plain.far[0] + 15
    assert mixed.light == plain.light


def test_flowers_wear_the_colour_and_the_land_keeps_more_of_its_own() -> None:
    plain, red = read_scene("tulip").palette, read_scene("red tulip").palette
    kite, red_kite = read_scene("spring kite").palette, read_scene("red spring kite").palette
    assert red.accent == red_kite.accent == (200, 54, 47)
    assert 0 < red.near[0] - plain.near[0] < (red_kite.near[0] - kite.near[0]) / 2


@pytest.mark.parametrize("tint", ["white", "black", "navy", "yellow", "white and black"])
@pytest.mark.parametrize("mood", ["night", "winter", "neon", "dunes"])
def test_every_tint_stays_within_the_range_of_colours(tint: str, mood: str) -> None:
    assert all(0 <= level <= 255 for colour in colours(f"{tint} {mood}") for level in colour)


def test_white_lightens_the_land_and_navy_darkens_it() -> None:
    white, plain, navy = (sum(read_scene(f"{x} noon").palette.far) for x in ("white", "", "navy"))
    assert navy < plain < white
