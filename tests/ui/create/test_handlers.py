"""What the page does with an answer, a failure, a full disk and a browser's memory."""

import base64
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest
from starlette.requests import Request

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.errors import (
    AccessDenied,
    Blocked,
    Charged,
    ImagenDemoError,
    InvalidRequest,
    KeyRejected,
    ModelWithdrawn,
    NotKept,
    OverBudget,
    RateLimited,
    RequestRejected,
    ServiceFailed,
    ServiceRefused,
    ServiceTimeout,
    ServiceUnreachable,
    UnusableReply,
)
from imagen_demo.domain.generation import Usage
from imagen_demo.domain.pricing import Prices
from imagen_demo.domain.receipt import Receipt, Total, Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.endpoints.answer import Answering
from imagen_demo.endpoints.rest import Rest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.server.client_address import client_of
from imagen_demo.service.generate import Drawing
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options.panel import described
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.outputs import Outputs, Showing
from tests.conftest import png
from tests.stand_ins import (
    NASTY,
    RESULT,
    UNTOUCHED,
    VISITOR,
    Fake,
    Page,
    changed,
    inscribed,
    lose_disk,
    recipe_of,
    rewrite_in,
    shots_of,
    text_of,
    tiles_of,
)

KEY = "0123456789abcdef0123456789abcdef"


def handlers(
    folder: Path,
    failure: Exception | None = None,
    *,
    gallery: Path = Path("no-gallery"),
    gradios: Path | None = None,
) -> tuple[Handlers, Fake]:
    fake, album, prices = Fake(failure), Album(folder), Prices()
    temporary = Temporary(gradios or folder.parent / f"{folder.name}-gradio")
    drawing = Drawing(fake, album, prices=prices, temporary=temporary)
    showing = Showing(album, gallery, temporary)
    record = Record(showing, Thumbnails(folder.parent / f"{folder.name}-tiles"), drawing)
    pricing = Pricing(prices, "sandbox")
    return Handlers(fake, drawing, showing, pricing, record, client_of), fake


def generate(bound: Handlers, **widgets: Any) -> list[Outputs]:  # noqa: ANN401 - values
    """Press Generate, and return what the page is told, step by step."""
    return list(generating(bound, **widgets))


def generating(bound: Handlers, **widgets: Any) -> Iterator[Outputs]:  # noqa: ANN401 - values
    """Press Generate, and be told as the page is."""
    untouched = UNTOUCHED | {"prompt": "A square", "api_key": KEY, "visit": Visit()}
    return bound.on_generate(**(untouched | widgets))


