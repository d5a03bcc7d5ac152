"""Pictures are kept whole, for their visitor alone, and found again by their own names only."""

import os
import random
import re
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from errno import EACCES, EDQUOT, ELOOP, ENAMETOOLONG, ENOSPC, ENOTDIR, EROFS, errorcode
from functools import partial
from hashlib import sha256, shake_256
from itertools import pairwise
from math import inf
from pathlib import Path
from shutil import rmtree
from threading import Barrier, Event

import pytest

from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.domain.generation import Picture, Usage
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.album import Album

ALICE, BOB = "a11ce" + "0" * 27, "b0b" + "f" * 61
NOBODIES = [
    *("", "0" * 31, "0" * 65, "A" * 32, "g" * 32, "0" * 31 + "\n", "0" * 32 + "\n", " " + "0" * 32),
    *(
        "../" * 11,
        "0" * 31 + "/",
        "0" * 31 + "\0",
        "\N{FULLWIDTH DIGIT ZERO}" * 32,
        "\N{ARABIC-INDIC DIGIT ZERO}" * 32,
    ),
    *("\ud800" * 32, "0123-4567" * 4),
]
TOKEN = r"[A-Za-z0-9_-]{32}"  # noqa: S105 - how a name nobody can guess looks
DATA = bytes(range(256))
HOUR = 3600
RECIPE = Recipe(
    request=GenerationRequest(prompt="A fox"),
    rewritten_prompt=None,
    width=8,
    height=8,
    usage=Usage(),
    seconds=1,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    inference_id="",
    drawn_by="imagen",
)

UNUSABLE = (
    "IMAGEN_DEMO_PICTURES must be a folder that this demo can read and write; the system says: {}."
)
FOUR_BYTES = "\N{CJK UNIFIED IDEOGRAPH-20000}"
NAMES = {
    "A fox, in snow!": "a-fox-in-snow",
    "狐狸在雪中": "狐狸在雪中",
    "Füchse im Großen": "füchse-im-grossen",
    **dict.fromkeys(("🦊🦊", "///", ".", ".."), "picture"),
    "../../etc/passwd": "etc-passwd",
    "नमस्ते दुनिया": "नमस्ते-दुनिया",
    "..\\..\\windows": "windows",
    ".hidden": "hidden",
    "-rf_*": "rf",
    "a\0b\nc": "ab-c",
    "x" * 400: "x" * 60,
    FOUR_BYTES * 400: FOUR_BYTES * 25,
    "ΐ" * 400: "ΐ" * 50,  # casefolded to a letter and two marks each, and composed again
    "é" * 400: "é" * 50,
    "狐 " * 200: "-".join("狐" * 25),
    "x" * 57 + " 狐": "x" * 57 + "-狐",
    "x" * 59 + " fox": "x" * 59,
}
FOREIGN_NAMES = [
    *("", "/", "{file}", "{owner}", "{owner}/", "{token}", "{owner}/{token}", "{owner}/{token}/"),
    *("{owner}/{token}/.", "{owner}/{token}/..", "{owner}/{token}/other.png", "{owner}/{file}"),
    *("{token}/{file}", "{token}/{owner}/{file}", "{owner}/{owner}/{file}", "{owner}/secret.png"),
    *("{owner}/{token}/folder.png", "{owner}/{token}/folder.png/inner.png"),
    *("{owner}/{token}/../secret.png", "{owner}/../secret.png", "../secret.png", "secret.png"),
    *("{owner}/../{owner}/{token}/{file}", "{owner}/{token}/../{token}/{file}"),
    *("{owner}/{token}/./{file}", "{owner}/{token}//{file}", "{owner}//{token}/{file}"),
    *("{owner}/{token}/{file}/", "/{owner}/{token}/{file}", "./{owner}/{token}/{file}"),
    *("{owner}/{token}/{file}\n", "{owner}/{token}/{file}\0", "{owner}\\{token}\\{file}"),
    *("{owner}/{token}\\{file}", "{owner}/{token}/..\\secret.png", "{owner}/{token}/\ud800.png"),
    *(" {owner}/{token}/{file}", "x{owner}/{token}/{file}", "{short}/{token}/{file}"),
    *("{owner}/{short}/{file}", "{folder}/{owner}/{token}/{file}", "{folder}/secret.png"),
    *("{owner}/{token}/unfinished", "{owner}/{token}/{file}.gif", "{owner}/{token}/{file}.PNG"),
    *("{owner}/{token}/page.html", "{owner}/{token}/drawing.svg", "{owner}/{token}/.png"),
]


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "not" / "there" / "yet")


