"""The environment, read once at the start; the only reader of `os.environ`.

`app.py` reads it and hands it to `launch`. A bad value stops the start with one sentence that
names the variable and never repeats a secret.
"""

import math
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from limits import RateLimitItem, parse

from imagen_demo.aimlapi.ssrf_guard import is_loopback
from imagen_demo.aimlapi.transport import Timeouts
from imagen_demo.domain.errors import ConfigurationError, InvalidRequest
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.environment import Environment
from imagen_demo.pictures.retention import Limits
from imagen_demo.server.access import Access
from imagen_demo.server.address import PORT, ServerAddress
from imagen_demo.service.api_key import KEY_VARIABLES, clean_key
from imagen_demo.service.budget import Allowance
from imagen_demo.service.provider_settings import SandboxMode

DEFAULT_BASE_URL = VENDOR.base_url

_CHECKOUT = Path(__file__).parent.parent

_SPACE_STORAGE = Path("/data")
"""Where a Hugging Face Space mounts its persistent storage [Hugging Face documentation]."""


class LogStyle(StrEnum):
    """How the log looks: for people, or one line of JSON a request."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the host decides.

    Attributes:
        host_key: Pays for visitors without a key of their own; empty if there is none.
        base_url: Where AI/ML API is, without `/v1`.
        sandbox: When the sandbox answers.
        sandbox_limit: Pictures that it draws for each visitor from another machine.
        timeouts: Seconds to wait for AI/ML API.
        pictures: The folder they are kept in; `folder` says where it is.
        limits: How long they are kept.
        allowance: What visitors may spend of the host's key.
        log: How the log looks.
        log_prompts: Whether prompts are in it.
        mcp: Whether MCP clients are answered.
        access: Who may come in, and from where.
        address: Where it listens.
        host_password: Opens the host's page; without one there is none.
        metrics: Whether Prometheus is answered.
    """

    host_key: str = field(default="", repr=False)
    base_url: str = DEFAULT_BASE_URL
    sandbox: SandboxMode = SandboxMode.AUTO
    sandbox_limit: RateLimitItem = field(default_factory=lambda: parse("120/hour"))
    timeouts: Timeouts = field(default_factory=Timeouts)
    pictures: Path = Path("pictures")
    limits: Limits = field(default_factory=Limits)
    allowance: Allowance = field(default_factory=Allowance)
    mcp: bool = False
    access: Access = field(default_factory=Access)
    address: ServerAddress = field(default_factory=ServerAddress)
    host_password: str = field(default="", repr=False)
    metrics: bool = False
    log: LogStyle = LogStyle.TEXT
    log_prompts: bool = False

    @property
    def local(self) -> bool:
        """Whether the demo is there for this machine alone."""
        return self.access.local

    @property
    def folder(self) -> Path:
        """Where pictures are kept: beside `app.py`, or where an installed demo was started."""
        home = _CHECKOUT if (_CHECKOUT / "app.py").is_file() else Path.cwd()
        return home / self.pictures

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings; a variable that is empty counts as not set.

        Raises:
            ConfigurationError: A value makes no sense, or a name is unknown; names the variable.
        """
        environ = os.environ if environ is None else environ
        port = _port(environ.get("GRADIO_SERVER_PORT", str(PORT)))
        given = Environment(environ)
        settings = cls._read(given, port)
        given.refuse_unknown()
        return settings

    @classmethod
    def _read(cls, given: Environment, port: int) -> Self:
        return cls(
            host_key=_key(given),
            base_url=_base_url(given.setting("AIMLAPI_BASE_URL")),
            sandbox=_sandbox(given.setting("IMAGEN_DEMO_SANDBOX")),
            sandbox_limit=_pictures_a_time(given, "IMAGEN_DEMO_SANDBOX_LIMIT"),
            timeouts=Timeouts(
                connect=_seconds(given, "IMAGEN_DEMO_CONNECT_TIMEOUT"),
                read=_seconds(given, "IMAGEN_DEMO_READ_TIMEOUT"),
            ),
            pictures=_folder(given),
            limits=Limits(
                days=_more_than_zero(given, "IMAGEN_DEMO_KEEP_DAYS"),
                gb=_more_than_zero(given, "IMAGEN_DEMO_KEEP_GB"),
            ),
            allowance=Allowance(
                visitor_limit=_pictures_a_time(given, "IMAGEN_DEMO_VISITOR_LIMIT"),
                daily_tokens=_whole(given, "IMAGEN_DEMO_DAILY_TOKENS"),
                storage=_limits_storage(given.setting("IMAGEN_DEMO_LIMITS_STORAGE")),
            ),
            mcp=_mcp(given),
            access=Access.read(
                auth=given.setting("IMAGEN_DEMO_AUTH"),
                origins=given.setting("IMAGEN_DEMO_ALLOWED_ORIGINS"),
                framing=given.setting("IMAGEN_DEMO_FRAME_ANCESTORS"),
                # Nobody reaches a Space but through Hugging Face's.
                trusted_proxies=_whole(given, "IMAGEN_DEMO_TRUSTED_PROXIES", on_space="1"),
                on_loopback=_on_loopback(given.other("GRADIO_SERVER_NAME")),
            ),
            address=ServerAddress(given.other("GRADIO_SERVER_NAME"), port),
            host_password=_password(given.setting("IMAGEN_DEMO_HOST_PASSWORD")),
            metrics=_yes_or_no(given, "IMAGEN_DEMO_METRICS"),
            log=_log(given.setting("IMAGEN_DEMO_LOG")),
            log_prompts=_yes_or_no(given, "IMAGEN_DEMO_LOG_PROMPTS"),
        )


def _key(given: Environment) -> str:
    for name in KEY_VARIABLES:
        try:
            key = clean_key(given.setting(name))
        except InvalidRequest as cause:
            message = f"{name} does not hold an API key. {cause.message}"
            raise ConfigurationError(message) from cause
        if key:
            return key
    return ""


def _base_url(value: str) -> str:
    """Accept an address as other tools of the ecosystem write it, with `/v1` at its end or not."""
    url = value.rstrip("/").removesuffix("/v1").rstrip("/")
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not re.fullmatch(r"https?://[!-~]+", url) or set(url) & set("?#\\"):
        raise ConfigurationError(
            "AIMLAPI_BASE_URL is not an address such as " + DEFAULT_BASE_URL + "."
        )
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("AIMLAPI_BASE_URL must not contain a user name or a password.")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigurationError(
            "AIMLAPI_BASE_URL must begin with https://, since the key travels there."
        )
    return url


def _on_loopback(listens_on: str) -> bool:
    """Whether only this machine reaches what listens there; Gradio's default is such an address."""
    return is_loopback(listens_on.strip("[]").lower() or "localhost")


