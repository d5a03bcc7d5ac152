"""An answer without pictures is told as what it is, and what it cost as far as anybody knows."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.aimlapi.absent import Absent, missing_of
from imagen_demo.aimlapi.replies import parse_reply
from imagen_demo.aimlapi.service_words import MAX_DETAIL
from imagen_demo.domain.advice import Door
from imagen_demo.domain.errors import Blocked, Charged, ImagenDemoError, UnusableReply

URL = "https://cdn.aimlapi.com/p.png"
FILTERED = (
    "Unable to show generated images. All images were filtered out because they violated the "
    "usage guidelines. Support codes: 56562880"
)
NOTHING = "AI/ML API answered, but not with a picture."
TAKEN = "AI/ML API has taken this request, but has no picture yet."
CHARGED = "AI/ML API charged for this request, but sent no picture."
FREE, PERHAPS = "Nothing was charged.", "It may still have been charged."
AGAIN = "Press Generate to try again."
IF_WANTED = "It was not asked for again by itself; press Generate if you want to."
KEPT_BACK = "The safety filter kept this picture back."
OTHER_WORDS = "Try other words, or see what the filter looks at under Options."


def quoted(said: str) -> str:
    return f"The service said: “{said}”."


BLOCKED = f"{KEPT_BACK} {FREE} {OTHER_WORDS}"


def kept_back(said: str) -> str:
    return f"{KEPT_BACK} {quoted(said)} {FREE} {OTHER_WORDS}"


def failed(said: str) -> str:
    return f"{NOTHING} {quoted(said)} {PERHAPS} {AGAIN}"


def begun(said: str) -> str:
    return f"{TAKEN} {quoted(said)} {PERHAPS} {IF_WANTED}"


ANSWERS: list[tuple[object, str]] = [
    # All is silent: how Google leaves a picture out.
    ({"data": []}, BLOCKED),
    ({"data": None}, BLOCKED),
    ({"data": [{}]}, BLOCKED),
    ({"data": [{"url": None, "b64_json": None, "mime_type": "image/png"}]}, BLOCKED),
    ({"created": 1776159998, "model": "x", "data": [], "meta": {"usage": None}}, BLOCKED),
    ({"data": [], "status": 200, "message": "Success."}, BLOCKED),
    ({"data": [], "status": "completed", "error": None, "success": True}, BLOCKED),
    # A filter is named.
    ({"data": [{"raiFilteredReason": FILTERED}]}, kept_back(FILTERED)),
    ({"data": [{"rai_filtered_reason": FILTERED}, {}]}, kept_back(FILTERED)),
    ({"data": [{"raiFilteredReason": FILTERED}] * 3}, kept_back(FILTERED)),
    ({"data": [], "raiFilteredReason": FILTERED}, kept_back(FILTERED)),
    (
        {"data": [{"raiFilteredReason": "Violence", "support_code": 56562880}]},
        kept_back("Violence (support code 56562880)"),
    ),
    (
        {"data": [{"raiFilteredReason": FILTERED, "supportCodes": ["56562880"]}]},
        kept_back(FILTERED),
    ),
    ({"data": None, "promptFeedback": {"blockReason": "SAFETY"}}, kept_back("SAFETY")),
    ({"data": [{"finishReason": "IMAGE_SAFETY"}]}, kept_back("IMAGE_SAFETY")),
    (
        {"data": [], "error": {"code": "content_policy_violation", "message": "Not this."}},
        kept_back("Not this."),
    ),
    ({"data": [{"error": {"code": "moderation_blocked"}}]}, kept_back("moderation_blocked")),
    # Something else is named.
    (
        {"data": None, "error": {"message": "The model is overloaded"}},
        failed("The model is overloaded"),
    ),
    ({"data": [], "error": "upstream timed out"}, failed("upstream timed out")),
    ({"data": [], "error": {"code": 13}}, failed("error: {'code': 13}")),
    ({"data": [], "error": True}, failed("error: True")),
    ({"data": [], "success": False}, failed("success: false")),
    ({"data": [], "message": "Try another model"}, failed("Try another model")),
    ({"data": [], "detail": "No worker is free"}, failed("No worker is free")),
    (
        {"data": [], "error": "server_error", "error_description": "No worker is free"},
        failed("No worker is free"),
    ),
    ({"data": [{"error": "render failed"}]}, failed("render failed")),
    ({"data": [{"finishReason": "OTHER", "error": "render failed"}]}, failed("render failed")),
    ({"data": [], "status": "failed"}, failed("status: failed")),
    ({"data": [], "id": "job-1"}, failed("id: job-1")),
    ({"data": [], "task_id": 77}, failed("task_id: 77")),
    ({"id": "job-1"}, failed("id: job-1")),
    ({"error": {"message": "Bad"}}, failed("Bad")),
    # It is still begun.
    ({"status": "processing", "id": "job-1"}, begun("status: processing; id: job-1")),
    ({"data": None, "status": "processing"}, begun("status: processing")),
    ({"data": [], "state": "QUEUED", "job_id": "j1"}, begun("status: QUEUED; job_id: j1")),
    ({"data": [{"status": "pending"}]}, begun("status: pending")),
    # It is no answer at all.
    (None, f"{NOTHING} {PERHAPS} {AGAIN}"),
    ({"data": {}}, f"{NOTHING} {PERHAPS} {AGAIN}"),
    ("no picture today", f"{NOTHING} {PERHAPS} {AGAIN}"),
    # It was charged.
    (
        {"data": [], "meta": {"usage": {"tokens_used": 84_000}}, "error": "lost"},
        f"{CHARGED} {quoted('lost')} It was charged. {AGAIN}",
    ),
]


@pytest.mark.parametrize(("answer", "sentence"), ANSWERS, ids=lambda each: json.dumps(each)[:50])
def test_an_answer_without_pictures_is_told_as_what_it_is(answer: object, sentence: str) -> None:
    with pytest.raises(ImagenDemoError) as caught:
        parse_reply(answer, {})
    assert caught.value.told_at(Door.CREATE) == sentence
    assert isinstance(caught.value, Blocked) is sentence.startswith(KEPT_BACK)


CAME_NOT = "did not come, and may have been charged."
PARTLY: list[tuple[dict[str, object], Absent]] = [
    ({}, Absent()),
    ({"id": "gen-1", "status": "completed"}, Absent()),
    ({"error": "one failed"}, Absent(failure="one failed")),
    ({"status": "partial"}, Absent(failure="status: partial")),
]


@pytest.mark.parametrize(("more", "absent"), PARTLY, ids=repr)
def test_where_some_pictures_came_the_rest_is_told_too(
    more: dict[str, object], absent: Absent
) -> None:
    assert parse_reply({"data": [{"url": URL}], **more}, {}).absent == absent


def test_what_each_entry_says_is_kept_apart() -> None:
    entries = [{"url": URL}, {"raiFilteredReason": "Violence"}, {"error": "render failed"}, {}]
    absent = parse_reply({"data": entries}, {}).absent
    assert absent == Absent(reason="Violence", failure="render failed", failed=1)
    (said,) = missing_of(4, 1, 0, absent)
    assert said == (
        "1 of 4 pictures. 2 were blocked by the safety filter and not charged. "
        "The service said: “Violence”. One did not come, and may have been charged. "
        "The service said: “render failed”."
    )


@pytest.mark.parametrize(
    ("asked", "linked", "lost", "absent", "said"),
    [
        (1, 1, 0, Absent(), ()),
        (4, 4, 0, Absent(failure="odd"), ()),
        (3, 3, 1, Absent(), ("2 of 3 pictures.",)),
        (
            2,
            1,
            0,
            Absent(),
            ("1 of 2 pictures. One was blocked by the safety filter and not charged.",),
        ),
        (
            4,
            2,
            0,
            Absent(failure="Bad", failed=9),
            (f"2 of 4 pictures. 2 {CAME_NOT} {quoted('Bad')}",),
        ),
        (
            4,
            1,
            0,
            Absent(failure="see https://evil.example/x"),
            (f"1 of 4 pictures. 3 {CAME_NOT} {quoted('see evil.example/x')}",),
        ),
    ],
)
def test_missing_pictures_are_told_in_a_sentence(
    asked: int, linked: int, lost: int, absent: Absent, said: tuple[str, ...]
) -> None:
    assert missing_of(asked, linked, lost, absent) == said


NAMES = [
    *("data", "error", "message", "detail", "status", "state", "id", "success", "code", "type"),
    *("raiFilteredReason", "promptFeedback", "blockReason", "finishReason", "support_code", "url"),
    *("error_description", "errors", "msg", "loc", "path"),
]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=6))
def test_whatever_an_answer_says_is_fit_to_be_shown(answer: dict[str, object]) -> None:
    for said in said_of(answer):
        assert len(said) <= MAX_DETAIL
        assert said.isprintable()


def said_of(answer: dict[str, object]) -> list[str]:
    """What is quoted of an answer, wherever that is kept."""
    try:
        absent = parse_reply(answer, {}).absent
    except Blocked as error:
        return [error.detail]
    except UnusableReply as error:
        return [error.detail, "" if error.charged is Charged.POSSIBLY else "\n"]
    return [absent.reason, absent.failure]


@settings(deadline=None)
@given(st.sampled_from(["error", "message", "detail", "error_description"]), st.text("abc "))
def test_no_answer_that_says_a_word_is_taken_for_a_filters(name: str, word: str) -> None:
    if not word.strip():
        return
    nothing: tuple[object, ...] = ([], None, [{}])
    for data in nothing:
        with pytest.raises(UnusableReply) as caught:
            parse_reply({"data": data, name: word}, {})
        assert caught.value.detail == word.strip()
