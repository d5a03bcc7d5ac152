"""A real Redis for tests, a child of theirs on a free port, that keeps nothing."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.demos import free_port


@dataclass(frozen=True)
class RedisServer:
    """A running one."""

    port: int
    password: str
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where it is, as `IMAGEN_DEMO_LIMITS_STORAGE` takes it."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it by its own id; may be done twice."""
        self.process.kill()
        self.process.wait(timeout=20)


@contextmanager
def redis_server(folder: Path, *, password: str = "hunter2") -> Iterator[RedisServer]:  # noqa: S107 - of a test
    """Start one, or skip the test where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    log = folder / "redis.log"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", password]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink)  # noqa: S603 - Debian's own
    running = RedisServer(port, password, process)
    try:
        until = time.monotonic() + 30
        while not _answers(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)
        yield running
    finally:
        running.stop()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"PING\r\n")
            return bool(connection.recv(64))
    except OSError:
        return False
