"""Small pictures are made once, kept apart from the originals, and never in the way."""

import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from imagen_demo.pictures.thumbnails import LONGEST_SIDE, Thumbnails
from tests.conftest import png

WHITE, TEAL = (255, 255, 255), (0, 128, 128)
KINDS = [
    *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
    *(("WEBP", mode) for mode in ("RGB", "RGBA")),
]
NO_PICTURES = {
    "empty": b"",
    "text": b"<!doctype html><title>Gone</title>",
    "cut-short": png(64, 64)[:-40],
    "header-only": png()[:33],
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "huge": png()[:16] + (60_000).to_bytes(4, "big") * 2 + png()[24:],
}


@pytest.fixture
def thumbnails(tmp_path: Path) -> Thumbnails:
    return Thumbnails(tmp_path / "not" / "there" / "yet")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a-secret-fox-16x9.png"
    path.write_bytes(png(800, 450))
    return path


def written(path: Path, mode: str = "RGB", size: tuple[int, int] = (800, 450)) -> Path:
    image = Image.new("RGB", size, TEAL).convert(mode)
    image.save(path)
    return path


def colour(path: Path) -> tuple[int, int, int]:
    with Image.open(path) as image:
        middle = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(middle, tuple)
    red, green, blue = middle
    return int(red), int(green), int(blue)


def assert_near(found: tuple[int, int, int], wanted: tuple[int, int, int]) -> None:
    assert all(abs(one - other) < 16 for one, other in zip(found, wanted, strict=True)), found


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_every_kind_of_picture_has_a_small_one(
    thumbnails: Thumbnails, tmp_path: Path, kind: str, mode: str
) -> None:
    original = written(tmp_path / f"picture.{kind.lower()}", mode)
    before = original.read_bytes()
    thumbnail = thumbnails.of(original)
    assert thumbnail != original
    with Image.open(thumbnail, formats=("WEBP",)) as image:
        image.load()
        assert (image.size, image.info.get("exif")) == ((360, 203), None)
    assert thumbnail.stat().st_size < 60_000
    assert original.read_bytes() == before


@pytest.mark.parametrize(
    ("size", "small"),
    [
        *(((1408, 768), (360, 196)), ((768, 1408), (196, 360)), ((1024, 1024), (360, 360))),
        *(((4000, 10), (360, 1)), ((360, 360), (360, 360)), ((361, 361), (360, 360))),
        *(((8, 8), (8, 8)), ((1, 1), (1, 1))),
    ],
)
def test_a_thumbnail_keeps_the_shape_and_is_never_enlarged(
    thumbnails: Thumbnails, tmp_path: Path, size: tuple[int, int], small: tuple[int, int]
) -> None:
    with Image.open(thumbnails.of(written(tmp_path / "picture.png", size=size))) as image:
        assert image.size == small
        assert max(image.size) <= LONGEST_SIDE == 360


def test_a_thumbnail_shows_the_picture(thumbnails: Thumbnails, tmp_path: Path) -> None:
    for suffix in (".png", ".jpg", ".webp"):
        assert_near(colour(thumbnails.of(written(tmp_path / f"picture{suffix}"))), TEAL)


