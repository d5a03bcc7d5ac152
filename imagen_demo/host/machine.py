"""What the machine has left: room on a disk, and this process's memory."""

import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from shutil import disk_usage

from imagen_demo import NAMED

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Machine:
    """As it is now.

    Attributes:
        disk_free: Bytes of the disk on which pictures are kept; None if nobody can tell.
        memory: Bytes that this process holds; None where the system does not say so.
    """

    disk_free: int | None
    memory: int | None


def machine(folder: Path) -> Machine:
    """Look at the disk of a folder, and at this process."""
    try:
        free: int | None = disk_usage(folder).free
    except OSError:
        free = None
    return Machine(free, memory())


def memory() -> int | None:
    """Bytes that this process holds, as Linux says it [proc(5), VmRSS]."""
    try:
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    found = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return next((int(kilobytes) * 1024 for kilobytes in found), None)


def versions() -> str:
    """Which demo this is, and on what it runs."""
    return f"{NAMED}, Gradio {version('gradio')}, Python {platform.python_version()}"
