"""The Compare tab: columns fill as they arrive, come back after a refresh, and make a sheet."""

import json
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from errno import ENOSPC
from html import unescape
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import ASPECT_RATIOS, DEFAULT_MODEL
from imagen_demo.domain.comparison import LABELS, PRESETS
from imagen_demo.domain.errors import (
    Blocked,
    ImagenDemoError,
    ModelWithdrawn,
    RateLimited,
    ServiceTimeout,
    UnusableReply,
)
from imagen_demo.domain.pricing import Prices
from imagen_demo.domain.receipt import Receipt, Total, Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.server.client_address import client_of
from imagen_demo.service.generate import Drawing
from imagen_demo.service.provider_settings import Payer
from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.compare.panel import place_compare
from imagen_demo.ui.compare.view import previews
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.outputs import Outputs, Showing
from tests.stand_ins import (
    NASTY,
    STRANGER,
    UNTOUCHED,
    VISITOR,
    Fake,
    Page,
    changed,
    inscribed,
    recipe_of,
    text_of,
    tiles_of,
)

SO_FAR = {"columns", "compared"}
"""What changes while columns settle."""

NANO = "google/gemini-nano-banana-2.1"
FAST, STANDARD, ULTRA = (
    f"google/imagen-4.0-{each}generate-001" for each in ("fast-", "", "ultra-")
)
GONE = "This picture is no longer here."
NO_SHEET = "There is no picture to put on a sheet yet."
SAID_ABOVE = "No picture, for the reason above."
DRAWING = "Drawing\N{HORIZONTAL ELLIPSIS}"


@dataclass
class Home:
    """The tab over a real album, and what a browser would do with it."""

    folder: Path

    def __post_init__(self) -> None:
        self.fake = Fake()
        self.album = Album(self.folder / "album")
        self.temporary = Temporary(self.folder / "gradio" / "files")
        self.comparing = self.bound()

    def bound(self, without_key: Payer = "sandbox") -> Comparing:
        """What a demo that was just started has over this folder."""
        prices = Prices()
        showing = Showing(self.album, self.folder / "gallery", self.temporary)
        drawing = Drawing(self.fake, self.album, prices=prices, temporary=self.temporary)
        record = Record(showing, Thumbnails(self.folder / "tiles"), drawing)
        pricing = Pricing(prices, without_key)
        return Comparing(drawing, showing, pricing, record, client_of)

    def pressed(self, preset: str, **widgets: Any) -> Generator[Outputs, None, None]:  # noqa: ANN401
        """Press Compare, and hear what the page is told, step by step."""
        untouched = UNTOUCHED | {"prompt": "A fox", "api_key": "the-key", "visit": Visit()}
        yield from self.comparing.on_compare(preset=preset, **(untouched | widgets))

    def compared(self, preset: str = "models", **widgets: Any) -> list[Outputs]:  # noqa: ANN401
        """The same, all at once."""
        return list(self.pressed(preset, **widgets))

    def remembered(self, preset: str = "models", **widgets: Any) -> Any:  # noqa: ANN401 - JSON
        """Compare, and return what a browser keeps of it, as a browser would."""
        memory = last(self.compared(preset, **widgets), "compared")
        assert json.loads(json.dumps(memory)) == memory
        return json.loads(json.dumps(memory))

    def returned(self, memory: object) -> Page | None:
        """Open the page again; None if nothing comes back."""
        outputs = self.comparing.on_return(memory)
        if not outputs:
            return None
        assert outputs.keys() == {"preset", "columns", "notice"}
        assert outputs["preset"] == cast("Any", memory)["preset"]
        return Page(outputs["columns"])

    def fails(self, error: Exception, *, where: Callable[[GenerationRequest], bool]) -> None:
        def fail(request: GenerationRequest) -> None:
            if where(request):
                raise error

        self.fake.when_asked = fail


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def last(steps: list[Outputs], what: str) -> Any:  # noqa: ANN401 - a widget's value
    """What stands there in the end."""
    changes: list[Any] = [step for step in steps if what in step]
    return changes[-1][what]


def sections(source: str) -> list[str]:
    """The columns, each on its own."""
    return [f"<section{each}" for each in source.removesuffix("</div>").split("<section")[1:]]


def state(source: str) -> list[str]:
    """What has become of each column: a picture, a notice, or nothing yet."""
    pages = list(map(Page, sections(source)))
    return [
        "here" if page.every("img", "src") else "awaited" if DRAWING in page.text else "failed"
        for page in pages
    ]


