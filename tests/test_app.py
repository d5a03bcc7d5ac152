"""The demo as a host starts it, in a process of its own."""

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import Answer, Service
from tests.demos import ROOT, program


@pytest.mark.parametrize(
    "command",
    [(sys.executable, "app.py"), ("gradio", "app.py")],
    ids=["python app.py", "gradio app.py"],
)
def test_it_starts_and_shows_its_page(tmp_path: Path, command: tuple[str, ...]) -> None:
    with (
        program(tmp_path, *command) as running,
        urllib.request.urlopen(running.url, timeout=10) as answer,  # noqa: S310 - loopback
    ):
        assert "Imagen" in answer.read().decode()


def test_the_page_stands_while_the_list_of_deprecations_is_still_awaited(
    tmp_path: Path, service: Service
) -> None:
    service.script = lambda _: Answer(seconds=60)
    with program(tmp_path, environment={"AIMLAPI_BASE_URL": service.url}) as running:
        assert [asked.path for asked in service.received] == ["/v1/models/deprecations"]
        assert "authorization" not in service.received[0].headers
        with urllib.request.urlopen(running.url, timeout=10) as answer:  # noqa: S310 - loopback
            assert "Imagen" in answer.read().decode()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AIMLAPI_BASE_URL", "http://api.example", "must begin with https://"),
        ("IMAGEN_DEMO_SANDBOX", "maybe", "must be one of: auto, only, off."),
        ("IMAGEN_DEMO_READ_TIMEOUT", "soon", "must be a number of seconds"),
        ("AIMLAPI_API_KEY", "a key\x07with a bell", "does not hold an API key."),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_sentence(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={"PATH": "", "HOME": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(name)
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert value not in ended.stderr
