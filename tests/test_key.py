"""A pasted key is made fit for a header, or refused without a word of it."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.errors import InvalidRequest
from imagen_demo.key import Payer, clean_key

HEX = "0123456789abcdef0123456789abcdef"


def test_four_kinds_of_payer_answer_a_visitor_without_a_key() -> None:
    assert get_args(Payer) == ("sandbox", "host", "nobody", "always sandbox")


@pytest.mark.parametrize(
    "pasted", ["{}", "  {}\r\n", "Bearer {}", " bearer   {} ", "BEARER {}", "Bearer\t{}"]
)
def test_a_key_loses_what_came_along_with_it(pasted: str) -> None:
    assert clean_key(pasted.format(HEX)) == HEX


@pytest.mark.parametrize("pasted", ["Bearer", " bearer "])
def test_a_bearer_without_a_key_is_no_key(pasted: str) -> None:
    assert clean_key(pasted) == ""


@pytest.mark.parametrize("key", ["sk-Other_Shape.of/key+=~!", "bearerless", "x" * 256, "x", ""])
def test_a_key_of_any_other_shape_is_left_as_it_is(key: str) -> None:
    assert clean_key(f" {key}\t\n") == key


@pytest.mark.parametrize(
    "pasted",
    [
        *("hunter2\nX-Evil: 1", "hunter2\r\n\r\nGET /", "hunter2\0", "hunter2\x7f"),
        *("hunter2 x", "hunter2é", "hunter2\u200b", "hunter2\ud800", "hunter2" + "x" * 250),
    ],
    ids=lambda pasted: ascii(pasted)[:24],
)
def test_what_fits_no_header_is_refused_without_repeating_it(pasted: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        clean_key(pasted)
    assert caught.value.field == "api_key"
    assert "hunter2" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())) | st.text(st.characters(max_codepoint=127)))
def test_any_text_is_fit_for_a_header_or_refused(pasted: str) -> None:
    try:
        key = clean_key(pasted)
    except InvalidRequest:
        return
    assert key in pasted
    assert len(key) <= 256
    assert not key or (key.isascii() and key.isprintable() and " " not in key)
