"""How AI/ML API stands to a model: on its way out, or gone.

`aimlapi/deprecations` reads it from the service's own list; `ui/messages` words it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """What the list says of a model; one that it does not name is in service."""

    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of the list [AI/ML API documentation, `/v1/models/deprecations`].

    Attributes:
        status: Deprecated and superseded models still work, withdrawn ones answer 404.
        deprecated_at: The day from which it is on its way out; None if that is not set.
        shutdown_at: The day it stops or stopped working; None if that is not set.
        replaced_by: The id of what replaces it; None if nothing does.
    """

    status: Status
    deprecated_at: date | None
    shutdown_at: date | None
    replaced_by: str | None
