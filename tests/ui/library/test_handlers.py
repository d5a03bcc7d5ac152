"""Strip, gallery, dropped files, sheet and seed, over a real album and gallery."""

import logging
import os
import threading
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import copy
from typing import Any

import gradio as gr
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from imagen_demo.domain.generation import Usage
from imagen_demo.domain.pricing import Prices
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import inscribe
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.service.generate import Drawing
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.library import view as library_view
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.library.view import Strip
from imagen_demo.ui.options import rules
from imagen_demo.ui.outputs import Outputs, Showing
from tests.conftest import png
from tests.signing import signed
from tests.stand_ins import (
    NASTY,
    RESULT,
    STRANGER,
    VISITOR,
    Fake,
    Page,
    changed,
    inscribed,
    recipe_of,
    rewrite_in,
    shots_of,
    text_of,
    tiles_of,
)

NANO = "google/gemini-nano-banana-2.1"
UNDO = "Put my prompt back"
REMOVED = "Removed from this demo's disk."


@dataclass
class Home:
    """A record over real folders, and what a browser would do with it."""

    folder: Path

    def __post_init__(self) -> None:
        self.album = Album(self.folder / "album")
        self.temporary = Temporary(self.folder / "gradio" / "files")
        self.gallery = self.folder / "gallery"
        self.gallery.mkdir()
        self.tiles = self.folder / "tiles"
        self.record = self.bound()
        self._age = 0

    def bound(self) -> Record:
        """What a demo that was just started has over these folders."""
        drawing = Drawing(Fake(), self.album, prices=Prices(), temporary=self.temporary)
        return Record(
            Showing(self.album, self.gallery, self.temporary), Thumbnails(self.tiles), drawing
        )

    def save(self, recipe: Recipe | str = "A fox", *, visitor: str = VISITOR) -> str:
        """Keep a picture, each a minute newer than the one before; return its name."""
        recipe = recipe_of(recipe) if isinstance(recipe, str) else recipe
        path = self.album.save(inscribed(recipe), recipe, visitor=visitor)
        self._age += 60
        os.utime(path, (self._age, self._age))
        return self.album.name(path)

    def show(self, recipe: Recipe | str = "An example", name: str = "01.png") -> str:
        """Put a picture into the gallery; return its name."""
        recipe = recipe_of(recipe) if isinstance(recipe, str) else recipe
        (self.gallery / name).write_bytes(inscribed(recipe).data)
        return name

    def strip(self, visitor: str = VISITOR) -> Page:
        return page_of(self.record.on_strip(visitor))

    def opened(self, name: object, typed: str = "") -> Outputs:
        return self.record.on_open(typed, gr.EventData(None, {"name": name}))

    def dropped(self, data: bytes | None, typed: str = "", visitor: str = VISITOR) -> Outputs:
        return self.record.on_drop(self.uploaded(data), typed, visitor)

    def uploaded(self, data: bytes | None, name: str = "cat.bin") -> dict[str, Any] | None:
        """Put a file where Gradio puts it: in a folder that is named by what is in it."""
        if data is None:
            return None
        path = self.folder / "uploads" / sha256(data).hexdigest() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return {"path": str(path)}

    def removed(self, name: object, memory: object = None, visitor: str = VISITOR) -> Outputs:
        return self.record.on_remove(visitor, memory, gr.EventData(None, {"name": name}))

    def all_removed(self, memory: object = None) -> Outputs:
        return self.record.on_remove_all(VISITOR, memory)


def page_of(strip: Strip) -> Page:
    """What a browser makes of the visitor's own row."""
    return Page(strip["heading"] + strip["tiles"])


def file_of(outputs: Outputs) -> str:
    """The one picture that is shown."""
    ((file, _),) = shots_of(outputs["picture"])
    return file


def nothing_of(outputs: Outputs) -> bool:
    """Whether nothing is left of a picture that was shown before, its code neither."""
    left = (outputs["rewritten_prompt"], outputs["token_usage"], outputs["code"])
    return left == (create_view.NO_REWRITE, create_view.NO_USAGE, create_view.NO_CODE)


def memory_of(*names: str) -> dict[str, list[str]]:
    return {"pictures": [*names], "missing": []}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


# The strip.


