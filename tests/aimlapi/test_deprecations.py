"""The list of deprecations is read whatever it holds, and followed without delaying anybody."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagen_demo.aimlapi import deprecations
from imagen_demo.aimlapi.deprecations import Bulletin, Lifecycle, parse_deprecations
from imagen_demo.domain.errors import (
    ImagenDemoError,
    ServiceTimeout,
    ServiceUnreachable,
    UnusableReply,
)
from imagen_demo.domain.model_status import Standing, Status

DOCUMENTED: dict[str, object] = {
    "id": "openai/gpt-5.3-chat",
    "aliases": ["gpt-5.3-chat"],
    "status": "withdrawn",
    "deprecated_at": "2026-08-10",
    "shutdown_at": "2026-08-10",
    "replaced_by": "openai/gpt-5.3-codex",
    "reason": "provider_delisted",
}
AUGUST = date(2026, 8, 10)
WITHDRAWN = Standing(Status.WITHDRAWN, AUGUST, AUGUST, "openai/gpt-5.3-codex")
GENERATED_AT = "2026-08-24T13:59:21.643Z"


def listed(*rows: object) -> dict[str, object]:
    return {"object": "list", "generated_at": GENERATED_AT, "data": list(rows)}


def row(**more: object) -> dict[str, object]:
    return {**DOCUMENTED, **more}


# The list.


def test_the_documented_row_is_read_by_its_id_and_its_alias() -> None:
    assert parse_deprecations(listed(DOCUMENTED)) == {
        "openai/gpt-5.3-chat": WITHDRAWN,
        "gpt-5.3-chat": WITHDRAWN,
    }


def test_every_alias_counts_and_one_that_is_no_text_does_not() -> None:
    standings = parse_deprecations(listed(row(id="a", aliases=["b", None, 7, ["x"], {}, "c"])))
    assert standings == dict.fromkeys("abc", WITHDRAWN)


@pytest.mark.parametrize("aliases", [None, [], {}, "gpt", 7, {"b": 1}], ids=repr)
def test_without_aliases_the_id_is_enough(aliases: object) -> None:
    assert parse_deprecations(listed(row(id="a", aliases=aliases))) == {"a": WITHDRAWN}


@pytest.mark.parametrize("name", [None, 7, [], {}], ids=repr)
def test_without_an_id_the_alias_is_enough(name: object) -> None:
    assert parse_deprecations(listed(row(id=name, aliases=["b"]))) == {"b": WITHDRAWN}


@pytest.mark.parametrize("status", Status)
def test_each_documented_status_is_read(status: Status) -> None:
    standings = parse_deprecations(listed(row(id="a", status=str(status))))
    assert standings["a"].status is status


def test_a_row_of_nulls_says_only_how_the_model_stands() -> None:
    nulls = dict.fromkeys(["deprecated_at", "shutdown_at", "replaced_by", "reason"])
    standings = parse_deprecations(listed(row(id="a", aliases=[], **nulls)))
    assert standings == {"a": Standing(Status.WITHDRAWN, None, None, None)}


def test_a_row_may_leave_out_all_but_id_and_status() -> None:
    standings = parse_deprecations(listed({"id": "a", "status": "deprecated"}))
    assert standings == {"a": Standing(Status.DEPRECATED, None, None, None)}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        *(("2026-08-17", date(2026, 8, 17)), ("2026-08-17T13:59:21.643Z", date(2026, 8, 17))),
        *(("", None), ("soon", None), ("2026-13-01", None), ("2026-02-30", None)),
        *(("2026", None), (20260817, None), (True, None), ([], None), ({}, None)),
    ],
    ids=repr,
)
def test_a_day_is_read_with_or_without_its_time_and_nonsense_is_none(
    said: object, day: date | None
) -> None:
    assert parse_deprecations(listed(row(id="a", shutdown_at=said)))["a"].shutdown_at == day


@pytest.mark.parametrize("said", [7, True, [], ["b"], {}], ids=repr)
def test_a_successor_that_is_no_text_is_none(said: object) -> None:
    assert parse_deprecations(listed(row(id="a", replaced_by=said)))["a"].replaced_by is None


NO_STATUS = (None, "", "active", "Withdrawn", "withdrawn ", 7, True, ["withdrawn"], {"a": 1})


@pytest.mark.parametrize(
    "nonsense",
    [
        *(None, "withdrawn", 7, [], [DOCUMENTED], {}, {"id": "x"}, {"status": "withdrawn"}),
        *(row(status=each) for each in NO_STATUS),
    ],
    ids=lambda nonsense: repr(nonsense)[:12],
)
def test_a_row_that_makes_no_sense_is_left_out_and_its_neighbours_are_not(
    nonsense: object,
) -> None:
    around = row(id="a", aliases=[]), row(id="b", aliases=[])
    standings = parse_deprecations(listed(around[0], nonsense, around[1]))
    assert standings == dict.fromkeys("ab", WITHDRAWN)


@pytest.mark.parametrize(
    "payload",
    [None, [], {}, "", 7, [DOCUMENTED], {"data": None}, {"data": DOCUMENTED}, {"data": "x"}],
    ids=lambda payload: repr(payload)[:12],
)
def test_what_is_no_list_names_nobody(payload: object) -> None:
    assert parse_deprecations(payload) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=8,
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "aliases": JSON,
        "status": st.sampled_from(["deprecated", "superseded", "withdrawn"]) | JSON,
        "shutdown_at": st.dates().map(str) | JSON,
        "replaced_by": JSON,
    },
)


@given(JSON | st.fixed_dictionaries({"data": JSON | st.lists(ROWS | JSON, max_size=4)}))
def test_any_json_at_all_is_read(payload: object) -> None:
    for name, standing in parse_deprecations(payload).items():
        assert (type(name), type(standing)) == (str, Standing)


# Following it.

Ask = Callable[[str], Bulletin]


def in_turn(*outcomes: Bulletin | Exception) -> tuple[Ask, list[str]]:
    """Return an `ask` that gives each outcome once, and the tags that it was asked with."""
    left, tags = list(outcomes), list[str]()

    def ask(etag: str) -> Bulletin:
        tags.append(etag)
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return ask, tags


def named(*models: str) -> object:
    return listed(*(row(id=model, aliases=[]) for model in models))


def test_before_the_first_look_every_model_is_in_service() -> None:
    ask, tags = in_turn()
    assert Lifecycle(ask).standing("openai/gpt-5.3-chat") is None
    assert tags == []


def test_a_look_knows_the_models_that_are_listed_and_no_other() -> None:
    ask, _ = in_turn(Bulletin(listed(DOCUMENTED), '"1"'))
    following = Lifecycle(ask)
    following.look()
    assert following.standing("openai/gpt-5.3-chat") == WITHDRAWN
    assert following.standing("gpt-5.3-chat") == WITHDRAWN
    assert following.standing("google/imagen-4.0-generate-001") is None


def test_a_new_list_replaces_the_old_one() -> None:
    ask, _ = in_turn(Bulletin(named("a", "b"), '"1"'), Bulletin(named("b", "c"), '"2"'))
    following = Lifecycle(ask)
    following.look()
    following.look()
    assert [following.standing(each) for each in "abc"] == [None, WITHDRAWN, WITHDRAWN]


def test_each_look_asks_with_the_tag_of_the_last_answer() -> None:
    unchanged, lost = Bulletin(None, '"1"'), ServiceUnreachable()
    new = Bulletin(named("a"), '"1"'), Bulletin(named("a"), ""), Bulletin(named("a"), '"3"')
    ask, tags = in_turn(new[0], unchanged, lost, new[1], new[2], unchanged)
    following = Lifecycle(ask)
    for _ in range(6):
        following.look()
    assert tags == ["", '"1"', '"1"', '"1"', "", '"3"']


LOST = [ServiceUnreachable(), ServiceTimeout("No answer after 3 s."), UnusableReply("No list.")]


@pytest.mark.parametrize("outcome", [Bulletin(None, '"1"'), *LOST], ids=lambda o: type(o).__name__)
def test_what_is_known_stays_if_nothing_changed_or_nobody_answers(
    outcome: Bulletin | Exception,
) -> None:
    ask, _ = in_turn(Bulletin(named("a"), '"1"'), outcome)
    following = Lifecycle(ask)
    following.look()
    following.look()
    assert following.standing("a") == WITHDRAWN


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
def test_a_list_out_of_reach_is_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture, error: ImagenDemoError
) -> None:
    ask, _ = in_turn(error)
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        Lifecycle(ask).look()
    (record,) = caplog.records
    assert (record.name, record.levelno, record.exc_info) == ("imagen_demo", logging.INFO, None)
    assert record.getMessage() == f"deprecations not read: {type(error).__name__}"
    assert "Traceback" not in caplog.text


def test_a_list_that_is_read_is_none(caplog: pytest.LogCaptureFixture) -> None:
    ask, _ = in_turn(Bulletin(named("a"), '"1"'), Bulletin(None, '"1"'))
    following = Lifecycle(ask)
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        following.look()
        following.look()
    assert caplog.records == []


# Watching.

SOON = 30
"""Seconds after which a test has failed."""


class Slow:
    """An `ask` that says when it was asked, and answers when it is let go."""

    def __init__(self) -> None:
        self.asked, self.go = threading.Semaphore(0), threading.Event()

    def __call__(self, etag: str) -> Bulletin:
        self.asked.release()
        assert self.go.wait(SOON)
        return Bulletin(named("a"), etag)


@pytest.fixture
def slow() -> Iterator[Slow]:
    asking = Slow()
    yield asking
    asking.go.set()


def watching(following: Lifecycle) -> threading.Thread:
    """Start the watch, and return its thread."""
    before = set(threading.enumerate())
    following.watch()
    (thread,) = set(threading.enumerate()) - before
    return thread


def test_watching_looks_right_away_and_delays_nobody(slow: Slow) -> None:
    following = Lifecycle(slow)
    thread = watching(following)
    assert slow.asked.acquire(timeout=SOON)
    assert following.standing("a") is None, "nobody could tell yet"
    assert thread.daemon, "it must not keep the demo from ending"
    following.close()
    slow.go.set()
    thread.join(SOON)
    assert following.standing("a") == WITHDRAWN


def test_it_looks_once_and_then_waits_for_six_hours(slow: Slow) -> None:
    assert deprecations.EVERY == 6 * 3600
    slow.go.set()
    following = Lifecycle(slow)
    thread = watching(following)
    assert slow.asked.acquire(timeout=SOON)
    assert not slow.asked.acquire(timeout=0.2)
    assert thread.is_alive()
    following.close()
    thread.join(SOON)


def test_closing_ends_the_waiting_and_may_be_done_twice(slow: Slow) -> None:
    slow.go.set()
    following = Lifecycle(slow)
    following.close()  # also before it ever watched
    following = Lifecycle(slow)
    thread = watching(following)
    assert slow.asked.acquire(timeout=SOON)
    following.close()
    following.close()
    thread.join(SOON)
    assert not thread.is_alive()
    assert not slow.asked.acquire(timeout=0.1)


def test_closing_does_not_wait_for_a_look_under_way_and_none_follows(slow: Slow) -> None:
    following = Lifecycle(slow)
    thread = watching(following)
    assert slow.asked.acquire(timeout=SOON)
    following.close()
    assert thread.is_alive(), "its look goes on"
    slow.go.set()
    thread.join(SOON)
    assert not thread.is_alive()
    assert not slow.asked.acquire(timeout=0.1)


def test_a_look_that_fails_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deprecations, "EVERY", 0.01)
    known = threading.Event()
    ask, tags = in_turn(ServiceUnreachable(), UnusableReply("No list."), Bulletin(named("a"), "t"))

    def ask_until_known(etag: str) -> Bulletin:
        if len(tags) == 3:
            known.set()
            return Bulletin(None, etag)
        return ask(etag)

    following = Lifecycle(ask_until_known)
    thread = watching(following)
    assert known.wait(SOON)
    following.close()
    thread.join(SOON)
    assert (following.standing("a"), tags) == (WITHDRAWN, ["", "", ""])