def named(steps: list[Outputs]) -> list[list[bool]]:
    """Which columns the browser remembers a picture of, step by step."""
    memories = [step["compared"] for step in steps if "compared" in step]
    return [[bool(each["name"]) for each in memory["columns"]] for memory in memories]


def visited(*recipes: Recipe) -> Visit:
    """A visit in which something was drawn already."""
    visit = Visit()
    for each in recipes:
        visit.add(Receipt.of([each]))
    return visit


def words_of(error: ImagenDemoError) -> str:
    """A failure as this tab tells it, whose button is another."""
    return error.told_at(Door.COMPARE)


def is_fast(request: GenerationRequest) -> bool:
    return request.model == FAST


# Comparing.


@pytest.mark.parametrize("preset", PRESETS)
def test_a_comparison_ends_with_a_picture_in_every_column(home: Home, preset: str) -> None:
    steps = home.compared(preset)
    page, places = Page(steps[-1]["columns"]), len(LABELS[preset])
    assert state(steps[-1]["columns"]) == ["here"] * places
    assert page.every("section", "aria-label") == page.inside("h2")
    if preset != "seeds":
        assert page.inside("h2") == [*LABELS[preset]]
    assert f"{places} pictures, {places * 84_000:,} tokens" in text_of(steps[-1]["notice"])
    assert [key for _, key in home.fake.asked] == ["the-key"] * places
    assert home.comparing.drawing.on_the_way(VISITOR) == 0


def test_each_column_shows_the_picture_of_its_own_request(home: Home) -> None:
    found = Page(last(home.compared("ratios"), "columns")).given("data-open")[::2]
    recipes = [read(home.album.folder / str(name)) for name in found]
    shapes = [each.request.aspect_ratio for each in recipes if isinstance(each, Recipe)]
    assert tuple(shapes) == ASPECT_RATIOS
    assert {path for name in found if (path := home.album.find(name))} == {*home.album.of(VISITOR)}
    assert home.album.of(STRANGER) == []


def test_three_seeds_are_named_once_they_are_drawn(home: Home) -> None:
    source = last(home.compared("seeds", seed="41"), "columns")
    assert Page(source).inside("h2") == ["Seed 41", "Seed 42", "Seed 43"]
    assert sorted(request.seed or 0 for request, _ in home.fake.asked) == [41, 42, 43]


def test_one_picture_a_column_is_asked_for_whatever_is_chosen(home: Home) -> None:
    home.compared("rewriting", num_images=4)
    assert {request.num_images for request, _ in home.fake.asked} == {1}


def test_columns_fill_as_they_arrive(home: Home) -> None:
    gates = {model: threading.Event() for model in (FAST, STANDARD, ULTRA)}
    home.fake.when_asked = lambda request: gates[request.model].wait(timeout=10)
    comparing = home.pressed("models")
    first = next(comparing)
    assert state(first["columns"]) == ["awaited"] * 3
    assert changed(first) == SO_FAR
    assert first["compared"]["preset"] == "models"
    assert named([first]) == [[False] * 3]  # no longer the last one's
    arriving = []
    for model in (ULTRA, FAST, STANDARD):
        gates[model].set()
        arriving.append(next(comparing))
    assert [state(step["columns"]) for step in arriving] == [
        ["awaited", "awaited", "here"],
        ["here", "awaited", "here"],
        ["here", "here", "here"],
    ]
    assert [changed(step) for step in arriving] == [SO_FAR] * 3
    (end,) = comparing
    assert state(end["columns"]) == ["here"] * 3
    assert changed(end) == {"columns", "notice", "strip", "prices"}


def test_all_columns_are_drawn_at_the_same_time(home: Home) -> None:
    all_here = threading.Barrier(5)

    def meet(_: GenerationRequest) -> None:
        all_here.wait(timeout=10)

    home.fake.when_asked = meet
    assert state(last(home.compared("ratios"), "columns")) == ["here"] * 5


def test_who_stops_waiting_gets_every_picture_into_the_album(home: Home) -> None:
    gate = threading.Event()
    home.fake.when_asked = lambda request: is_fast(request) or gate.wait(timeout=10)
    comparing = home.pressed("models")
    next(comparing)
    assert state(next(comparing)["columns"]) == ["here", "awaited", "awaited"]
    comparing.close()
    gate.set()
    until = time.monotonic() + 10
    while len(home.album.of(VISITOR)) < 3:
        assert time.monotonic() < until
        time.sleep(0.005)


def test_an_awaited_column_has_the_shape_of_its_picture(home: Home) -> None:
    styles = Page(home.compared("ratios")[0]["columns"]).given("style")[1:]
    assert styles == [f"aspect-ratio: {each.replace(':', '/')}" for each in ASPECT_RATIOS]
    styles = Page(home.compared("models")[0]["columns"]).given("style")[1:]
    assert set(styles) == {"aspect-ratio: 4/3"}


