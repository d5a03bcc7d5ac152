"""Whether what the demo needs is there: asked before any of it is imported.

`app.py` and `__main__` ask. A Python that is too old for the rest, as old as 3.7, must understand
this module, to say so in a sentence.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

_OLDEST = (3, 11)

_REQUIREMENTS = Path(__file__).parent.parent / "requirements.txt"
"""In a checkout; what was installed as a package knows by itself."""

_NAME, _OLDEST_NEEDED = re.compile(r"[\w.-]+"), re.compile(r">=([\d.]+)")


def refuse_what_cannot_run() -> None:
    """End the process with a sentence where Python or a package is missing or too old."""
    if sys.version_info < _OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"This demo needs Python 3.11 or newer, and this is {found}.")
    unmet = _unmet(_required())
    if unmet:
        install = "pip install -r requirements.txt" if _REQUIREMENTS.is_file() else "pip install ."
        sys.exit(f"{'; '.join(unmet)}. Run {install} with this Python: {sys.executable}")


def _required() -> Iterable[str]:
    from importlib import metadata  # noqa: PLC0415 - Python 3.7 has none

    if _REQUIREMENTS.is_file():
        return _REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    try:
        return metadata.requires("imagen-demo") or ()
    except metadata.PackageNotFoundError:  # copied without either
        return ()


def _unmet(required: Iterable[str]) -> list[str]:
    """Say of each package that is missing or too old what is wanted."""
    from importlib import metadata  # noqa: PLC0415 - see above

    unmet = []
    for line in required:
        wanted, since = _NAME.match(line), _OLDEST_NEEDED.search(line)
        if wanted is None:
            continue
        name, oldest = wanted[0], since[1] if since else "0"
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            unmet.append(f"The package {name} is not installed")
            continue
        if _numbers(version) < _numbers(oldest):
            unmet.append(f"The package {name} is {version}, and {oldest} or newer is needed")
    return unmet


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version.partition("+")[0])[:3]))
