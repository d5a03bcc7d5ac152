"""The log of requests: one line each, for people or, as JSON, for programs; never a key.

`service/generate` writes an entry for every request that was answered or refused, `launch` chooses
how lines look.
"""

import json
import logging
import secrets
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

from uvicorn.config import LOGGING_CONFIG

log = logging.getLogger("imagen_demo")

# Whoever reads the log can tell visitors apart, but not look an address up in it.
_salt = secrets.token_bytes(16)


DRAWN = "drawn"
"""The outcome of a request that was answered with pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What became of one request.

    Attributes:
        visitor: Who asked, unrecognisable, and by another name after a restart.
        outcome: `drawn`, or the name of the failure.
        seconds: From the request to the last picture's last byte, or to the failure.
        prompt: What was asked for, in the log only if the host wants it there.
        pictures: How many came.
        tokens_used: What all of them cost; None if the service did not say.
        status: The service's HTTP status, if that was the failure.
        inference_id: The service's own id of the request; empty if it gave none.
        request_id: The id that we sent along; empty if it was not needed.
    """

    visitor: str
    model: str
    outcome: str
    seconds: float
    prompt: str
    pictures: int = 0
    tokens_used: int | None = None
    status: int | None = None
    inference_id: str = ""
    request_id: str = ""


def write(entry: Entry, line: str) -> None:
    """Write an entry, for people as `line`; a failure is a warning."""
    level = logging.INFO if entry.outcome == DRAWN else logging.WARNING
    entry = replace(entry, visitor=disguised(entry.visitor))
    log.log(level, "%s", line, extra={"entry": entry})


def disguised(visitor: str) -> str:
    """The name that a visitor has in this process's log; empty for nobody."""
    hidden = blake2b(visitor.encode(), key=_salt, digest_size=8).hexdigest()
    return hidden if visitor else ""


def disguise_by(salt: bytes) -> None:
    """Let visitors have the names that they have in other processes which disguise by the same."""
    global _salt  # noqa: PLW0603 - one for the process, as its log is
    _salt = salt


def speak_json(*, prompts: bool) -> None:
    """Make every line that is logged in this process a line of JSON on stdout."""
    lines = logging.StreamHandler(sys.stdout)
    lines.setFormatter(JsonLines(prompts=prompts))
    logging.getLogger().handlers = [lines]
    logging.captureWarnings(capture=True)
    # Uvicorn brings handlers of its own, which write tracebacks as they are.
    LOGGING_CONFIG["loggers"] = {}


class JsonLines(logging.Formatter):
    """Lines of JSON: an entry's fields, or the message of whatever else is logged."""

    def __init__(self, *, prompts: bool = False) -> None:
        """`prompts` says whether the host wants them in the log."""
        super().__init__()
        self._prompts = prompts

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = getattr(record, "entry", None)
        said: dict[str, object] = {"time": time, "level": record.levelname.lower()}
        if isinstance(entry, Entry):
            said |= asdict(entry)
            if not self._prompts:
                del said["prompt"]
        else:
            said |= {"logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
