"""A recipe beside its picture: kept with it, found by the picture's bytes, gone with it."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.disk_space import DiskSpace
from imagen_demo.pictures.examples import examples
from imagen_demo.pictures.metadata import Foreign, inscribe, read
from imagen_demo.pictures.metadata.beside import SUFFIX, lies_beside, recipe_file
from imagen_demo.pictures.retention import Limits, Retention
from imagen_demo.pictures.twins import twin_of
from imagen_demo.pictures.verify import verify_picture
from tests.conftest import png
from tests.pictures.metadata.samples import NANO, chunk, picture_of, with_chunks
from tests.signing import is_valid, signed
from tests.stand_ins import STRANGER, VISITOR, recipe_of

RECIPE = recipe_of("A fox, in snow", seed=7, enhance_prompt=False)


@pytest.fixture(scope="module")
def data() -> bytes:
    """A signed picture's."""
    return signed(png())


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "album")


def kept(album: Album, data: bytes, recipe: Recipe = RECIPE, visitor: str = VISITOR) -> Path:
    picture = verify_picture(data, recipe.rewritten_prompt)
    return album.save(picture, recipe, visitor=visitor, recipe_beside=True)


def beside(path: Path) -> Path:
    return path.with_suffix(SUFFIX)


def test_picture_and_recipe_lie_side_by_side(album: Album, data: bytes) -> None:
    path = kept(album, data)
    assert path.read_bytes() == data
    assert is_valid(path.read_bytes())
    assert sorted(path.parent.iterdir()) == sorted([path, beside(path)])
    assert beside(path).name == "a-fox-in-snow-1x1.json"
    assert read(path) == RECIPE
    assert lies_beside(path)
    assert album.of(VISITOR) == [path]


def test_the_recipes_file_is_for_people_and_programs(album: Album, data: bytes) -> None:
    written = beside(kept(album, data)).read_text(encoding="utf-8")
    said = json.loads(written)
    assert said.items() >= RECIPE.to_json().items()
    assert len(said["sha256"]) == 64
    assert written.splitlines()[1] == '  "version": 1,'


def test_it_is_served_under_no_name_of_a_pictures(album: Album, data: bytes) -> None:
    path = kept(album, data)
    assert album.find(album.name(path)) == path
    assert album.find(album.name(beside(path))) is None
    assert not album.remove(album.name(beside(path)), visitor=VISITOR)


def test_a_recipe_goes_with_a_picture_that_is_removed(album: Album, data: bytes) -> None:
    path = kept(album, data)
    assert not album.remove(album.name(path), visitor=STRANGER)
    assert beside(path).exists()
    assert album.remove(album.name(path), visitor=VISITOR)
    assert not path.parent.exists()


def test_a_recipe_goes_with_a_picture_whose_time_is_over(album: Album, data: bytes) -> None:
    old, new = kept(album, data), kept(album, data)
    os.utime(old, (1_000, 1_000))
    Retention(album, Limits(days=1)).look()
    assert not old.parent.exists()
    assert read(new) == RECIPE


def test_a_recipe_counts_for_the_limit(album: Album, data: bytes) -> None:
    path = kept(album, data)
    size = len(data) + beside(path).stat().st_size
    assert [each.size for each in album.oldest_first()] == [size]
    assert album.forget(more_than=size) == 0
    assert album.forget(more_than=size - 1) == 1