def test_a_generation_shows_picture_rewrite_usage_and_who_drew_it(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    visit = Visit()

    (step,) = generate(bound, visit=visit)
    ((picture, caption),) = shots_of(step["picture"])
    rewritten = rewrite_in(step["rewritten_prompt"])

    assert fake.asked == [(GenerationRequest(prompt="A square", aspect_ratio="4:3"), KEY)]
    kept = Path(picture).read_bytes()
    assert (kept[:33], kept[-len(png()[33:]) :]) == (png()[:33], png()[33:])
    recipe = read(Path(picture))
    assert isinstance(recipe, Recipe)
    assert (recipe.request, recipe.rewritten_prompt) == (fake.asked[0][0], rewritten)
    assert bound.showing.album.of(VISITOR) == [Path(picture)]
    assert Path(picture).name == "a-square-4x3.png"
    assert caption == rewritten == "A teal square, take 0"
    assert "84,000" in step["token_usage"]
    assert "0.042" in step["token_usage"]
    assert "Reported this visit: 1 picture, 84,000 tokens" in step["token_usage"]
    assert step["notice"]["kind"] == "done"
    assert "Drawn by Imagen 4." in text_of(step["notice"])
    assert "A square" in text_of(step["notice"])
    assert step["code"] == create_view.code(recipe)
    assert step["code"]["response"] == '{\n  "data": []\n}\n'
    assert visit.of("imagen") == Total(1, 0, 84_000, 1.23)
    assert visit.of("sandbox") == Total()


def test_four_pictures_appear_as_they_arrive_and_end_in_their_own_order(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)

    *arriving, last = generate(bound, num_images=4)

    assert [len(shots_of(step["picture"])) for step in arriving] == [1, 2, 3, 4]
    assert [step["notice"]["kind"] for step in arriving] == ["waiting"] * 4
    assert [text_of(step["notice"])[:6] for step in arriving] == [f"{n} of 4" for n in (1, 2, 3, 4)]
    assert all("clock" in step["notice"]["html"] for step in arriving)
    captions = [[caption[-1] for _, caption in shots_of(step["picture"])] for step in arriving]
    assert captions == [["3"], ["2", "3"], ["1", "2", "3"], ["0", "1", "2", "3"]]
    first = [rewrite_in(step["rewritten_prompt"]) for step in arriving]
    assert first == [f"A teal square, take {number}" for number in (3, 2, 1, 0)]
    assert "picture 1 of 4" in last["rewritten_prompt"]
    pictures = shots_of(last["picture"])
    assert [caption for _, caption in pictures] == [
        f"A teal square, take {number}" for number in range(4)
    ]
    recipes = [read(Path(path)) for path, _ in pictures]
    assert [each.width for each in recipes if isinstance(each, Recipe)] == [8, 9, 10, 11]
    assert rewrite_in(last["rewritten_prompt"]) == "A teal square, take 0"


def test_while_pictures_arrive_memory_and_code_are_of_those_that_are_here(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    visit, spent = Visit(), []
    steps = []
    for step in generating(bound, num_images=3, visit=visit):
        steps.append(step)
        spent.append(visit.of("imagen").pictures)
    *arriving, last = steps
    assert spent == [0, 0, 0, 3]
    for step in arriving:
        here = bound.showing.remembered(step["shown"])
        assert here
        assert [str(each.path) for each in here.pictures] == [
            path for path, _ in shots_of(step["picture"])
        ]
        assert step["code"] == create_view.code(here.pictures[0].recipe)
        assert step["token_usage"] == create_view.NO_USAGE
    assert arriving[-1]["shown"] == last["shown"]


# One of several pictures.


def pick(bound: Handlers, memory: object, path: object, place: object = 0) -> Any:  # noqa: ANN401
    return bound.on_pick(memory, gr.EventData(None, {"path": path, "place": place}))


def heading(rewritten: str) -> str:
    (said,) = Page(rewritten).inside("h2")
    return said


def test_a_picture_that_is_picked_shows_its_own_rewrite(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    step = generate(bound, num_images=3)[-1]
    for number, (path, caption) in enumerate(shots_of(step["picture"])):
        rewritten = pick(bound, step["shown"], path, number)
        assert rewrite_in(rewritten) == caption == f"A teal square, take {number}"
        assert heading(rewritten) == f"Rewritten prompt picture {number + 1} of 3"


def test_a_picture_is_found_by_itself_and_placed_where_it_stands(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    step = generate(bound, num_images=3)[-1]
    first, _, third = [path for path, _ in shots_of(step["picture"])]
    rewritten = pick(bound, step["shown"], third, 0)
    assert rewrite_in(rewritten) == "A teal square, take 2"
    assert "picture 1 of 3" in heading(rewritten)
    Path(first).unlink()
    rewritten = pick(bound, step["shown"], third, 2)
    assert rewrite_in(rewritten) == "A teal square, take 2"
    assert heading(rewritten) == "Rewritten prompt picture 3"


def test_a_picture_can_be_picked_while_others_are_still_awaited(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    _, second, *_ = generate(bound, num_images=3)
    path, caption = shots_of(second["picture"])[1]
    rewritten = pick(bound, second["shown"], path, 1)
    assert rewrite_in(rewritten) == caption == "A teal square, take 2"
    assert heading(rewritten) == "Rewritten prompt picture 2"


def test_a_picture_that_was_set_aside_can_be_picked_without_a_memory(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path / "album", gradios=tmp_path / "gradio")
    lose_disk(fake, bound.showing.album)
    for step in generate(bound, num_images=3)[2:]:
        assert step["shown"] is None
        for number, (path, caption) in enumerate(shots_of(step["picture"])):
            assert Path(path).is_relative_to(tmp_path / "gradio")
            rewritten = pick(bound, None, path, number)
            assert rewrite_in(rewritten) == caption == f"A teal square, take {number}"
            assert heading(rewritten) == f"Rewritten prompt picture {number + 1}"


def test_of_several_pictures_of_which_one_was_kept_the_others_can_be_picked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound, _ = handlers(tmp_path / "album", gradios=tmp_path / "gradio")
    save, saved = Album.save, list[Path]()

    def fill(album: Album, picture: Any, recipe: Any, *, visitor: str) -> Path:  # noqa: ANN401
        if saved:
            raise OSError(28, "No space left on device")
        saved.append(save(album, picture, recipe, visitor=visitor))
        return saved[-1]

    monkeypatch.setattr(Album, "save", fill)
    step = generate(bound, num_images=3)[-1]
    assert len(step["shown"]["pictures"]) == 1
    for number, (path, caption) in enumerate(shots_of(step["picture"])):
        rewritten = pick(bound, step["shown"], path, number)
        assert rewrite_in(rewritten) == caption == f"A teal square, take {number}"
        # How many there are is not known any more; "of 1" or "of 2" would be wrong.
        assert " of " not in heading(rewritten)
    assert "picture 3" in heading(rewritten)


NOTHING_PICKED: list[object] = [
    *(None, "x", 7, [], {}, {"path": "x"}, "/etc/passwd", "None", "", "."),
    *("../../etc/passwd", "\0"),
]


@pytest.mark.parametrize("path", NOTHING_PICKED, ids=repr)
def test_a_pick_of_nothing_that_is_shown_changes_nothing(tmp_path: Path, path: object) -> None:
    bound, _ = handlers(tmp_path)
    memory = generate(bound, num_images=2)[-1]["shown"]
    assert pick(bound, memory, path) == gr.skip()
    assert bound.on_pick(memory, gr.EventData(None, {"place": 0})) == gr.skip()


def test_a_pick_of_a_picture_that_lies_elsewhere_changes_nothing(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path / "album", gradios=tmp_path / "gradio")
    memory = generate(bound, num_images=2)[-1]["shown"]
    outside = tmp_path / "outside.png"
    outside.write_bytes(inscribed(recipe_of()).data)
    assert pick(bound, memory, str(outside)) == gr.skip()
    assert pick(bound, memory, str(tmp_path / "album/../outside.png")) == gr.skip()


@pytest.mark.parametrize("place", [None, "0", 1.5, [0, 0], {}], ids=repr)
def test_a_pick_from_no_place_changes_nothing(tmp_path: Path, place: object) -> None:
    bound, _ = handlers(tmp_path)
    step = generate(bound, num_images=2)[-1]
    path, _ = shots_of(step["picture"])[0]
    assert pick(bound, step["shown"], path, place) == gr.skip()


@pytest.mark.parametrize("memory", [None, "", 7, [], {}, {"pictures": ["x"], "missing": []}])
def test_a_pick_without_a_memory_still_shows_the_rewrite(tmp_path: Path, memory: object) -> None:
    bound, _ = handlers(tmp_path)
    path, caption = shots_of(generate(bound, num_images=2)[-1]["picture"])[1]
    rewritten = pick(bound, memory, path, 1)
    assert rewrite_in(rewritten) == caption
    assert heading(rewritten) == "Rewritten prompt picture 2"


# What is sent.


def test_every_setting_that_the_model_takes_is_sent(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    widgets: dict[str, Any] = {
        "num_images": 2,
        "seed": "7",
        "enhance_prompt": False,
        "person_generation": "dont_allow",
        "safety_setting": "block_only_high",
    }
    generate(bound, **widgets)
    ((request, _),) = fake.asked
    assert request == GenerationRequest(
        prompt="A square", aspect_ratio="4:3", **(widgets | {"seed": 7})
    )


def test_only_options_that_the_model_takes_are_sent(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    successor = "google/gemini-nano-banana-2.1"
    generate(bound, model=successor, num_images=4, seed="7", resolution="2K")
    generate(bound, resolution="2K", enable_web_search=True, num_images=2)
    assert [request.to_json() for request, _ in fake.asked] == [
        {"model": successor, "prompt": "A square", "aspect_ratio": "4:3", "resolution": "2K"},
        {"model": DEFAULT_MODEL, "prompt": "A square", "aspect_ratio": "4:3", "num_images": 2},
    ]


def test_without_rewriting_a_seed_is_drawn_sent_and_shown(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    (step,) = generate(bound, enhance_prompt=False)
    seed = fake.asked[0][0].seed
    assert seed is not None
    assert f"seed {seed}" in step["token_usage"]
    ((picture, _),) = shots_of(step["picture"])
    recipe = read(Path(picture))
    assert isinstance(recipe, Recipe)
    assert recipe.seed == seed


def test_a_seed_that_overtook_its_own_settling_still_counts(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    generate(bound, seed="42", enhance_prompt=True, add_watermark=True)
    sent = fake.asked[0][0]
    assert (sent.seed, sent.enhance_prompt, sent.add_watermark) == (42, False, False)


@pytest.mark.parametrize("typed", ["abc", "1.5", "-1", "4294967296", "9" * 30])
def test_a_seed_that_is_none_is_explained(tmp_path: Path, typed: str) -> None:
    bound, fake = handlers(tmp_path)
    (step,) = generate(bound, seed=typed, enhance_prompt=False)
    assert "from 0 to 4294967295" in text_of(step["notice"])
    assert fake.asked == []


def visit_of(*receipts: Receipt) -> Visit:
    visit = Visit()
    for receipt in receipts:
        visit.add(receipt)
    return visit


def test_the_visit_adds_up(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    one = Receipt.of([recipe_of()])
    visit = visit_of(one, one, Receipt.of([recipe_of(drawn_by="sandbox", usage=Usage(7, 0.0))]))
    step = generate(bound, visit=visit)[-1]
    assert visit.of("imagen").pictures == 3
    assert visit.of("sandbox") == Total(1, 0, 7, 9.87)
    said = "Reported this visit: 3 pictures, 252,000 tokens ($0.126), 21.0 seconds of drawing"
    assert said in unescape(step["token_usage"])


def test_what_the_sandbox_draws_adds_up_on_its_own(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    fake.drawn_by = "sandbox"
    visit = visit_of(Receipt.of([recipe_of()]))
    step = generate(bound, visit=visit, num_images=2)[-1]
    assert visit.of("imagen") == Total(1, 0, 84_000, 9.87)
    assert visit.of("sandbox") == Total(2, 0, 84_000, 1.23)
    assert "Reported this visit: 2 pictures, 84,000 tokens" in step["token_usage"]
    assert "The sandbox is free." in step["token_usage"]


def test_a_cost_that_was_not_reported_is_not_taken_for_none(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    fake.rewrites, visit = False, Visit()
    step = generate(bound, visit=visit)[-1]
    assert "Reported this visit: 1 picture, cost not reported" in step["token_usage"]
    fake.rewrites = True
    step = generate(bound, visit=visit)[-1]
    assert "Reported this visit: 2 pictures, at least 84,000 tokens" in step["token_usage"]


def test_a_failure_adds_nothing_to_the_visit(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path, ServiceFailed(503))
    visit = Visit()
    generate(bound, visit=visit)
    assert (visit.of("imagen"), visit.of("sandbox")) == (Total(), Total())


def test_the_price_before_the_click_follows_what_was_charged(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    before = bound.pricing.of(DEFAULT_MODEL)
    *_, end = generate(bound, num_images=4)
    after = bound.pricing.of(DEFAULT_MODEL)
    assert before == {"tokens": 84_000, "documented": "2025-09-18"}
    assert after == {"tokens": 21_000, "documented": None}
    assert end["prices"] == {DEFAULT_MODEL: after}
    assert bound.pricing.of("google/gemini-nano-banana-2.1") is None


def test_a_checked_key_says_what_is_left(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    assert "Key works, $10.07 left." in text_of(bound.on_check_key(KEY))
    assert fake.checked == KEY
    failing, _ = handlers(tmp_path, KeyRejected(401))
    assert "does not know this key" in text_of(failing.on_check_key(KEY))
    assert failing.on_check_key(KEY)["kind"] == "failed"


def test_models_on_their_way_out_are_marked(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    labels = {model: label for label, model in described(bound.service.standing)}
    assert labels[DEFAULT_MODEL] == (
        "Imagen 4\t$0.042\t8 to 15 s\nwithdrawn 17 August 2026; use Nano Banana 2.1"
    )
    assert labels["google/gemini-nano-banana-2.1"] == "Nano Banana 2.1"


def test_a_withdrawn_model_offers_its_successor_as_a_button(tmp_path: Path) -> None:
    error = ModelWithdrawn(404)
    error.successor = "google/gemini-nano-banana-2.1"
    bound, _ = handlers(tmp_path, error)
    (step,) = generate(bound)
    page = Page(step["notice"]["html"])
    assert page.every("button", "data-model") == [error.successor]
    assert page.inside("button") == ["Use Nano Banana 2.1"]
    used = bound.on_use(gr.EventData(None, {"model": error.successor}))
    assert used["settings"] == {"model": error.successor}
    assert "Nano Banana 2.1 is chosen. Press Generate." in text_of(used["notice"])
    foreigners: list[dict[str, object]] = [{"model": "gpt"}, {"model": []}, {}]
    for foreign in foreigners:
        assert bound.on_use(gr.EventData(None, foreign)) == {}


FAILURES: list[ImagenDemoError] = [
    InvalidRequest("api_key", "That is not an API key."),
    OverBudget(),
    NotKept(),
    ServiceUnreachable(),
    ServiceTimeout("No answer after 180 s.", reference="4f2c"),
    ServiceRefused(418),
    RequestRejected(400, detail="prompt: too <b>long</b>"),
    KeyRejected(401),
    AccessDenied(403),
    ModelWithdrawn(404),
    RateLimited(429),
    ServiceFailed(503),
    Blocked(),
    UnusableReply(charged=Charged.YES, picture_urls=("https://cdn.example/1.png",)),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_failure_says_what_happened_what_it_cost_and_what_to_do_and_touches_nothing_else(
    tmp_path: Path, failure: ImagenDemoError
) -> None:
    bound, _ = handlers(tmp_path, failure)

    (step,) = generate(bound)

    assert changed(step) == {"notice", "strip"}
    assert step["strip"]["coming"] == 0
    assert "<b>long" not in step["notice"]["html"]
    said = text_of(step["notice"])
    assert failure.message in said
    assert failure.cost in said
    assert failure.advice_at(Door.CREATE).split("aimlapi.com")[0] in said


def test_every_failure_of_the_tree_is_in_the_table_above() -> None:
    def leaves(kind: type[ImagenDemoError]) -> set[type[ImagenDemoError]]:
        return {kind}.union(*(leaves(child) for child in kind.__subclasses__()))

    elsewhere = {"ConfigurationError", "ImagenDemoError", "PicturesLost"}  # than on the page
    named = {kind.__name__ for kind in leaves(ImagenDemoError)} - elsewhere
    assert named == {type(failure).__name__ for failure in FAILURES}


def test_a_bug_is_not_dressed_up_as_a_failure(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path, ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError):
        generate(bound)


def test_an_empty_prompt_asks_nobody(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    (step,) = generate(bound, prompt="  \n ")
    assert "The prompt is empty." in text_of(step["notice"])
    assert fake.asked == []


def test_an_expected_failure_is_one_line_in_the_log_without_prompt_key_or_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bound, _ = handlers(tmp_path, ServiceTimeout("No answer after 180 s.", reference="4f2c"))
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        generate(bound, prompt="A secret square")
    (line,) = (record for record in caplog.records if record.name == "imagen_demo")
    assert line.getMessage() == "ServiceTimeout request_id=4f2c"
    assert line.exc_info is None


def arrived(
    bound: Handlers, remembered: object, visitor: str = "", *, query: str = "", **said: object
) -> Outputs:
    """Open the page again, as a browser that was here before does."""
    scope = {"type": "http", "query_string": query.encode(), "headers": []}
    request, event = gr.Request(Request(scope)), gr.EventData(None, said)
    return bound.on_arrival(remembered, visitor, request, event)


def test_a_browser_that_remembers_gets_its_last_picture_back(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    before = generate(bound, num_images=2)[-1]
    restarted, _ = handlers(tmp_path)
    after = arrived(restarted, before["shown"])
    assert changed(after) == RESULT
    for name in RESULT - {"token_usage"}:
        assert cast("Any", after)[name] == cast("Any", before)[name]
    # What was spent before the refresh is not known any more.
    assert "Reported this visit" in before["token_usage"]
    assert "Reported this visit" not in after["token_usage"]


@pytest.mark.parametrize(
    "remembered",
    [
        *(None, "", 7, [], {}, {"pictures": []}, {"pictures": [], "missing": []}),
        *({"pictures": 7, "missing": []}, {"pictures": [7, None], "missing": []}),
        *({"pictures": ["../../etc/passwd"], "missing": []}, {"pictures": [""], "missing": []}),
    ],
    ids=repr,
)
def test_nonsense_in_the_browsers_memory_changes_nothing(
    tmp_path: Path, remembered: object
) -> None:
    bound, _ = handlers(tmp_path)
    assert changed(arrived(bound, remembered)) == set()


def test_memory_of_a_picture_that_is_gone_or_elsewhere_changes_nothing(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path / "album")
    remembered = generate(bound)[-1]["shown"]
    (tmp_path / "secret.png").write_bytes(inscribed(recipe_of()).data)
    elsewhere = {**remembered, "pictures": ["../secret.png", "secret.png"]}
    assert changed(arrived(bound, elsewhere)) == set()
    bound.showing.album.folder.joinpath(remembered["pictures"][0]).unlink()
    assert changed(arrived(bound, remembered)) == set()


def test_of_several_remembered_pictures_those_that_are_left_come_back(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    remembered = generate(bound, num_images=3)[-1]["shown"]
    bound.showing.album.folder.joinpath(remembered["pictures"][1]).unlink()
    outputs = arrived(bound, remembered)
    captions = [caption for _, caption in shots_of(outputs["picture"])]
    assert captions == ["A teal square, take 0", "A teal square, take 2"]
    assert rewrite_in(outputs["rewritten_prompt"]) == captions[0]


def test_why_pictures_are_missing_outlives_a_refresh(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    fake.missing = ("One was blocked.",)
    step = generate(bound, num_images=3)[-1]
    assert step["shown"]["missing"] == ["One was blocked."]
    assert "One was blocked." in text_of(step["notice"])
    assert "One was blocked." in text_of(arrived(bound, step["shown"])["notice"])


def test_what_the_browser_remembers_are_names_and_no_words_of_the_visitors(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    (name,) = generate(bound, prompt="x")[-1]["shown"].pop("pictures")
    assert re.fullmatch(r"[\w-]{32}/[\w-]{32}/x-4x3\.png", name)


def test_a_disk_that_does_not_take_the_picture_costs_neither_picture_nor_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bound, fake = handlers(tmp_path / "album", gradios=tmp_path / "gradio")
    lose_disk(fake, bound.showing.album)
    with caplog.at_level(logging.DEBUG):
        step = generate(bound, prompt="A secret")[-1]
    ((picture, _),) = shots_of(step["picture"])
    path, notice = Path(picture), step["notice"]["html"]
    assert path.is_relative_to(tmp_path / "gradio")
    assert path.name == "a-secret-4x3.png"
    recipe = read(path)
    assert isinstance(recipe, Recipe)
    assert recipe.request == fake.asked[0][0]
    assert rewrite_in(step["rewritten_prompt"])
    assert "84,000" in step["token_usage"]
    assert '"A secret"' in step["code"]["python"]
    assert "“Not a directory”, so the picture could not be kept." in notice
    assert "Download the picture now" in notice
    assert "data:" not in notice
    assert step["shown"] is None
    (complaint,) = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert complaint.getMessage() == "a picture could not be kept: Not a directory"
    assert complaint.exc_info is None
    assert "secret" not in caplog.text


def test_with_no_disk_at_all_the_picture_comes_inside_the_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "full").write_bytes(b"")
    bound, fake = handlers(tmp_path / "album", gradios=tmp_path / "full" / "gradio")
    lose_disk(fake, bound.showing.album)
    with caplog.at_level(logging.DEBUG):
        step = generate(bound, prompt=NASTY)[-1]
    page = Page(step["notice"]["html"])
    (source,), (name,) = page.every("img", "src"), page.given("download")
    assert page.every("a", "href") == [source]
    assert source
    assert name
    assert name.endswith("-4x3.png")
    data = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    recipe = read(BytesIO(data))
    assert isinstance(recipe, Recipe)
    assert recipe.request == fake.asked[0][0]
    assert step["picture"] == create_view.NO_PICTURE
    assert step["shown"] is None
    assert rewrite_in(step["rewritten_prompt"])
    assert "84,000" in step["token_usage"]
    assert "alert" not in caplog.text


def test_several_pictures_without_a_disk_all_come_inside_the_page(tmp_path: Path) -> None:
    (tmp_path / "full").write_bytes(b"")
    bound, fake = handlers(tmp_path / "album", gradios=tmp_path / "full" / "gradio")
    lose_disk(fake, bound.showing.album)
    *arriving, last = generate(bound, num_images=3)
    assert len(arriving) == 3
    assert "the pictures could not be kept" in text_of(last["notice"])
    assert len(set(Page(last["notice"]["html"]).every("img", "src"))) == 3
    for step in (*arriving, last):
        assert step["picture"] == create_view.NO_PICTURE


def test_a_refresh_brings_an_example_back_without_asking_anybody(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path / "album", gallery=tmp_path)
    (tmp_path / "01-fox.png").write_bytes(inscribed(recipe_of()).data)
    (tmp_path / "notes.txt").write_text("no picture")
    remembered = {"pictures": ["01-fox.png"], "missing": []}
    step = arrived(bound, remembered)
    notice = text_of(step["notice"])
    assert shots_of(step["picture"]) == [(str(tmp_path / "01-fox.png"), "A red fox")]
    assert step["shown"] == remembered
    assert rewrite_in(step["rewritten_prompt"]) == "A red fox"
    assert "84,000" in step["token_usage"]
    assert "Reported this visit" not in step["token_usage"]
    assert "Recorded 2 January 2026, Imagen 4. Nothing was spent." in notice
    assert "A fox" in notice
    assert "Put my prompt back" not in notice
    assert fake.asked == []
    nothing = {"pictures": ["notes.txt", "album"], "missing": []}
    assert changed(arrived(bound, nothing)) == set()


@pytest.mark.parametrize(
    ("widgets", "reason"),
    [
        ({"prompt": "a " * 29}, "gave no rewritten prompt back"),
        ({"prompt": "a " * 30}, "30 words or more"),
        ({"enhance_prompt": False}, "Rewriting was off"),
        ({"model": "google/gemini-nano-banana-2.1"}, "does not rewrite prompts"),
    ],
    ids=["silent", "long", "off", "successor"],
)
def test_without_a_rewrite_the_panel_says_why(
    tmp_path: Path, widgets: dict[str, object], reason: str
) -> None:
    bound, fake = handlers(tmp_path)
    fake.rewrites = False
    step = generate(bound, **widgets)[-1]
    assert rewrite_in(step["rewritten_prompt"]) is None
    assert reason in step["rewritten_prompt"]
    ((_, caption),) = shots_of(step["picture"])
    assert caption == fake.asked[0][0].prompt
    assert "not reported" in step["token_usage"]


def test_whose_share_a_click_is_goes_by_their_address_and_not_by_their_session(
    tmp_path: Path,
) -> None:
    bound, fake = handlers(tmp_path)
    programs = Rest(Answering(bound.drawing, client_of))
    for peer, session in (("192.0.2.1", "a"), ("192.0.2.1", "b"), ("192.0.2.2", "a")):
        client = {"host": peer, "port": 4711}
        click = gr.Request(client=client, headers={}, session_hash=session)
        generate(bound, request=click, visitor=VISITOR)
        programs.generate_image(prompt="A square", asking=click)
    first, again, other = fake.spenders[::2]
    assert (first, again) == (first, first) != (other, other)
    assert fake.spenders[1::2] == [first, again, other], "by both doors"
    assert "192.0.2" not in "".join(fake.spenders)


def test_a_click_over_the_hosts_limit_says_when_there_is_more(tmp_path: Path) -> None:
    when = datetime(2999, 1, 5, 7, 3, tzinfo=UTC)
    bound, _ = handlers(tmp_path, OverBudget("It is used up.", opens_at=when))
    (step,) = generate(bound, api_key="")
    page = text_of(step["notice"])
    assert "It is used up. Nothing was charged. There is more from 5 January, 07:03 UTC on." in page
    assert "Your own AI/ML API key works right away." in page


def test_the_last_word_of_a_generation_is_what_changed_around_it(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    *arriving, end = generate(bound, num_images=4)
    assert len(arriving) == 4
    assert [changed(each) for each in arriving] == [RESULT] * 4
    assert changed(end) == RESULT | {"strip", "prices"}
    assert len(tiles_of(end["strip"])) == 4
    assert end["prices"] == {DEFAULT_MODEL: {"tokens": 21_000, "documented": None}}


def test_whoever_comes_back_finds_their_strip_and_a_newcomer_keeps_the_empty_one(
    tmp_path: Path,
) -> None:
    bound, _ = handlers(tmp_path)
    assert changed(arrived(bound, None, VISITOR)) == set()
    generate(bound)
    outputs = arrived(bound, None, VISITOR)
    assert changed(outputs) == {"strip"}
    assert len(tiles_of(outputs["strip"])) == 1


def test_a_disk_that_fails_costs_the_strip_and_not_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound, _ = handlers(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr("imagen_demo.pictures.album.Album.of", refuse)
    step = generate(bound)[-1]
    ((picture, _),) = shots_of(step["picture"])
    assert Path(picture).is_file()
    assert step["strip"] == gr.skip()
    assert changed(arrived(bound, None, VISITOR)) == set()


def test_a_page_that_is_looked_at_again_is_told_what_is_known_now(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    generate(bound)
    looked = bound.on_tick(VISITOR, gr.EventData(None, {"whole": False}))
    assert len(tiles_of(looked["strip"])) == 1
    assert looked["prices"].keys() == MODELS.keys()
    assert looked["prices"][DEFAULT_MODEL] == {"tokens": 84_000, "documented": None}


def test_a_link_fills_its_settings_in_over_what_the_browser_remembers(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    remembered = generate(bound)[-1]["shown"]
    outputs = arrived(bound, remembered, VISITOR, query="prompt=A+fox&seed=7", typed="An owl")
    assert changed(outputs) == RESULT | {"strip", "prompt", "seed"}
    assert outputs["settings"] == {"prompt": "A fox", "seed": "7"}
    assert "Filled in from a link." in text_of(outputs["notice"])
    assert "Put my prompt back" in text_of(outputs["notice"])
    assert outputs["shown"] == remembered


@pytest.mark.parametrize("typed", [None, "", [], 0], ids=repr)
def test_an_arrival_with_nothing_typed_offers_nothing_back(tmp_path: Path, typed: object) -> None:
    bound, _ = handlers(tmp_path)
    outputs = arrived(bound, None, query="prompt=A+fox", typed=typed)
    assert changed(outputs) == {"notice", "prompt"}
    assert "Put my prompt back" not in text_of(outputs["notice"])