def test_the_strip_shows_ones_own_pictures_newest_first_and_nobody_elses(home: Home) -> None:
    names = [home.save(prompt) for prompt in ("First", "Second", "Third")]
    home.save("Another's", visitor=STRANGER)
    home.save("Nobody's", visitor="")
    page = home.strip()
    assert page.given("data-open") == names[::-1]
    assert [each for each in page.given("aria-label")[1:] if "Remove" not in str(each)] == [
        *("Third", "Second", "First")
    ]
    assert "3, kept for this browser" in page.text
    assert home.strip(STRANGER).given("aria-label")[-2:] == ["Another's", "Remove Another's"]


@pytest.mark.parametrize("visitor", ["", "x", VISITOR[:31], VISITOR + "0", VISITOR.upper(), ".."])
def test_who_is_no_visitor_has_no_pictures(home: Home, visitor: str) -> None:
    home.save()
    home.save(visitor="")
    home.save(visitor=visitor)
    page = home.strip(visitor)
    assert page.given("data-open") == []
    assert "each one you make is kept here" in page.text


def test_a_strip_shows_its_newest_and_all_of_them_at_a_click(home: Home) -> None:
    names = [home.save(f"Picture {number}") for number in range(library_view.NEWEST + 2)]
    first = home.strip()
    whole = page_of(home.record.on_strip_again(VISITOR, gr.EventData(None, {"whole": True})))
    assert library_view.NEWEST == 24
    assert first.given("data-open") == names[::-1][:24]
    assert "the newest 24 of 26, kept for this browser" in first.text
    assert "Show all 26" in first.text
    assert whole.given("data-open") == names[::-1]
    assert "Show all" not in whole.text


def test_a_strip_that_shows_all_goes_on_to_when_one_is_removed(home: Home) -> None:
    names = [home.save(f"Picture {number}") for number in range(library_view.NEWEST + 2)]
    for whole, left in ((True, 25), (False, 24), ("yes", 23)):
        event = gr.EventData(None, {"name": names.pop(), "whole": whole})
        shown = tiles_of(home.record.on_remove(VISITOR, None, event)["strip"])
        assert len(shown) == (left if whole is True else min(left, library_view.NEWEST))


def test_exactly_as_many_as_are_shown_need_no_click(home: Home) -> None:
    for _ in range(library_view.NEWEST):
        home.save()
    assert "Show all" not in home.strip().text


def test_tiles_are_small_files_outside_the_album(home: Home) -> None:
    name = home.save()
    (source,) = home.strip().every("img", "src")
    assert source
    tile = Path(source.removeprefix("gradio_api/file="))
    assert tile.parent == home.tiles
    with Image.open(tile) as small:
        assert small.format == "WEBP"
    assert [each.name for each in (home.album.folder / name).parent.iterdir()] == [Path(name).name]


def test_a_hostile_prompt_stays_in_its_tile(home: Home) -> None:
    home.save(recipe_of(NASTY))
    page = home.strip()
    assert NASTY in page.text
    assert NASTY in page.given("aria-label")


def test_a_picture_that_lost_its_recipe_is_called_by_its_file(home: Home) -> None:
    name = home.save("A fox")
    (home.album.folder / name).write_bytes(png())
    assert "a-fox-1x1" in home.strip().given("aria-label")


def test_pictures_are_on_their_way_while_the_service_still_answers(tmp_path: Path) -> None:
    asked, answer, fake = threading.Event(), threading.Event(), Fake()

    def hold() -> None:
        asked.set()
        assert answer.wait(10)

    fake.before_each = hold
    album = Album(tmp_path)
    temporary = Temporary(tmp_path.parent)
    drawing = Drawing(fake, album, prices=Prices(), temporary=temporary)
    record = Record(Showing(album, tmp_path, temporary), Thumbnails(tmp_path.parent), drawing)
    request = GenerationRequest(prompt="A fox", num_images=2)
    with ThreadPoolExecutor(1) as elsewhere:
        drawn = elsewhere.submit(drawing.whole, request, api_key="", visitor=VISITOR)
        assert asked.wait(10)
        during, strangers = record.on_strip(VISITOR), record.on_strip(STRANGER)
        answer.set()
        drawn.result(timeout=10)
    after = record.on_strip(VISITOR)
    assert [each["coming"] for each in (during, strangers, after)] == [2, 0, 0]
    assert len(tiles_of(after)) == 2


# The gallery.


def test_the_gallery_shows_what_has_a_recipe_in_the_order_of_its_files(home: Home) -> None:
    home.show("An owl", "02.png")
    home.show("A fox", "01.png")
    (home.gallery / "03.png").write_bytes(png())
    (home.gallery / "notes.txt").write_text("no picture")
    page = Page(home.record.on_gallery())
    assert page.given("data-open") == ["01.png", "02.png"]
    assert page.given("aria-label") == ["Examples", "A fox", "An owl"]
    assert "recorded from Imagen" in page.text