def _port(value: str) -> int:
    """Take what Gradio takes, which reads it by itself, quotes and all."""
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 0 < int(value) < 2**16:
        raise ConfigurationError(
            f"GRADIO_SERVER_PORT must be a number from 1 to 65535; leave it out for {PORT}."
        )
    return int(value)


def _sandbox(value: str) -> SandboxMode:
    try:
        return SandboxMode(value.lower())
    except ValueError as cause:
        choices = ", ".join(SandboxMode)
        raise ConfigurationError(f"IMAGEN_DEMO_SANDBOX must be one of: {choices}.") from cause


def _log(value: str) -> LogStyle:
    try:
        return LogStyle(value.lower())
    except ValueError as cause:
        raise ConfigurationError("IMAGEN_DEMO_LOG must be text or json.") from cause


def _seconds(given: Environment, name: str) -> float:
    try:
        seconds = float(given.setting(name))
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 3600:  # noqa: PLR2004 - an hour is more than any picture takes
        raise ConfigurationError(f"{name} must be a number of seconds between 0 and 3600.")
    return seconds


def _folder(given: Environment) -> Path:
    """Where the host says; else on the storage that outlives a Space, or beside the app."""
    storage = str(_SPACE_STORAGE / "pictures") if os.access(_SPACE_STORAGE, os.W_OK) else ""
    try:
        return Path(given.setting("IMAGEN_DEMO_PICTURES", on_space=storage)).expanduser()
    except RuntimeError as cause:
        raise ConfigurationError("IMAGEN_DEMO_PICTURES names nobody's home folder.") from cause


def _pictures_a_time(given: Environment, name: str) -> RateLimitItem:
    said = given.setting(name)
    # One limit, of a time that is not absurd.
    if re.fullmatch(r"[0-9]{1,9} *(/|per) *([1-9][0-9]{0,3} *)?[a-z]+", said, re.IGNORECASE):
        with suppress(ValueError):
            return parse(said)
    raise ConfigurationError(f"{name} must be pictures a time, such as 10/hour or 3 per minute.")


def _limits_storage(storage: str) -> str:
    """Accept what several processes can share; the address may hold a password, so is not said."""
    if storage == Allowance().storage or _is_redis(storage):
        return storage
    raise ConfigurationError(
        "IMAGEN_DEMO_LIMITS_STORAGE must be memory:// or redis://[:password@]host[:port][/number]."
    )


def _is_redis(address: str) -> bool:
    try:
        parts = urlsplit(address)
        readable = bool(parts.hostname) and parts.port != 0 and not parts.query
    except ValueError:
        return False
    return readable and bool(re.fullmatch(r"rediss?://[!-~]+", address))


def _whole(given: Environment, name: str, *, on_space: str = "") -> int:
    said = given.setting(name, on_space=on_space)
    if not re.fullmatch(r"[0-9]{1,12}", said):
        raise ConfigurationError(f"{name} must be a whole number, zero or more.")
    return int(said)


def _yes_or_no(given: Environment, name: str) -> bool:
    said = given.setting(name).lower()
    if said not in {"1", "true", "0", "false"}:
        raise ConfigurationError(f"{name} must be 1 or 0.")
    return said in {"1", "true"}


def _mcp(given: Environment) -> bool:
    wanted = _yes_or_no(given, "IMAGEN_DEMO_MCP")
    if wanted and find_spec("mcp") is None:
        raise ConfigurationError(
            "IMAGEN_DEMO_MCP needs the package mcp, which is not installed.",
            advice="Run pip install -r requirements-mcp.txt and start again.",
        )
    return wanted


def _password(said: str) -> str:
    if not re.fullmatch(r"[ -~]*", said):
        raise ConfigurationError(
            "IMAGEN_DEMO_HOST_PASSWORD must be letters, digits and signs that every keyboard has."
        )
    return said


def _more_than_zero(given: Environment, name: str) -> float:
    """Read a limit; not set means none."""
    try:
        limit = float(given.setting(name) or math.inf)
    except ValueError:
        limit = math.nan
    if not limit > 0:
        raise ConfigurationError(f"{name} must be a number above zero; leave it out for no limit.")
    return limit