def test_the_visit_adds_up_picture_by_picture(home: Home) -> None:
    visit = visited(recipe_of(), recipe_of(drawn_by="sandbox"))
    sandbox = visit.of("sandbox")
    totals = [visit.of("imagen") for _ in home.pressed("models", visit=visit)]
    assert [each.pictures for each in totals] == [1, 2, 3, 4, 4]
    assert [each.tokens for each in totals] == [84_000 * count for count in (1, 2, 3, 4, 4)]
    assert totals[-1].seconds == pytest.approx(9.87 + 3 * 1.23)
    assert visit.of("sandbox") == sandbox == Total(1, 0, 84_000, 9.87)


def test_what_the_sandbox_draws_adds_up_on_its_own(home: Home) -> None:
    home.fake.drawn_by = "sandbox"
    visit = Visit()
    steps = home.compared(visit=visit)
    played = visit.of("sandbox")
    assert (visit.of("imagen"), played.pictures, played.tokens) == (Total(), 3, 252_000)
    assert "Drawn here by the sandbox, free." in text_of(last(steps, "notice"))


def test_what_the_service_does_not_report_is_said_and_adds_up_as_such(home: Home) -> None:
    home.fake.rewrites = False  # nor does it tell what that cost
    visit = Visit()
    notice = text_of(last(home.compared(visit=visit), "notice"))
    assert "Together 3 pictures, cost not reported, all within" in notice
    assert "tokens" not in notice
    total = visit.of("imagen")
    assert (total.pictures, total.unreported, total.tokens) == (3, 3, 0)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_notice_quotes_what_was_asked_and_how_it_was_compared(home: Home, preset: str) -> None:
    notice = last(home.compared(preset, prompt="A fox in snow"), "notice")
    asked = "\N{LEFT DOUBLE QUOTATION MARK}A fox in snow\N{RIGHT DOUBLE QUOTATION MARK}"
    assert Page(notice["html"]).inside("p")[-1] == f"{asked}, {PRESETS[preset]}"
    assert notice["kind"] == "done"


# Failing.


@pytest.mark.parametrize(
    "error", [RateLimited(429), Blocked(), ServiceTimeout("No answer after 180 s.")]
)
def test_a_column_that_fails_says_why_and_leaves_the_others(
    home: Home, error: ImagenDemoError
) -> None:
    home.fails(error, where=is_fast)
    visit = Visit()
    steps = home.compared(visit=visit)
    source = steps[-1]["columns"]
    assert state(source) == ["failed", "here", "here"]
    assert SAID_ABOVE not in source
    assert error.message in sections(source)[0]
    assert not any(error.message in each for each in sections(source)[1:])
    assert "2 of 3 pictures are here." in text_of(steps[-1]["notice"])
    assert "2 pictures, 168,000 tokens" in text_of(steps[-1]["notice"])
    assert visit.of("imagen").pictures == 2
    assert len(home.album.of(VISITOR)) == 2


def test_each_column_has_its_own_reason(home: Home) -> None:
    errors = {FAST: Blocked(), ULTRA: RateLimited(429)}

    def fail(request: GenerationRequest) -> None:
        if request.model in errors:
            raise errors[request.model]

    home.fake.when_asked = fail
    fast, standard, ultra = sections(last(home.compared(), "columns"))
    assert errors[FAST].message in fast
    assert 'alt="A teal square, take 0"' in standard
    assert errors[ULTRA].message in ultra


def test_if_all_fail_for_one_reason_it_is_said_once_and_nothing_is_spent(home: Home) -> None:
    home.fails(RateLimited(429), where=lambda _: True)
    visit = visited(recipe_of())
    before = visit.of("imagen")
    steps = home.compared(visit=visit)
    assert state(steps[-1]["columns"]) == ["failed"] * 3
    assert Page(steps[-1]["columns"]).inside("p") == [SAID_ABOVE] * 3
    assert Page(steps[-1]["columns"]).given("role") == ["group"] * 3, "nothing is read out twice"
    notice = steps[-1]["notice"]
    assert notice["kind"] == "failed"
    assert text_of(notice) == words_of(RateLimited(429))
    assert visit.of("imagen") == before
    assert home.returned(last(steps, "compared")) is None
    assert home.comparing.on_sheet(last(steps, "compared"))["sheet_file"] is None


