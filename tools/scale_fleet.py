"""The processes of `make scale-test`: Redis, a stand-in of AI/ML API, two replicas and nginx.

`deploy/nginx.conf` runs as it is shipped, but for its addresses. Everything listens on loopback, on
free ports, writes below one temporary folder, and is ended by its own id.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_of

ROOT = Path(__file__).parent.parent
CONFIGURATION = ROOT / "deploy" / "nginx.conf"

HOST_KEY = "the-host-of-the-scale-test"
PICTURE_TOKENS = 84_000
"""What the default model charges for a picture [AI/ML API's documentation]."""

LATENCY = 2.0
"""Seconds the stand-in takes before it begins to draw."""

_OF_OURS = ("AIML", "IMAGEN_DEMO_", "GRADIO_", "FORWARDED_")
_PATIENCE = 90


@dataclass(frozen=True, slots=True)
class Fleet:
    """What runs.

    Attributes:
        url: nginx's address, without a slash at its end.
        replicas: The replicas' own addresses, the first of which will be killed.
        pictures: The folder they share.
    """

    url: str
    replicas: tuple[str, str]
    pictures: Path
    _first: subprocess.Popen[bytes]
    _second: subprocess.Popen[bytes]
    _record: Path

    def cpu(self) -> float:
        """Seconds of CPU time of both replicas so far."""
        return sum(cpu_of(each.pid) for each in (self._first, self._second))

    def kill_the_first(self) -> None:
        """End a replica as a crash would: at once, whatever it is doing."""
        self._first.kill()
        self._first.wait()

    def paid_for(self) -> Counter[str]:
        """Pictures that the service was asked for with the host's key, by the prompt's first word.

        Raises:
            RuntimeError: Somebody else's key was sent.
        """
        spent: Counter[str] = Counter()
        lines = self._record.read_text().splitlines() if self._record.exists() else []
        for line in map(json.loads, lines):
            if line["authorization"] != f"Bearer {HOST_KEY}":
                raise RuntimeError("a key was sent that is not the host's")
            spent[line["prompt"].split()[0]] += line["pictures"]
        return spent


def program_of(name: str) -> str | None:
    """Where a server's program is; Debian's are not in everybody's path."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def shipped(configuration: str, *, listen: str, replicas: Sequence[str]) -> str:
    """Put addresses into nginx's configuration, and change nothing else.

    Raises:
        ValueError: It does not have each address once.
    """
    places = {"listen 8080;": f"listen {listen};"} | {
        f"server replica-{number}:7860 ": f"server {address} "
        for number, address in enumerate(replicas, 1)
    }
    for there, here in places.items():
        if configuration.count(there) != 1:
            raise ValueError(f"deploy/nginx.conf must have {there!r} once")
        configuration = configuration.replace(there, here)
    return configuration


def nginx_command(folder: Path, *, listen: str, replicas: Sequence[str]) -> tuple[str, ...]:
    """Write nginx's configuration into a folder, and return the command that uses it.

    Raises:
        OSError: nginx is not installed, or the folder cannot be written.
    """
    program = program_of("nginx")
    if program is None:
        raise FileNotFoundError("nginx is not installed")
    folder.mkdir()
    folder.chmod(0o755)  # started by root, its workers are somebody else, who come this way
    folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
    file = folder / "nginx.conf"
    file.write_text(shipped(CONFIGURATION.read_text(), listen=listen, replicas=replicas))
    return (program, "-e", "stderr", "-p", str(folder), "-c", str(file), "-g", "daemon off;")


@contextmanager
def running_fleet(folder: Path, *, visitor_limit: int, daily_pictures: int) -> Iterator[Fleet]:
    """Start everything, wait until it answers, and end it.

    Args:
        folder: Logs, pictures and temporary files go there.
        visitor_limit: Pictures a visitor and hour.
        daily_pictures: Pictures that everyone together may have.

    Raises:
        RuntimeError: Something does not start; its log is told.
    """
    redis, service, front, *ports = (free_port() for _ in range(5))
    record, pictures = folder / "record.jsonl", folder / "pictures"
    settings = {
        "AIMLAPI_BASE_URL": f"http://127.0.0.1:{service}",
        "AIMLAPI_API_KEY": HOST_KEY,
        "IMAGEN_DEMO_PICTURES": str(pictures),
        "IMAGEN_DEMO_LIMITS_STORAGE": f"redis://127.0.0.1:{redis}",
        "IMAGEN_DEMO_VISITOR_LIMIT": f"{visitor_limit}/hour",
        "IMAGEN_DEMO_DAILY_TOKENS": str(daily_pictures * PICTURE_TOKENS),
        "IMAGEN_DEMO_TRUSTED_PROXIES": "1",
    }
    addresses = [f"127.0.0.1:{port}" for port in ports]
    in_front = nginx_command(folder / "nginx", listen=f"127.0.0.1:{front}", replicas=addresses)
    stand_in = ("-m", "tools.scale_stand_in", str(service), str(record), str(LATENCY))
    with ExitStack() as stack:
        started = [
            stack.enter_context(_running(folder / f"{name}.log", command, more))
            for name, command, more in (
                ("redis", _redis(folder, redis), {}),
                ("service", (sys.executable, *stand_in), {}),
                *(_replica(folder, port, settings) for port in ports),
                ("nginx", in_front, {}),
            )
        ]
        for each, port in zip(started, (redis, service, *ports, front), strict=True):
            each.wait_for(port)
        one, other = (f"http://{address}" for address in addresses)
        first, second = (each.process for each in started[2:4])
        url = f"http://127.0.0.1:{front}"
        yield Fleet(url, (one, other), pictures, first, second, record)


_Command = tuple[str, tuple[str, ...], dict[str, str]]


def _replica(folder: Path, port: int, settings: dict[str, str]) -> _Command:
    # As in two containers, the path is the same for both: the page names small versions by it.
    own = {"GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": str(folder / "temporary")}
    return f"replica-{port}", (sys.executable, "app.py"), settings | own


def _redis(folder: Path, port: int) -> tuple[str, ...]:
    program = program_of("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server is not installed")
    options = f"--port {port} --bind 127.0.0.1 --appendonly no --dir {folder} --save"
    return (program, *options.split(), "")


@dataclass(frozen=True, slots=True)
class _Started:
    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, port: int) -> None:
        until = time.monotonic() + _PATIENCE
        while self.process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        said = self.log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{self.log.stem} did not start:\n{said}")


@contextmanager
def _running(log: Path, command: Sequence[str], more: dict[str, str]) -> Iterator[_Started]:
    """Run a command, with nothing of what the terminal's own settings say of the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_OURS)}
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - the project's own commands
            command,
            cwd=ROOT,
            env={**kept, "NO_PROXY": "127.0.0.1,localhost", **more},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _Started(process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