def recipe(prompt: str = "A fox", ratio: str = "1:1") -> Recipe:
    return replace(RECIPE, request=GenerationRequest(prompt=prompt, aspect_ratio=ratio))


def keep(  # noqa: PLR0913 - each has a default
    album: Album,
    visitor: str = ALICE,
    *,
    of: Recipe = RECIPE,
    data: bytes = DATA,
    suffix: str = ".png",
    saved_at: float | None = None,
) -> Path:
    path = album.save(Picture(data, suffix, 8, 8, None), of, visitor=visitor)
    if saved_at is not None:
        os.utime(path, (saved_at, saved_at))
    return path


def backdate(*folders: Path, seconds: float = HOUR + 9) -> None:
    """Let folders look as if nobody had touched them since."""
    before = time.time() - seconds
    for folder in folders:
        os.utime(folder, (before, before))


def files(album: Album) -> set[Path]:
    return {path for path in album.folder.rglob("*") if not path.is_dir()}


def test_a_picture_is_kept_byte_for_byte_and_alone_in_its_folder(album: Album) -> None:
    path = keep(album)
    assert path.read_bytes() == DATA
    assert list(path.parent.iterdir()) == [path]
    assert path.parent.parent.parent == album.folder


@pytest.mark.parametrize("ratio", ["1:1", "9:16", "16:9", "3:4", "4:3"])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_picture_is_named_by_its_prompt_shape_and_kind(
    album: Album, ratio: str, suffix: str
) -> None:
    path = keep(album, of=recipe("Racoon eating ice-cream", ratio), suffix=suffix)
    assert path.name == f"racoon-eating-ice-cream-{ratio.replace(':', 'x')}{suffix}"
    assert album.find(album.name(path)) == path


@pytest.mark.parametrize("visitor", [ALICE, ""], ids=["somebody", "nobody"])
def test_the_same_picture_twice_lies_in_two_folders_nobody_can_guess(
    album: Album, visitor: str
) -> None:
    folders = {keep(album, visitor).parent.name for _ in range(40)}
    assert all(re.fullmatch(TOKEN, folder) for folder in folders)
    assert len({folder[:6] for folder in folders}) == len({each[-6:] for each in folders}) == 40


@pytest.mark.parametrize(("prompt", "name"), NAMES.items(), ids=lambda text: ascii(text)[:24])
def test_any_prompt_makes_a_name_that_is_found_again(album: Album, prompt: str, name: str) -> None:
    path = keep(album, of=recipe(prompt), suffix=".webp")
    assert path.name == f"{name}-1x1.webp"
    assert album.name(path) == f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    assert album.find(album.name(path)) == path


@pytest.mark.parametrize("form", FOREIGN_NAMES, ids=ascii)
def test_any_other_name_finds_nothing_and_removes_nothing(album: Album, form: str) -> None:
    path = keep(album)
    owner, token, file = album.name(path).split("/")
    beside = (f"{file}.gif", f"{file}.PNG", "page.html", "drawing.svg", "unfinished", ".png")
    decoys = (
        *(f"{owner}/{token}/{each}" for each in (*beside, "folder.png/inner.png")),
        *(f"{owner}/{owner}/{file}", f"{token}/{owner}/{file}", f"{token}/{file}"),
        *(f"{owner[1:]}/{token}/{file}", f"{owner}/{token[1:]}/{file}", f"{owner}/{file}"),
        *("secret.png", "../secret.png", f"{owner}/secret.png"),
    )
    for decoy in decoys:
        (album.folder / decoy).parent.mkdir(parents=True, exist_ok=True)
        (album.folder / decoy).touch()
    before = files(album)
    name = form.format(owner=owner, token=token, file=file, short=token[1:], folder=album.folder)
    if re.fullmatch(rf"{TOKEN}/{TOKEN}/{re.escape(file)}", name):
        # Any owner and token will do for `find`, whoever knows both; to remove takes the visitor.
        assert album.find(name) == album.folder / name
    else:
        assert album.find(name) is None
    if not name.startswith(f"{owner}/"):
        assert not album.remove(name, visitor=ALICE)
    assert not album.remove(name, visitor=BOB)
    assert files(album) == before