def test_until_all_have_failed_each_column_says_why(home: Home) -> None:
    home.fails(RateLimited(429), where=lambda _: True)
    _, first, second, *_ = home.compared()
    for step, failed in ((first, 1), (second, 2)):
        assert changed(step) == SO_FAR
        assert SAID_ABOVE not in step["columns"]
        assert step["columns"].count(RateLimited.message) == failed
        assert sorted(state(step["columns"])) == ["awaited"] * (3 - failed) + ["failed"] * failed


def test_if_all_fail_for_several_reasons_each_column_has_its_own(home: Home) -> None:
    errors = {FAST: Blocked(), STANDARD: RateLimited(429), ULTRA: RateLimited(429)}

    def fail(request: GenerationRequest) -> None:
        raise errors[request.model]

    home.fake.when_asked = fail
    steps = home.compared()
    columns = sections(steps[-1]["columns"])
    assert all(errors[model].message in each for model, each in zip(errors, columns, strict=True))
    notice = steps[-1]["notice"]
    assert text_of(notice).startswith("0 of 3 pictures are here. Each column says why")
    assert "tokens" not in text_of(notice)
    assert notice["kind"] == "done"


def test_if_the_safety_filter_keeps_all_back_it_is_said_once_and_calmly(home: Home) -> None:
    home.fails(Blocked(), where=lambda _: True)
    notice = last(home.compared(), "notice")
    assert notice["kind"] == "blocked"
    assert text_of(notice) == str(Blocked())


def test_if_all_models_are_withdrawn_the_notice_offers_no_button(home: Home) -> None:
    error = ModelWithdrawn(404)
    error.successor = NANO
    home.fails(error, where=lambda _: True)
    notice = last(home.compared(), "notice")
    assert error.message in text_of(notice)
    assert "<button" not in notice["html"]


def test_a_failures_advice_names_the_button_of_this_tab(home: Home) -> None:
    home.fails(RateLimited(429), where=is_fast)
    steps = home.compared()
    (again,) = home.compared(prompt="x" * 401)
    remembered = home.returned(last(steps, "compared"))
    assert remembered
    for said in (last(steps, "columns"), text_of(again["notice"]), remembered.text):
        assert "press Compare again" in said
        assert "Generate" not in said


def test_a_withdrawn_model_offers_no_button_in_its_column(home: Home) -> None:
    error = ModelWithdrawn(404)
    error.successor = NANO
    home.fails(error, where=is_fast)
    fast, *_ = sections(last(home.compared(), "columns"))
    assert error.message in fast
    assert "<button" not in fast


@pytest.mark.parametrize(
    ("preset", "widgets", "said"),
    [
        ("models", {"prompt": "  \n "}, "The prompt is empty."),
        ("ratios", {"prompt": "x" * 401}, "The prompt has 401 characters"),
        ("models", {"prompt": "x" * 401, "model": NANO}, "The prompt has 401 characters"),
        ("seeds", {"seed": "abc"}, "The seed is not a whole number."),
        ("seeds", {"seed": "4294967296"}, "seed is out of range."),
        ("seeds", {"model": NANO}, "Nano Banana 2.1 takes no seed."),
        ("rewriting", {"model": NANO}, "Nano Banana 2.1 does not rewrite prompts."),
        ("x", {}, "Nothing is compared that way."),
    ],
)
def test_what_cannot_be_compared_is_said_and_changes_nothing_else(
    home: Home, preset: str, widgets: dict[str, Any], said: str
) -> None:
    (step,) = home.compared(preset, **widgets)
    assert said in text_of(step["notice"])
    assert step["notice"]["kind"] == "failed"
    assert step["strip"]["coming"] == 0
    assert changed(step) == {"notice", "strip"}
    assert home.fake.asked == []


def test_a_bug_is_not_dressed_up_as_a_failure(home: Home) -> None:
    home.fails(ZeroDivisionError("a bug"), where=is_fast)
    with pytest.raises(ZeroDivisionError):
        home.compared()


@pytest.mark.parametrize("words", [NASTY, '"><button data-open="x">', "{{}}", "</section>"])
def test_a_hostile_prompt_stays_text_from_the_columns_to_the_sheet(home: Home, words: str) -> None:
    home.fake.rewrites = False
    home.fails(UnusableReply(detail=words, picture_urls=(f"https://x/{words}",)), where=is_fast)
    steps = home.compared("models", prompt=words)
    for source in [step["columns"] for step in steps] + [steps[-1]["notice"]["html"]]:
        page = Page(source)
        assert "x" not in page.given("data-open")
        assert not [src for src in page.every("img", "src") if src == "x"]
    again = home.returned(last(steps, "compared"))
    assert again
    assert again.every("img", "alt") == [words] * 2
    assert words in again.text
    file = home.comparing.on_sheet(last(steps, "compared"))["sheet_file"]
    sheet = Path(file).read_text(encoding="utf-8")
    assert words in unescape(sheet)
    assert "<script>" not in sheet
    assert '<button data-open="x">' not in sheet


