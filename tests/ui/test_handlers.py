import logging
from html import unescape
from pathlib import Path

import gradio as gr
import pytest

from imagen_demo.album import Album
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
from imagen_demo.generation import Generation, Usage, verify_picture
from imagen_demo.request import GenerationRequest
from imagen_demo.ui.handlers import Handlers
from tests.conftest import png

KEY = "0123456789abcdef0123456789abcdef"


class Fake:
    """Answers with one small picture, or fails as told; remembers what it was asked."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.asked: list[tuple[GenerationRequest, str]] = []

    def __call__(self, request: GenerationRequest, *, visitor_key: str) -> Generation:
        self.asked.append((request, visitor_key))
        if self.failure:
            raise self.failure
        return Generation(
            request=request,
            pictures=(verify_picture(png(), "A small teal square, lovingly lit"),),
            missing=(),
            usage=Usage(84_000, 0.042),
            seconds=1.234,
            inference_id="inference-1",
            drawn_by="imagen",
        )


def handlers(folder: Path, failure: Exception | None = None) -> tuple[Handlers, Fake]:
    fake = Fake(failure)
    return Handlers(fake, Album(folder)), fake


def is_untouched(update: object) -> bool:
    return bool(update == gr.skip())


def test_a_generation_shows_picture_rewrite_usage_and_who_drew_it(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)

    picture, rewritten, usage, notice, _ = bound.on_generate("A square", "4:3", KEY)

    assert fake.asked == [(GenerationRequest(prompt="A square", aspect_ratio="4:3"), KEY)]
    assert Path(picture["value"]).read_bytes() == png()
    assert Path(picture["value"]).name == "a-square-4x3.png"
    assert picture["alt_text"] == rewritten["value"] == "A small teal square, lovingly lit"
    assert "84,000" in usage
    assert "0.042" in usage
    assert "Drawn by Imagen" in notice


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

    picture, rewritten, usage, notice, remembered = bound.on_generate("A square", "4:3", KEY)

    assert all(map(is_untouched, (picture, rewritten, usage, remembered)))
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
        bound.on_generate("A square", "4:3", KEY)


def test_an_empty_prompt_asks_nobody(tmp_path: Path) -> None:
    bound, fake = handlers(tmp_path)
    notice = bound.on_generate("  \n ", "4:3", KEY)[3]
    assert "The prompt is empty." in notice
    assert fake.asked == []


def test_an_expected_failure_is_one_line_in_the_log_without_prompt_key_or_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bound, _ = handlers(tmp_path, ServiceTimeout("No answer after 180 s.", reference="4f2c"))
    with caplog.at_level(logging.DEBUG):
        bound.on_generate("A secret square", "4:3", KEY)
    assert [record.getMessage() for record in caplog.records] == ["ServiceTimeout 4f2c"]
    assert caplog.records[0].exc_info is None


def test_a_browser_that_remembers_gets_its_last_picture_back(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path)
    before = bound.on_generate("A square", "4:3", KEY)
    restarted, _ = handlers(tmp_path)
    assert restarted.on_load(before[-1]) == before


@pytest.mark.parametrize(
    "remembered",
    [None, "", 7, [], {}, {"picture": "../../etc/passwd"}, {"picture": 7, "receipt": {}}],
)
def test_nonsense_in_the_browsers_memory_changes_nothing(
    tmp_path: Path, remembered: object
) -> None:
    bound, _ = handlers(tmp_path)
    assert all(map(is_untouched, bound.on_load(remembered)))


def test_memory_of_a_picture_that_is_gone_or_elsewhere_changes_nothing(tmp_path: Path) -> None:
    bound, _ = handlers(tmp_path / "album")
    *_, remembered = bound.on_generate("A square", "4:3", KEY)
    (tmp_path / "secret.png").write_bytes(png())
    elsewhere = {**remembered, "picture": "../secret.png"}
    (tmp_path / "album" / remembered["picture"]).unlink()
    assert all(map(is_untouched, bound.on_load(remembered)))
    assert all(map(is_untouched, bound.on_load(elsewhere)))


def test_a_tile_fills_prompt_and_ratio() -> None:
    event = gr.EventData(None, {"index": 2})
    assert Handlers.on_example(event) == [EXAMPLES[2].prompt, EXAMPLES[2].aspect_ratio]


@pytest.mark.parametrize(
    ("words", "reason"), [(29, "gave none back"), (30, "30 words or more")], ids=str
)
def test_without_a_rewrite_the_panel_says_why(tmp_path: Path, words: int, reason: str) -> None:
    request = GenerationRequest(prompt="a " * words)
    bare = Generation(
        request=request,
        pictures=(verify_picture(png(), None),),
        missing=(),
        usage=Usage(),
        seconds=1.0,
        inference_id="",
        drawn_by="imagen",
    )
    bound = Handlers(lambda request, visitor_key: bare, Album(tmp_path))  # noqa: ARG005
    picture, rewritten, usage, *_ = bound.on_generate("a " * words, "1:1", KEY)
    assert rewritten["value"] == ""
    assert reason in rewritten["placeholder"]
    assert picture["alt_text"] == request.prompt
    assert "not reported" in usage