@pytest.mark.parametrize("name", [None, 7, b"", [], {}, ("a",), Path(), 0.5, object], ids=repr)
def test_what_is_no_text_finds_nothing(album: Album, name: object) -> None:
    assert album.find(name) is None
    assert not album.remove(name, visitor=ALICE)


def test_a_picture_that_is_gone_is_not_found(album: Album) -> None:
    assert album.find(f"{'A' * 32}/{'A' * 32}/a-fox-1x1.png") is None
    path = keep(album)
    path.unlink()
    assert album.find(album.name(path)) is None
    assert album.of(ALICE) == []


def test_a_name_too_long_for_the_disk_finds_nothing(album: Album) -> None:
    folder = keep(album).parent
    assert album.find(f"{album.name(folder)}/{'é' * 251}.png") is None


def test_a_folder_is_made_at_once_and_nothing_stays_in_it_of_the_trial(album: Album) -> None:
    assert list(album.folder.iterdir()) == []
    assert album.of(ALICE) == []
    assert album.forget(older_than=inf, more_than=0) == 0


def test_a_folder_that_is_gone_is_an_empty_album_until_something_is_kept(album: Album) -> None:
    rmtree(album.folder)
    assert album.of(ALICE) == []
    assert album.oldest_first() == []
    assert album.forget(older_than=inf, more_than=0) == 0
    assert not album.folder.exists()
    assert keep(album).read_bytes() == DATA


def test_a_relative_folder_stays_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = keep(Album(Path("pictures")))
    assert path.is_absolute()
    assert path.is_relative_to(tmp_path / "pictures")


@pytest.mark.parametrize("other", ["notes.txt", "holiday/", ".git/", "x" * 31, "x" * 33, "é" * 32])
def test_a_folder_with_other_things_stops_the_start_naming_the_variable(
    tmp_path: Path, other: str
) -> None:
    keep(Album(tmp_path))
    if other.endswith("/"):
        (tmp_path / other).mkdir()
    else:
        (tmp_path / other).touch()
    with pytest.raises(ConfigurationError, match=r"^IMAGEN_DEMO_PICTURES must be a folder that "):
        Album(tmp_path)


@pytest.mark.parametrize("other", [".DS_Store", "Thumbs.db", "lost+found"])
def test_what_a_desktop_or_a_disk_puts_into_every_folder_is_no_reason_to_stop(
    tmp_path: Path, other: str
) -> None:
    path = keep(Album(tmp_path), visitor=ALICE)
    (tmp_path / other).touch()
    album = Album(tmp_path)
    album.forget()
    assert album.of(ALICE) == [path]
    assert (tmp_path / other).exists()


def test_whoever_asks_hears_of_each_picture_that_is_forgotten(album: Album) -> None:
    paths = {keep(album) for _ in range(3)}
    told: list[Path] = []
    assert album.forget(more_than=0, tell=told.append) == 3
    assert set(told) == paths