# A disk that does not take it.


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An album that takes nothing, while Gradio's folder does."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr(Album, "save", refuse)
    return Home(tmp_path)


def test_pictures_that_are_not_kept_are_shown_and_to_be_downloaded_now(full: Home) -> None:
    visit = Visit()
    steps = full.compared(visit=visit)
    page = Page(steps[-1]["columns"])
    assert state(steps[-1]["columns"]) == ["here"] * 3
    assert page.given("data-open") == []
    assert page.every("a", "download") == ["a-fox-4x3.png"] * 3
    assert "Download the pictures now: a refresh loses them." in text_of(steps[-1]["notice"])
    assert visit.of("imagen").pictures == 3
    memory = last(steps, "compared")
    assert full.returned(memory) is None
    assert {each["failure"] for each in memory["columns"]} == {
        "Drawn, and not kept. This demo's disk is full."
    }


def test_pictures_that_no_disk_takes_are_in_the_page_itself(full: Home) -> None:
    (full.folder / "gradio").touch()
    sources = Page(last(full.compared(), "columns")).every("img", "src")
    assert len(sources) == 3
    assert all(str(each).startswith("data:image/png;base64,") for each in sources)


# The browser's memory.


def test_what_the_browser_remembers_are_labels_names_and_failures(home: Home) -> None:
    home.fails(RateLimited(429, detail="teapot"), where=is_fast)
    memory = home.remembered(prompt="x")
    assert memory.keys() == {"preset", "columns"}
    assert memory["preset"] == "models"
    fast, standard, ultra = memory["columns"]
    assert fast == {
        "label": "Fast",
        "name": "",
        "failure": words_of(RateLimited(429, detail="teapot")),
        "reason": f"{RateLimited.message} Nothing was charged.",
        "links": [],
    }
    for each, label in ((standard, "Standard"), (ultra, "Ultra")):
        name = each["name"]
        assert home.album.find(name)
        assert each == {"label": label, "name": name, "failure": "", "reason": "", "links": []}


def test_links_to_lost_pictures_are_remembered_as_far_as_they_are_sane(home: Home) -> None:
    sane = [f"https://cdn.example/{each}.png" for each in range(5)]
    urls = ("ftp://cdn.example/0.png", "https://x/" + "y" * 3_000, *sane)
    home.fails(UnusableReply(picture_urls=urls), where=is_fast)
    memory = home.remembered()
    assert memory["columns"][0]["links"] == sane[:4]
    again = home.returned(memory)
    assert again
    assert again.inside("a").count("Open the picture") == 4


def test_memory_grows_with_what_has_settled(home: Home) -> None:
    grown = named(home.compared("ratios"))
    assert [each.count(True) for each in grown] == [0, 1, 2, 3, 4, 5]
    assert {len(each) for each in grown} == {5}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_browser_that_remembers_gets_its_comparison_back_word_for_word(
    home: Home, preset: str
) -> None:
    steps = home.compared(preset)
    memory = json.loads(json.dumps(last(steps, "compared")))
    restarted = home.bound()
    end = steps[-1]
    back = {"preset": preset, "columns": end["columns"], "notice": end["notice"]}
    assert restarted.on_return(memory) == back
    assert len(home.fake.asked) == len(LABELS[preset]), "and nobody is asked again"


def test_a_failure_comes_back_as_quiet_words_and_is_still_counted(home: Home) -> None:
    home.fails(RateLimited(429, detail="teapot"), where=is_fast)
    steps = home.compared()
    outputs = home.comparing.on_return(last(steps, "compared"))
    page = Page(outputs["columns"])
    assert words_of(RateLimited(429, detail="teapot")) in page.inside("p")
    assert "quiet" in page.given("class")
    assert page.given("role") == ["group"] * 3, "it is no news"
    assert len(page.every("img", "src")) == 2
    assert outputs["notice"] == steps[-1]["notice"]
    assert "2 of 3 pictures are here." in text_of(outputs["notice"])


def test_a_picture_that_was_paid_for_and_lost_is_still_a_click_away(home: Home) -> None:
    url = "https://cdn.example/a.png?x=1&y=2"
    plain, script = "http://cdn.example/", "javascript:alert(1)"
    home.fails(UnusableReply(picture_urls=(url, plain, script)), where=is_fast)
    page = home.returned(home.remembered())
    assert page
    assert page.every("a", "href")[0] == url
    assert page.inside("a")[:2] == ["Open the picture", "Open the picture (not encrypted)"]
    assert page.every("a", "href")[1] == plain
    assert script not in page.every("a", "href")


