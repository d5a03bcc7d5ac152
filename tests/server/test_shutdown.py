"""SIGTERM: what is being drawn arrives and is kept, what is new is refused, and then it ends."""

import json
import signal
import socket
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from gradio_client import Client

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import read
from tests.conftest import Answer, Received, Service, png
from tests.demos import program, until_it_stops

pytestmark = pytest.mark.host


def drawn(seconds: float = 60) -> Answer:
    body = {"data": [{"b64_json": b64encode(png()).decode()}], "usage": {"tokens_used": 84000}}
    return Answer(body=json.dumps(body).encode(), seconds=seconds)


def begin_a_call(url: str) -> socket.socket:
    """Send all but the last byte of one."""
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    line = socket.create_connection((host, int(port)), timeout=10)
    head = f"POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n"
    line.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
    return line


def test_a_picture_on_its_way_arrives_and_is_kept_while_new_ones_are_refused(
    tmp_path: Path, service: Service
) -> None:
    def script(asked: Received) -> Answer:
        return drawn() if asked.method == "POST" else Answer(404)

    service.script = script
    given = {"AIMLAPI_BASE_URL": service.url, "AIMLAPI_API_KEY": "hunter2"}
    with program(tmp_path, environment=given) as running, ThreadPoolExecutor(1) as elsewhere:
        client = Client(running.url, verbose=False, download_files=tmp_path / "downloads")
        waiting = elsewhere.submit(client.predict, prompt="A lake", api_name="/generate")
        service.until_asked()
        half_sent = begin_a_call(running.url)
        running.process.send_signal(signal.SIGTERM)
        able = until_it_stops(running.url)
        assert (able.status_code, able.text) == (503, "not ready: stopping")
        with half_sent:
            half_sent.sendall(b"}")
            assert half_sent.recv(100).startswith(b"HTTP/1.1 503 ")
        alive = requests.get(f"{running.url}healthz", timeout=30)
        assert (alive.status_code, alive.text) == (200, "ok"), "whoever ends it now loses a picture"
        refused = requests.post(f"{running.url}gradio_api/queue/join", json={}, timeout=30)
        assert refused.status_code == 503
        service.pause.set()
        pictures, _ = waiting.result(timeout=60)
        assert Path(pictures[0]).is_file()
        assert running.process.wait(timeout=40) == 0
    (kept,) = (tmp_path / "pictures").rglob("*.png")
    recipe = read(kept)
    assert isinstance(recipe, Recipe)
    assert recipe.request.prompt == "A lake"


def test_with_nothing_to_wait_for_it_ends_at_once(tmp_path: Path, service: Service) -> None:
    with program(tmp_path, environment={"AIMLAPI_BASE_URL": service.url}) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=30) == 0


def test_who_says_it_twice_means_now(tmp_path: Path, service: Service) -> None:
    service.script = lambda asked: drawn() if asked.method == "POST" else Answer(404)
    given = {"AIMLAPI_BASE_URL": service.url, "AIMLAPI_API_KEY": "hunter2"}
    with program(tmp_path, environment=given) as running:
        client = Client(running.url, verbose=False)
        client.submit(prompt="A lake", api_name="/generate")
        service.until_asked()
        running.process.send_signal(signal.SIGTERM)
        time.sleep(1.5)
        assert running.process.poll() is None
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=30) == -signal.SIGTERM
