"""Every foreign word on the page is text: no tag, attribute or template comes of it."""

import html
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
from imagen_demo.domain.pricing import Estimate
from imagen_demo.domain.receipt import Receipt
from imagen_demo.service.result import Drawn
from imagen_demo.ui import messages
from tests.stand_ins import FULL, NASTY, Page, inscribed, recipe_of

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


def test_every_mark_with_a_meaning_is_escaped_and_reads_as_before() -> None:
    assert messages.escape("<&>\"'${x}`") == "&lt;&amp;&gt;&quot;&#x27;&#36;&#123;x&#125;&#96;"
    assert html.unescape(messages.escape(NASTY)) == NASTY


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
    page = Page(messages.failure(error))
    assert NASTY in page.text
    assert not page.every("img", "src")


def test_a_paid_pictures_link_is_one_link_and_nothing_else() -> None:
    urls = ["https://cdn.aimlapi.com/a.png?x=1&y=2", f"https://x/{NASTY}"]
    page = Page(messages.failure(UnusableReply(picture_urls=tuple(urls))))
    assert page.every("a", "href") == urls
    assert not page.every("img", "src")


def test_a_failure_says_what_happened_what_it_cost_and_what_to_do() -> None:
    error = ServiceFailed(500, detail="teapot", reference="abc")
    said = Page(messages.failure(error)).text
    advice = error.advice_at(Door.CREATE)
    for part in (error.message, error.cost, advice, "teapot", "Request abc for support."):
        assert part in said


def test_addresses_in_our_advice_are_links_and_in_the_services_words_never() -> None:
    said = "Go to aimlapi.com/app/keys or https://evil.example"
    page = Page(messages.failure(KeyRejected(401, detail=said, reference="aimlapi.com")))
    assert page.every("a", "href") == ["https://aimlapi.com/app/keys"]
    assert "make a new one at aimlapi.com/app/keys." in page.text
    assert not Page(messages.failure(ServiceFailed(500, message=said))).every("a", "href")


@pytest.mark.parametrize(
    ("source", "kind", "role"),
    [
        (messages.failure(RateLimited(429)), "failed", "alert"),
        (messages.failure(Blocked()), "blocked", "status"),
        (messages.broken(), "failed", "alert"),
        (messages.gone(), "failed", "alert"),
        (messages.cancelled(), "opening", "status"),
        (messages.waiting_for_several(), "waiting", "status"),
        (messages.success(RECEIPT, key_helps=True), "done", "status"),
        (messages.waiting(MODELS[DEFAULT_MODEL], sandbox=True), "waiting", "status"),
        (messages.opening("Type a prompt."), "opening", "status"),
    ],
)
def test_only_a_failure_alerts_and_each_notice_is_of_its_kind(
    source: str, kind: str, role: str
) -> None:
    _, attributes = Page(source).tags[0]
    assert (attributes["class"], attributes["role"]) == (f"notice {kind}", role)


def test_a_failure_that_the_sandbox_played_says_so() -> None:
    error = RateLimited(429)
    assert "sandbox" not in messages.failure(error)
    error.from_sandbox = True
    assert "Played by the sandbox; AI/ML API was not asked." in messages.failure(error)


def test_success_names_who_drew() -> None:
    real = Page(messages.success(RECEIPT, key_helps=True))
    played = Page(messages.success(PLAYED, key_helps=True))
    assert "sandbox" not in real.text
    assert "by the sandbox" in played.text
    assert "Drawn by Imagen 4." in real.text
    assert played.every("a", "href") == ["https://aimlapi.com/app/keys"]


def test_success_names_the_model_that_drew_and_the_prompt_it_drew() -> None:
    successor = replace(RECEIPT, model="google/gemini-nano-banana-2.1", prompt=NASTY)
    page = Page(messages.success(successor, key_helps=True))
    assert "Drawn by Nano Banana 2.1." in page.text
    assert NASTY in page.text
    forgotten = replace(RECEIPT, model="google/<b>new")
    assert "Drawn by google/<b>new." in Page(messages.success(forgotten, key_helps=True)).text


def test_success_asks_for_no_key_where_none_would_help() -> None:
    assert not Page(messages.success(PLAYED, key_helps=False)).every("a", "href")


def test_waiting_speaks_of_the_sandbox_only_where_it_may_draw() -> None:
    model, successor = MODELS[DEFAULT_MODEL], MODELS["google/gemini-nano-banana-2.1"]
    assert "8 to 15 seconds, the sandbox two." in messages.waiting(model, sandbox=True)
    assert "sandbox" not in messages.waiting(model, sandbox=False)
    assert "usually" not in messages.waiting(successor, sandbox=True)


def test_a_link_that_is_no_https_address_never_becomes_one() -> None:
    hostile = UnusableReply(picture_urls=("javascript:alert(1)", "http://cdn.example/p.png"))
    assert not Page(messages.failure(hostile)).every("a", "href")