def test_however_much_a_service_says_of_a_failure_the_others_come_back(home: Home) -> None:
    home.fails(RateLimited(429, detail="x" * 100_000), where=is_fast)
    page = home.returned(home.remembered())
    assert page
    assert len(page.every("img", "src")) == 2


def test_a_picture_that_was_removed_is_no_longer_here_and_the_others_are(home: Home) -> None:
    memory = home.remembered()
    names = [each["name"] for each in memory["columns"]]
    assert home.album.remove(names[1], visitor=VISITOR)
    outputs = home.comparing.on_return(memory)
    source = outputs["columns"]
    assert state(source) == ["here", "failed", "here"]
    assert GONE in sections(source)[1]
    assert "2 of 3 pictures are here." in text_of(outputs["notice"])
    for name in (names[0], names[2]):
        assert home.album.remove(name, visitor=VISITOR)
    assert home.returned(memory) is None


def test_what_is_removed_is_forgotten_and_the_others_stay(home: Home) -> None:
    memory = last(home.compared(), "compared")
    assert home.comparing.on_removed(memory) == memory, "nothing of it was removed"
    assert home.album.remove(memory["columns"][1]["name"], visitor=VISITOR)
    left = home.comparing.on_removed(memory)
    before, after = memory["columns"], left["columns"]
    assert (after[0], after[2]) == (before[0], before[2])
    assert (after[1]["name"], after[1]["failure"], after[1]["reason"]) == ("", GONE, GONE)
    assert state(home.comparing.on_return(left)["columns"]) == ["here", "failed", "here"]


def test_what_is_removed_is_forgotten_also_after_a_cancel_and_on_a_full_disk(home: Home) -> None:
    memory = home.compared()[1]["compared"]  # one is here, two are awaited
    (name,) = [each["name"] for each in memory["columns"] if each["name"]]
    assert home.album.remove(name, visitor=VISITOR)
    left = home.comparing.on_removed(memory)
    assert [each["failure"] for each in left["columns"] if each["failure"]] == [GONE]
    unkept = {**memory, "columns": [{**each, "name": ""} for each in memory["columns"]]}
    assert home.comparing.on_removed(unkept) == unkept


def test_a_page_that_was_left_before_anything_settled_says_where_the_pictures_are(
    home: Home,
) -> None:
    first = next(home.pressed("models"))
    outputs = home.comparing.on_return(first["compared"])
    assert changed(outputs) == {"notice"}
    assert "under Your pictures" in text_of(outputs["notice"])


def test_a_column_that_had_not_settled_when_the_page_was_left_says_where_to_look(
    home: Home,
) -> None:
    memory = home.remembered()
    memory["columns"][2] = one(label="Ultra")
    source = home.comparing.on_return(memory)["columns"]
    assert "Look under Your pictures." in sections(source)[2]
    assert GONE not in sections(source)[2]
    sheet = Path(home.comparing.on_sheet(memory)["sheet_file"]).read_text(encoding="utf-8")
    assert "No picture." in sheet
    assert "Look under" not in sheet, "which is nowhere on paper"


def one(**more: object) -> dict[str, object]:
    return {"label": "Fast", "name": "", "failure": "", "reason": "", **more}


def with_columns(memory: dict[str, Any], *more: object) -> dict[str, Any]:
    """A memory with more columns than were drawn."""
    return {**memory, "columns": [*memory["columns"], *more]}


BAD_COLUMNS: list[object] = [
    *(None, "", "x", 7, True, 1.5, [], {}, [None], [7], ["Fast"], [[]], {"label": "Fast"}, [{}]),
    *([one(label=7)], [one(label=None)], [one(name=7)], [one(name=["x"])], [one(failure={})]),
    *([one(reason=7)], [one(reason=None)], [one(reason=["x"])]),
    *([one()] * 6, [one()] * 100_000),
    *([one(label="x" * 101)], [one(name="x" * 501)], [one(failure="x" * 2_001)]),
    *([one(reason="x" * 2_001)], [one(reason="\ud800")]),
    *([one(label="x" * 10_000_000)], [one(label="\ud800")], [one(failure="\ud800")]),
]
BAD_PRESETS: list[object] = [
    *(None, "", "x", "Models", "models ", "models\0", "__class__", "\ud800", "x" * 10_000_000),
    *(7, True, 1.5, [], {}, ["models"], {"models": "models"}, PRESETS["models"]),
]
FORGED: list[object] = [
    *BAD_COLUMNS,
    *([one()], {"preset": "models"}, {"columns": [one()]}, {"preset": None, "columns": None}),
    *({"preset": "models", "columns": each} for each in BAD_COLUMNS),
    *({"preset": each, "columns": [one()]} for each in BAD_PRESETS),
]


