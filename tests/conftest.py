"""What every test may use: a clean environment, a real sandbox, a service that follows a script."""

import gc
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from imagen_demo.domain.generation import Generation, Picture
from imagen_demo.gradio_stubs import import_gradio
from imagen_demo.sandbox.server import Sandbox

MADE_UP = "made-up-name.test"
"""A name that nobody has."""


def pytest_configure(config: pytest.Config) -> None:
    """Give Gradio a folder and ports of its own, before it is imported and asks where."""
    if config.getoption("numprocesses") and not hasattr(config, "workerinput"):
        return  # it hands tests out, and takes none
    folder = TemporaryDirectory(prefix="imagen-demo-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["GRADIO_TEMP_DIR"] = folder.name
    # It looks for a free port and takes it a moment later, when another may have taken it. Where it
    # looks it reads when it is imported; `_clean_environment` would come before that.
    os.environ["GRADIO_SERVER_PORT"] = str(10_000 + 100 * (os.getpid() % 200))
    gc.disable()
    import_gradio()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the page's files among the others: those work, and many of these wait.

    They are through by three quarters of the way, since at its end a long one would be alone.
    """
    files = [list(each) for _, each in groupby(items, attrgetter("path"))]
    page = [each for each in files if each[0].path.parent.name == "page"]
    others = [each for each in files if each not in page]
    placed = [
        (share * at / len(some), each)
        for share, some in ((0.75, page), (1, others))
        for at, each in enumerate(some)
    ]
    items[:] = [item for _, each in sorted(placed, key=itemgetter(0)) for item in each]


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every search for garbage: it stays."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish() -> None:
    """Let whoever asks at the end what refers to what be told."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, setting or proxy of the machine reaches a test."""
    for name in list(os.environ):
        ours = name.startswith(("AIML", "IMAGEN_DEMO_", "GRADIO_")) and name != "GRADIO_TEMP_DIR"
        if ours or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The real sandbox, answering at once."""
    running = Sandbox.start(latency=0)
    yield running
    running.close()


def png(width: int = 8, height: int = 8, colour: str = "teal") -> bytes:
    """A real picture, small unless it is to be large, of one colour."""
    stream = BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


@pytest.fixture(scope="module")
def flat_pictures() -> Iterator[None]:
    """Let the sandbox of this process draw one colour, another for other words and seeds.

    It paints with a tenth of a second's work, for tests that look at all else.
    """

    def flat(prompt: str, *, seed: int, width: int, height: int) -> bytes:
        colour = "#" + sha256(f"{seed}:{prompt}".encode()).hexdigest()[:6]
        return png(width, height, colour)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("imagen_demo.sandbox.server.paint", flat)
        yield


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were to pass between one attempt and the next; nobody waits for them."""
    asked: list[float] = []
    clock = SimpleNamespace(sleep=asked.append, time=time.time, monotonic=time.monotonic)
    monkeypatch.setattr("urllib3.util.retry.time", clock)
    monkeypatch.setattr("imagen_demo.aimlapi.picture_download.time", clock)
    return asked


class Told(list[tuple[int, Generation]]):
    """What an `on_picture` was told, in this order; a list that can be called."""

    def __call__(self, number: int, so_far: Generation) -> None:
        """Be told of one picture, and of the generation so far."""
        self.append((number, so_far))

    @property
    def pictures(self) -> list[tuple[int, Picture]]:
        """The pictures with their places, one each time, in the order in which they were told."""
        told = []
        for number, so_far in self:
            (picture,) = so_far.pictures
            told.append((number, picture))
        return told

    @property
    def places(self) -> list[int]:
        """The pictures' places, in the order in which they were told."""
        return [number for number, _ in self]


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """One answer to give, after `seconds`; `drip` waits before each byte of it.

    `hang_up` closes the connection without a word.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    drip: float = 0.0
    hang_up: bool = False


Script = Callable[[Received], Answer]


def _pieces(answer: Answer) -> list[bytes]:
    if not answer.drip:
        return [answer.body]
    return [answer.body[at : at + 1] for at in range(len(answer.body))]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # connections that arrive at once


class Service:
    """A real HTTP server on loopback that answers by a script and remembers what it was asked."""

    def __init__(self) -> None:
        """Start it on a port of its own."""
        self.script: Script = lambda _: Answer(404)
        self.received: list[Received] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Received(self.command, self.path, headers, self.rfile.read(length))
                service.received.append(asked)
                answer = service.script(asked)
                service.pause.wait(answer.seconds)
                if answer.hang_up:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in {"content-length": str(len(answer.body))}.items():
                    if name not in answer.headers:
                        self.send_header(name, value)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # whoever has read enough hangs up
                    for piece in _pieces(answer):
                        service.pause.wait(answer.drip)
                        self.wfile.write(piece)

            do_GET = do_POST = _answer  # noqa: N815 - names the standard library looks for

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self.pause = threading.Event()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def until_asked(self) -> None:
        """Wait until it has been asked for a picture."""
        until = time.monotonic() + 60
        while not any(asked.method == "POST" for asked in self.received):
            assert time.monotonic() < until
            time.sleep(0.02)

    def close(self) -> None:
        """Wake whoever still waits, and stop."""
        self.pause.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that follows a script."""
    running = Service()
    yield running
    running.close()


@pytest.fixture
def other_service() -> Iterator[Service]:
    """A second one, on another port: a host that must never see the key."""
    running = Service()
    yield running
    running.close()


@pytest.fixture
def made_up_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the made-up name lead to this machine, as a hostile DNS would."""
    real = socket.getaddrinfo

    def look_up(host: str | bytes | None, *rest: Any, **more: Any) -> object:  # noqa: ANN401
        return real("127.0.0.1" if host == MADE_UP else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate of the made-up name, for a server, and everybody's trust in it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    making += ["-nodes", "-subj", "/CN=Test", "-addext", f"subjectAltName=DNS:{MADE_UP}"]
    making += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(making, check=True, capture_output=True, timeout=60)  # noqa: S603 - ours
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
