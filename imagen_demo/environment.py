"""The variables that the host set, and the question whether each of them is known.

`settings` asks for every one that there is; a name that nobody asked for is a slip of the pen.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from imagen_demo.domain.errors import ConfigurationError

_PREFIX = "IMAGEN_DEMO_"

_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*""")

_SERVICE_LINK = re.compile(
    r"\w+_(SERVICE_HOST|SERVICE_PORT\w*|PORT_[0-9]+_\w+)=.*|\w+_PORT=\w+://.*"
)
"""What Kubernetes sets for a Service of this name, in every container beside it [Kubernetes
documentation, Service, environment variables]."""


class Environment(Mapping[str, str]):
    """Variables without space or quotes around what they hold; knows who was asked for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """`variables` as the process has them: `docker --env-file` leaves quotes as they are."""
        self._held = {name: _unquoted(value) for name, value in variables.items()}
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        """Give what it holds; `get` comes here, too, for names that are not set."""
        self.asked.add(name)
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names that are set."""
        return iter(self._held)

    def __len__(self) -> int:
        """Count them."""
        return len(self._held)

    def refuse_unknown(self) -> None:
        """Look for names that look like a setting's and that nobody asked for; call it last.

        Raises:
            ConfigurationError: There is one; says which, and the nearest that is known.
        """
        known = sorted(name for name in self.asked if name.startswith(_PREFIX))
        for name, value in sorted(self._held.items()):
            if name in known or _SERVICE_LINK.fullmatch(f"{name}={value}"):
                continue
            nearest = _nearest(name.upper(), known)
            if nearest or name.upper().startswith(_PREFIX):
                raise ConfigurationError(
                    f"{name} is not a setting of this demo.",
                    advice=f"Did you mean {nearest}?" if nearest else "README.md lists them all.",
                )


def _unquoted(value: str) -> str:
    quoted = _QUOTED.fullmatch(value)
    return (quoted[1] or quoted[2] or "" if quoted else value).strip()


def _nearest(name: str, known: list[str]) -> str:
    """The known name that this one resembles; empty if none."""
    if name.startswith(_PREFIX):
        # What all of them begin with would make all of them alike.
        rests = [each.removeprefix(_PREFIX) for each in known]
        return "".join(_PREFIX + rest for rest in get_close_matches(name[len(_PREFIX) :], rests, 1))
    return "".join(get_close_matches(name, known, 1, cutoff=0.85))
