"""Pictures are kept byte for byte, and found again by their own names only."""

import re
from pathlib import Path

import pytest

from imagen_demo.album import Album
from imagen_demo.generation import Picture

FOUR_BYTES = "\N{CJK UNIFIED IDEOGRAPH-20000}"
NAMES = {
    "A fox, in snow!": "a-fox-in-snow",
    "狐狸在雪中": "狐狸在雪中",
    "Füchse im Großen": "füchse-im-grossen",
    **dict.fromkeys(("🦊🦊", "", "///", ".", ".."), "picture"),
    "../../etc/passwd": "etc-passwd",
    "नमस्ते दुनिया": "नमस्ते-दुनिया",
    "..\\..\\windows": "windows",
    ".hidden": "hidden",
    "-rf_*": "rf",
    "a\0b\nc": "a-b-c",
    "x" * 400: "x" * 60,
    FOUR_BYTES * 400: FOUR_BYTES * 60,
    "x" * 59 + " fox": "x" * 59,
}
FOREIGN_NAMES = [
    *("", "/", "{file}", "{token}", "{token}/", "{token}/.", "{token}/..", "{token}/other.png"),
    *("{token}/folder", "{token}/folder/inner.png", "{token}/../secret.png", "../secret.png"),
    *("{token}/../{token}/{file}", "{token}/./{file}", "{token}//{file}", "{token}/{file}/"),
    *("{token}/{file}\n", "{token}/{file}\0", "{token}\\{file}", "{token}/..\\secret.png"),
    *(" {token}/{file}", "x{token}/{file}", "{short}/{file}", "{token}/\ud800"),
    *("{folder}/{token}/{file}", "{folder}/secret.png"),
]


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "not" / "there" / "yet")


def keep(album: Album, prompt: str = "A fox", *, ratio: str = "1:1", suffix: str = ".png") -> Path:
    picture = Picture(bytes(range(256)), suffix, 8, 8, None)
    return album.save(picture, prompt=prompt, aspect_ratio=ratio)


def test_a_picture_is_kept_byte_for_byte_and_alone_in_its_folder(album: Album) -> None:
    path = keep(album)
    assert path.read_bytes() == bytes(range(256))
    assert list(path.parent.iterdir()) == [path]
    assert path.parent.parent == album.folder


def test_a_picture_is_named_by_its_prompt_shape_and_kind(album: Album) -> None:
    path = keep(album, "Racoon eating ice-cream", ratio="16:9")
    assert path.name == "racoon-eating-ice-cream-16x9.png"
    assert keep(album, ratio="3:4", suffix=".webp").name == "a-fox-3x4.webp"


def test_the_same_picture_twice_lies_in_two_folders_nobody_can_guess(album: Album) -> None:
    folders = {keep(album).parent.name for _ in range(40)}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", folder) for folder in folders)
    assert len({folder[:6] for folder in folders}) == len({each[-6:] for each in folders}) == 40


@pytest.mark.parametrize(("prompt", "name"), NAMES.items(), ids=lambda text: ascii(text)[:24])
def test_any_prompt_makes_a_name_that_is_found_again(album: Album, prompt: str, name: str) -> None:
    path = keep(album, prompt)
    assert path.name == f"{name}-1x1.png"
    assert album.name(path) == f"{path.parent.name}/{path.name}"
    assert album.find(album.name(path)) == path


@pytest.mark.parametrize("form", FOREIGN_NAMES, ids=ascii)
def test_any_other_name_finds_nothing(album: Album, form: str) -> None:
    path = keep(album)
    token = path.parent.name
    decoys = ("secret.png", "../secret.png", f"{token}/folder/inner.png")
    for decoy in (*decoys, f"{token[1:]}/{path.name}"):
        (album.folder / decoy).parent.mkdir(exist_ok=True)
        (album.folder / decoy).touch()
    name = form.format(token=token, file=path.name, short=token[1:], folder=album.folder)
    assert album.find(name) is None


def test_a_picture_that_is_gone_is_not_found(album: Album) -> None:
    assert album.find(f"{'A' * 32}/a-fox-1x1.png") is None
    path = keep(album)
    path.unlink()
    assert album.find(album.name(path)) is None


def test_a_name_too_long_for_the_disk_finds_nothing(album: Album) -> None:
    token = keep(album).parent.name
    assert album.find(f"{token}/{'é' * 255}") is None