def test_forgetting_goes_on_after_a_picture_that_stays_and_says_so_at_the_end(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [keep(album, saved_at=second) for second in (3, 2, 1)]
    stuck, unlink = paths[1], Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError(13, os.strerror(13))
        unlink(path, missing_ok=missing_ok)

    # Root, whom tests may run as, may delete anything.
    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    told: list[Path] = []
    with pytest.raises(PermissionError):
        album.forget(more_than=0, tell=told.append)
    assert files(album) == {stuck}
    assert told == [paths[0], paths[2]]


@pytest.mark.parametrize(
    ("form", "number"),
    [("{long}", ENAMETOOLONG), ("loop", ELOOP), ("file/below", ENOTDIR), ("file", ENOTDIR)],
)
def test_a_folder_that_cannot_be_one_stops_the_start_with_the_systems_reason(
    tmp_path: Path, form: str, number: int
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError) as caught:
        Album(tmp_path / form.format(long="x" * 300))
    assert caught.value.message == UNUSABLE.format(os.strerror(number))


@pytest.mark.parametrize("number", [EACCES, EROFS, ENOSPC, EDQUOT], ids=errorcode.get)
@pytest.mark.parametrize("step", ["mkdir", "write_bytes"])
def test_a_folder_that_takes_no_picture_stops_the_start_with_the_systems_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    # Root, whom tests may run as, may write anywhere.
    monkeypatch.setattr(Path, step, refuse)
    with pytest.raises(ConfigurationError) as caught:
        Album(tmp_path)
    assert caught.value.message == UNUSABLE.format(os.strerror(number))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_into_a_folder_that_is_no_albums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").touch()
    monkeypatch.setattr(Album, "try_writing", pytest.fail)
    with pytest.raises(ConfigurationError):
        Album(tmp_path)


def test_the_pictures_of_all_visitors_come_oldest_first(album: Album) -> None:
    paths = [keep(album, who, saved_at=second) for second, who in enumerate((ALICE, "", BOB))]
    assert [(each.path, each.size) for each in album.oldest_first()] == [
        (path, len(DATA)) for path in paths
    ]


def test_an_album_is_opened_again_with_all_that_is_in_it(album: Album) -> None:
    paths = [keep(album, saved_at=second) for second in (3, 2, 1)]
    keep(album, "")
    again = Album(album.folder)
    assert again.of(ALICE) == paths
    assert again.name(paths[0]) == album.name(paths[0])


def test_a_visitor_has_only_their_own_pictures_newest_first(album: Album) -> None:
    days = random.Random(7).sample(range(100), 20)  # noqa: S311 - any order will do
    paths = {day: keep(album, ALICE if day % 2 else BOB, saved_at=day) for day in days}
    for visitor, odd in ((ALICE, 1), (BOB, 0)):
        own = [paths[day] for day in sorted(days, reverse=True) if day % 2 == odd]
        assert own
        assert album.of(visitor) == own


def test_all_of_a_visitors_pictures_lie_in_one_folder_named_by_a_hash(album: Album) -> None:
    (owner,) = {keep(album).parent.parent.name for _ in range(3)}
    (other,) = {keep(album, BOB).parent.parent.name for _ in range(3)}
    assert owner == urlsafe_b64encode(sha256(ALICE.encode()).digest()[:24]).decode()
    assert owner != other
    assert {each.name for each in album.folder.iterdir()} == {owner, other}


def test_a_visitors_own_id_is_nowhere_on_the_disk(album: Album) -> None:
    ids = ("0123456789abcdef" * 2, "fedcba9876543210" * 4)
    for visitor in ids:
        keep(album, visitor)
    for path in album.folder.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        for visitor in ids:
            assert visitor[:16] not in str(path).lower()
            assert visitor.encode() not in held
            assert bytes.fromhex(visitor)[:8] not in held.replace(DATA, b"")


@pytest.mark.parametrize("visitor", NOBODIES, ids=lambda visitor: ascii(visitor)[:24])
def test_nobodys_pictures_are_kept_and_in_nobodys_list(album: Album, visitor: str) -> None:
    paths = [keep(album, visitor) for _ in range(3)]
    assert len({path.parent.parent for path in paths}) == 3
    assert all(re.fullmatch(TOKEN, path.parent.parent.name) for path in paths)
    assert album.of(visitor) == album.of("") == []
    for path in paths:
        assert album.find(album.name(path)) == path
        assert not album.remove(album.name(path), visitor=visitor)
        assert path.exists()


def test_a_removed_picture_is_gone_from_the_disk_with_its_folder(album: Album) -> None:
    stays, goes = keep(album), keep(album)
    assert album.remove(album.name(goes), visitor=ALICE)
    assert not goes.parent.exists()
    assert album.find(album.name(goes)) is None
    assert album.of(ALICE) == [stays]
    assert not album.remove(album.name(goes), visitor=ALICE)


def test_a_picture_is_removed_by_its_own_visitor_only(album: Album) -> None:
    path = keep(album)
    for visitor in (BOB, path.parent.parent.name, ALICE.upper(), *NOBODIES):
        assert not album.remove(album.name(path), visitor=visitor)
    assert path.read_bytes() == DATA


def test_the_last_picture_takes_its_visitors_folder_along_in_time(album: Album) -> None:
    path = keep(album)
    album.remove(album.name(path), visitor=ALICE)
    album.forget()
    assert path.parent.parent.exists()
    backdate(path.parent.parent)
    assert album.forget() == 0
    assert not path.parent.parent.exists()
    assert keep(album).read_bytes() == DATA


@pytest.mark.parametrize("place", ["album", "owner"])
def test_a_file_where_a_folder_should_be_is_a_disk_error(tmp_path: Path, place: str) -> None:
    album = Album(tmp_path / "album")
    if place == "album":
        album.folder.rmdir()
        album.folder.touch()
    else:
        owner = keep(Album(tmp_path / "other")).parent.parent.name
        (album.folder / owner).touch()
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        keep(album)
    assert album.of(ALICE) == []


CHILD = """
import resource, signal, sys
from datetime import UTC, datetime
from functools import partial
from hashlib import shake_256
from pathlib import Path
from imagen_demo.pictures.album import Album
from imagen_demo.domain.generation import Picture, Usage
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest

folder, visitor, task = sys.argv[1:]
album = Album(Path(folder))
numbers = [*range(50)]
pictures = [shake_256(str(number).encode()).digest(200_000 + number) for number in numbers]

def save(number):
    recipe = Recipe(
        request=GenerationRequest(prompt=f"Fox {number}"), rewritten_prompt=None, width=8,
        height=8, usage=Usage(), seconds=1, created_at=datetime.now(UTC), inference_id="",
        drawn_by="imagen",
    )
    return album.save(Picture(pictures[number], ".png", 8, 8, None), recipe, visitor=visitor)

if task == "limited":
    save(0)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000 + 25,) * 2)
    for number in (24, 26, 25, 49):
        try:
            save(number)
        except OSError as error:
            print(number, error.strerror)
else:
    print("ready", flush=True)
    for number in numbers:
        save(number)
    sys.stdin.read()
"""


def child(album: Album, task: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - this very Python
        [sys.executable, "-c", CHILD, str(album.folder), ALICE, task],
        cwd=Path(__file__).parent.parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_whole(path: Path) -> None:
    (number,) = re.fullmatch(r"fox-(\d+)-1x1\.png", path.name).groups()  # type: ignore[union-attr]
    assert path.read_bytes() == shake_256(number.encode()).digest(200_000 + int(number))


def test_a_kill_in_the_middle_of_writing_leaves_only_whole_pictures(album: Album) -> None:
    moments = random.Random()  # noqa: S311 - no secret
    interrupted: set[Path] = set()
    for _ in range(20):
        with child(album, "save") as saving:
            assert saving.stdout
            assert saving.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0, 0.03))
            saving.kill()
        interrupted = {path for path in files(album) if path.name == "unfinished"}
        if len(interrupted) >= 3:
            break
    assert interrupted

    kept = album.of(ALICE)
    assert set(kept) == files(album) - interrupted
    for path in kept:
        assert_whole(path)

    assert album.forget() == 0
    assert interrupted <= files(album)  # somebody may still be writing
    backdate(*album.folder.glob("*/*"))
    assert album.forget() == 0
    assert files(album) == set(kept)
    assert {path.parent for path in kept} == set(next(album.folder.iterdir()).iterdir())
    assert album.forget(more_than=0) == len(kept)


