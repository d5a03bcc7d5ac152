"""The JSON of an answer has neither the key nor half a character in it; quoted, it is short."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.aimlapi.redaction import quoted, read_payload, redacted
from imagen_demo.domain.generation import MAX_QUOTED, MAX_REWRITTEN

KEY = 'quo"ted\\key/with-marks'


def test_the_key_is_blacked_out_however_json_spells_it() -> None:
    said = {KEY: [f"no good: {KEY}", {"deep": KEY}], "n": 7, "null": None}
    escaped = json.dumps(said).replace("/", "\\/").replace("k", "\\u006b")
    assert json.loads(escaped) == said
    expected = {"[key]": ["no good: [key]", {"deep": "[key]"}], "n": 7, "null": None}
    assert read_payload(escaped.encode(), KEY) == expected


def test_half_a_surrogate_pair_is_replaced() -> None:
    said = b'{"prompt": "a fox \\ud83e\\udd8a \\ud800"}'
    assert read_payload(said, KEY) == {"prompt": "a fox 🦊 ?"}


def test_no_json_is_nothing() -> None:
    for body in (b"", b"<html>", b"\xff", b"[" * 100_000):
        assert read_payload(body, KEY) is None


def test_a_key_too_short_to_be_secret_stays() -> None:
    assert redacted("a lake", "a") == "a lake"


# Quoted.


def shortened(value: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(quoted(value))


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = {"deep": [value]}
    return value


def test_an_answer_is_quoted_as_it_came_in_the_order_in_which_it_came() -> None:
    said = {
        "meta": {"usage": {"usd_spent": 0.042, "tokens_used": 84_000}},
        "data": [
            {"url": "https://cdn.example/1.png", "prompt": "狐狸 “🦊” \\ \n", "b64_json": None}
        ],
        "created": True,
        "": [[], {}, "", 0, -1.5e-7],
    }
    text = quoted(said)
    assert text == json.dumps(said, ensure_ascii=False)
    assert "\n" not in text
    assert list(json.loads(text)) == ["meta", "data", "created", ""]
    assert list(json.loads(text)["meta"]["usage"]) == ["usd_spent", "tokens_used"]


DATA = {
    "base64": "iVBORw0KGgo" * 100_000,
    "a link": "data:image/png;base64," + "A" * 979,
    "quotes": '"' * 1_001,
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_data_is_cut_to_its_start_and_length(data: str) -> None:
    cut = f"{data[:60]}… ({len(data):,} characters)"
    entry = {"b64_json": data, "prompt": "A fox"}
    assert shortened({"data": [entry, entry]}) == {"data": [{**entry, "b64_json": cut}] * 2}
    assert shortened([[data]]) == [[cut]]
    assert shortened(data) == cut


WORDS = {
    "nothing": "",
    "a space": " ",
    "Chinese": "狐" * 1_001,
    "emoji": "🦊" * 1_001,
    "a long prompt": "A fox in snow. " * 300,
    "one space": "x" * 999 + " " + "x" * 999,
    "as long as a word may be": "x" * 1_000,
    "an escaped text": '\\"\x00' * 333,
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_words_are_quoted_whole(words: str) -> None:
    assert shortened({"prompt": words}) == {"prompt": words}


def test_four_long_prompts_fit_into_a_quote() -> None:
    longest = ("red fox " * MAX_REWRITTEN)[: MAX_REWRITTEN - 200]
    entries = [{"url": f"https://cdn.example/{n}.png", "prompt": longest} for n in range(4)]
    assert shortened({"data": entries}) == {"data": entries}


ODD = {
    "nan": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "nan inside": {"data": [{"seed": math.nan}]},
    "deep": nested(100_000),
}


@pytest.mark.parametrize("payload", ODD.values(), ids=ODD)
def test_what_no_json_can_say_is_not_quoted(payload: object) -> None:
    assert quoted(payload) == ""


def test_a_quote_may_be_as_long_as_the_limit_and_no_longer() -> None:
    words = "a " * (MAX_QUOTED // 2)
    assert quoted(words[: MAX_QUOTED - 2]) == f'"{words[: MAX_QUOTED - 2]}"'
    assert quoted(words[: MAX_QUOTED - 1]) == ""
    assert quoted({"x" * MAX_QUOTED: 1}) == ""
    assert quoted([0] * MAX_QUOTED) == ""


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | NUMBERS | st.text(max_size=99),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
@settings(deadline=None)
def test_any_short_json_is_quoted_so_that_it_can_be_read_again(value: object) -> None:
    assert json.loads(quoted(value)) == value
