"""The Compare tab: columns fill as they arrive, come back after a refresh, and make a sheet."""

import json
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest
from gradio.utils import get_upload_folder

from imagen_demo.album import Album
from imagen_demo.catalog import ASPECT_RATIOS, DEFAULT_MODEL
from imagen_demo.comparison import LABELS, PRESETS
from imagen_demo.errors import (
    Blocked,
    ImagenDemoError,
    ModelWithdrawn,
    RateLimited,
    ServiceTimeout,
    UnusableReply,
)
from imagen_demo.generation import verify_picture
from imagen_demo.inscription import read
from imagen_demo.key import Payer
from imagen_demo.prices import Prices
from imagen_demo.receipt import Total, Visit
from imagen_demo.recipe import Recipe
from imagen_demo.request import GenerationRequest
from imagen_demo.ui import markup
from imagen_demo.ui.columns import is_preview, preview
from imagen_demo.ui.compare import Comparing, place_compare
from imagen_demo.ui.drawing import Drawing
from imagen_demo.ui.showing import Showing
from tests.ui.stand_ins import (
    NASTY,
    STRANGER,
    VISITOR,
    Fake,
    Page,
    inscribed,
    is_untouched,
    recipe_of,
)

STEP = ("columns", "notice", "memory", "visit")
NANO = "google/gemini-nano-banana-2.1"
FAST, STANDARD, ULTRA = (
    f"google/imagen-4.0-{each}generate-001" for each in ("fast-", "", "ultra-")
)
GONE = "This picture is no longer here."
COMPARE_FIRST = "Compare something first: the sheet shows it."
DRAWING = "Drawing\N{HORIZONTAL ELLIPSIS}"


