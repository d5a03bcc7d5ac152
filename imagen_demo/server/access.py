"""Who may come in, from which pages, and who may show the page in a frame.

`settings` reads it from the environment; `middleware` and `login` hold everyone to it.
"""

import re
from dataclasses import dataclass, field
from typing import Self

from imagen_demo.domain.errors import ConfigurationError

_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?"
_ORIGIN = re.compile(rf"https?://({_HOST}|\[[0-9a-f:]+\](:[0-9]{{1,5}})?)")
_FRAMING = re.compile(rf"'self'|'none'|https?://(\*\.)?{_HOST}")
"""What may follow `frame-ancestors` [Content Security Policy Level 3, 6.4.2], and no `;`."""

FRAMING = ("'self'", "https://huggingface.co", "https://*.hf.space")
"""A Space's page is a frame in huggingface.co's."""


@dataclass(frozen=True, slots=True)
class Account:
    """A name and a password that open the door."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the host allows.

    Attributes:
        accounts: Who may come in; everyone if there are none.
        origins: Other sites, `https://host` each, whose pages may call this demo.
        framing: Sources of the policy's `frame-ancestors`.
        trusted_proxies: How many proxies stand before the demo, each of which appends whom it saw
            to `X-Forwarded-For`.
        local: Whether it is there for this machine alone.
    """

    accounts: tuple[Account, ...] = ()
    origins: frozenset[str] = frozenset()
    framing: tuple[str, ...] = FRAMING
    trusted_proxies: int = 0
    local: bool = False

    @classmethod
    def read(
        cls, *, auth: str, origins: str, framing: str, trusted_proxies: int, on_loopback: bool
    ) -> Self:
        """Read each as a host writes it; what is empty is the default.

        Args:
            auth: `user:password`, or several.
            origins: Other sites' addresses.
            framing: `self`, `none`, or addresses.
            trusted_proxies: How many stand before the demo.
            on_loopback: Whether the server listens on an address that only this machine reaches.

        Raises:
            ConfigurationError: A value makes no sense; names the variable, never what it holds.
        """
        return cls(
            accounts=_accounts(auth) if auth else (),
            origins=frozenset(_origins(origins)),
            framing=_framing(framing) if framing else FRAMING,
            trusted_proxies=trusted_proxies,
            local=on_loopback and not trusted_proxies,
        )


def _accounts(value: str) -> tuple[Account, ...]:
    entries = [entry.strip().partition(":") for entry in value.split(",")]
    names = {name for name, _, _ in entries}
    usable = all(name and password for name, _, password in entries)
    if not usable or len(names) != len(entries) or not value.isprintable():
        raise ConfigurationError(
            "IMAGEN_DEMO_AUTH must be user:password, or several with commas between them, "
            "each user once."
        )
    return tuple(Account(name, password) for name, _, password in entries)


def _origins(value: str) -> list[str]:
    given = [each.rstrip("/") for each in _list(value)]
    if not all(_ORIGIN.fullmatch(each) for each in given):
        raise ConfigurationError(
            "IMAGEN_DEMO_ALLOWED_ORIGINS must be addresses such as https://example.org, "
            "with commas between them."
        )
    return given


def _framing(value: str) -> tuple[str, ...]:
    bare = {"self": "'self'", "none": "'none'"}
    given = tuple(bare.get(each, each.rstrip("/")) for each in _list(value))
    alone = "'none'" not in given or len(given) == 1
    if not given or not alone or not all(_FRAMING.fullmatch(each) for each in given):
        raise ConfigurationError(
            "IMAGEN_DEMO_FRAME_ANCESTORS must be self, https://host or https://*.host, "
            "with commas between them, or none alone."
        )
    return given


def _list(value: str) -> list[str]:
    return value.lower().replace(",", " ").split()