def test_a_full_disk_is_an_error_and_leaves_nothing_half_written(album: Album) -> None:
    with child(album, "limited") as saving:
        said, _ = saving.communicate(timeout=20)
    assert said == "26 File too large\n49 File too large\n"
    assert {path.name for path in files(album)} == {f"fox-{n}-1x1.png" for n in (0, 24, 25)}
    for path in album.of(ALICE):
        assert_whole(path)
    assert len(list(next(album.folder.iterdir()).iterdir())) == 3


def at_once(*tasks: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(tasks)) as pool:
        for running in [pool.submit(task) for task in tasks]:
            running.result()


def meanwhile(work: Callable[[], object], *others: Callable[[], object]) -> None:
    """Do the others again and again, each in a thread of its own, until the work is done."""
    done = Event()

    def finish() -> None:
        try:
            work()
        finally:
            done.set()

    def again(task: Callable[[], object]) -> None:
        while not done.is_set():
            task()

    at_once(finish, *(partial(again, task) for task in others))


def test_many_may_save_list_remove_and_forget_at_once(album: Album) -> None:
    data = {f"fox {number}": shake_256(bytes([number])).digest(40_000) for number in range(30)}

    def save() -> None:
        for prompt, held in data.items():
            keep(album, of=recipe(prompt), data=held)

    def save_and_remove() -> None:
        for prompt, held in data.items():
            path = keep(album, BOB, of=recipe(prompt), data=held)
            assert album.remove(album.name(path), visitor=BOB)

    def forget() -> None:
        assert album.forget() == 0

    meanwhile(
        lambda: at_once(save, save, save_and_remove, save_and_remove),
        *(lambda: album.of(ALICE), lambda: album.of(BOB), forget),
    )
    kept = album.of(ALICE)
    assert len(kept) == 2 * len(data)
    for path in kept:
        prompt = path.name.removesuffix("-1x1.png").replace("-", " ")
        assert path.read_bytes() == data[prompt]
    assert album.of(BOB) == []
    assert files(album) == set(kept)