@dataclass
class Home:
    """The tab over a real album, and what a browser would do with it."""

    folder: Path

    def __post_init__(self) -> None:
        self.fake = Fake()
        self.album = Album(self.folder / "album")
        self.comparing = self.bound()

    def bound(self, without_key: Payer = "sandbox") -> Comparing:
        """What a demo that was just started has over this folder."""
        prices = Prices()
        showing = Showing(self.album, self.folder / "gallery")
        return Comparing(Drawing(self.fake, self.album, prices), showing, prices, without_key)

    def pressed(self, preset: str, **widgets: Any) -> Generator[dict[str, Any], None, None]:  # noqa: ANN401
        """Press Compare, and hear what the page is told, step by step."""
        untouched: dict[str, Any] = {
            "prompt": "A fox",
            "aspect_ratio": "4:3",
            "api_key": "the-key",
            "visitor": VISITOR,
            "visit": Visit(),
            "model": DEFAULT_MODEL,
            "num_images": 1,
            "seed": "",
            "enhance_prompt": True,
            "person_generation": "allow_adult",
            "safety_setting": "block_medium_and_above",
            "add_watermark": False,
            "resolution": "1K",
            "enable_web_search": False,
        }
        steps = self.comparing.on_compare(preset=preset, **(untouched | widgets))
        for step in steps:
            yield dict(zip(STEP, step, strict=True))

    def compared(self, preset: str = "models", **widgets: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """The same, all at once."""
        return list(self.pressed(preset, **widgets))

    def remembered(self, preset: str = "models", **widgets: Any) -> Any:  # noqa: ANN401 - JSON
        """Compare, and return what a browser keeps of it, as a browser would."""
        memory = last(self.compared(preset, **widgets), "memory")
        assert json.loads(json.dumps(memory)) == memory
        return json.loads(json.dumps(memory))

    def returned(self, memory: object) -> Page | None:
        """Open the page again; None if nothing comes back."""
        shown = self.comparing.on_return(memory, preview("models"))
        return None if is_untouched(shown) else Page(shown)

    def fails(self, error: Exception, *, where: Callable[[GenerationRequest], bool]) -> None:
        def fail(request: GenerationRequest) -> None:
            if where(request):
                raise error

        self.fake.when_asked = fail


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def last(steps: list[dict[str, Any]], what: str) -> Any:  # noqa: ANN401 - a widget's value
    """What stands there in the end."""
    return [step[what] for step in steps if not is_untouched(step[what])][-1]


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


def words_of(error: ImagenDemoError) -> str:
    """A failure as this tab tells it, whose button is another."""
    return str(error).replace("press Generate", "press Compare")


def is_fast(request: GenerationRequest) -> bool:
    return request.model == FAST


# Comparing.


@pytest.mark.parametrize("preset", PRESETS)
def test_a_comparison_ends_with_a_picture_in_every_column(home: Home, preset: str) -> None:
    steps = home.compared(preset)
    page, places = Page(steps[-1]["columns"]), len(LABELS[preset])
    assert state(steps[-1]["columns"]) == ["here"] * places
    assert page.every("section", "aria-label") == page.inside("h3")
    if preset != "seeds":
        assert page.inside("h3") == [*LABELS[preset]]
    assert not is_preview(steps[-1]["columns"])
    assert f"{places} pictures, {places * 84_000:,} tokens" in steps[-1]["notice"]
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
    assert Page(source).inside("h3") == ["Seed 41", "Seed 42", "Seed 43"]
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
    assert all(is_untouched(first[each]) for each in ("notice", "visit"))
    assert [each["name"] for each in first["memory"]] == [""] * 3  # no longer the last one's
    arriving = []
    for model in (ULTRA, FAST, STANDARD):
        gates[model].set()
        arriving.append(next(comparing))
    assert [state(step["columns"]) for step in arriving] == [
        ["awaited", "awaited", "here"],
        ["here", "awaited", "here"],
        ["here", "here", "here"],
    ]
    assert all(is_untouched(step["notice"]) for step in arriving)
    (end,) = comparing
    assert state(end["columns"]) == ["here"] * 3
    assert is_untouched(end["memory"])
    assert is_untouched(end["visit"])


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
    before = Visit(imagen=Total(1, 84_000, 2), sandbox=Total(1, 7, 0.5))
    visits = [step["visit"] for step in home.compared(visit=before)[1:-1]]
    assert [each.imagen.pictures for each in visits] == [2, 3, 4]
    assert [each.imagen.tokens for each in visits] == [168_000, 252_000, 336_000]
    assert visits[-1].imagen.seconds == pytest.approx(2 + 3 * 1.23)
    assert {each.sandbox for each in visits} == {before.sandbox}


def test_what_the_sandbox_draws_adds_up_on_its_own(home: Home) -> None:
    home.fake.drawn_by = "sandbox"
    steps = home.compared()
    visit = last(steps, "visit")
    assert (visit.imagen, visit.sandbox.pictures, visit.sandbox.tokens) == (Total(), 3, 252_000)
    assert "Drawn here by the sandbox, free." in last(steps, "notice")


# Failing.


@pytest.mark.parametrize(
    "error", [RateLimited(429), Blocked(), ServiceTimeout("No answer after 180 s.")]
)
def test_a_column_that_fails_says_why_and_leaves_the_others(
    home: Home, error: ImagenDemoError
) -> None:
    home.fails(error, where=is_fast)
    steps = home.compared()
    source = steps[-1]["columns"]
    assert state(source) == ["failed", "here", "here"]
    assert error.message in sections(source)[0]
    assert not any(error.message in each for each in sections(source)[1:])
    assert "2 of 3 pictures are here." in steps[-1]["notice"]
    assert "2 pictures, 168,000 tokens" in steps[-1]["notice"]
    assert last(steps, "visit").imagen.pictures == 2
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


def test_if_all_fail_no_price_is_named_and_nothing_is_spent(home: Home) -> None:
    home.fails(RateLimited(429), where=lambda _: True)
    before = Visit(imagen=Total(1, 84_000, 2))
    steps = home.compared(visit=before)
    assert state(steps[-1]["columns"]) == ["failed"] * 3
    said = Page(steps[-1]["notice"]).text
    assert said.startswith("0 of 3 pictures are here. Each column says why")
    assert "tokens" not in said
    assert last(steps, "visit") == before
    assert home.returned(last(steps, "memory")) is None
    assert home.comparing.on_sheet(last(steps, "memory"))[0] is None


def test_a_failures_advice_names_the_button_of_this_tab(home: Home) -> None:
    home.fails(RateLimited(429), where=is_fast)
    steps = home.compared()
    (again,) = home.compared(prompt="x" * 401)
    remembered = home.returned(last(steps, "memory"))
    assert remembered
    for said in (last(steps, "columns"), again["notice"], remembered.text):
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
    notice = step.pop("notice")
    assert said in notice
    assert Page(notice).given("aria-label") == [markup.COMPARISON]
    assert all(map(is_untouched, step.values()))
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
    for source in [step["columns"] for step in steps] + [steps[-1]["notice"]]:
        page = Page(source)
        assert "x" not in page.given("data-open")
        assert not [src for src in page.every("img", "src") if src == "x"]
    again = home.returned(last(steps, "memory"))
    assert again
    assert again.every("img", "alt") == [words] * 2
    assert words in again.text
    file, _ = home.comparing.on_sheet(last(steps, "memory"))
    sheet = Path(file).read_text(encoding="utf-8")
    assert words in unescape(sheet)
    assert "<script>" not in sheet
    assert '<button data-open="x">' not in sheet


# A disk that does not take it.


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An album that takes nothing, while Gradio's folder does."""
    (tmp_path / "full").write_bytes(b"")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    return Home(tmp_path / "full")


def test_pictures_that_are_not_kept_are_shown_and_to_be_downloaded_now(full: Home) -> None:
    steps = full.compared()
    page = Page(steps[-1]["columns"])
    assert state(steps[-1]["columns"]) == ["here"] * 3
    assert page.given("data-open") == []
    assert page.every("a", "download") == ["a-fox-4x3.png"] * 3
    assert "Download the pictures now: a refresh loses them." in Page(steps[-1]["notice"]).text
    assert last(steps, "visit").imagen.pictures == 3
    assert full.returned(last(steps, "memory")) is None


def test_pictures_that_no_disk_takes_are_in_the_page_itself(
    full: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(full.folder / "gradio"))
    sources = Page(last(full.compared(), "columns")).every("img", "src")
    assert len(sources) == 3
    assert all(str(each).startswith("data:image/png;base64,") for each in sources)


# The browser's memory.


def test_what_the_browser_remembers_are_labels_names_and_failures(home: Home) -> None:
    home.fails(RateLimited(429, detail="teapot"), where=is_fast)
    memory = home.remembered(prompt="x")
    fast, standard, ultra = memory
    assert fast == {
        "label": "Fast",
        "name": "",
        "failure": words_of(RateLimited(429, detail="teapot")),
    }
    for each, label in ((standard, "Standard"), (ultra, "Ultra")):
        name = each["name"]
        assert home.album.find(name)
        assert each == {"label": label, "name": name, "failure": ""}


def test_memory_grows_with_what_has_settled(home: Home) -> None:
    _, *arriving, _ = home.compared("ratios")
    counts = [[bool(each["name"]) for each in step["memory"]].count(True) for step in arriving]
    assert counts == [1, 2, 3, 4, 5]
    assert {len(step["memory"]) for step in arriving} == {5}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_browser_that_remembers_gets_its_comparison_back_word_for_word(
    home: Home, preset: str
) -> None:
    steps = home.compared(preset)
    memory = json.loads(json.dumps(last(steps, "memory")))
    restarted = home.bound()
    assert restarted.on_return(memory, preview(preset)) == steps[-1]["columns"]
    assert len(home.fake.asked) == len(LABELS[preset]), "and nobody is asked again"


def test_a_comparison_that_is_shown_stays(home: Home) -> None:
    steps = home.compared()
    memory = last(steps, "memory")
    for step in steps:
        assert is_untouched(home.comparing.on_return(memory, step["columns"]))


def test_a_failure_comes_back_as_words(home: Home) -> None:
    home.fails(RateLimited(429, detail="teapot"), where=is_fast)
    page = home.returned(home.remembered())
    assert page
    assert words_of(RateLimited(429, detail="teapot")) in page.inside("p")
    assert len(page.every("img", "src")) == 2


def test_however_much_a_service_says_of_a_failure_the_others_come_back(home: Home) -> None:
    home.fails(RateLimited(429, detail="x" * 100_000), where=is_fast)
    page = home.returned(home.remembered())
    assert page
    assert len(page.every("img", "src")) == 2


def test_a_picture_that_was_removed_is_no_longer_here_and_the_others_are(home: Home) -> None:
    memory = home.remembered()
    assert home.album.remove(memory[1]["name"], visitor=VISITOR)
    source = home.comparing.on_return(memory, preview("models"))
    assert state(source) == ["here", "failed", "here"]
    assert GONE in sections(source)[1]
    for each in (memory[0], memory[2]):
        assert home.album.remove(each["name"], visitor=VISITOR)
    assert home.returned(memory) is None


def test_a_column_that_had_not_settled_when_the_page_was_left_says_where_to_look(
    home: Home,
) -> None:
    memory = home.remembered()
    memory[2] = {"label": "Ultra", "name": "", "failure": ""}
    source = home.comparing.on_return(memory, preview("models"))
    assert "Look under Your pictures." in sections(source)[2]
    assert GONE not in source


def one(**more: object) -> dict[str, object]:
    return {"label": "Fast", "name": "", "failure": "", **more}


FORGED: list[object] = [
    *(None, "", "x", 7, True, 1.5, [], {}, [None], [7], ["Fast"], [[]], {"label": "Fast"}, [{}]),
    *([one(label=7)], [one(label=None)], [one(name=7)], [one(name=["x"])], [one(failure={})]),
    *([one()] * 6, [one()] * 100_000),
    *([one(label="x" * 101)], [one(name="x" * 501)], [one(failure="x" * 2_001)]),
    *([one(label="x" * 10_000_000)], [one(label="\ud800")], [one(failure="\ud800")]),
]


@pytest.mark.parametrize("memory", FORGED, ids=lambda memory: repr(memory)[:40])
def test_a_forged_memory_brings_nothing_back_and_makes_no_sheet(home: Home, memory: object) -> None:
    assert home.returned(memory) is None
    file, said = home.comparing.on_sheet(memory)
    assert file is None
    assert COMPARE_FIRST in Page(said).text


@pytest.mark.parametrize(
    "memory",
    [each for each in FORGED if each not in ([], {"label": "Fast"})],
    ids=lambda memory: repr(memory)[:40],
)
def test_a_forged_column_spoils_a_memory_that_is_good(home: Home, memory: object) -> None:
    good = home.remembered("rewriting")
    forged = memory if isinstance(memory, list) else [memory]
    assert home.returned([*good, *forged]) is None


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.png", "../../etc/passwd", "/etc/passwd", "secret.png", ".", "..", "/", "*"),
        *("a" * 32 + "/" + "b" * 32 + "/c.png", "\0", "%2e%2e/secret.png", "x" * 500),
    ],
)
def test_a_forged_name_finds_nothing(home: Home, name: str) -> None:
    (home.folder / "secret.png").write_bytes(inscribed(recipe_of("A secret")).data)
    memory = [*home.remembered("rewriting"), one(name=name)]
    page = home.returned(memory)
    assert page
    assert len(page.every("img", "src")) == 2
    assert page.inside("h3") == ["Rewriting on", "Rewriting off", "Fast"]
    assert GONE in page.inside("p")
    assert "secret" not in page.text
    file, _ = home.comparing.on_sheet(memory)
    assert Path(file).read_text(encoding="utf-8").count("<img") == 2