def test_a_picture_laid_into_the_gallery_is_an_example_without_a_restart(home: Home) -> None:
    assert Page(home.record.on_gallery()).given("data-open") == []
    home.show(recipe_of("A fox", drawn_by="sandbox"))
    page = Page(home.record.on_gallery())
    assert page.given("data-open") == ["01.png"]
    assert "as the sandbox draws them" in page.text


def test_a_click_on_an_example_shows_it_and_fills_its_settings_in(home: Home) -> None:
    name = home.show(recipe_of("A fox", aspect_ratio="3:4"))
    shown = home.opened(name)
    assert file_of(shown) == str(home.gallery / name)
    assert rewrite_in(shown["rewritten_prompt"]) == "A red fox"
    assert "84,000" in shown["token_usage"]
    assert "Reported this visit" not in shown["token_usage"]
    assert '"prompt": "A fox",' in shown["code"]["python"]
    assert "carries no response" in shown["code"]["response"]
    assert "Recorded 2 January 2026, Imagen 4." in text_of(shown["notice"])
    assert "Nothing was spent" in text_of(shown["notice"])
    assert shown["shown"] == memory_of(name)
    assert (shown["settings"]["prompt"], shown["settings"]["aspect_ratio"]) == ("A fox", "3:4")
    assert home.album.of(VISITOR) == []


# Opening a tile.


def test_a_tile_brings_back_picture_rewrite_receipt_and_every_setting(home: Home) -> None:
    recipe = recipe_of(
        "A fox",
        aspect_ratio="3:4",
        num_images=2,
        seed=7,
        enhance_prompt=False,
        person_generation="dont_allow",
        safety_setting="block_only_high",
    )
    name = home.save(recipe)
    shown = home.opened(name)
    assert file_of(shown) == str(home.album.folder / name)
    assert rewrite_in(shown["rewritten_prompt"]) == "A red fox"
    receipt = Page(shown["token_usage"]).text
    for part in ("84,000 tokens", "$0.042", "9.9 seconds", "seed 7", "For 2 pictures together."):
        assert part in receipt
    assert "Your picture of 2 January 2026, drawn by Imagen 4." in text_of(shown["notice"])
    assert shown["shown"] == memory_of(name)
    assert shown["settings"] == {
        "prompt": "A fox",
        "aspect_ratio": "3:4",
        "model": "google/imagen-4.0-generate-001",
        "num_images": 2,
        "seed": "7",
        "enhance_prompt": False,
        "person_generation": "dont_allow",
        "safety_setting": "block_only_high",
        "add_watermark": False,
        "resolution": "1K",
        "enable_web_search": False,
    }


def test_a_tile_of_the_successors_brings_back_what_it_takes(home: Home) -> None:
    asked: dict[str, Any] = {"model": NANO, "resolution": "2K", "enable_web_search": True}
    name = home.save(recipe_of("A fox", rewritten=None, usage=Usage(), **asked))
    shown = home.opened(name)
    assert {each: shown["settings"][each] for each in asked} == asked
    assert rewrite_in(shown["rewritten_prompt"]) is None
    assert "does not rewrite prompts" in Page(shown["rewritten_prompt"]).text
    assert "not reported" in shown["token_usage"]


def test_a_picture_comes_back_after_a_restart(home: Home) -> None:
    name = home.save()
    home.album = Album(home.folder / "album")
    home.record = home.bound()
    shown = home.opened(name)
    assert file_of(shown) == str(home.album.folder / name)


FORGED: list[object] = [
    *(
        None,
        7,
        True,
        [],
        ["01.png"],
        {},
        "",
        ".",
        "..",
        "/",
        "plain.png",
        "notes.txt",
        "foreign.png",
    ),
    *("../../etc/passwd", "/etc/passwd", "../gallery/01.png", "01.png\0", "\ud800", "x" * 9_999),
    *("a" * 32 + "/" + "b" * 32 + "/c.png", "a" * 32 + "/../../gallery/01.png"),
]


