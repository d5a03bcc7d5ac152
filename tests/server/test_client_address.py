"""A visitor is whom the nearest trusted proxy saw; what a visitor writes counts for nothing."""

import re

import gradio as gr
import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from imagen_demo.server.client_address import client_of

PEER, OTHER = "192.0.2.1", "192.0.2.2"


def asking(peer: str | None, *forwarded_for: str) -> Request:
    """Make a request with a header for each."""
    headers = [(b"x-forwarded-for", each.encode("utf-8", "replace")) for each in forwarded_for]
    client = (peer, 4711) if peer is not None else None
    return Request({"type": "http", "client": client, "headers": headers})


def visitor_of(peer: str, forwarded_for: str, *, trusted_proxies: int) -> str:
    """Who it is that comes from an address with this header."""
    return client_of(asking(peer, forwarded_for), trusted_proxies=trusted_proxies)


def alone(address: str) -> str:
    """Who it is that comes from an address without any proxy."""
    return visitor_of(address, "", trusted_proxies=0)


def test_a_visitor_is_a_hash_that_tells_no_address() -> None:
    assert re.fullmatch("[0-9a-f]{32}", alone(PEER))
    assert alone(PEER) == alone(PEER) != alone(OTHER)


@pytest.mark.parametrize(
    "header", ["", OTHER, f"{OTHER}, 192.0.2.3", "127.0.0.1", "::1", PEER, ",", "nonsense", "\x00"]
)
def test_without_trusted_proxies_only_the_peer_counts(header: str) -> None:
    assert visitor_of(PEER, header, trusted_proxies=0) == alone(PEER)


@given(header=st.text(max_size=200))
def test_without_trusted_proxies_no_header_whatever_buys_anything(header: str) -> None:
    assert visitor_of(PEER, header, trusted_proxies=0) == alone(PEER)


@given(forged=st.text(max_size=200), proxies=st.integers(1, 3))
def test_only_what_the_trusted_proxies_appended_counts(forged: str, proxies: int) -> None:
    appended = [OTHER, "10.0.0.1", "10.0.0.2"][:proxies]
    header = ", ".join([forged, *appended])
    assert visitor_of("10.0.0.9", header, trusted_proxies=proxies) == alone(OTHER)


@pytest.mark.parametrize(
    ("header", "proxies", "who"),
    [
        (OTHER, 1, OTHER),
        (f"198.51.100.7, {OTHER}", 1, OTHER),
        (f"198.51.100.7,{OTHER} ", 1, OTHER),
        (f"198.51.100.7, {OTHER}, 10.0.0.1", 2, OTHER),
        (f"{OTHER}, 10.0.0.1", 1, "10.0.0.1"),
        (f"{OTHER}, , ,", 1, OTHER),
        ("", 1, PEER),
        (" , ", 2, PEER),
        (OTHER, 2, OTHER),
        (OTHER, 10**12, OTHER),
    ],
)
def test_behind_trusted_proxies_the_farthest_of_their_words_counts(
    header: str, proxies: int, who: str
) -> None:
    assert visitor_of(PEER, header, trusted_proxies=proxies) == alone(who)


SAME = {
    "an IPv6 network's other half": ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
    "an IPv6 address written in full": ("2001:db8::1", "2001:0DB8:0000:0000:0000:0000:0000:0001"),
    "IPv4 in IPv6": ("192.0.2.1", "::ffff:192.0.2.1"),
    "IPv4 in IPv6, as figures": ("192.0.2.1", "::FFFF:C000:201"),
    "brackets": ("2001:db8::1", "[2001:db8::1]"),
    "an interface": ("fe80::1", "fe80::1%eth0"),
}
DIFFERENT = {
    "neighbours": ("192.0.2.1", "192.0.2.2"),
    "IPv6 networks": ("2001:db8:1:2::1", "2001:db8:1:3::1"),
    "two of IPv4 in IPv6": ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
    "nonsense": ("unknown", "_hidden"),
    "loopbacks": ("127.0.0.1", "::1"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_one_visitors_address_may_be_written_in_many_ways(one: str, other: str) -> None:
    assert alone(one) == alone(other)
    assert alone(one) == visitor_of(PEER, other, trusted_proxies=1)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_different_visitors_have_shares_of_their_own(one: str, other: str) -> None:
    assert alone(one) != alone(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.1:40001", "192.0.2.1"),
        ("192.0.2.1:40001", "192.0.2.1:40002"),
        ("[2001:db8::1]:40001", "2001:db8::2"),
        ("[2001:db8::1]:40001", "[2001:db8::1]:40002"),
        ("[::ffff:192.0.2.1]:40001", "192.0.2.1"),
    ],
)
def test_a_proxy_may_say_the_port_and_another_port_buys_nothing(one: str, other: str) -> None:
    assert visitor_of(PEER, one, trusted_proxies=1) == visitor_of(PEER, other, trusted_proxies=1)


@given(address=st.text(max_size=60))
def test_whatever_stands_in_an_addresss_place_is_somebody(address: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", alone(address))


def test_nobody_knows_who_asks_without_a_request_or_a_peer() -> None:
    assert [client_of(each) for each in (None, asking(None))] == ["", ""]


@pytest.mark.parametrize("header", ["198.51.100.7", "198.51.100.7, 127.0.0.1", "x", ", ,"])
def test_what_a_visitor_writes_counts_for_nothing(header: str) -> None:
    for request in (asking(PEER, header), gr.Request(asking(PEER, header))):
        assert client_of(request) == alone(PEER)


@pytest.mark.parametrize("headers", [["198.51.100.7, 192.0.2.1"], ["198.51.100.7", "192.0.2.1"]])
def test_a_trusted_proxys_word_is_the_last_of_a_header_and_of_several(headers: list[str]) -> None:
    request = asking("127.0.0.1", *headers)
    for each in (request, gr.Request(request)):
        assert client_of(each, trusted_proxies=1) == alone(PEER)