@pytest.mark.parametrize("words", [NASTY, '"><button data-open="x">', "{{}}", "</section>"])
def test_words_of_a_forged_memory_stay_text(home: Home, words: str) -> None:
    good = home.remembered("rewriting")
    page = home.returned([*good, one(label=words, failure=words, name=words)])
    assert page
    assert page.inside("h3")[-1] == words
    assert page.given("aria-label")[-1] == words
    assert words in page.inside("p")
    assert "x" not in page.given("data-open")


# Before it.


def test_what_is_chosen_shows_its_columns_until_something_is_compared(home: Home) -> None:
    for preset in PRESETS:
        assert home.comparing.on_preset(preset, preview("models")) == preview(preset)
    for step in home.compared():
        assert is_untouched(home.comparing.on_preset("ratios", step["columns"]))


@pytest.mark.parametrize(
    ("preset", "model", "said"),
    [
        ("rewriting", STANDARD, "About 168,000 tokens ($0.084) for 2 pictures"),
        ("models", STANDARD, "for 3 pictures, documented"),
        ("ratios", ULTRA, "for 5 pictures, documented"),
        ("seeds", FAST, "for 3 pictures, documented"),
        ("ratios", NANO, "No price is documented for this model."),
    ],
)
def test_the_price_before_the_click_is_that_of_all_columns(
    home: Home, preset: str, model: str, said: str
) -> None:
    assert said in unescape(home.comparing.on_price(preset, model))