@pytest.mark.parametrize("name", FORGED, ids=lambda name: repr(name)[:30])
def test_a_forged_name_opens_nothing_and_removes_nothing(home: Home, name: object) -> None:
    home.show()
    own = home.save()
    (home.gallery / "plain.png").write_bytes(png())
    (home.gallery / "notes.txt").write_text("no picture")
    (home.gallery / "foreign.png").write_bytes(foreign("A castle\nSteps: 20"))
    updates = home.opened(name, "typed")
    assert changed(updates) == {"notice"}
    assert "This picture is no longer here. Nothing was spent." in text_of(updates["notice"])
    assert changed(home.removed(name, memory_of(own))) == {"strip", "notice"}
    assert len(home.album.of(VISITOR)) == 1
    assert sorted(each.name for each in home.gallery.iterdir()) == [
        *("01.png", "foreign.png", "notes.txt", "plain.png")
    ]


def test_an_event_without_a_name_opens_nothing_and_removes_nothing(home: Home) -> None:
    home.save()
    bare = gr.EventData(None, {})
    assert changed(home.record.on_open("", bare)) == {"notice"}
    home.record.on_remove(VISITOR, None, bare)
    assert len(home.album.of(VISITOR)) == 1


def test_a_picture_that_is_gone_meanwhile_is_said_to_be(home: Home) -> None:
    name = home.save()
    home.removed(name)
    assert changed(home.opened(name)) == {"notice"}


@pytest.mark.parametrize(("typed", "offered"), [("An owl", True), ("A castle", False), ("", False)])
def test_ones_own_picture_with_anothers_recipe_is_shown_with_its_prompt(
    home: Home, typed: str, *, offered: bool
) -> None:
    name = home.save()
    (home.album.folder / name).write_bytes(foreign("A castle\nSteps: 20, Seed: 1"))
    updates = home.opened(name, typed)
    assert changed(updates) == RESULT | {"prompt"}
    assert file_of(updates) == str(home.album.folder / name)
    assert shots_of(updates["picture"])[0][1] == "A castle"
    assert nothing_of(updates)
    assert "Your picture, without its recipe." in text_of(updates["notice"])
    assert (UNDO in text_of(updates["notice"])) is offered
    assert (updates["settings"]["prompt"], updates["shown"]) == ("A castle", None)


def test_ones_own_picture_without_any_recipe_is_shown_and_no_prompt_is_touched(home: Home) -> None:
    name = home.save()
    (home.album.folder / name).write_bytes(png())
    updates = home.opened(name, "An owl")
    assert changed(updates) == RESULT
    assert file_of(updates) == str(home.album.folder / name)
    assert shots_of(updates["picture"])[0][1] == "a-fox-1x1"
    assert "Your picture, without its recipe." in text_of(updates["notice"])
    assert UNDO not in text_of(updates["notice"])
    assert updates["shown"] is None


# The prompt that was typed.


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("An owl", True), ("A fox ", False), ("A fox", False), ("", False), ("  \n ", False)],
    ids=["another", "the same", "the very same", "none", "blank"],
)
def test_only_a_prompt_that_would_be_lost_can_be_put_back(
    home: Home, typed: str, *, offered: bool
) -> None:
    name, example = home.save("A fox"), home.show("A fox")
    file = inscribed(recipe_of("A fox")).data
    everywhere = [
        home.opened(name, typed),
        home.opened(example, typed),
        home.dropped(file, typed),
        home.dropped(foreign("A fox\nSteps: 20, Seed: 1"), typed),
    ]
    assert [UNDO in text_of(each["notice"]) for each in everywhere] == [offered] * 4
    assert [each["settings"]["prompt"] for each in everywhere] == ["A fox"] * 4


# Removing.


def test_a_picture_is_removed_from_strip_disk_and_tiles(home: Home) -> None:
    names = [home.save("A fox"), home.save("An owl")]
    home.strip()
    assert len(list(home.tiles.iterdir())) == 2
    updates = home.removed(names[0])
    assert changed(updates) == {"strip", "notice"}
    assert REMOVED in text_of(updates["notice"])
    assert tiles_of(updates["strip"]) == [names[1]]
    assert home.album.find(names[0]) is None
    assert len(list(home.tiles.iterdir())) == 1


@pytest.mark.parametrize("visitor", [STRANGER, "", "x"])
def test_nobody_removes_what_is_anothers(home: Home, visitor: str) -> None:
    name = home.save()
    nobodys = home.save(visitor="")
    for each in (name, nobodys):
        home.removed(each, memory_of(each), visitor=visitor)
    home.record.on_remove_all(visitor, memory_of(name))
    assert home.album.find(name)
    assert home.album.find(nobodys)