def test_a_jpeg_is_not_decoded_larger_than_its_thumbnail_needs(
    thumbnails: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = written(tmp_path / "picture.jpg", size=(1408, 768))
    decoded: list[tuple[int, int]] = []
    load = JpegImageFile.load

    def noted(image: JpegImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", noted)
    with Image.open(thumbnails.of(original)) as image:
        assert image.size == (360, 196)
    assert decoded[0] == (704, 384)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_picture_of_sixteen_bit_grey_is_as_light_as_it_was(
    thumbnails: Thumbnails, tmp_path: Path, grey: int
) -> None:
    path = tmp_path / "picture.png"
    Image.new("I;16", (800, 450), grey * 257).save(path)
    thumbnail = thumbnails.of(path)
    assert thumbnail != path
    assert_near(colour(thumbnail), (grey, grey, grey))


def test_a_transparent_picture_keeps_the_colours_that_can_be_seen(
    thumbnails: Thumbnails, tmp_path: Path
) -> None:
    image = Image.new("RGBA", (800, 450), (0, 0, 0, 0))
    image.paste((*TEAL, 255), (200, 100, 600, 350))
    for suffix in (".png", ".webp"):
        path = tmp_path / f"picture{suffix}"
        image.save(path)
        assert_near(colour(thumbnails.of(path)), TEAL)


def test_a_thumbnail_is_made_once(thumbnails: Thumbnails, picture: Path) -> None:
    thumbnail = thumbnails.of(picture)
    made = thumbnail.stat()
    assert made.st_mtime_ns == picture.stat().st_mtime_ns
    picture.write_bytes(b"not looked at any more")
    os.utime(picture, ns=(made.st_mtime_ns, made.st_mtime_ns))
    assert thumbnails.of(picture) == thumbnail
    assert (thumbnail.stat().st_ino, thumbnail.stat().st_mtime_ns) == (
        made.st_ino,
        made.st_mtime_ns,
    )
    assert list(thumbnail.parent.iterdir()) == [thumbnail]


@pytest.mark.parametrize("later", [3600, -3600], ids=["newer", "older"])
def test_a_thumbnail_is_made_again_where_the_picture_is_another(
    thumbnails: Thumbnails, picture: Path, later: int
) -> None:
    """Older too: a backup that was put back, or a file that was moved here."""
    thumbnail = thumbnails.of(picture)
    changed = picture.stat().st_mtime + later
    Image.new("RGB", (800, 450), WHITE).save(picture)
    os.utime(picture, (changed, changed))
    assert thumbnails.of(picture) == thumbnail
    assert_near(colour(thumbnail), WHITE)
    assert list(thumbnail.parent.iterdir()) == [thumbnail]


def test_a_thumbnail_that_vanished_is_made_again(thumbnails: Thumbnails, picture: Path) -> None:
    thumbnail = thumbnails.of(picture)
    thumbnail.unlink()
    thumbnail.parent.rmdir()
    assert thumbnails.of(picture) == thumbnail
    assert thumbnail.exists()


def test_a_thumbnail_is_named_by_a_hash_of_its_pictures_path(
    thumbnails: Thumbnails, tmp_path: Path
) -> None:
    made = set()
    for token in ("one", "two"):
        (tmp_path / token).mkdir()
        original = written(tmp_path / token / "a-secret-fox-1x1.png")
        thumbnail = thumbnails.of(original)
        assert thumbnail.name == sha256(str(original).encode()).hexdigest() + ".webp"
        assert re.fullmatch(r"[0-9a-f]{64}\.webp", thumbnail.name)
        made.add(thumbnail)
    assert len(made) == 2


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
def test_a_damaged_picture_is_its_own_thumbnail_and_one_line_in_the_log(
    thumbnails: Thumbnails, picture: Path, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    picture.write_bytes(data)
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        assert thumbnails.of(picture) == picture
    (record,) = caplog.records
    assert re.fullmatch(r"no thumbnail made: \w+", record.getMessage())
    assert record.levelno == logging.WARNING
    assert record.exc_info is None
    assert "fox" not in caplog.text
    assert not any(path.is_file() for path in picture.parent.glob("not/**/*"))


def test_a_picture_that_is_gone_is_its_own_thumbnail(
    thumbnails: Thumbnails, picture: Path, caplog: pytest.LogCaptureFixture
) -> None:
    thumbnail = thumbnails.of(picture)
    picture.unlink()
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        assert thumbnails.of(picture) == picture
    assert [record.getMessage() for record in caplog.records] == [
        "no thumbnail made: FileNotFoundError"
    ]
    assert thumbnail.exists()


def file(folder: Path) -> None:
    folder.touch()


def loop(folder: Path) -> None:
    folder.symlink_to(folder)


@pytest.mark.parametrize("instead", [file, loop])
def test_a_folder_that_cannot_be_written_leaves_the_picture_itself(
    tmp_path: Path,
    picture: Path,
    instead: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    instead(tmp_path / "tiles")
    before = picture.read_bytes()
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        assert Thumbnails(tmp_path / "tiles").of(picture) == picture
    assert len(caplog.records) == 1
    assert "fox" not in caplog.text
    assert picture.read_bytes() == before


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from imagen_demo.pictures.thumbnails import Thumbnails

folder, picture = map(Path, sys.argv[1:])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
for _ in range(3):
    print(Thumbnails(folder).of(picture) == picture)
"""


@pytest.mark.parametrize("detailed", [False, True], ids=["small", "large"])
def test_a_full_disk_leaves_the_picture_itself_and_nothing_half_written(
    tmp_path: Path, *, detailed: bool
) -> None:
    picture = tmp_path / "picture.png"
    shown = Image.effect_noise((800, 450), 90) if detailed else Image.linear_gradient("L")
    shown.save(picture)
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "tiles"), str(picture)],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout == "True\n" * 3
    assert done.stderr.count("no thumbnail made: OSError") == 3
    assert list((tmp_path / "tiles").iterdir()) == []


def test_many_may_ask_for_the_same_thumbnail_at_once(thumbnails: Thumbnails, picture: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(thumbnails.of, [picture] * 24))
    (thumbnail,) = found
    assert_near(colour(thumbnail), TEAL)
    assert list(thumbnail.parent.iterdir()) == [thumbnail]


def test_a_forgotten_thumbnail_is_gone_and_the_others_and_the_picture_stay(
    thumbnails: Thumbnails, picture: Path, tmp_path: Path
) -> None:
    other = thumbnails.of(written(tmp_path / "other.png"))
    thumbnail = thumbnails.of(picture)
    thumbnails.forget(picture)
    thumbnails.forget(picture)
    thumbnails.forget(tmp_path / "never-seen.png")
    assert not thumbnail.exists()
    assert other.exists()
    assert picture.exists()


def test_a_thumbnail_that_cannot_be_deleted_is_one_line_in_the_log(
    thumbnails: Thumbnails,
    picture: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thumbnail = thumbnails.of(picture)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    thumbnails.forget(picture)
    (record,) = caplog.records
    assert record.getMessage() == f"a thumbnail could not be deleted: {os.strerror(13)}"
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    assert thumbnail.exists()


def test_forgetting_where_nothing_was_made_is_no_harm(
    thumbnails: Thumbnails, picture: Path
) -> None:
    thumbnails.forget(picture)
    assert picture.exists()


def test_a_thumbnail_has_nothing_of_what_is_written_into_its_picture(
    thumbnails: Thumbnails, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "A secret fox"
    stream = BytesIO()
    Image.new("RGB", (800, 450), TEAL).save(stream, "JPEG", exif=exif, comment=b"A secret fox")
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(stream.getvalue())
    assert b"secret" in picture.read_bytes()
    assert b"secret" not in thumbnails.of(picture).read_bytes()


def made_soon(thumbnail: Path) -> bool:
    until = time.monotonic() + 10
    while not thumbnail.exists() and time.monotonic() < until:
        time.sleep(0.01)
    return thumbnail.exists()


def test_a_fresh_picture_stands_for_itself_until_its_thumbnail_is_made(
    thumbnails: Thumbnails, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagen_demo.pictures.thumbnails._DELIVERY", 0.2)
    assert thumbnails.soon(picture) == picture
    assert not list(picture.parent.glob("not/**/*.webp"))
    place = (
        picture.parent / "not" / "there" / "yet" / f"{sha256(str(picture).encode()).hexdigest()}"
    )
    assert made_soon(place.with_suffix(".webp"))
    assert thumbnails.soon(picture) == thumbnails.of(picture) == place.with_suffix(".webp")


def test_an_older_picture_has_its_thumbnail_at_once(thumbnails: Thumbnails, picture: Path) -> None:
    os.utime(picture, (1_700_000_000, 1_700_000_000))
    assert_near(colour(thumbnails.soon(picture)), TEAL)
    assert thumbnails.soon(picture) != picture


def test_a_picture_that_is_removed_before_its_turn_leaves_no_thumbnail(
    thumbnails: Thumbnails, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagen_demo.pictures.thumbnails._DELIVERY", 0.1)
    other = written(tmp_path / "other.png")
    assert thumbnails.soon(picture) == picture
    assert thumbnails.soon(other) == other
    picture.unlink()
    thumbnails.forget(picture)
    folder = tmp_path / "not" / "there" / "yet"
    assert made_soon(folder / f"{sha256(str(other).encode()).hexdigest()}.webp")
    assert len(list(folder.iterdir())) == 1
    assert thumbnails.soon(picture) == picture


def test_a_picture_that_is_removed_while_its_thumbnail_is_made_takes_it_along(
    thumbnails: Thumbnails, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def replaced(unfinished: Path, thumbnail: Path) -> Path:
        picture.unlink()
        return replace(unfinished, thumbnail)

    monkeypatch.setattr("pathlib.Path.replace", replaced)
    assert not thumbnails.of(picture).exists()


def test_the_thumbnail_of_a_fresh_picture_is_made_once_and_again_if_it_is_lost(
    thumbnails: Thumbnails, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagen_demo.pictures.thumbnails._DELIVERY", 0.3)
    made = []
    make = Thumbnails.of

    def counted(self: Thumbnails, original: Path) -> Path:
        made.append(original)
        return make(self, original)

    monkeypatch.setattr("imagen_demo.pictures.thumbnails.Thumbnails.of", counted)
    place = picture.parent / "not" / "there" / "yet" / sha256(str(picture).encode()).hexdigest()
    thumbnail = place.with_suffix(".webp")
    assert {thumbnails.soon(picture) for _ in range(50)} == {picture}
    assert made_soon(thumbnail)
    assert made == [picture]
    assert thumbnails.soon(picture) == thumbnail
    time.sleep(0.1)
    thumbnail.unlink()
    assert thumbnails.soon(picture) == picture
    assert made_soon(thumbnail)


def test_a_disk_that_fails_stops_no_thumbnail_after_it(
    thumbnails: Thumbnails, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagen_demo.pictures.thumbnails._DELIVERY", 0.2)
    other = written(tmp_path / "other.png")
    stat = Path.stat

    def failing(path: Path, **how: bool) -> os.stat_result:
        if path == picture and sys._getframe(1).f_code.co_name == "exists":  # noqa: SLF001
            raise PermissionError(13, "denied")
        return stat(path, **how)

    monkeypatch.setattr("pathlib.Path.stat", failing)
    assert thumbnails.soon(picture) == picture
    assert thumbnails.soon(other) == other
    folder = tmp_path / "not" / "there" / "yet"
    assert made_soon(folder / f"{sha256(str(other).encode()).hexdigest()}.webp")
