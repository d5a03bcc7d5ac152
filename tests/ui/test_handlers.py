import logging
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from imagen_demo.album import Album
from imagen_demo.catalog import DEFAULT_MODEL
from imagen_demo.errors import (
    AccessDenied,
    Blocked,
    Charged,
    ImagenDemoError,
    InvalidRequest,
    KeyRejected,
    ModelWithdrawn,
    OverBudget,
    RateLimited,
    RequestRejected,
    ServiceFailed,
    ServiceRefused,
    ServiceTimeout,
    ServiceUnreachable,
    UnusableReply,
)
from imagen_demo.examples import EXAMPLES
from imagen_demo.generation import Balance, Generation, OnPicture, Usage, verify_picture
from imagen_demo.lifecycle import Standing, Status
from imagen_demo.request import GenerationRequest
from imagen_demo.ui.handlers import Handlers, Visit
from tests.conftest import png

KEY = "0123456789abcdef0123456789abcdef"


class Fake:
    """Answers with one small picture, or fails as told; remembers what it was asked."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.rewrites = True
        self.checked = ""
        self.asked: list[tuple[GenerationRequest, str]] = []

    def generate(
        self, request: GenerationRequest, *, visitor_key: str, on_picture: OnPicture
    ) -> Generation:
        self.asked.append((request, visitor_key))
        if self.failure:
            raise self.failure
        pictures = tuple(
            verify_picture(
                png(8 + number), f"A teal square, take {number}" if self.rewrites else None
            )
            for number in range(request.num_images)
        )
        for number, picture in reversed([*enumerate(pictures)]):
            on_picture(number, picture)
        return Generation(
            request=request,
            pictures=pictures,
            charged=len(pictures),
            missing=(),
            usage=Usage(84_000, 0.042) if self.rewrites else Usage(),
            seconds=1.234,
            inference_id="inference-1",
            drawn_by="imagen",
        )

    def check_key(self, visitor_key: str) -> Balance:
        if self.failure:
            raise self.failure
        self.checked = visitor_key
        return Balance(10.07, from_sandbox=False)

    def standing(self, model: str) -> Standing | None:
        successor, shutdown = "google/gemini-nano-banana-2.1", date(2026, 8, 17)
        gone = Standing(Status.WITHDRAWN, None, shutdown, successor)
        return gone if "imagen" in model else None


def handlers(folder: Path, failure: Exception | None = None) -> tuple[Handlers, Fake]:
    fake = Fake(failure)
    return Handlers(fake, Album(folder), "sandbox"), fake


def generate(bound: Handlers, **widgets: Any) -> list[list[Any]]:  # noqa: ANN401 - values
    """Press Generate, and return what the page is told, step by step."""
    untouched: dict[str, Any] = {
        "prompt": "A square",
        "aspect_ratio": "4:3",
        "api_key": KEY,
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
    return list(bound.on_generate(**(untouched | widgets)))


def is_untouched(update: object) -> bool:
    return bool(update == gr.skip())


def test_a_generation_shows_picture_rewrite_usage_and_who_drew_it(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)

    ((picture, pictures, rewritten, usage, notice, _, visit),) = generate(bound)

    assert fake.asked == [(GenerationRequest(prompt="A square", aspect_ratio="4:3"), KEY)]
    assert Path(picture["value"]).read_bytes() == png()
    assert Path(picture["value"]).name == "a-square-4x3.png"
    assert picture["visible"]
    assert not pictures["visible"]
    assert picture["alt_text"] == rewritten["value"] == "A teal square, take 0"
    assert "84,000" in usage
    assert "0.042" in usage
    assert "Drawn by Imagen 4." in notice
    assert "A square" in notice
    assert visit == Visit(imagen=84_000)


def test_four_pictures_appear_as_they_arrive_and_end_in_their_own_order(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)

    *arriving, last = generate(bound, num_images=4)

    assert [len(step[1]["value"]) for step in arriving] == [1, 2, 3, 4]
    assert ["of 4" in step[4] and "clock" in step[4] for step in arriving] == [True] * 4
    captions = [[caption[-1] for _, caption in step[1]["value"]] for step in arriving]
    assert captions == [["3"], ["2", "3"], ["1", "2", "3"], ["0", "1", "2", "3"]]
    assert [step[2][-1] for step in arriving] == ["3", "2", "1", "0"]
    picture, pictures, rewritten, *_ = last
    assert not picture["visible"]
    assert [caption for _, caption in pictures["value"]] == [
        f"A teal square, take {number}" for number in range(4)
    ]
    sent = [Path(path).read_bytes() for path, _ in pictures["value"]]
    assert sent == [png(8 + number) for number in range(4)]
    assert rewritten["value"] == "A teal square, take 0"


def test_a_picture_that_is_picked_shows_its_own_rewrite() -> None:
    picked = {"image": {}, "caption": "A teal square, take 2"}
    event = gr.SelectData(None, {"index": 2, "value": picked})
    assert Handlers.on_pick(event) == "A teal square, take 2"
    for foreign in (None, "x", {"caption": 7}, {}):
        assert is_untouched(Handlers.on_pick(gr.SelectData(None, {"index": 2, "value": foreign})))


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
    assert f"seed {seed}" in step[3]
    assert step[5]["receipt"]["seed"] == seed


def test_a_seed_that_overtook_its_own_settling_still_counts(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    generate(bound, seed="42", enhance_prompt=True, add_watermark=True)
    sent = fake.asked[0][0]
    assert (sent.seed, sent.enhance_prompt, sent.add_watermark) == (42, False, False)


@pytest.mark.parametrize("typed", ["abc", "1.5", "-1", "4294967296", "9" * 30])
def test_a_seed_that_is_none_is_explained(tmp_path: Path, typed: str) -> None:
    bound, fake = handlers(tmp_path)
    (step,) = generate(bound, seed=typed, enhance_prompt=False)
    assert "from 0 to 4294967295" in step[4]
    assert fake.asked == []


def test_the_visit_adds_up(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    (step,) = generate(bound, visit=Visit(imagen=168_000, sandbox=7))
    assert step[6] == Visit(imagen=252_000, sandbox=7)
    assert "Reported this visit: 252,000 tokens" in unescape(step[3])


def test_the_price_before_the_click_follows_what_was_charged(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    before = unescape(bound.on_price(DEFAULT_MODEL, 2))
    generate(bound, num_images=4)
    after = unescape(bound.on_price(DEFAULT_MODEL, 2))
    assert "About 168,000 tokens ($0.084), documented 18 September 2025." in before
    assert "The sandbox is free." in before
    assert "About 42,000 tokens ($0.021), as charged last time. The sandbox is free." in after
    assert "No price" in bound.on_price("google/gemini-nano-banana-2.1", 4)


def test_a_checked_key_says_what_is_left(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    assert "Key works, $10.07 left." in unescape(bound.on_check_key(KEY))
    assert 'aria-label="Key check"' in bound.on_check_key(KEY)
    assert fake.checked == KEY
    failing, _ = handlers(tmp_path, KeyRejected(401))
    assert "does not know this key" in failing.on_check_key(KEY)


def test_models_on_their_way_out_are_marked(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    labels = {model: label for label, model in bound.on_models()["choices"]}
    assert labels[DEFAULT_MODEL].endswith(", withdrawn 17 August 2026; use Nano Banana 2.1")
    assert labels["google/gemini-nano-banana-2.1"] == "Nano Banana 2.1"


def test_a_withdrawn_model_offers_its_successor_as_a_button(tmp_path: Path) -> None:
    error = ModelWithdrawn(404)
    error.successor = "google/gemini-nano-banana-2.1"
    bound, _ = handlers(tmp_path, error)
    notice = generate(bound)[0][4]
    assert '<button data-model="google/gemini-nano-banana-2.1">Use Nano Banana 2.1<' in notice
    model, said = bound.on_use(gr.EventData(None, {"model": error.successor}))
    assert model == error.successor
    assert "Nano Banana 2.1 is chosen. Press Generate." in said
    foreigners: list[dict[str, object]] = [{"model": "gpt"}, {"model": []}, {}]
    for foreign in foreigners:
        assert all(map(is_untouched, bound.on_use(gr.EventData(None, foreign))))


FAILURES: list[ImagenDemoError] = [
    InvalidRequest("api_key", "That is not an API key."),
    OverBudget(),
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

    ((*before, notice, remembered, visit),) = generate(bound)

    assert all(map(is_untouched, (*before, remembered, visit)))
    assert "<b>long" not in notice
    said = unescape(notice)
    assert failure.message in said
    assert failure.cost in said
    assert failure.advice.split("aimlapi.com")[0] in said


def test_every_failure_of_the_tree_is_in_the_table_above() -> None:
    def leaves(kind: type[ImagenDemoError]) -> set[type[ImagenDemoError]]:
        return {kind}.union(*(leaves(child) for child in kind.__subclasses__()))

    at_start_only = {"ConfigurationError", "ImagenDemoError"}
    named = {kind.__name__ for kind in leaves(ImagenDemoError)} - at_start_only
    assert named == {type(failure).__name__ for failure in FAILURES}


def test_a_bug_is_not_dressed_up_as_a_failure(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path, ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError):
        generate(bound)


def test_an_empty_prompt_asks_nobody(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    notice = generate(bound, prompt="  \n ")[0][4]
    assert "The prompt is empty." in notice
    assert fake.asked == []


def test_an_expected_failure_is_one_line_in_the_log_without_prompt_key_or_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bound, _ = handlers(tmp_path, ServiceTimeout("No answer after 180 s.", reference="4f2c"))
    with caplog.at_level(logging.DEBUG):
        generate(bound, prompt="A secret square")
    assert [record.getMessage() for record in caplog.records] == ["ServiceTimeout request_id=4f2c"]
    assert caplog.records[0].exc_info is None


def test_a_browser_that_remembers_gets_its_last_picture_back(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    *before, _ = generate(bound, num_images=2)[-1]
    restarted, _ = handlers(tmp_path)
    *after, remembered = restarted.on_load(before[-1])
    assert (after[:3], after[4], remembered) == (before[:3], before[4], before[-1])


@pytest.mark.parametrize(
    "remembered",
    [None, "", 7, [], {}, {"pictures": ["../../etc/passwd"]}, {"pictures": 7, "receipt": {}}],
)
def test_nonsense_in_the_browsers_memory_changes_nothing(
    tmp_path: Path, remembered: object
) -> None:
    bound, _ = handlers(tmp_path)
    assert all(map(is_untouched, bound.on_load(remembered)))


def test_memory_of_a_picture_that_is_gone_or_elsewhere_changes_nothing(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path / "album")
    remembered = generate(bound)[-1][5]
    (tmp_path / "secret.png").write_bytes(png())
    elsewhere = {**remembered, "pictures": ["../secret.png"]}
    receipt = {**remembered["receipt"], "rewritten_prompts": []}
    assert all(map(is_untouched, bound.on_load({**remembered, "receipt": receipt})))
    (tmp_path / "album" / remembered["pictures"][0]).unlink()
    assert all(map(is_untouched, bound.on_load(remembered)))
    assert all(map(is_untouched, bound.on_load(elsewhere)))


def test_a_tile_fills_prompt_and_ratio() -> None:
    event = gr.EventData(None, {"index": 2})
    assert Handlers.on_example(event) == [EXAMPLES[2].prompt, EXAMPLES[2].aspect_ratio]
    for forged in ({"index": 99}, {"index": -1}, {"index": "2"}, {}):
        assert all(map(is_untouched, Handlers.on_example(gr.EventData(None, forged))))


@pytest.mark.parametrize(
    ("widgets", "reason"),
    [
        ({"prompt": "a " * 29}, "gave none back"),
        ({"prompt": "a " * 30}, "30 words or more"),
        ({"enhance_prompt": False}, "rewriting was off"),
        ({"model": "google/gemini-nano-banana-2.1"}, "does not rewrite prompts"),
    ],
    ids=["silent", "long", "off", "successor"],
)
def test_without_a_rewrite_the_panel_says_why(
    tmp_path: Path, widgets: dict[str, object], reason: str
) -> None:
    bound, fake = handlers(tmp_path)
    fake.rewrites = False
    ((picture, _, rewritten, usage, *_),) = generate(bound, **widgets)
    assert rewritten["value"] == ""
    assert reason in rewritten["placeholder"]
    assert picture["alt_text"] == fake.asked[0][0].prompt
    assert "not reported" in usage
