"""A prompt's words become the right scene, always the same for the same prompt."""

from dataclasses import fields, replace

import pytest

from imagen_demo.sandbox.painter.scene import word_tables
from imagen_demo.sandbox.painter.scene.palettes import Palette, Rgb
from imagen_demo.sandbox.painter.scene.reading import read_scene
from imagen_demo.sandbox.painter.subjects.placement import SUBJECTS


def colours(prompt: str) -> list[Rgb]:
    palette = read_scene(prompt).palette
    return [getattr(palette, field.name) for field in fields(Palette)]


@pytest.mark.parametrize(
    ("prompt", "field", "value"),
    [
        ("a neon sign", "hour", "neon"),
        ("under the stars", "hour", "night"),
        ("golden light", "hour", "sunset"),
        ("a thunderstorm", "weather", "storm"),
        ("drizzle", "weather", "rain"),
        ("misty morning", "weather", "fog"),
        ("northern lights", "weather", "aurora"),
        ("a blizzard", "weather", "snow"),
        ("a blizzard", "season", "winter"),
        ("october", "season", "autumn"),
        ("cherry blossoms", "season", "spring"),
        ("tulips", "growth", "flowers"),
        ("the alps", "land", "peaks"),
        ("sahara", "land", "dunes"),
        ("countryside", "land", "hills"),
        ("a skyline", "city", True),
        ("an island", "water", True),
        ("a regatta", "subjects", ("sailboat",)),
        ("a lighthouse", "subjects", ("lighthouse",)),
        ("two foxes and a hot air balloon", "subjects", ("fox", "balloon")),
        ("the jungle", "growth", "trees"),
        ("the sahara", "growth", ""),
        ("a noon walk", "weather", ""),
        ("saturn", "setting", "space"),
        ("a coral reef", "setting", "underwater"),
        ("a neon alley", "setting", "street"),
        ("a teapot", "setting", "table"),
        ("dewdrops", "setting", "macro"),
        ("lagoons", "setting", "aerial"),
        ("an isometric town", "setting", "isometric"),
        ("a polaroid", "style", "polaroid"),
        ("a travel poster", "style", "poster"),
        ("in watercolour", "style", "watercolor"),
    ],
)
def test_words_set_the_scene(prompt: str, field: str, value: object) -> None:
    assert getattr(read_scene(prompt), field) == value


@pytest.mark.parametrize("word", ["knights-errant", "nightingale", "night-light", "ice-creams"])
def test_only_whole_words_count(word: str) -> None:
    plain = read_scene(f"noon lake {word}")
    # What no word decides comes from the prompt's hash.
    other = read_scene("noon lake")
    assert replace(plain, land="hills", held="") == replace(other, land="hills", held="")


@pytest.mark.parametrize("prompt", ["a racoon eating ice cream", "Racoon eating ice-cream!"])
def test_two_words_that_belong_together_are_one(prompt: str) -> None:
    scene = read_scene(prompt)
    assert (scene.subjects, scene.held, scene.season) == (("raccoon",), "ice-cream", "")


def test_what_is_held_stands_nowhere_else() -> None:
    assert read_scene("a cat with a cup of tea").subjects == ("cat",)
    assert read_scene("a cat with a cup of tea").held == "cup"
    assert read_scene("a cup of tea").subjects == ("cup",)


@pytest.mark.parametrize(
    ("prompt", "setting"),
    [
        ("drone photo of a bear", ""),
        ("a fox drinking coffee", ""),
        ("a fox in the kitchen", "table"),
        ("a vase in a field", ""),
        ("an alley at noon", ""),
        ('a bakery that says "OPEN"', "street"),
    ],
)
def test_a_setting_gives_way_to_whom_it_has_no_room_for(prompt: str, setting: str) -> None:
    assert read_scene(prompt).setting == setting


def test_every_subject_of_the_tables_can_be_drawn() -> None:
    assert set(word_tables.SUBJECTS) - set(SUBJECTS) - {"birds"} == {
        "raccoon", "fox", "cat", "dog", "bear", "panda", "rabbit", "wolf", "tiger", "mouse",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["fox", "foxes", "fox's", "FOX"])
def test_every_form_of_a_word_counts(word: str) -> None:
    assert read_scene(f"the {word} den").subjects == ("fox",)


def test_flowers_have_the_colours_of_their_kind_unless_another_is_named() -> None:
    poppies, blue = read_scene("a field of poppies"), read_scene("a field of blue poppies")
    assert poppies.palette.accent == (221, 70, 49)
    assert blue.palette.accent == (47, 104, 192)


def test_case_and_punctuation_do_not_count() -> None:
    scene = read_scene("NIGHT, (Snowy) City!")
    assert (scene.hour, scene.weather, scene.city) == ("night", "snow", True)


@pytest.mark.parametrize(("prompt", "hour"), [("night neon", "neon"), ("noon dusk", "sunset")])
def test_of_two_cues_the_upper_row_wins(prompt: str, hour: str) -> None:
    assert read_scene(prompt).hour == hour


@pytest.mark.parametrize(("prompt", "dark"), [("midnight", True), ("neon", True), ("noon", False)])
def test_a_moon_stands_in_a_dark_sky(prompt: str, dark: bool) -> None:  # noqa: FBT001 - a case
    assert read_scene(prompt).dark is dark


def test_prompts_without_a_cue_get_several_scenes() -> None:
    scenes = [read_scene(f"thought {i}") for i in range(60)]
    assert len({scene.palette.top for scene in scenes}) >= 8
    assert len({scene.view for scene in scenes}) >= 5
    assert len({scene.subjects for scene in scenes}) >= 4
    assert scenes == [read_scene(f"thought {i}") for i in range(60)]


def test_the_first_mood_rules_the_sky_and_both_share_the_land() -> None:
    night, autumn, both = (read_scene(x).palette for x in ("night", "autumn", "autumn night"))
    assert abs(both.top[0] - night.top[0]) < abs(both.top[0] - autumn.top[0])
    assert night.near[0] < both.near[0] < autumn.near[0]
    assert both.accent != night.accent


def test_the_first_colour_word_tints_the_sky_and_the_last_the_land() -> None:
    plain, mixed = read_scene("a noon walk").palette, read_scene("red noon, blue walk").palette
    assert mixed.middle[0] - mixed.middle[2] > plain.middle[0] - plain.middle[2] + 30
    assert mixed.far[2] - mixed.far[0] > plain.far[2] - plain.far[0] + 15
    assert mixed.light == plain.light


def test_whoever_a_colour_stands_before_wears_it() -> None:
    assert read_scene("blue water, one small red sailing boat").tint == (200, 54, 47)
    assert read_scene("a celadon teapot on blue linen").tint == (163, 201, 174)
    assert read_scene("a celadon teapot on blue linen").cloth == (47, 104, 192)
    assert read_scene("a fox").tint is None


@pytest.mark.parametrize("tint", ["white", "black", "navy", "yellow", "white and black"])
@pytest.mark.parametrize("mood", ["night", "winter", "neon", "dunes"])
def test_every_tint_stays_within_the_range_of_colours(tint: str, mood: str) -> None:
    assert all(0 <= level <= 255 for colour in colours(f"{tint} {mood}") for level in colour)


def test_white_lightens_the_land_and_navy_darkens_it() -> None:
    white, plain, navy = (sum(read_scene(f"{x} noon").palette.far) for x in ("white", "", "navy"))
    assert navy < plain < white
