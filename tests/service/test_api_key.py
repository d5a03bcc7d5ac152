"""A pasted key is made fit for a header, or refused without a word of it."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.service.api_key import clean_key
from imagen_demo.service.provider_settings import Payer

HEX = "0123456789abcdef0123456789abcdef"


def test_four_kinds_of_payer_answer_a_visitor_without_a_key() -> None:
    assert get_args(Payer) == ("sandbox", "host", "nobody", "always sandbox")


TAKEN_OFF = [
    *("{}", "  {}\r\n", "\xa0{}\u3000", "Bearer {}", " bearer   {} ", "BEARER {}", "Bearer\t{}"),
    *('"{}"', "'{}'", "`{}`", "\u201c{}\u201d", "\u201e{}\u201c", "\u2018{}\u2019", "\xab{}\xbb"),
    *(
        "\u300c{}\u300d",
        "\uff02{}\uff02",
        '"{}',
        "{}'",
        "''{}\"",
        "<{}>",
        "< {} >",
        "{},",
        "{};",
        "{}.",
    ),
    *("Authorization: Bearer {}", "authorization:{}", "Authorization=Bearer {}", "Bearer: {}"),
    *("X-AIMLAPI-Key: {}", "x-aimlapi-key={}", '"Authorization": "Bearer {}",', "Bearer <{}>."),
    *("AIMLAPI_API_KEY={}", "AIML_API_KEY = {}", "export AIMLAPI_KEY='{}'", "set AIMLAPI_KEY={}"),
    *('  "AIMLAPI_API_KEY": "{}",', "AIMLAPI_API_KEY: {}", "- AIMLAPI_API_KEY={}"),
    *('$env:AIMLAPI_API_KEY = "{}"', "AIMLAPI_API_KEY=<{}>;", "aimlapi_api_key={}"),
    *("\ufeff{}", "{}\u200b", "\u2060{}\u200d", "\u202a{}\u202c", "\ufeff'{}\u200b'"),
]


@pytest.mark.parametrize("pasted", TAKEN_OFF, ids=ascii)
@pytest.mark.parametrize("key", [HEX, "sandbox-no-credits", "sk-Other_Shape.of/key+=~!"])
def test_a_key_loses_what_came_along_with_it(pasted: str, key: str) -> None:
    assert clean_key(pasted.format(key)) == key


@pytest.mark.parametrize("unseen", "\u200b\u200c\u200d\u2060\ufeff\xad\u200e", ids=ascii)
def test_what_has_no_width_is_taken_out_of_the_middle_too(unseen: str) -> None:
    assert clean_key(f"{HEX[:16]}{unseen}{HEX[16:]}") == HEX


@pytest.mark.parametrize("pasted", [each for each in TAKEN_OFF if not each.isascii()], ids=ascii)
def test_a_header_is_read_as_it_was_typed(pasted: str) -> None:
    assert clean_key(pasted.format(HEX).encode().decode("latin-1")) == HEX


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        " \n",
        "Bearer",
        " bearer ",
        '""',
        "<>",
        "AIMLAPI_API_KEY=",
        "\ufeff",
        "Bearer '',",
        "...",
    ],
)
def test_what_comes_along_alone_is_no_key(pasted: str) -> None:
    assert clean_key(pasted) == ""


@pytest.mark.parametrize(
    "key",
    [
        *("sk-Other_Shape.of/key+=~!", "bearerless", "x" * 256, "x", "a'b\"c<d>e,f", "[a]", "{a}"),
        *("keychain", "my-key-7", "key-of-the-host", "sk-1", "a**b", "a..b", "https", ",a", "-a"),
    ],
)
def test_a_key_of_any_other_shape_is_left_as_it_is(key: str) -> None:
    assert clean_key(f" {key}\t\n") == key


REFUSED = {
    "a space or a line break": [
        *("hunter2\nX-Evil: 1", "hunter2\r\n\r\nGET /", "hunter2 x", "hunter2\xa0x", "hunter2,\nx"),
        *("AIMLAPI_API_KEY=hunter2\nIMAGEN_DEMO_MCP=1", "Basic hunter2", "hunter2\u2028hunter2"),
    ],
    "has 257 characters, and none has more than 256": ["hunter2" + "x" * 250],
    "has 9007 characters": ["hunter2" + "x" * 9000, '"' * 9000 + "hunter2"],
    "Character 8 of the API key": [
        *("hunter2é", "hunter2я", "hunter2\0", "hunter2\x7f", "hunter2\ud800", "hunter2\U0001f511"),
    ],
    "Character 1 of the API key": ["яhunter2", '"\u0430hunter2"'],
    "That is a placeholder": [
        *(
            "your-key",
            "<key>",
            "<your key>",
            "YOUR_API_KEY",
            "your-aimlapi-key-here",
            "my key",
            "key",
        ),
        *(
            "sk-...",
            "sk-***",
            "***",
            "•••••",
            "…",
            "$AIMLAPI_API_KEY",
            "${AIML_API_KEY}",
            "AIMLAPI_KEY",
        ),
        *(
            "AIMLAPI_API_KEY=your-key",
            "Bearer $AIMLAPI_KEY",
            "Authorization: Bearer <YOUR_API_KEY>",
        ),
    ],
    "hidden behind stars or dots": ["hunter2...9f", "sk-****hunter2", "hunter2…9f", "hunter2•9f"],
    "a web address": [
        "https://aimlapi.com/app/keys",
        "aimlapi.com/app/keys",
        "HTTP://hunter2.test",
    ],
}


@pytest.mark.parametrize(
    ("pasted", "said"),
    [(each, said) for said, several in REFUSED.items() for each in several],
    ids=lambda value: ascii(value)[:30],
)
def test_what_cannot_be_a_key_is_told_what_is_wrong_with_it(pasted: str, said: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        clean_key(pasted)
    assert caught.value.field == "api_key"
    assert said in caught.value.message
    assert "hunter2" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"


def test_a_flood_of_quotes_takes_no_time() -> None:
    with pytest.raises(InvalidRequest):
        clean_key("\"'<" * 300_000 + HEX)
    assert clean_key("<" * 2000 + HEX + ">" * 2000) == HEX


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())) | st.text(st.characters(max_codepoint=127)))
def test_any_text_is_fit_for_a_header_or_refused(pasted: str) -> None:
    try:
        key = clean_key(pasted)
    except InvalidRequest:
        return
    assert len(key) <= 256
    assert not key or (key.isascii() and key.isprintable() and " " not in key)
    assert clean_key(key) == key


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(TAKEN_OFF), max_size=6), st.from_regex("[0-9a-f]{32}", fullmatch=True)
)
def test_a_key_comes_out_of_any_nesting_as_itself(around: list[str], key: str) -> None:
    pasted = key
    for each in around:
        pasted = each.format(pasted)
    assert clean_key(pasted) == key
