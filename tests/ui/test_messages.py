"""Every foreign word on the page is text: no tag, attribute or template comes of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.errors import (
    Blocked,
    ImagenDemoError,
    InvalidRequest,
    KeyRejected,
    ModelWithdrawn,
    RateLimited,
    ServiceFailed,
    UnusableReply,
)
from imagen_demo.domain.file_names import title
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.domain.receipt import Receipt
from imagen_demo.service.result import Drawn
from imagen_demo.ui import messages
from imagen_demo.ui.messages import Notice
from tests.stand_ins import FULL, NASTY, Page, inscribed, recipe_of


def shown(notice: Notice) -> Page:
    return Page(notice["html"])


RECEIPT = Receipt(
    model=DEFAULT_MODEL,
    prompt="A fox",
    rewritten_prompt=None,
    aspect_ratio="16:9",
    num_images=1,
    seed=None,
    enhance_prompt=True,
    width=1408,
    height=768,
    tokens_used=84_000,
    usd_spent=0.042,
    seconds=9.87,
    created_at="2026-01-02T03:04:05+00:00",
    inference_id="gen:1",
    drawn_by="imagen",
    missing=[],
    kept=True,
    rewritten_prompts=[None],
)
JUNE, AUGUST, USE = date(2026, 6, 30), date(2026, 8, 3), "; use Nano Banana 2.1"
PLAYED = replace(RECEIPT, drawn_by="sandbox")


@pytest.mark.parametrize(
    "error",
    [
        *(ServiceFailed(500, detail=NASTY), ServiceFailed(500, reference=NASTY)),
        *(InvalidRequest("prompt", NASTY), InvalidRequest("prompt", "No.", advice=NASTY)),
        Blocked(detail=NASTY),
    ],
    ids=["detail", "reference", "message", "advice", "blocked"],
)
def test_a_failures_words_stay_text(error: ImagenDemoError) -> None:
    page = shown(messages.failure(error))
    assert NASTY in page.text
    assert not page.every("img", "src")


def test_a_paid_pictures_link_is_one_link_and_nothing_else() -> None:
    urls = ["https://cdn.aimlapi.com/a.png?x=1&y=2", f"https://x/{NASTY}"]
    page = shown(messages.failure(UnusableReply(picture_urls=tuple(urls))))
    assert page.every("a", "href") == urls
    assert not page.every("img", "src")


def test_a_failure_says_what_happened_what_it_cost_and_what_to_do() -> None:
    error = ServiceFailed(500, detail="teapot", reference="abc")
    said = shown(messages.failure(error)).text
    advice = error.advice_at(Door.CREATE)
    for part in (error.message, error.cost, advice, "teapot", "Request abc for support."):
        assert part in said


def test_addresses_in_our_advice_are_links_and_in_the_services_words_never() -> None:
    said = "Go to aimlapi.com/app/keys or https://evil.example"
    page = shown(messages.failure(KeyRejected(401, detail=said, reference="aimlapi.com")))
    assert page.every("a", "href") == ["https://aimlapi.com/app/keys"]
    assert "make a new one at aimlapi.com/app/keys." in page.text
    assert not shown(messages.failure(ServiceFailed(500, message=said))).every("a", "href")


@pytest.mark.parametrize(
    ("notice", "kind"),
    [
        (messages.failure(RateLimited(429)), "failed"),
        (messages.failure(Blocked()), "blocked"),
        (messages.broken(), "failed"),
        (messages.too_long(), "failed"),
        (messages.interrupted(), "failed"),
        (messages.gone(), "gone"),
        (messages.cancelled(), "opening"),
        (messages.still_drawing(), "still drawing"),
        (messages.arrived(), "opening"),
        (messages.waiting_for_several(), "waiting"),
        (messages.success(RECEIPT, key_helps=True), "done"),
        (messages.waiting(MODELS[DEFAULT_MODEL], sandbox=True), "waiting"),
        (messages.opening("Type a prompt."), "opening"),
    ],
)
def test_each_notice_is_of_its_kind(notice: Notice, kind: str) -> None:
    assert notice["kind"] == kind
    assert shown(notice).text


def test_a_failure_that_the_sandbox_played_says_so() -> None:
    error = RateLimited(429)
    assert "sandbox" not in shown(messages.failure(error)).text
    error.from_sandbox = True
    said = "Played by the sandbox; AI/ML API was not asked."
    assert said in shown(messages.failure(error)).text


def test_success_names_who_drew() -> None:
    real = shown(messages.success(RECEIPT, key_helps=True))
    played = shown(messages.success(PLAYED, key_helps=True))
    assert "sandbox" not in real.text
    assert "by the sandbox" in played.text
    assert "Drawn by Imagen 4." in real.text
    assert played.every("a", "href") == ["https://aimlapi.com/app/keys"]


def test_success_names_the_model_that_drew_and_the_prompt_it_drew() -> None:
    successor = replace(RECEIPT, model="google/gemini-nano-banana-2.1", prompt=NASTY)
    page = shown(messages.success(successor, key_helps=True))
    assert "Drawn by Nano Banana 2.1." in page.text
    assert NASTY in page.text
    forgotten = replace(RECEIPT, model="google/<b>new")
    assert "Drawn by google/<b>new." in shown(messages.success(forgotten, key_helps=True)).text


def test_success_asks_for_no_key_where_none_would_help() -> None:
    assert not shown(messages.success(PLAYED, key_helps=False)).every("a", "href")


def test_waiting_speaks_of_the_sandbox_only_where_it_may_draw() -> None:
    model, successor = MODELS[DEFAULT_MODEL], MODELS["google/gemini-nano-banana-2.1"]
    free = shown(messages.waiting(model, sandbox=True)).text
    assert free == "Drawing…  Imagen 4 usually takes 8 to 15 seconds, the sandbox two."
    assert "sandbox" not in shown(messages.waiting(model, sandbox=False)).text
    assert "usually" not in shown(messages.waiting(successor, sandbox=True)).text


def test_a_link_that_is_no_address_of_the_web_never_becomes_one() -> None:
    hostile = UnusableReply(picture_urls=("javascript:alert(1)", "data:text/html,x", "file:///x"))
    assert not shown(messages.failure(hostile)).every("a", "href")


def test_a_link_that_is_not_encrypted_is_marked() -> None:
    url = "http://cdn.example/p.png?a=1&b='x'"
    page = shown(messages.failure(UnusableReply(picture_urls=(url,))))
    assert page.every("a", "href") == [url]
    assert "Open the picture (not encrypted)" in page.text
    lost = UnusableReply("Gone.", picture_urls=(url,))
    receipt = Receipt.of([recipe_of()], (lost.told_at(Door.CREATE),))
    page = shown(messages.success(receipt, key_helps=False))
    assert url in page.every("a", "href")
    assert page.text.count("(not encrypted)") == 1


@pytest.mark.parametrize(
    ("standing", "added"),
    [
        (None, ""),
        (
            Standing(Status.DEPRECATED, JUNE, AUGUST, None),
            f"deprecated since 30 June 2026, works until 3 August 2026{USE}",
        ),
        (Standing(Status.DEPRECATED, None, None, None), f"deprecated{USE}"),
        (
            Standing(Status.WITHDRAWN, JUNE, AUGUST, "x/y"),
            "withdrawn 3 August 2026; use x/y",
        ),
    ],
)
def test_a_model_on_its_way_out_says_until_when_and_what_instead(
    standing: Standing | None, added: str
) -> None:
    assert messages.standing(MODELS[DEFAULT_MODEL], standing) == added


def test_success_says_why_pictures_are_missing_as_text() -> None:
    receipt = replace(RECEIPT, missing=["One was blocked.", NASTY])
    page = shown(messages.success(receipt, key_helps=True))
    assert "One was blocked." in page.text
    assert NASTY in page.text
    assert not page.every("img", "src") + page.every("a", "href")


def test_waiting_for_a_comparison_has_a_clock_that_is_not_read_out() -> None:
    page = shown(messages.waiting_for_several())
    assert "Drawing side by side" in page.text
    assert ("span", {"class": "clock", "aria-hidden": "true"}) in page.tags


def test_a_withdrawn_models_successor_is_offered_only_where_a_click_can_choose_it() -> None:
    error = ModelWithdrawn(404)
    error.successor = "google/gemini-nano-banana-2.1"
    assert shown(messages.failure(error)).given("data-model") == [error.successor]
    plain = shown(messages.failure(error, offers=False))
    assert plain.given("data-model") == []
    assert error.message in plain.text


def test_stopping_to_wait_says_what_it_may_cost_and_where_the_picture_comes() -> None:
    said = shown(messages.cancelled()).text
    for part in ("cannot be recalled", "may still be charged", "appears under Your pictures"):
        assert part in said


# Pictures that could not be kept.


def test_a_picture_that_could_not_be_kept_is_to_be_downloaded_now() -> None:
    kept = messages.success(RECEIPT, key_helps=True)
    one = Drawn(0, recipe_of(), Path("a.png"), unkept=FULL)
    said = shown(messages.success(RECEIPT, key_helps=True, unkept=[one])).text
    assert "kept" not in shown(kept).text
    assert "This demo's disk is full, so the picture could not be kept." in said
    assert "Download the picture now: a refresh loses what is not saved." in said
    two = shown(messages.success(RECEIPT, key_helps=True, unkept=[one, one])).text
    assert "Download the pictures now" in two


def test_a_picture_without_a_file_is_in_the_notice_itself_and_can_be_saved() -> None:
    recipe = recipe_of(NASTY, rewritten=NASTY)
    picture = inscribed(recipe)
    lost = Drawn(0, recipe, None, unkept=FULL, picture=picture)
    page = shown(messages.success(RECEIPT, key_helps=False, unkept=[lost]))
    assert page.every("a", "href") == page.every("img", "src") == [picture.data_url]
    assert page.every("a", "download") == [f"{title(recipe)}.png"]
    assert page.every("img", "alt") == [NASTY]
