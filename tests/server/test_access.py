"""Who may come in and from where is read from what a host writes, and a slip spills no secret."""

import traceback
from typing import Any

import pytest

from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.server.access import FRAMING, Access, Account


def read(**given: Any) -> Access:  # noqa: ANN401 - each as a host writes it
    unsaid = {"auth": "", "origins": "", "framing": "", "trusted_proxies": 0}
    return Access.read(**{**unsaid, "on_loopback": False, **given})


def complaint(**given: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(**given)
    return "".join(traceback.format_exception(caught.value))


def test_nothing_said_is_a_page_for_everyone_called_from_nowhere_else() -> None:
    assert read() == Access(accounts=(), origins=frozenset(), framing=FRAMING)


@pytest.mark.parametrize(
    ("value", "accounts"),
    [
        ("ann:hunter2", [("ann", "hunter2")]),
        ("ann:hunter2,bob:swordfish", [("ann", "hunter2"), ("bob", "swordfish")]),
        ("ann:hunter2, bob:swordfish", [("ann", "hunter2"), ("bob", "swordfish")]),
        ("ann:a:b", [("ann", "a:b")]),
        ("änne:pässwörd", [("änne", "pässwörd")]),
    ],
)
def test_accounts_are_read_in_their_order(value: str, accounts: list[tuple[str, str]]) -> None:
    assert read(auth=value).accounts == tuple(Account(*each) for each in accounts)


@pytest.mark.parametrize(
    "value",
    [
        *("hunter2", ":hunter2", "ann:", "ann:hunter2,", ",ann:hunter2", "ann:hunter2,bob"),
        *("ann:hunter2,ann:hunter3", "ann:hunter2\nx", "ann:hunter2\x00", ",", ":"),
    ],
    ids=ascii,
)
def test_accounts_that_make_no_sense_stop_the_start_without_a_word_of_them(value: str) -> None:
    said = complaint(auth=value)
    assert "ConfigurationError: IMAGEN_DEMO_AUTH must be user:password" in said
    assert "hunter" not in said


def test_an_account_never_shows_its_password() -> None:
    assert "hunter2" not in f"{read(auth='ann:hunter2')!r}"


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("https://example.org", {"https://example.org"}),
        ("https://Example.org/", {"https://example.org"}),
        ("https://a.org, http://b.org:8080", {"https://a.org", "http://b.org:8080"}),
        ("http://[::1]:3000 http://localhost", {"http://[::1]:3000", "http://localhost"}),
    ],
)
def test_origins_are_read_as_browsers_send_them(value: str, origins: set[str]) -> None:
    assert read(origins=value).origins == origins


@pytest.mark.parametrize(
    "value", ["*", "null", "example.org", "https://", "https://*.org", "https://a.org/x", "ftp://a"]
)
def test_origins_that_make_no_sense_stop_the_start(value: str) -> None:
    assert "IMAGEN_DEMO_ALLOWED_ORIGINS must be" in complaint(origins=value)


@pytest.mark.parametrize(
    ("value", "framing"),
    [
        ("none", ("'none'",)),
        ("self", ("'self'",)),
        ("'self', https://*.example.org:8443", ("'self'", "https://*.example.org:8443")),
    ],
)
def test_who_may_frame_the_page_is_read(value: str, framing: tuple[str, ...]) -> None:
    assert read(framing=value).framing == framing


@pytest.mark.parametrize(
    "value",
    ["*", "none, self", "https://a.org; script-src *", "data:", "'unsafe-inline'", ",", ";"],
)
def test_a_framing_that_would_say_more_than_that_stops_the_start(value: str) -> None:
    assert "IMAGEN_DEMO_FRAME_ANCESTORS must be" in complaint(framing=value)


@pytest.mark.parametrize(
    ("on_loopback", "trusted_proxies", "local"),
    [
        *((True, 0, True), (False, 0, False), (False, 1, False)),
        (True, 1, False),  # a tunnel or nginx on this machine serves others
    ],
)
def test_a_demo_that_only_this_machine_reaches_is_local(
    trusted_proxies: int, *, on_loopback: bool, local: bool
) -> None:
    assert read(on_loopback=on_loopback, trusted_proxies=trusted_proxies).local is local