def test_a_list_may_be_read_while_pictures_are_forgotten(album: Album) -> None:
    def save_and_forget() -> None:
        for _ in range(10):
            for _ in range(8):
                keep(album, data=b"x")
            assert album.forget(more_than=0) == 8

    def look() -> None:
        assert len(album.of(ALICE)) <= 8

    meanwhile(save_and_forget, look, look, look)
    assert files(album) == set()


def test_a_picture_removed_twice_at_once_is_removed_once(album: Album) -> None:
    together = Barrier(4)

    def remove(name: str) -> bool:
        together.wait()
        return album.remove(name, visitor=ALICE)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(100):
            name = album.name(keep(album))
            assert sorted(pool.map(remove, [name] * 4)) == [False, False, False, True]


def test_a_picture_may_be_removed_while_the_old_are_forgotten(album: Album) -> None:
    for _ in range(30):
        names = [album.name(keep(album)) for _ in range(8)]

        def remove(names: list[str] = names) -> None:
            for name in names:
                album.remove(name, visitor=ALICE)

        at_once(remove, lambda: album.forget(more_than=0))
        assert files(album) == set()


def test_without_limits_nothing_is_forgotten(album: Album) -> None:
    paths = {keep(album, visitor, saved_at=0) for visitor in (ALICE, BOB, "")}
    assert album.forget() == 0
    assert files(album) == paths


def test_what_was_saved_before_a_moment_is_forgotten_and_not_a_second_more(album: Album) -> None:
    visitors = (ALICE, BOB, "", ALICE)
    paths = [keep(album, visitor, saved_at=97.0 + at) for at, visitor in enumerate(visitors)]
    assert album.forget(older_than=97) == 0
    assert album.forget(older_than=99) == 2
    assert files(album) == set(paths[2:])
    assert not paths[0].parent.exists()
    assert album.forget(older_than=100.5) == 2
    assert files(album) == set()


@pytest.mark.parametrize(
    ("more_than", "stay"),
    [(1000, 4), (999, 3), (600, 3), (599, 2), (300, 2), (299, 1), (100, 1), (99, 0), (0, 0)],
)
def test_of_too_many_bytes_the_oldest_are_forgotten_whoever_made_them(
    album: Album, more_than: float, stay: int
) -> None:
    newest_first = [
        keep(album, visitor, data=bytes(100 * number), saved_at=9 - number)
        for number, visitor in enumerate((ALICE, BOB, "", ALICE), 1)
    ]
    assert album.forget(more_than=more_than) == 4 - stay
    assert files(album) == set(newest_first[:stay])
    assert album.forget(more_than=more_than) == 0


