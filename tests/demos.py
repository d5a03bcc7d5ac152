"""Running demos for tests: in this process, or as the command that a host would type."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import httpx
from gradio.utils import get_upload_folder
from limits import parse

from imagen_demo.launch import build
from imagen_demo.pictures.examples import GALLERY
from imagen_demo.server.access import Access
from imagen_demo.service.generate import Service
from imagen_demo.service.provider import Provider
from imagen_demo.service.provider_settings import Payer
from imagen_demo.settings import Settings

ROOT = Path(__file__).parent.parent

IN_ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""The environment of a process whose file system spells ASCII alone."""


@contextmanager
def running_demo(  # noqa: PLR0913 - each is one thing that a host decides
    service: Service,
    *,
    without_key: Payer = "sandbox",
    album: Path | None = None,
    gallery: Path = GALLERY,
    access: Access | None = None,
    mcp: bool = False,
) -> Iterator[str]:
    """Serve the page in this process and give its address."""
    # A folder of its own: an album takes no other.
    folder = album or Path(mkdtemp(prefix="album-", dir=get_upload_folder()))
    settings = Settings(pictures=folder, access=access or Access(), mcp=mcp)
    demo = build(settings, service=service, without_key=without_key, gallery=gallery)
    try:
        yield demo.serve(prevent_thread_lock=True, quiet=True)
    finally:
        demo.page.close(verbose=False)


@contextmanager
def sandbox_demo(settings: Settings | None = None, *, latency: float = 0) -> Iterator[str]:
    """Serve the page with the parts that `app.py` uses."""
    # Tests draw more than any one visitor may.
    given = settings or Settings(sandbox_limit=parse("9999/hour"))
    provider = Provider(given, sandbox_latency=latency)
    try:
        with running_demo(
            provider,
            without_key=provider.without_key,
            access=given.access,
            mcp=given.mcp,
        ) as url:
            yield url
    finally:
        provider.close()


@dataclass(frozen=True)
class Program:
    """A demo in a process of its own."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def program(
    folder: Path, *command: str, environment: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[Program]:
    """Start a command that serves the demo, wait for its page, and end it by its own id."""
    port = port or free_port()
    log = folder / "log.txt"
    given = {
        **os.environ,
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
        "IMAGEN_DEMO_PICTURES": str(folder / "pictures"),
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        **(environment or {}),
    }
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - the project's own commands
            command or (sys.executable, "app.py"),
            cwd=ROOT,
            env=given,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # `gradio app.py` has a child that would outlive it
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url, process)
        yield Program(url, log, process)
    finally:
        with suppress(ProcessLookupError):  # a test has ended it itself
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=40)  # it lets what is being drawn arrive


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def until_it_stops(url: str) -> httpx.Response:
    """Wait until a demo takes nothing new, and return how it says so."""
    until = time.monotonic() + 60
    while (ready := httpx.get(f"{url}readyz", trust_env=False, timeout=30)).is_success:
        assert time.monotonic() < until
        time.sleep(0.02)
    return ready