def test_the_price_of_three_models_does_not_depend_on_the_one_that_is_chosen(home: Home) -> None:
    prices = {home.comparing.on_price("models", model) for model in (FAST, ULTRA, NANO)}
    assert len(prices) == 1


def test_the_price_follows_what_was_charged(home: Home) -> None:
    home.compared("models")
    said = unescape(home.comparing.on_price("models", DEFAULT_MODEL))
    assert "About 252,000 tokens ($0.126) for 3 pictures, as charged last time." in said


@pytest.mark.parametrize(
    ("without_key", "free"),
    [("sandbox", True), ("always sandbox", True), ("host", False), ("nobody", False)],
)
def test_the_price_says_that_the_sandbox_is_free_only_where_it_may_draw(
    home: Home, without_key: str, *, free: bool
) -> None:
    said = home.bound(cast("Payer", without_key)).on_price("models", DEFAULT_MODEL)
    assert ("The sandbox is free." in said) is free


def test_the_tab_opens_with_the_first_preset_and_its_empty_columns() -> None:
    with gr.Blocks():
        tab = place_compare()
    assert tab.preset.value == next(iter(PRESETS))
    assert [name for _, name in tab.preset.choices] == [*PRESETS]
    assert tab.columns.value == preview(tab.preset.value)
    assert Page(tab.notice.value).given("aria-label") == [markup.COMPARISON]


