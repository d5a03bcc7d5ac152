"""Who answers and who pays, and what a host decides about it.

`provider` acts by it; the `Settings` of `settings` have it all.
"""

from enum import StrEnum
from typing import Literal, Protocol

from limits import RateLimitItem

from imagen_demo.aimlapi.transport import Timeouts
from imagen_demo.service.budget import Allowance

Payer = Literal["sandbox", "host", "nobody", "always sandbox"]
"""Who answers a visitor that gives no key; the last one answers whatever they give."""

DRAWN_HERE: frozenset[Payer] = frozenset({"sandbox", "always sandbox"})
"""Those with whom a visitor without a key gets a picture for free."""


class SandboxMode(StrEnum):
    """When the sandbox answers instead of AI/ML API."""

    AUTO = "auto"
    ONLY = "only"
    OFF = "off"


class ProviderSettings(Protocol):
    """The settings that a `Provider` reads."""

    @property
    def host_key(self) -> str:
        """Pays for visitors without a key of their own; empty if there is none."""

    @property
    def base_url(self) -> str:
        """Where AI/ML API is, without `/v1`."""

    @property
    def timeouts(self) -> Timeouts:
        """Seconds to wait for AI/ML API."""

    @property
    def allowance(self) -> Allowance:
        """What visitors may spend of the host's key."""

    @property
    def sandbox(self) -> SandboxMode:
        """When the sandbox answers."""

    @property
    def sandbox_limit(self) -> RateLimitItem:
        """Pictures that it draws for each visitor from another machine."""

    @property
    def local(self) -> bool:
        """Whether the demo is there for this machine alone."""
