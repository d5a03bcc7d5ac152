"""`--check`: what a host wants to know before strangers come, as a table; nothing is spent.

`command_line` calls it. Every line is found in the way in which the demo itself would meet it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from imagen_demo import NAMED
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.wording import dollars
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.disk_space import DiskSpace
from imagen_demo.service.budget import Budget
from imagen_demo.service.provider import Provider
from imagen_demo.service.provider_settings import SandboxMode
from imagen_demo.settings import Settings

_GB = 10**9


class _Unfit(Exception):  # noqa: N818 - a finding, not a fault of ours
    """What was looked at does not do."""


def check(settings: Settings) -> bool:
    """Print the table, without secrets, and return whether all is well."""
    provider = Provider(settings)
    rows: dict[str, Callable[[], str]] = {
        "address": lambda: _address(settings),
        "folder": lambda: _folder(settings.folder),
        "counter": lambda: _counter(settings),
        "key": lambda: _key(settings, provider),
        "models": lambda: _models(settings, provider),
    }
    print(f"{NAMED}: the settings make sense")  # noqa: T201 - what was asked for
    well = True
    try:
        for name, look in rows.items():
            try:
                line = f"ok    {look()}"
            except (_Unfit, ImagenDemoError) as trouble:
                well, line = False, f"FAIL  {trouble}"
            print(f"{name:9}{line}", flush=True)  # noqa: T201 - see above
    finally:
        provider.close()
    return well


def _address(settings: Settings) -> str:
    settings.address.refuse_taken()
    for_whom = "this machine alone" if settings.local else "whoever reaches it"
    login = "with a login" if settings.access.accounts else "without a login"
    return f"{settings.address.url} is free; for {for_whom}, {login}"


def _folder(folder: Path) -> str:
    if trouble := DiskSpace(Album(folder)).trouble():
        raise _Unfit(trouble)
    return f"{folder} takes pictures; {shutil.disk_usage(folder).free / _GB:.1f} GB free"


def _counter(settings: Settings) -> str:
    if trouble := Budget(settings.allowance).trouble():
        raise _Unfit(trouble)
    shared = settings.allowance.storage.startswith("redis")
    return "Redis answers" if shared else "in this process's memory"


def _key(settings: Settings, provider: Provider) -> str:
    if settings.sandbox is SandboxMode.ONLY:
        return "not used: the sandbox always answers"
    if not settings.host_key:
        return "none: " + (
            "visitors bring their own"
            if settings.sandbox is SandboxMode.OFF
            else "the sandbox draws, or visitors bring their own"
        )
    balance = provider.check_key(settings.host_key)
    return f"it works; {dollars(balance.usd)} left"


def _models(settings: Settings, provider: Provider) -> str:
    if settings.sandbox is SandboxMode.ONLY:
        return "not asked for: the sandbox always answers"
    provider.lifecycle.look()
    if provider.lifecycle.trouble:
        raise _Unfit(f"the list of deprecations was not read: {provider.lifecycle.trouble}")
    return "the list of deprecations was read"
