"""A client gets what it says it likes best, and nothing that it says it cannot read."""

import gzip

import brotli
import pytest

from imagen_demo.server.content_encoding import packed, preferred_encoding


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZip", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", "identity"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", "identity"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("br ; q = 1.000 , gzip", "br"),
        ("br;q=0", "identity"),
        ("br;q=0.000, gzip;q=0", "identity"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.2", "gzip"),
        ("identity;q=0", "identity"),
        ("br;q=2, gzip", "gzip"),
        ("br;q=nan, gzip;q=-1", "identity"),
        ("br;level=4", "identity"),
        ("brotli, bro, sbr", "identity"),
        (",;,;q=1,", "identity"),
    ],
)
def test_the_encoding_is_the_one_a_client_likes_best(header: str, encoding: str) -> None:
    assert preferred_encoding(header) == encoding


def test_what_is_packed_is_the_same_when_it_is_unpacked() -> None:
    body = b"a page of words, " * 1000
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        small, said = packed(body, encoding)
        assert (said, unpack(small)) == (encoding, body)
        assert len(small) < len(body) / 10
        assert packed(body, encoding) == (small, said), "or its ETag would not be strong"


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_what_gets_no_smaller_stays_as_it_is(encoding: str) -> None:
    for body in (b"", b"short", bytes(range(256))):
        assert packed(body, encoding) == (body, "identity")
