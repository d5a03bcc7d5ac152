"""What a host decides about who answers and who pays.

`provider` acts by it; the `Settings` of `settings` have it all.
"""

from enum import StrEnum
from typing import Protocol

from limits import RateLimitItem

from imagen_demo.aimlapi.transport import Timeouts
from imagen_demo.service.budget import Allowance


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