def shortly(memory: object) -> str:
    return repr(memory)[:60]


@pytest.mark.parametrize("memory", FORGED, ids=shortly)
def test_a_forged_memory_brings_nothing_back_and_makes_no_sheet(home: Home, memory: object) -> None:
    assert home.returned(memory) is None
    outputs = home.comparing.on_sheet(memory)
    assert outputs["sheet_file"] is None
    assert Page(outputs["keep_status"]).text == NO_SHEET
    assert home.comparing.on_removed(memory) in (memory, gr.skip())


@pytest.mark.parametrize(
    "forged",
    [each for each in BAD_COLUMNS if each not in ([], {"label": "Fast"})],
    ids=shortly,
)
def test_a_forged_column_spoils_a_memory_that_is_good(home: Home, forged: object) -> None:
    good = home.remembered("rewriting")
    more: Sequence[object] = forged if isinstance(forged, list) else [forged]
    assert home.returned(with_columns(good, one()))
    assert home.returned(with_columns(good, *more)) is None
    assert home.comparing.on_sheet(with_columns(good, *more))["sheet_file"] is None


@pytest.mark.parametrize("preset", BAD_PRESETS, ids=shortly)
def test_a_forged_preset_spoils_a_memory_that_is_good(home: Home, preset: object) -> None:
    good = home.remembered("rewriting")
    forged = {**good, "preset": preset}
    assert home.returned(forged) is None
    assert home.comparing.on_sheet(forged)["sheet_file"] is None
    assert home.comparing.on_removed(forged) == gr.skip()
    assert home.returned({"columns": good["columns"]}) is None
    assert home.returned(good["columns"]) is None, "as an older demo remembered it"


@pytest.mark.parametrize("preset", PRESETS)
def test_another_preset_than_was_compared_breaks_nothing(home: Home, preset: str) -> None:
    page = home.returned({**home.remembered("ratios"), "preset": preset})
    assert page
    assert page.inside("h2") == [*ASPECT_RATIOS]


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.png", "../../etc/passwd", "/etc/passwd", "secret.png", ".", "..", "/", "*"),
        *("a" * 32 + "/" + "b" * 32 + "/c.png", "\0", "%2e%2e/secret.png", "x" * 500),
    ],
)
def test_a_forged_name_finds_nothing(home: Home, name: str) -> None:
    (home.folder / "secret.png").write_bytes(inscribed(recipe_of("A secret")).data)
    memory = with_columns(home.remembered("rewriting"), one(name=name))
    page = home.returned(memory)
    assert page
    assert len(page.every("img", "src")) == 2
    assert page.inside("h2") == ["Rewriting on", "Rewriting off", "Fast"]
    assert page.inside("p")[-1] == GONE
    assert "secret" not in page.text
    file = home.comparing.on_sheet(memory)["sheet_file"]
    sheet = Path(file).read_text(encoding="utf-8")
    assert sheet.count("<img") == 2
    assert GONE in sheet
    alone = {**memory, "columns": [one(name=name)]}
    assert home.returned(alone) is None
    assert home.comparing.on_sheet(alone)["sheet_file"] is None


@pytest.mark.parametrize("words", [NASTY, '"><button data-open="x">', "{{}}", "</section>"])
def test_words_of_a_forged_memory_stay_text(home: Home, words: str) -> None:
    forged = one(label=words, failure=words, name=words, reason=words)
    memory = with_columns(home.remembered("rewriting"), forged)
    page = home.returned(memory)
    assert page
    assert page.inside("h2")[-1] == words
    assert page.given("aria-label")[-1] == words
    assert words in page.inside("p")
    assert "x" not in page.given("data-open")
    sheet = Path(home.comparing.on_sheet(memory)["sheet_file"]).read_text(encoding="utf-8")
    assert words in unescape(sheet)
    assert "<script>" not in sheet
    assert '<button data-open="x">' not in sheet


# Before it.


@pytest.mark.parametrize("preset", PRESETS)
def test_the_price_follows_what_was_charged(home: Home, preset: str) -> None:
    pricing = home.comparing.pricing
    charged = {"tokens": 84_000, "documented": None}
    asked = {FAST, STANDARD, ULTRA} if preset == "models" else {DEFAULT_MODEL}
    assert last(home.compared(preset), "prices") == dict.fromkeys(asked, charged)
    assert all(pricing.of(model) == charged for model in asked)


