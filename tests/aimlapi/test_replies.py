"""Replies are read whatever they hold."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.aimlapi.replies import PictureLink, parse_balance, parse_reply
from imagen_demo.domain.errors import Blocked, Charged, ImagenDemoError, UnusableReply
from imagen_demo.domain.generation import MAX_REWRITTEN, Balance, Usage

URL = "https://cdn.aimlapi.com/generations/guepard/1758236160134.png"
ENTRY = {"url": URL}
TOKENS, DOLLARS = "x-aimlapi-credits-used", "x-aimlapi-usd-spent"


def test_the_documented_reply_is_read() -> None:
    entry = {"mime_type": "image/png", "url": URL, "prompt": "A mischievous racoon"}
    reply = parse_reply({"data": [entry], "meta": {"usage": {"tokens_used": 84000}}}, {})
    assert reply.links == (PictureLink(URL, None, "A mischievous racoon"),)
    assert reply.usage == Usage(84_000, 0.042)


def test_the_newest_capture_is_read() -> None:
    entry = {"mime_type": "image/png", "b64_json": None, "url": URL}
    usage = {"credits_used": 52000, "usd_spent": 0.026}
    reply = parse_reply({"data": [entry], "meta": {"usage": usage}}, {})
    assert (reply.links[0].rewritten_prompt, reply.usage) == (None, Usage(52_000, 0.026))


@pytest.mark.parametrize(
    ("usage", "headers", "expected"),
    [
        ({"tokens_used": 84000, "credits_used": 1}, {}, Usage(84_000, 0.042)),
        ({"credits_used": "52000"}, {}, Usage(52_000, 0.026)),
        ({"usd_spent": 0.026}, {}, Usage(52_000, 0.026)),
        ({"tokens_used": 104000, "usd_spent": 0.05}, {}, Usage(104_000, 0.05)),
        ({"tokens_used": 0}, {}, Usage(0, 0.0)),
        ({"tokens_used": 84001}, {}, Usage(84_001, 0.0420005)),
        (None, {TOKENS: "52000"}, Usage(52_000, 0.026)),
        (None, {DOLLARS: "0.042"}, Usage(84_000, 0.042)),
        (None, {TOKENS: "many", DOLLARS: "-1"}, Usage()),
        ({"tokens_used": 84000}, {TOKENS: "1", DOLLARS: "0.05"}, Usage(84_000, 0.05)),
        *((None, {}, Usage()), ([84000], {}, Usage())),
    ],
)
def test_usage_is_found_wherever_it_is_said(
    usage: object, headers: dict[str, str], expected: Usage
) -> None:
    assert parse_reply({"data": [ENTRY], "meta": {"usage": usage}}, headers).usage == expected


@pytest.mark.parametrize("meta", [None, [], "x", {}], ids=repr)
def test_usage_may_be_missing_altogether(meta: object) -> None:
    assert parse_reply({"data": [ENTRY], "meta": meta}, {}).usage == Usage()


NONSENSE: tuple[object, ...] = (
    *(math.nan, math.inf, -math.inf, 1e300, -1, -0.5, True, False, 10**400, 10**15, None),
    *("", "many", "nan", "inf", "-5", "9" * 400, "9" * 5000, [], {}, [84000]),
)


@pytest.mark.parametrize("amount", NONSENSE, ids=lambda amount: repr(amount)[:12])
@pytest.mark.parametrize("name", ["tokens_used", "credits_used", "usd_spent"])
def test_a_nonsense_amount_counts_as_not_said(name: str, amount: object) -> None:
    payload = {"data": [ENTRY], "meta": {"usage": {name: amount}}}
    assert parse_reply(payload, {}).usage == Usage()
    assert parse_reply(payload, {TOKENS: "84000"}).usage == Usage(84_000, 0.042)


def test_a_short_reply_keeps_the_pictures_that_came_in_their_order() -> None:
    entries = [{"url": "u1"}, {"url": None, "b64_json": None}, None, "x", {}, {"b64_json": "b2"}]
    links = parse_reply({"data": entries}, {}).links
    assert links == (PictureLink("u1", None, None), PictureLink(None, "b2", None))


@pytest.mark.parametrize("prompt", [None, "", "  ", 7, ["A fox"]], ids=repr)
def test_a_rewritten_prompt_that_says_nothing_is_none(prompt: object) -> None:
    entry = {"url": URL, "prompt": prompt}
    assert parse_reply({"data": [entry]}, {}).links[0].rewritten_prompt is None


def test_a_rewritten_prompt_is_kept_up_to_its_limit_and_no_further() -> None:
    longest = "狐" * MAX_REWRITTEN
    entries = [{"url": URL, "prompt": longest}, {"url": URL, "prompt": f"{longest}x"}]
    links = parse_reply({"data": entries}, {}).links
    assert MAX_REWRITTEN == 4_000
    assert [link.rewritten_prompt for link in links] == [longest, longest]


@pytest.mark.parametrize(
    ("said", "usd"), [(10.07, 10.07), (0, 0.0), ("10.07", 10.07), (250, 250.0)], ids=repr
)
def test_a_balance_is_read_and_says_whose_it_is(said: object, usd: float) -> None:
    payload = {"current_balance": said, "currency": "USD"}
    assert parse_balance(payload, "imagen") == Balance(usd, from_sandbox=False)
    assert parse_balance(payload, "sandbox") == Balance(usd, from_sandbox=True)


BELOW_ZERO = (-1, -0.5, "-5")


@pytest.mark.parametrize(("said", "usd"), [(-0.02, -0.02), ("-5", -5.0), (-1, -1.0)], ids=repr)
def test_an_overdrawn_balance_is_read(said: object, usd: float) -> None:
    assert parse_balance({"current_balance": said}, "imagen").usd == usd


@pytest.mark.parametrize(
    "amount",
    [amount for amount in NONSENSE if amount not in BELOW_ZERO],
    ids=lambda amount: repr(amount)[:12],
)
def test_a_nonsense_balance_is_none_and_cost_nothing(amount: object) -> None:
    with pytest.raises(UnusableReply) as caught:
        parse_balance({"current_balance": amount}, "imagen")
    assert caught.value.charged is Charged.NO


@pytest.mark.parametrize("payload", [None, [], {}, 10.07, "10.07", [10.07]], ids=repr)
def test_a_body_without_a_balance_is_unusable_and_free(payload: object) -> None:
    with pytest.raises(UnusableReply) as caught:
        parse_balance(payload, "imagen")
    assert caught.value.charged is Charged.NO


NO_LINKS: tuple[object, ...] = (
    *([{"url": None, "b64_json": None}], [{"url": "", "b64_json": " "}], [{"url": 7}]),
    *(None, [], [None], [{}], ["x"]),
)


@pytest.mark.parametrize("data", NO_LINKS, ids=repr)
def test_no_picture_is_a_blocked_one_unless_it_was_charged(data: object) -> None:
    with pytest.raises(Blocked) as blocked:
        parse_reply({"data": data, "meta": {"usage": {"tokens_used": 0}}}, {})
    assert blocked.value.charged is Charged.NO
    with pytest.raises(UnusableReply) as fault:
        parse_reply({"data": data}, {DOLLARS: "0.042"})
    assert fault.value.charged is Charged.YES


@pytest.mark.parametrize(
    "payload", [None, [], [ENTRY], "x", 7, {}, {"meta": {}}, {"data": {}}, {"data": "x"}], ids=repr
)
def test_a_body_without_a_list_of_pictures_is_unusable(payload: object) -> None:
    with pytest.raises(UnusableReply) as caught:
        parse_reply(payload, {})
    assert caught.value.charged is Charged.POSSIBLY


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
USAGE = st.dictionaries(st.sampled_from(["tokens_used", "credits_used", "usd_spent"]), ANY_JSON)
LIKE_A_REPLY = st.fixed_dictionaries(
    {"data": st.lists(st.dictionaries(st.sampled_from(["url", "b64_json"]), ANY_JSON) | ANY_JSON)},
    optional={"meta": st.fixed_dictionaries({"usage": USAGE}) | ANY_JSON},
)
COST = st.dictionaries(st.sampled_from([TOKENS, DOLLARS]), st.text() | st.floats().map(str))


@settings(deadline=None)
@given(LIKE_A_REPLY | ANY_JSON, COST)
def test_any_json_is_a_reply_or_a_failure_that_can_be_shown(
    payload: object, headers: dict[str, str]
) -> None:
    try:
        reply = parse_reply(payload, headers)
    except ImagenDemoError:
        return
    assert reply.links
    assert all(link.url or link.b64_json for link in reply.links)
    for amount in (reply.usage.tokens_used, reply.usage.usd_spent):
        assert amount is None or (math.isfinite(amount) and amount >= 0)
