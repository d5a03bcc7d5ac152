"""The variables that there are, as a table, and what the host set of them.

`settings` makes something of each; `docs/settings.md` is written from the table (`make docs`). A
name that is not in it is a slip of the pen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.domain.vendor import VENDOR


@dataclass(frozen=True, slots=True)
class Variable:
    """A row of the table.

    Attributes:
        name: What the host sets.
        default: What counts where it is not set or empty, as a host would write it.
        does: What it does, in Markdown.
    """

    name: str
    default: str
    does: str


VARIABLES = (
    Variable(
        "AIMLAPI_API_KEY",
        "",
        "the host's key; `AIML_API_KEY` and `AIMLAPI_KEY` are read next, in this order",
    ),
    Variable("AIML_API_KEY", "", "the same, under the name other tools use"),
    Variable("AIMLAPI_KEY", "", "the same, under the name other tools use"),
    Variable(
        "AIMLAPI_BASE_URL",
        VENDOR.base_url,
        "where AI/ML API is; plain http only on this machine",
    ),
    Variable(
        "IMAGEN_DEMO_SANDBOX",
        "auto",
        "`auto`: the sandbox answers when there is no key; `only`: it always answers; `off`: a "
        "key is asked for",
    ),
    Variable(
        "IMAGEN_DEMO_SANDBOX_LIMIT",
        "120/hour",
        "pictures that it draws for each visitor, unless the demo listens on its own machine "
        "alone; each process counts for itself",
    ),
    Variable("IMAGEN_DEMO_CONNECT_TIMEOUT", "10", "seconds to wait for a connection"),
    Variable("IMAGEN_DEMO_READ_TIMEOUT", "180", "seconds to wait for an answer"),
    Variable(
        "IMAGEN_DEMO_PICTURES",
        "pictures",
        "the folder of pictures, beside the app unless absolute; on a Space with storage "
        "`/data/pictures`",
    ),
    Variable("IMAGEN_DEMO_KEEP_DAYS", "", "pictures older than this are deleted"),
    Variable(
        "IMAGEN_DEMO_KEEP_GB", "", "from this many gigabytes of pictures on, the oldest are deleted"
    ),
    Variable(
        "IMAGEN_DEMO_VISITOR_LIMIT",
        "10/hour",
        "pictures that the host's key pays for, for each visitor",
    ),
    Variable(
        "IMAGEN_DEMO_DAILY_TOKENS",
        "2000000",
        "tokens that it pays for in 24 hours, all visitors together: one dollar",
    ),
    Variable(
        "IMAGEN_DEMO_LIMITS_STORAGE",
        "memory://",
        "where both are counted; `redis://host:6379` shares them among processes and restarts",
    ),
    Variable(
        "IMAGEN_DEMO_TRUSTED_PROXIES",
        "0",
        "how many proxies stand before the demo, each appending whom it saw to `X-Forwarded-For`, "
        "and setting or dropping `X-Forwarded-Host` and `-Proto`; `1` on a Space. Without any, no "
        "`X-Forwarded` header is believed",
    ),
    Variable(
        "IMAGEN_DEMO_AUTH",
        "",
        "`user:password`, or several with commas between them: a login in front of everything",
    ),
    Variable(
        "IMAGEN_DEMO_HOST_PASSWORD",
        "",
        "opens `/host`, where the host sees how the day goes and turns budget, limits and key, and "
        "`/stage`, where a room sees what its phones draw; without it there is no such page, and a "
        "stage only behind the login",
    ),
    Variable(
        "IMAGEN_DEMO_ALLOWED_ORIGINS",
        "",
        "other sites, such as `https://example.org`, whose pages may call this demo",
    ),
    Variable(
        "IMAGEN_DEMO_FRAME_ANCESTORS",
        "self,https://huggingface.co,https://*.hf.space",
        "who may show the page in a frame; `none` for nobody",
    ),
    Variable(
        "IMAGEN_DEMO_LOG",
        "text",
        "`json`: one line of JSON a request to stdout, with neither key nor address, and whatever "
        "else it logs; Gradio's own tracebacks are text on stderr",
    ),
    Variable("IMAGEN_DEMO_LOG_PROMPTS", "0", "`1`: the prompts are in that line, too"),
    Variable(
        "IMAGEN_DEMO_METRICS",
        "0",
        "`1`: Prometheus is answered at `/metrics`, behind the login where there is one",
    ),
    Variable(
        "IMAGEN_DEMO_MCP",
        "0",
        "`1`: MCP clients are answered at `/gradio_api/mcp`; needs `requirements-mcp.txt`",
    ),
)

_DEFAULTS = {each.name: each.default for each in VARIABLES}

_PREFIX = "IMAGEN_DEMO_"

_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*""")

_SERVICE_LINK = re.compile(
    r"\w+_(SERVICE_HOST|SERVICE_PORT\w*|PORT_[0-9]+_\w+)=.*|\w+_PORT=\w+://.*"
)
"""What Kubernetes sets for a Service of this name, in every container beside it [Kubernetes
documentation, Service, environment variables]."""


class Environment:
    """What the host set, without space or quotes around it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """`variables` as the process has them: `docker --env-file` leaves quotes as they are."""
        self._held = {name: _unquoted(value) for name, value in variables.items()}

    def setting(self, name: str, *, on_space: str = "") -> str:
        """Give what a variable holds, else its default.

        Args:
            name: One of the table.
            on_space: The default on a Hugging Face Space, if that is another.

        Raises:
            KeyError: The table has no row for it.
        """
        there = on_space if self.other("SPACE_ID") else ""
        return self.other(name) or there or _DEFAULTS[name]

    def other(self, name: str) -> str:
        """Give what a variable holds that need not be ours; empty if nothing."""
        return self._held.get(name, "")

    def refuse_unknown(self) -> None:
        """Look for names that look like a setting's and are none.

        Raises:
            ConfigurationError: There is one; says which, and the nearest that is known.
        """
        known = sorted(name for name in _DEFAULTS if name.startswith(_PREFIX))
        for name, value in sorted(self._held.items()):
            if name in known or _SERVICE_LINK.fullmatch(f"{name}={value}"):
                continue
            nearest = _nearest(name.upper(), known)
            if nearest or name.upper().startswith(_PREFIX):
                raise ConfigurationError(
                    f"{name} is not a setting of this demo.",
                    advice=f"Did you mean {nearest}?"
                    if nearest
                    else "docs/settings.md lists them all.",
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