def test_the_tab_opens_with_the_first_preset_and_no_columns_but_the_previews() -> None:
    with gr.Blocks():
        tab = place_compare()
    assert tab.preset.value == next(iter(PRESETS))
    assert [name for _, name in tab.preset.choices] == [*PRESETS]
    assert tab.columns.value == ""
    assert tab.preview.value == previews()
    assert tab.notice.value["kind"] == "opening"


# The sheet.


def test_the_sheet_has_all_columns_with_their_pictures(home: Home) -> None:
    memory = home.remembered("ratios", prompt="A fox in snow")
    outputs = home.comparing.on_sheet(memory)
    file = outputs["sheet_file"]
    assert Path(file).name.startswith("a-fox-in-snow-")
    assert Path(file).name.endswith("-compared.html")
    assert Path(file).is_relative_to(home.temporary.folder)
    assert outputs["keep_status"] == '<p role="status">Sheet downloaded.</p>'
    sheet = Path(file).read_text(encoding="utf-8")
    for label in ASPECT_RATIOS:
        assert f"<h2>{label}</h2>" in sheet
    for each in memory["columns"]:
        picture = verify_picture((home.album.folder / each["name"]).read_bytes(), None)
        assert picture.data_url in sheet
    assert sheet.count("<img") == 5


@pytest.mark.parametrize(
    "error", [RateLimited(429, detail="teapot", reference="abc"), UnusableReply(detail="teapot")]
)
def test_the_sheet_says_shortly_why_a_picture_is_missing(
    home: Home, error: ImagenDemoError
) -> None:
    home.fails(error, where=is_fast)
    memory = home.remembered()
    assert home.album.remove(memory["columns"][1]["name"], visitor=VISITOR)
    sheet = unescape(
        Path(home.comparing.on_sheet(memory)["sheet_file"]).read_text(encoding="utf-8")
    )
    assert all(f"<h2>{label}</h2>" in sheet for label in LABELS["models"])
    assert f"{error.message} {error.cost}" in sheet
    assert "teapot" not in sheet
    assert "Compare" not in sheet, "paper has no button"
    assert GONE in sheet
    assert sheet.count("<img") == 1


@pytest.mark.parametrize("removed", [1, 5])
def test_a_picture_removed_in_this_very_moment_is_gone_from_the_sheet(
    home: Home, monkeypatch: pytest.MonkeyPatch, removed: int
) -> None:
    memory = home.remembered("ratios")
    gone = {home.album.folder / each["name"] for each in memory["columns"][:removed]}

    def read_bytes(path: Path, real: Callable[[Path], bytes] = Path.read_bytes) -> bytes:
        if path in gone:
            raise FileNotFoundError(path)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    outputs = home.comparing.on_sheet(memory)
    if removed == 5:
        assert outputs["sheet_file"] is None
        assert Page(outputs["keep_status"]).text == NO_SHEET
        return
    sheet = Path(outputs["sheet_file"]).read_text(encoding="utf-8")
    assert sheet.count("<img") == 4
    assert GONE in sheet


def test_two_sheets_of_one_name_are_two_files(home: Home) -> None:
    memory = home.remembered()
    first, second = (home.comparing.on_sheet(memory)["sheet_file"] for _ in range(2))
    assert first != second
    assert Path(first).name == Path(second).name


def test_a_sheet_that_no_disk_takes_is_answered_in_words(home: Home) -> None:
    memory = home.remembered()
    (home.folder / "gradio").touch()
    outputs = home.comparing.on_sheet(memory)
    assert outputs["sheet_file"] is None
    assert (
        "This demo's disk says “Not a directory”: no sheet could be made."
        in Page(outputs["keep_status"]).text
    )


@pytest.mark.parametrize("letter", ["x", "ж", "狐", "\N{MATHEMATICAL BOLD SMALL A}"])
def test_a_sheet_can_be_made_of_the_longest_prompt_in_every_script(home: Home, letter: str) -> None:
    outputs = home.comparing.on_sheet(home.remembered(prompt=letter * 400))
    assert outputs["sheet_file"], outputs["keep_status"]
    assert Path(outputs["sheet_file"]).is_file()


def test_the_last_word_of_a_comparison_is_what_changed_around_it(home: Home) -> None:
    *arriving, end = home.compared("models")
    assert [changed(each) for each in arriving] == [SO_FAR] * 4
    assert len(tiles_of(end["strip"])) == 3
    assert end["prices"].keys() == {FAST, STANDARD, ULTRA}