def test_a_recipe_goes_with_a_picture_of_the_sandboxs_that_makes_way(
    album: Album, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, played = kept(album, data), kept(album, data, replace(RECIPE, drawn_by="sandbox"))
    free = iter([0, 0, 10**10])
    monkeypatch.setattr(
        "imagen_demo.pictures.disk_space.disk_usage",
        lambda _: type("Usage", (), {"free": next(free)}),
    )
    monkeypatch.setattr("imagen_demo.pictures.disk_space.SPARE", 1)
    DiskSpace(album).make()
    assert not played.parent.exists()
    assert read(drawn) == RECIPE


def test_a_recipe_without_its_picture_is_tidied_up(album: Album, data: bytes) -> None:
    path = kept(album, data)
    path.unlink()
    album.forget()
    assert beside(path).exists()  # somebody may be about to write the picture
    os.utime(path.parent, (1_000, 1_000))
    album.forget()
    assert not path.parent.exists()


def test_nothing_is_left_of_a_picture_that_the_disk_did_not_take(
    album: Album, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target.suffix == ".png":
            raise OSError(28, os.strerror(28))
        return rename(path, target)

    monkeypatch.setattr("pathlib.Path.rename", refuse)
    with pytest.raises(OSError, match="No space"):
        kept(album, data)
    assert not any(path.is_file() for path in album.folder.rglob("*"))


def become_a_folder(path: Path) -> None:
    beside(path).unlink()
    beside(path).mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "another picture": lambda path: path.write_bytes(signed(png(9))),
    "one byte": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "no hash": lambda path: beside(path).write_text(json.dumps(RECIPE.to_json())),
    "another hash": lambda path: beside(path).write_bytes(recipe_file(RECIPE, b"x")),
    "no JSON": lambda path: beside(path).write_bytes(b"A fox"),
    "no object": lambda path: beside(path).write_bytes(b"[]"),
    "deep": lambda path: beside(path).write_bytes(b"[" * 100_000),
    "no UTF-8": lambda path: beside(path).write_bytes(b"\xff\xfe\xfd"),
    "gone": lambda path: beside(path).unlink(),
    "a folder": become_a_folder,
    "too long": lambda path: beside(path).write_bytes(
        recipe_file(RECIPE, path.read_bytes()) + b" " * (1 << 20)
    ),
    "another version": lambda path: beside(path).write_bytes(
        recipe_file(RECIPE, path.read_bytes()).replace(b'"version": 1', b'"version": 9')
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_only_the_recipe_of_these_very_bytes_is_believed(
    album: Album, data: bytes, change: Callable[[Path], object]
) -> None:
    path = kept(album, data)
    assert read(path) == RECIPE
    change(path)
    assert read(path) is None


def test_what_stands_in_the_file_comes_first(album: Album) -> None:
    mine = recipe_of("An owl")
    picture = inscribe(verify_picture(png(), None), mine)
    path = album.save(picture, RECIPE, visitor=VISITOR, recipe_beside=True)
    assert read(path) == mine


def test_a_recipe_of_ours_comes_before_a_foreign_prompt(album: Album) -> None:
    foreign = verify_picture(
        with_chunks(chunk(b"tEXt", b"parameters\0An owl\nSteps: 20, Seed: 1")), None
    )
    assert isinstance(read(album.save(foreign, RECIPE, visitor=VISITOR)), Foreign)
    assert read(kept(album, foreign.data)) == replace(RECIPE, width=40, height=24)


def test_a_long_recipe_fits_beside_a_jpeg_that_has_no_room(album: Album) -> None:
    recipe = recipe_of("狐" * 50_000, model=NANO)
    picture: Picture = picture_of("jpeg-RGB")
    path = album.save(inscribe(picture, recipe), recipe, visitor=VISITOR, recipe_beside=True)
    assert read(path) == replace(recipe, width=picture.width, height=picture.height)


# The gallery.


def test_an_example_may_have_its_recipe_beside_it_under_any_name(
    album: Album, data: bytes, tmp_path: Path
) -> None:
    path, gallery = kept(album, data), tmp_path / "gallery"
    gallery.mkdir()
    copy(path, gallery / "01-fox.png")
    assert examples(gallery) == []
    copy(beside(path), gallery / "a-fox-in-snow-1x1 (1).json")
    (gallery / "00.json").write_text("{}")
    (example,) = examples(gallery)
    assert (example.path.name, example.recipe) == ("01-fox.png", RECIPE)
    assert is_valid(example.path.read_bytes())


# The very same file again.


def test_a_twin_is_found_by_its_bytes_alone(album: Album, data: bytes) -> None:
    first, second = kept(album, data), kept(album, signed(png(9)))
    assert twin_of(data, [second, first]) == first
    assert twin_of(data + b"\0", [first, second]) is None
    assert twin_of(data[:-1] + b"\0", [first, second]) is None
    assert twin_of(data, []) is None
    first.unlink()
    assert twin_of(data, [first, second]) is None