# The sheet.


def test_the_sheet_has_all_columns_with_their_pictures(home: Home) -> None:
    memory = home.remembered("ratios", prompt="A fox in snow")
    file, said = home.comparing.on_sheet(memory)
    assert Path(file).name.startswith("a-fox-in-snow-")
    assert Path(file).name.endswith("-compared.html")
    assert Path(file).is_relative_to(get_upload_folder())
    assert said == '<p role="status">Sheet downloaded.</p>'
    sheet = Path(file).read_text(encoding="utf-8")
    for label in ASPECT_RATIOS:
        assert f"<h2>{label}</h2>" in sheet
    for each in memory:
        picture = verify_picture((home.album.folder / each["name"]).read_bytes(), None)
        assert picture.data_url in sheet
    assert sheet.count("<img") == 5


def test_the_sheet_says_why_a_picture_is_missing(home: Home) -> None:
    home.fails(RateLimited(429), where=is_fast)
    memory = home.remembered()
    assert home.album.remove(memory[1]["name"], visitor=VISITOR)
    sheet = unescape(Path(home.comparing.on_sheet(memory)[0]).read_text(encoding="utf-8"))
    assert all(f"<h2>{label}</h2>" in sheet for label in LABELS["models"])
    assert words_of(RateLimited(429)) in sheet
    assert GONE in sheet
    assert sheet.count("<img") == 1


def test_two_sheets_of_one_name_are_two_files(home: Home) -> None:
    memory = home.remembered()
    first, second = (home.comparing.on_sheet(memory)[0] for _ in range(2))
    assert first != second
    assert Path(first).name == Path(second).name


def test_a_sheet_that_no_disk_takes_is_answered_in_words(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = home.remembered()
    (home.folder / "full").write_bytes(b"")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(home.folder / "full" / "gradio"))
    file, said = home.comparing.on_sheet(memory)
    assert file is None
    assert "This demo's disk is full: no sheet could be made." in Page(said).text


@pytest.mark.parametrize("letter", ["x", "ж", "狐", "\N{MATHEMATICAL BOLD SMALL A}"])
def test_a_sheet_can_be_made_of_the_longest_prompt_in_every_script(home: Home, letter: str) -> None:
    file, said = home.comparing.on_sheet(home.remembered(prompt=letter * 400))
    assert file, said
    assert Path(file).is_file()
