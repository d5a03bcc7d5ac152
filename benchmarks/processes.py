"""The processes that are measured: started, waited for, watched through /proc, and ended by id.

`demos` says which; Linux only, since CPU time and memory are read where Linux tells them.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent

_OF_OURS = ("AIML", "IMAGEN_DEMO_", "GRADIO_", "FORWARDED_")
_PATIENCE = 60
_MB = 1024  # the kernel counts in KiB


@dataclass(frozen=True, slots=True)
class Running:
    """A process that answers.

    Attributes:
        url: Its address, without a slash at its end.
        started_in: Seconds from the command to the first 200 on `/`.
    """

    url: str
    pid: int
    started_in: float

    def cpu(self) -> float:
        """CPU time so far, in seconds."""
        return cpu_of(self.pid)

    def memory(self) -> float:
        """Resident memory now, in MB."""
        return self._status("VmRSS")

    def _status(self, name: str) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / _MB


def cpu_of(process: int) -> float:
    """CPU time of a process so far, in seconds: user and system, all threads [proc(5)]."""
    # The second field is the program's name, which may hold spaces.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def service(latency: float) -> Iterator[str]:
    """Run the service, and yield its address."""
    command = (sys.executable, "-m", "benchmarks.service", "--latency", str(latency))
    with _process(command, {}, stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise RuntimeError("the service has no output")
        address = process.stdout.readline().decode().strip()
        if not address:
            raise RuntimeError("the service did not start")
        yield address


def first_line_of(command: Sequence[str], settings: Mapping[str, str]) -> str:
    """Run a command until it has said a line, and return that.

    Raises:
        RuntimeError: It ended without a word.
    """
    with _process(command, settings, stdout=subprocess.PIPE) as process:
        said = process.stdout.readline().decode().strip() if process.stdout else ""
    if not said:
        raise RuntimeError(f"{command} said nothing")
    return said


@contextmanager
def demo(command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> Iterator[Running]:
    """Run a Gradio demo until it answers, and end it.

    Args:
        command: What follows `python`.
        folder: Its pictures, temporary files and log go there.
        settings: Its environment, beside what every Gradio demo is given here.

    Raises:
        RuntimeError: It does not start; its log is told.
    """
    port = free_port()
    environment = {
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(folder / "temporary"),
        "GRADIO_ANALYTICS_ENABLED": "False",  # no demo here calls anybody
        "MALLOC_ARENA_MAX": "2",  # as the Makefile and the Dockerfile start this one
        **settings,
    }
    log = folder / "log"
    with log.open("wb") as sink:
        started = time.perf_counter()
        with _process((sys.executable, *command), environment, stdout=sink) as process:
            url = f"http://127.0.0.1:{port}"
            if not _answers(url, process):
                raise RuntimeError(f"{command} did not start:\n{log.read_text()[-2000:]}")
            yield Running(url, process.pid, time.perf_counter() - started)


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Ask for `/` until it is there."""
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == HTTPStatus.OK:
                return True
        except (OSError, HTTPException):
            time.sleep(0.01)
        finally:
            connection.close()
    return False


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def _process(
    command: Sequence[str], more: Mapping[str, str], *, stdout: object
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command, with nothing of what the terminal's own settings say of the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_OURS)}
    process = subprocess.Popen(  # noqa: S603 - the project's own commands
        command,
        cwd=ROOT,
        env={**kept, "NO_PROXY": "127.0.0.1,localhost", **more},
        stdout=stdout,  # type: ignore[call-overload]
        stderr=None if stdout == subprocess.PIPE else subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        # Nothing of it is needed any more, and a demo that ends politely waits for its visitors.
        process.kill()
        process.wait()