@pytest.mark.parametrize(
    ("standing", "added"),
    [
        (None, ""),
        (
            Standing(Status.DEPRECATED, JUNE, AUGUST, None),
            f", deprecated since 30 June 2026, works until 3 August 2026{USE}",
        ),
        (Standing(Status.DEPRECATED, None, None, None), f", deprecated{USE}"),
        (
            Standing(Status.WITHDRAWN, JUNE, AUGUST, "x/y"),
            ", withdrawn 3 August 2026; use x/y",
        ),
    ],
)
def test_a_model_on_its_way_out_says_until_when_and_what_instead(
    standing: Standing | None, added: str
) -> None:
    assert messages.standing(MODELS[DEFAULT_MODEL], standing) == added


def test_success_says_why_pictures_are_missing_as_text() -> None:
    page = Page(
        messages.success(replace(RECEIPT, missing=["One was blocked.", NASTY]), key_helps=True)
    )
    assert "One was blocked." in page.text
    assert NASTY in page.text
    assert not page.every("img", "src") + page.every("a", "href")


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        *((0.0, "0.00"), (0.000001, "0.000001"), (0.026, "0.026"), (0.042, "0.042"), (1.5, "1.50")),
        *((0.1 + 0.2, "0.30"), (10.0, "10.00"), (100.0, "100.00"), (1234.5678, "1234.5678")),
    ],
)
def test_dollars_have_the_decimals_they_need(usd: float, shown: str) -> None:
    assert messages.dollars(usd) == f"&#36;{shown}"


@pytest.mark.parametrize(
    ("source", "label"),
    [
        (messages.opening("Choose."), "Message"),
        (messages.broken(), "Message"),
        (messages.cancelled(), "Message"),
        (messages.failure(Blocked()), "Message"),
        (messages.opening("Choose.", label=messages.COMPARISON), messages.COMPARISON),
        (messages.broken(messages.COMPARISON), messages.COMPARISON),
        (messages.cancelled(messages.COMPARISON), messages.COMPARISON),
        (messages.failure(Blocked(), label=messages.COMPARISON), messages.COMPARISON),
        (messages.waiting_for_several(), messages.COMPARISON),
    ],
)
def test_a_notice_is_called_as_its_tab_needs(source: str, label: str) -> None:
    assert Page(source).given("aria-label") == [label]


def test_waiting_for_a_comparison_has_a_clock_that_is_not_read_out() -> None:
    page = Page(messages.waiting_for_several())
    assert "Drawing side by side" in page.text
    assert ("span", {"class": "clock", "aria-hidden": "true"}) in page.tags


def test_a_withdrawn_models_successor_is_offered_only_where_a_click_can_choose_it() -> None:
    error = ModelWithdrawn(404)
    error.successor = "google/gemini-nano-banana-2.1"
    assert Page(messages.failure(error)).given("data-model") == [error.successor]
    plain = Page(messages.failure(error, offers=False))
    assert plain.given("data-model") == []
    assert error.message in plain.text


def test_undo_is_a_button_that_submits_nothing() -> None:
    page = Page(messages.UNDO)
    assert page.every("button", "type") == ["button"]
    assert page.given("data-undo") == [None]


@pytest.mark.parametrize(
    ("price", "pictures", "said"),
    [
        (None, 3, "No price is documented for this model."),
        (Estimate(84_000, None), 1, "About 84,000 tokens ($0.042), as charged last time."),
        (
            Estimate(252_000, date(2025, 9, 18)),
            3,
            "About 252,000 tokens ($0.126) for 3 pictures, documented 18 September 2025.",
        ),
    ],
)
def test_an_estimate_says_for_how_many_and_how_it_is_known(
    price: Estimate | None, pictures: int, said: str
) -> None:
    paid = Page(messages.estimate(price, sandbox=False, pictures=pictures))
    assert paid.text == said
    free = Page(messages.estimate(price, sandbox=True, pictures=pictures))
    assert free.text == said + (" The sandbox is free." if price else "")


def test_stopping_to_wait_says_what_it_may_cost_and_where_the_picture_comes() -> None:
    said = Page(messages.cancelled()).text
    for part in ("cannot be recalled", "may still be charged", "appears under Your pictures"):
        assert part in said


# Pictures that could not be kept.


def test_a_picture_that_could_not_be_kept_is_to_be_downloaded_now() -> None:
    kept = messages.success(RECEIPT, key_helps=True)
    one = Drawn(0, recipe_of(), Path("a.png"), unkept=FULL)
    said = Page(messages.success(RECEIPT, key_helps=True, unkept=[one])).text
    assert "kept" not in kept
    assert "This demo's disk is full, so the picture could not be kept." in said
    assert "Download the picture now: a refresh loses what is not saved." in said
    two = Page(messages.success(RECEIPT, key_helps=True, unkept=[one, one])).text
    assert "Download the pictures now" in two


def test_a_picture_without_a_file_is_in_the_notice_itself_and_can_be_saved() -> None:
    recipe = recipe_of(NASTY, rewritten=NASTY)
    picture = inscribed(recipe)
    lost = Drawn(0, recipe, None, unkept=FULL, picture=picture)
    page = Page(messages.success(RECEIPT, key_helps=False, unkept=[lost]))
    assert page.every("a", "href") == page.every("img", "src") == [picture.data_url]
    assert page.every("a", "download") == [f"{title(recipe)}.png"]
    assert page.every("img", "alt") == [NASTY]