def test_an_example_cannot_be_removed(home: Home) -> None:
    name = home.show()
    assert changed(home.removed(name, memory_of(name))) == {"strip", "notice"}
    assert (home.gallery / name).is_file()


def test_the_page_is_emptied_if_the_picture_on_it_is_removed(home: Home) -> None:
    shown, other = home.save("A fox"), home.save("An owl")
    assert changed(home.removed(other, memory_of(shown))) == {"strip", "notice"}
    updates = home.removed(shown, memory_of(shown))
    assert changed(updates) == RESULT | {"strip"}
    assert updates["picture"] == create_view.NO_PICTURE
    assert nothing_of(updates)
    assert REMOVED in text_of(updates["notice"])
    assert updates["shown"] is None


def test_what_is_left_of_several_pictures_stays_on_the_page(home: Home) -> None:
    names = [home.save(recipe_of("A fox", rewritten=f"Take {n}", num_images=3)) for n in range(3)]
    memory = {"pictures": names, "missing": ["One was blocked."]}
    updates = home.removed(names[0], memory)
    assert changed(updates) == RESULT | {"strip"}
    assert shots_of(updates["picture"]) == [
        (str(home.album.folder / name), f"Take {number}")
        for number, name in ((1, names[1]), (2, names[2]))
    ]
    assert REMOVED in text_of(updates["notice"])
    assert updates["shown"] == {"pictures": names[1:], "missing": ["One was blocked."]}
    updates = home.removed(names[2], updates["shown"])
    assert file_of(updates) == str(home.album.folder / names[1])
    assert rewrite_in(updates["rewritten_prompt"]) == "Take 1"
    assert tiles_of(updates["strip"]) == [names[1]]
    updates = home.removed(names[1], updates["shown"])
    assert (updates["picture"], updates["shown"]) == (create_view.NO_PICTURE, None)


def test_all_are_removed_but_for_one_that_the_disk_does_not_let_go(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [home.save(recipe_of("A fox", num_images=3)) for _ in range(3)]
    home.strip()
    stuck, unlink = home.album.folder / names[1], Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path == stuck:
            raise PermissionError(13, os.strerror(13))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    updates = home.all_removed(memory_of(*names))
    assert home.album.of(VISITOR) == [stuck]
    assert "The disk did not let go of everything." in text_of(updates["notice"])
    assert REMOVED not in text_of(updates["notice"])
    assert file_of(updates) == str(stuck)
    assert updates["shown"] == memory_of(names[1])
    assert len(list(home.tiles.iterdir())) == 1


def test_all_are_removed_and_nobody_elses(home: Home) -> None:
    names = [home.save() for _ in range(library_view.NEWEST + 1)]
    others = home.save(visitor=STRANGER)
    updates = home.all_removed(memory_of(names[0]))
    assert changed(updates) == RESULT | {"strip"}
    assert "each one you make is kept here" in page_of(updates["strip"]).text
    assert home.album.of(VISITOR) == []
    assert home.album.find(others)


def test_all_are_removed_and_an_example_stays_on_the_page(home: Home) -> None:
    home.save()
    assert changed(home.all_removed(memory_of(home.show()))) == {"strip", "notice"}


@pytest.mark.parametrize("memory", [None, 7, "x", {}, {"pictures": 7}, memory_of("../x")], ids=repr)
def test_nonsense_in_the_browsers_memory_does_not_keep_a_picture(
    home: Home, memory: object
) -> None:
    assert changed(home.removed(home.save(), memory)) == {"strip", "notice"}
    home.save()
    assert changed(home.all_removed(memory)) == {"strip", "notice"}
    assert home.album.of(VISITOR) == []


def test_a_picture_that_was_in_the_strip_is_not_read_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.save("A fox")
    before = home.strip().text
    monkeypatch.setattr("imagen_demo.ui.library.handlers.read", lambda _: None)
    assert home.strip().text == before
    home.save("An owl")
    monkeypatch.undo()
    assert "An owl" in home.strip().text


def test_a_disk_that_does_not_let_go_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    name = home.save()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, os.strerror(13))

    # Root, whom tests may run as, may delete anything.
    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    for updates in (home.removed(name, memory_of(name)), home.all_removed(memory_of(name))):
        assert changed(updates) == {"strip", "notice"}
        assert "The disk did not let go of everything." in text_of(updates["notice"])
        assert tiles_of(updates["strip"]) == [name]


