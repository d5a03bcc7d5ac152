"""The demo as a host starts it, in a process of its own."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from gradio_client import Client

from imagen_demo.pictures.album import Album
from tests.conftest import Answer, Service
from tests.demos import ROOT, program
from tests.stand_ins import inscribed, recipe_of

pytestmark = pytest.mark.host


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
    assert "Traceback" not in running.log.read_text()


def test_the_page_stands_while_the_list_of_deprecations_is_still_awaited(
    tmp_path: Path, service: Service
) -> None:
    service.script = lambda _: Answer(seconds=60)
    with program(tmp_path, environment={"AIMLAPI_BASE_URL": service.url}) as running:
        assert [asked.path for asked in service.received] == ["/v1/models/deprecations"]
        assert "authorization" not in service.received[0].headers
        with urllib.request.urlopen(running.url, timeout=10) as answer:  # noqa: S310 - loopback
            assert "Imagen" in answer.read().decode()


def test_pictures_are_kept_where_the_host_says_and_outlive_a_restart(tmp_path: Path) -> None:
    album = Album(tmp_path / "pictures")
    recipe = recipe_of("A fox")
    kept, old = (album.save(inscribed(recipe), recipe) for _ in range(2))
    os.utime(old, (0, 0))
    with program(tmp_path, environment={"IMAGEN_DEMO_KEEP_DAYS": "7"}) as running:
        with urllib.request.urlopen(  # noqa: S310 - loopback
            f"{running.url}gradio_api/file={kept}", timeout=10
        ) as answer:
            assert answer.read() == kept.read_bytes()
        pictures, _ = Client(running.url, verbose=False, download_files=tmp_path).predict(
            prompt="An owl", api_name="/generate"
        )
    assert Path(pictures[0]).name == "an-owl-1x1.png"
    assert [path.name for path in album.folder.rglob("*.png")].count("an-owl-1x1.png") == 1
    assert kept.is_file()
    assert not old.exists(), "that one was older than seven days"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AIMLAPI_BASE_URL", "http://api.example", "must begin with https://"),
        ("IMAGEN_DEMO_SANDBOX", "maybe", "must be one of: auto, only, off."),
        ("IMAGEN_DEMO_READ_TIMEOUT", "soon", "must be a number of seconds"),
        ("IMAGEN_DEMO_KEEP_DAYS", "-7", "must be a number above zero"),
        ("IMAGEN_DEMO_KEEP_GB", "plenty", "must be a number above zero"),
        ("IMAGEN_DEMO_PICTURES", "/etc", "a folder that holds nothing but this demo's pictures."),
        ("IMAGEN_DEMO_PICTURES", "README.md", "the system says: Not a directory."),
        ("IMAGEN_DEMO_PICTURES", "/proc/pictures", "the system says: No such file or directory."),
        ("IMAGEN_DEMO_SANDBOX_LIMIT", "plenty", "must be pictures a time, such as 10/hour"),
        ("AIMLAPI_API_KEY", "a key\x07with a bell", "does not hold an API key."),
        ("IMAGEN_DEMO_AUHT", "ann:hunter2", "Did you mean IMAGEN_DEMO_AUTH?"),
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