def test_no_older_picture_stays_because_it_is_small(album: Album) -> None:
    newest = keep(album, data=bytes(60), saved_at=3)
    keep(album, data=bytes(60), saved_at=2)
    keep(album, BOB, data=bytes(10), saved_at=1)
    assert album.forget(more_than=100) == 2
    assert files(album) == {newest}


def test_both_limits_hold_together(album: Album) -> None:
    newest_first = [keep(album, data=bytes(100), saved_at=9 - number) for number in range(5)]
    assert album.forget(older_than=6, more_than=450) == 1
    assert album.forget(older_than=6, more_than=250) == 2
    assert files(album) == set(newest_first[:2])


def test_what_a_crash_left_goes_once_nobody_can_be_writing_it(album: Album) -> None:
    path = keep(album)
    owner = path.parent.parent
    empty, begun, of_another = (folder / ("x" * 32) for folder in (owner, owner, album.folder))
    begun = begun.with_name("y" * 32)
    of_another = of_another / ("z" * 32)
    for folder in (empty, begun, of_another):
        folder.mkdir(parents=True)
    for folder in (begun, of_another):
        (folder / "unfinished").write_bytes(DATA)
    left = (empty, begun, of_another)
    backdate(*left, seconds=HOUR - 60)
    album.forget()
    assert all(folder.exists() for folder in left)
    backdate(*left, path.parent, owner)
    assert album.forget() == 0
    assert not any(folder.exists() for folder in left)
    assert of_another.parent.exists()
    backdate(of_another.parent)
    album.forget()
    assert not of_another.parent.exists()
    assert files(album) == {path}


@pytest.mark.parametrize("place", ["album", "owner", "picture"])
def test_a_foreign_file_in_the_album_does_not_stop_forgetting(album: Album, place: str) -> None:
    paths = [keep(album, visitor, saved_at=1) for visitor in (ALICE, BOB)]
    picture = paths[0].parent
    folder = {"album": album.folder, "owner": picture.parent, "picture": picture}[place]
    foreign = folder / (".DS_Store" if place != "album" else "x" * 32)
    foreign.touch()
    backdate(foreign, folder)
    assert album.of(ALICE) == [paths[0]]
    assert album.forget(older_than=2) == 2
    assert not any(path.parent.exists() for path in paths)
    assert album.forget(older_than=2) == 0


Link = tuple[Album, Path, Path, str]


@pytest.fixture(params=["owner", "picture", "file", "nowhere"])
def link(request: pytest.FixtureRequest, album: Album, tmp_path: Path) -> Link:
    """An album with one picture and a link out of it, the file outside, and a name through it."""
    own = keep(album, saved_at=1)
    private = tmp_path / "outside" / ("x" * 32) / ("y" * 32) / "private.png"
    private.parent.mkdir(parents=True)
    private.write_bytes(DATA)
    place, target, through = {
        "owner": (album.folder / ("x" * 32), private.parent.parent, f"{'y' * 32}/private.png"),
        "picture": (own.parent.with_name("y" * 32), private.parent, "private.png"),
        "file": (own.with_name("private.png"), private, ""),
        "nowhere": (own.parent.with_name("y" * 32), tmp_path / "nowhere", "private.png"),
    }[request.param]
    place.symlink_to(target)
    backdate(private, private.parent, private.parent.parent)
    return album, own, private, album.name(place / through)


def test_forgetting_follows_no_link_out_of_the_album(link: Link) -> None:
    album, own, private, _ = link
    assert album.forget(older_than=inf, more_than=0) == 1
    assert private.read_bytes() == DATA
    assert not own.exists()
    assert album.forget(older_than=inf, more_than=0) == 0


def test_looking_follows_no_link_out_of_the_album(link: Link) -> None:
    album, own, private, name = link
    assert album.of(ALICE) == [own]
    assert album.find(name) is None
    assert not album.remove(name, visitor=ALICE)
    assert private.read_bytes() == DATA


def test_saving_keeps_the_order_of_time(album: Album) -> None:
    paths = []
    for _ in range(4):
        paths.append(keep(album))
        time.sleep(0.01)
    assert album.of(ALICE) == paths[::-1]
    times = [path.stat().st_mtime_ns for path in paths]
    assert all(before < after for before, after in pairwise(times))
