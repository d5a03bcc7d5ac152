"""What a generation cost is counted in tokens, and its pictures can stand in a page."""

from base64 import b64encode

import pytest

from imagen_demo.domain.generation import Picture, Usage


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        (Usage(84_000, 0.042), 84_000),
        (Usage(84_001, 0.0420005), 84_001),
        (Usage(0, 0.042), 84_000),
        (Usage(84_000, 0.0), 84_000),
        (Usage(84_000), 84_000),
        (Usage(usd_spent=0.042), 84_000),
        (Usage(0, 0.0), 0),
        (Usage(), 0),
    ],
    ids=str,
)
def test_of_tokens_and_dollars_the_larger_counts(usage: Usage, counted: int) -> None:
    assert usage.tokens_counted == counted


@pytest.mark.parametrize(
    ("suffix", "kind"), [(".png", "image/png"), (".jpg", "image/jpeg"), (".webp", "image/webp")]
)
def test_a_picture_is_an_address_in_itself(suffix: str, kind: str) -> None:
    picture = Picture(b"A fox", suffix, 24, 16, None)
    assert picture.data_url == f"data:{kind};base64,{b64encode(b'A fox').decode()}"