def test_a_disk_that_cannot_be_read_is_said_and_costs_nothing_that_is_shown(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [home.save(), home.save()]

    def refuse(*_: object) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr("imagen_demo.pictures.album.Album.of", refuse)
    updates = home.removed(names[0], memory_of(names[1]))
    assert changed(updates) == {"notice"}
    assert REMOVED in text_of(updates["notice"])
    updates = home.all_removed(memory_of(names[1]))
    assert changed(updates) == {"notice"}
    assert "The disk did not let go of everything." in text_of(updates["notice"])


# Dropped files.


def encoded(kind: str) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(stream, kind)
    return stream.getvalue()


def foreign(parameters: str) -> bytes:
    stream, texts = BytesIO(), PngInfo()
    texts.add_text("parameters", parameters)
    Image.new("RGB", (8, 8), "teal").save(stream, "PNG", pnginfo=texts)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_this_demos_is_restored_and_not_kept(home: Home, kind: str) -> None:
    recipe = recipe_of("A fox", aspect_ratio="3:4", seed=7, enhance_prompt=False)
    data = inscribe(verify_picture(encoded(kind), None), recipe).data
    updates = home.dropped(data)
    path = Path(file_of(updates))
    assert path.is_relative_to(home.temporary.folder)
    assert path.read_bytes() == data
    assert home.album.of(VISITOR) == []
    assert not any(path.is_file() for path in home.album.folder.rglob("*"))
    assert rewrite_in(updates["rewritten_prompt"]) == "A red fox"
    assert "84,000" in updates["token_usage"]
    said = text_of(updates["notice"])
    assert "Opened: a picture of 2 January 2026, drawn by Imagen 4." in said
    assert "no copy of it is kept" in said
    assert updates["shown"] is None
    filled = ("prompt", "aspect_ratio", "seed", "enhance_prompt")
    assert [updates["settings"][name] for name in filled] == ["A fox", "3:4", "7", False]


def test_ones_own_picture_that_is_dropped_is_not_doubled(home: Home) -> None:
    name = home.save()
    updates = home.dropped((home.album.folder / name).read_bytes())
    assert updates["shown"] is None
    assert home.album.of(VISITOR) == [home.album.folder / name]


def save_signed(home: Home, visitor: str = VISITOR) -> tuple[Path, bytes]:
    """Keep a picture that its maker signed; its recipe lies beside it."""
    data, recipe = signed(png()), recipe_of("A fox", seed=7, enhance_prompt=False)
    picture = verify_picture(data, "A red fox")
    return home.album.save(picture, recipe, visitor=visitor, recipe_beside=True), data


def test_ones_own_signed_picture_finds_its_recipe_again(home: Home) -> None:
    _, data = save_signed(home)
    updates = home.dropped(data, "An owl")
    assert Path(file_of(updates)).read_bytes() == data
    assert rewrite_in(updates["rewritten_prompt"]) == "A red fox"
    said = text_of(updates["notice"])
    assert "Opened: a picture of 2 January 2026" in said
    assert "Put my prompt back" in said
    assert "Signed by its maker (Content Credentials)." in updates["token_usage"]
    assert updates["settings"]["prompt"] == "A fox"
    assert updates["settings"]["seed"] == "7"


def test_a_signed_picture_of_somebody_elses_says_nothing(home: Home) -> None:
    _, data = save_signed(home)
    for visitor in (STRANGER, "", "x"):
        updates = home.dropped(data, visitor=visitor)
        assert changed(updates) == {"notice"}
        assert "carries no recipe" in text_of(updates["notice"])


def test_a_signed_example_finds_its_recipe_for_everybody(home: Home) -> None:
    path, data = save_signed(home)
    for each in path.parent.iterdir():
        copy(each, home.gallery)
    home.all_removed()
    assert home.dropped(data, visitor=STRANGER)["settings"]["prompt"] == "A fox"
    assert home.opened(path.name)["settings"]["prompt"] == "A fox"


def test_a_signed_picture_shows_itself_in_the_strip_and_on_the_sheet(home: Home) -> None:
    path, data = save_signed(home)
    name = home.album.name(path)
    assert home.strip().inside("span") == ["A fox"]
    updates = home.opened(name)
    assert "Signed by its maker" in updates["token_usage"]
    sheet = home.record.on_sheet(updates["shown"])["sheet_file"]
    assert b64encode(data).decode() in Path(sheet).read_text(encoding="utf-8")
    assert home.removed(name)["strip"]
    assert not path.parent.exists()


def test_of_a_foreign_picture_only_the_prompt_is_taken(home: Home) -> None:
    said = "a castle,\nmoonlight\nNegative prompt: rain\nSteps: 20, Sampler: Euler a, Seed: 5"
    updates = home.dropped(foreign(said))
    assert changed(updates) == {"notice", "prompt"}
    assert updates["settings"]["prompt"] == "a castle, moonlight"
    assert "The file you opened was made elsewhere." in text_of(updates["notice"])
    assert home.album.of(VISITOR) == []


def test_a_foreign_prompt_is_no_part_of_the_page_but_of_its_box(home: Home) -> None:
    updates = home.dropped(foreign(f"{NASTY}\nSteps: 20"))
    assert updates["settings"]["prompt"] == NASTY
    assert NASTY not in text_of(updates["notice"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_without_a_recipe_is_answered_in_words(home: Home, kind: str) -> None:
    updates = home.dropped(encoded(kind), "An owl")
    assert changed(updates) == {"notice"}
    assert "The file you opened carries no recipe, so there is nothing to restore." in text_of(
        updates["notice"]
    )
    assert "alert" not in text_of(updates["notice"])
    assert home.album.of(VISITOR) == []


DAMAGED = {
    "nothing": None,
    "empty": b"",
    "garbage": bytes(range(256)) * 9,
    "text": b"A fox",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
    "page": b"<!doctype html><script>alert(1)</script>",
    "gif": encoded("GIF"),
    "start": b"\x89PNG\r\n\x1a\n",
    "truncated": inscribed(recipe_of()).data[:-30],
    "truncated jpeg": inscribe(verify_picture(encoded("JPEG"), None), recipe_of()).data[:-30],
    "truncated webp": inscribe(verify_picture(encoded("WEBP"), None), recipe_of()).data[:-40],
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_picture_is_answered_in_words_and_changes_nothing(
    home: Home, data: bytes | None
) -> None:
    updates = home.dropped(data, "An owl")
    assert changed(updates) == {"notice"}
    page = Page(updates["notice"]["html"])
    assert "This is not a picture that can be opened here. Nothing was charged." in page.text
    assert "Drop a PNG, JPEG or WebP" in page.text
    assert home.album.of(VISITOR) == []


def test_a_hostile_recipe_stays_text(home: Home) -> None:
    updates = home.dropped(inscribed(recipe_of(NASTY, rewritten=NASTY)).data)
    assert NASTY in text_of(updates["notice"])
    assert not set("/\\<>\"'${}`") & set(Path(file_of(updates)).name)


def test_a_dropped_picture_leaves_no_word_in_the_log(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        home.dropped(inscribed(recipe_of("A secret fox")).data)
        home.dropped(DAMAGED["truncated"])
    assert "secret" not in caplog.text


def test_a_dropped_picture_is_shown_as_it_lies_under_a_name_of_its_own(home: Home) -> None:
    uploaded = home.uploaded(inscribed(recipe_of("A fox in snow")).data, "DSC_0042")
    assert uploaded
    shown = Path(file_of(home.record.on_drop(uploaded, "")))
    assert shown.samefile(uploaded["path"]), "written once"
    assert shown.name == "a-fox-in-snow-1x1.png"
    assert shown.is_relative_to(home.temporary.folder)


def test_where_a_file_cannot_have_two_names_a_dropped_one_is_copied(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    uploaded = home.uploaded(file := inscribed(recipe_of()).data)
    assert uploaded
    shown = Path(file_of(home.record.on_drop(uploaded, "")))
    assert (shown.read_bytes(), shown.samefile(uploaded["path"])) == (file, False)


@pytest.mark.parametrize("typed", [None, "", 7])
def test_a_prompt_that_is_no_text_hinders_no_dropped_picture(home: Home, typed: str | None) -> None:
    uploaded = home.uploaded(inscribed(recipe_of("A fox")).data)
    assert home.record.on_drop(uploaded, typed)["settings"]["prompt"] == "A fox"


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: (path.unlink(), path.mkdir())])
def test_a_dropped_file_that_is_gone_by_now_is_no_picture(
    home: Home, lost: Callable[[Path], object]
) -> None:
    uploaded = home.uploaded(inscribed(recipe_of()).data)
    assert uploaded
    lost(Path(uploaded["path"]))
    updates = home.record.on_drop(uploaded, "A fox")
    assert changed(updates) == {"notice"}
    assert "not a picture that can be opened here" in text_of(updates["notice"])


@pytest.fixture
def full(home: Home) -> Home:
    """A home where Gradio has no room for temporary files."""
    (home.folder / "gradio").touch()
    return home


def test_a_dropped_picture_that_no_disk_takes_still_fills_its_settings_in(full: Home) -> None:
    updates = full.dropped(inscribed(recipe_of()).data)
    assert (updates["picture"], updates["shown"]) == (create_view.NO_PICTURE, None)
    assert (updates["settings"]["prompt"], rewrite_in(updates["rewritten_prompt"])) == (
        "A fox",
        "A red fox",
    )
    assert "no copy of it is kept" in text_of(updates["notice"])


# The sheet.


def test_the_sheet_of_what_is_shown_is_a_page_named_after_its_prompt(home: Home) -> None:
    name = home.save(recipe_of("A fox in snow", aspect_ratio="16:9"))
    outputs = home.record.on_sheet(memory_of(name))
    file = outputs["sheet_file"]
    assert Path(file).name == "a-fox-in-snow-16x9.html"
    assert Path(file).is_relative_to(home.temporary.folder)
    html = Path(file).read_text(encoding="utf-8")
    picture = verify_picture((home.album.folder / name).read_bytes(), None)
    for part in ("A fox in snow", "A red fox", "16:9", "84,000 tokens", picture.data_url):
        assert part in html
    assert outputs["keep_status"] == '<p role="status">Sheet downloaded.</p>'


def test_the_sheet_of_several_pictures_has_all_of_them(home: Home) -> None:
    names = [home.save(recipe_of("A fox", rewritten=f"Take {n}", num_images=3)) for n in range(3)]
    file = home.record.on_sheet(memory_of(*names))["sheet_file"]
    html = Path(file).read_text(encoding="utf-8")
    assert html.count("<img") == 3
    assert all(f"Take {number}" in html for number in range(3))


def test_an_example_has_a_sheet_too(home: Home) -> None:
    file = home.record.on_sheet(memory_of(home.show()))["sheet_file"]
    assert Path(file).name == "an-example-1x1.html"


def test_two_sheets_of_one_name_are_two_files(home: Home) -> None:
    memory = memory_of(home.save())
    first, second = (home.record.on_sheet(memory)["sheet_file"] for _ in range(2))
    assert first != second
    assert Path(first).name == Path(second).name


def test_a_sheet_that_no_disk_takes_is_answered_in_words(full: Home) -> None:
    outputs = full.record.on_sheet(memory_of(full.save()))
    assert outputs["sheet_file"] is None
    assert (
        "This demo's disk says “Not a directory”: no sheet could be made."
        in Page(outputs["keep_status"]).text
    )


def test_the_first_sheet_makes_gradios_folder_if_nobody_has(home: Home) -> None:
    assert not home.temporary.folder.exists()
    outputs = home.record.on_sheet(memory_of(home.save()))
    assert outputs["sheet_file"], outputs["keep_status"]
    assert Path(outputs["sheet_file"]).is_file()


NOTHING_REMEMBERED: list[object] = [
    None,
    "",
    7,
    [],
    {},
    {"pictures": 7},
    memory_of(),
    memory_of("x"),
]


@pytest.mark.parametrize("memory", NOTHING_REMEMBERED, ids=repr)
def test_without_a_picture_there_is_no_sheet(home: Home, memory: object) -> None:
    outputs = home.record.on_sheet(memory)
    assert outputs["sheet_file"] is None
    said = Page(outputs["keep_status"]).text
    assert said == "Make a picture or click one first: the sheet shows it."


# The seed.


@pytest.mark.parametrize("seed", [0, 7, 4294967295])
def test_the_seed_of_what_is_shown_is_used_again(home: Home, seed: int) -> None:
    name = home.save(recipe_of("A fox", seed=seed, enhance_prompt=False))
    assert home.record.on_reuse(memory_of(name)) == {"settings": {"seed": str(seed)}}


@pytest.mark.parametrize("asked", [{}, {"seed": 7}], ids=["none", "without effect"])
def test_a_picture_without_a_seed_says_so(home: Home, asked: dict[str, Any]) -> None:
    outputs = home.record.on_reuse(memory_of(home.save(recipe_of("A fox", **asked))))
    assert outputs == {"seed_note": rules.NO_SEED_NOTE}


@pytest.mark.parametrize("memory", NOTHING_REMEMBERED, ids=repr)
def test_without_a_picture_there_is_no_seed(home: Home, memory: object) -> None:
    assert home.record.on_reuse(memory) == {"seed_note": rules.NO_SEED_NOTE}
