"""A start that tells the truth: one sentence for what is wrong, and no traceback."""

import ast
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from imagen_demo import NAMED, __version__
from tests.conftest import Answer, Service
from tests.demos import ROOT, Program, free_port, program, wait_for
from tests.redis_server import redis_server

pytestmark = pytest.mark.host

KEY = "0123456789abcdef0123456789abcdef"


def started(
    folder: Path,
    *words: str,
    environment: Mapping[str, str] | None = None,
    python: Sequence[str] = (sys.executable,),
    program: Sequence[str] = ("app.py",),
) -> subprocess.CompletedProcess[str]:
    """Start something that ends by itself."""
    return subprocess.run(  # noqa: S603 - the project's own commands
        [*python, *program, *words],
        cwd=ROOT,
        env={
            "PATH": "",
            "HOME": str(folder),
            "IMAGEN_DEMO_PICTURES": str(folder / "pictures"),
            "IMAGEN_DEMO_SANDBOX": "only",
            "GRADIO_SERVER_PORT": str(free_port()),
            **(environment or {}),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def said_once(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line that a start ended with."""
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def until(running: Program, path: str, expected: int) -> str:
    """Ask until the answer is of a kind, and return it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        status, text = get(f"{running.url}{path}")
        if status == expected:
            return text
        time.sleep(0.1)
    raise AssertionError(f"{path} never said {expected}, but {status}: {text}")


@pytest.mark.parametrize("listens_on", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - on purpose
def test_a_taken_port_stops_the_start_and_is_named(tmp_path: Path, listens_on: str) -> None:
    with socket.create_server((listens_on, 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = started(tmp_path, environment={"GRADIO_SERVER_PORT": port})
        line = said_once(ended)
    assert f"Port {port} is taken" in line
    assert "GRADIO_SERVER_PORT" in line


@pytest.mark.parametrize("port", ["", "0", "-1", "65536", "7860a", '"7860"', "٧٨٦٠"])
def test_a_port_that_is_none_is_a_sentence(tmp_path: Path, port: str) -> None:
    line = said_once(started(tmp_path, environment={"GRADIO_SERVER_PORT": port}))
    assert line.startswith("GRADIO_SERVER_PORT must be a number from 1 to 65535")


@pytest.mark.parametrize("name", ["192.0.2.1", "no such name"])
def test_an_address_of_another_machine_is_a_sentence(tmp_path: Path, name: str) -> None:
    line = said_once(started(tmp_path, environment={"GRADIO_SERVER_NAME": name}))
    assert line.startswith("GRADIO_SERVER_NAME is no address of this machine.")


@pytest.mark.parametrize("program", [("app.py",), ("-m", "imagen_demo")])
def test_an_old_python_is_a_sentence(tmp_path: Path, program: Sequence[str]) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 10, 12)")
    ended = started(tmp_path, environment={"PYTHONPATH": str(tmp_path)}, program=program)
    assert said_once(ended) == "This demo needs Python 3.11 or newer, and this is 3.10.12."


@pytest.mark.parametrize("version", [(3, 7), (3, 8), (3, 9), (3, 10)])
def test_an_old_python_can_read_what_says_so(version: tuple[int, int]) -> None:
    for name in ("app.py", *(f"imagen_demo/{each}.py" for each in ("__init__", "__main__"))):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=version)
    source = (ROOT / "imagen_demo/installed.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=version)
    assert "from __future__ import annotations" in source, "list[str] is none before 3.9"


@pytest.mark.parametrize("program", [("app.py",), ("-m", "imagen_demo")])
def test_missing_packages_are_named(tmp_path: Path, program: Sequence[str]) -> None:
    # Without its site Python finds no packages, and is the same otherwise.
    line = said_once(started(tmp_path, python=(sys.executable, "-S"), program=program))
    for name in ("gradio", "requests", "pillow", "limits"):
        assert f"The package {name} is not installed" in line
    assert "pip install -r requirements.txt" in line


def test_a_package_that_is_too_old_is_named_with_what_is_needed(tmp_path: Path) -> None:
    older = tmp_path / "limits-5.7.9.dist-info"
    older.mkdir()
    (older / "METADATA").write_text("Metadata-Version: 2.1\nName: limits\nVersion: 5.7.9\n")
    line = said_once(started(tmp_path, environment={"PYTHONPATH": str(tmp_path)}))
    assert line.startswith("The package limits is 5.7.9, and 5.8 or newer is needed.")


@pytest.mark.parametrize("program", [("app.py",), ("-m", "imagen_demo")])
def test_the_version_is_told(tmp_path: Path, program: Sequence[str]) -> None:
    ended = started(tmp_path, "--version", program=program)
    assert (ended.returncode, ended.stdout) == (0, f"{NAMED}\n")


def test_the_version_stands_in_one_place() -> None:
    places = [*ROOT.glob("*.toml"), *ROOT.glob("*.py"), *(ROOT / "imagen_demo").rglob("*.*")]
    found = [
        each.relative_to(ROOT).as_posix()
        for each in places
        if each.suffix in {".toml", ".py", ".html", ".js"}
        if re.search(rf"(?<![\d.]){re.escape(__version__)}(?![\d.])", each.read_text("utf-8"))
    ]
    assert found == ["imagen_demo/__init__.py"]


def answers(service: Service, *, balance: int = 200) -> None:
    """Know the deprecations, and a key's account."""
    service.script = lambda asked: (
        Answer(body=b'{"data": []}')
        if asked.path.endswith("deprecations")
        else Answer(balance, b'{"current_balance": 12.5, "currency": "USD"}')
    )


def test_a_check_says_that_all_is_well_and_spends_nothing(tmp_path: Path, service: Service) -> None:
    answers(service)
    with redis_server(tmp_path, password="hunter2") as redis:  # noqa: S106 - a test's
        given = {
            "AIMLAPI_API_KEY": KEY,
            "AIMLAPI_BASE_URL": service.url,
            "IMAGEN_DEMO_SANDBOX": "auto",
            "IMAGEN_DEMO_AUTH": "ann:sesame",
            "IMAGEN_DEMO_LIMITS_STORAGE": redis.url,
        }
        ended = started(tmp_path, "--check", environment=given)
    assert ended.returncode == 0, ended
    rows = dict(re.findall(r"^(\w+) +(ok|FAIL) ", ended.stdout, re.MULTILINE))
    assert rows == dict.fromkeys(("address", "folder", "counter", "key", "models"), "ok")
    assert "$12.5" in ended.stdout
    assert {each.method for each in service.received} == {"GET"}
    for secret in (KEY, "sesame", "hunter2"):
        assert secret not in ended.stdout + ended.stderr


def test_a_check_names_all_that_is_wrong(tmp_path: Path, service: Service) -> None:
    answers(service, balance=401)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "letter.txt").write_text("somebody else's")
    given = {
        "AIMLAPI_API_KEY": KEY,
        "AIMLAPI_BASE_URL": service.url,
        "IMAGEN_DEMO_SANDBOX": "auto",
        "IMAGEN_DEMO_LIMITS_STORAGE": f"redis://:hunter2@127.0.0.1:{free_port()}",
    }
    with socket.create_server(("127.0.0.1", 0)) as taken:
        given["GRADIO_SERVER_PORT"] = str(taken.getsockname()[1])
        ended = started(tmp_path, "--check", environment=given)
    assert ended.returncode == 1
    rows = dict(re.findall(r"^(\w+) +(ok|FAIL) ", ended.stdout, re.MULTILINE))
    assert rows == {
        "address": "FAIL",
        "folder": "FAIL",
        "counter": "FAIL",
        "key": "FAIL",
        "models": "ok",
    }
    assert KEY not in ended.stdout + ended.stderr
    assert "hunter2" not in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_log_begins_with_the_version_and_the_address_and_advises_no_public_link(
    tmp_path: Path,
) -> None:
    # A proxy that is dead, and no word of this machine: Gradio would ask it for its own page.
    given = {"HTTP_PROXY": f"http://127.0.0.1:{free_port()}", "IMAGEN_DEMO_SANDBOX": "only"}
    with program(tmp_path, environment=given) as running:
        log = running.log.read_text()
    assert log.splitlines()[0].endswith(f"{NAMED} at {running.url}")
    assert "share" not in log
    assert "Traceback" not in log


def test_a_redis_that_is_not_there_is_said_at_the_start(tmp_path: Path) -> None:
    given = {"IMAGEN_DEMO_LIMITS_STORAGE": f"redis://:hunter2@127.0.0.1:{free_port()}"}
    with program(tmp_path, environment=given) as running:
        log = running.log.read_text()
        assert "the Redis that counts does not answer" in log
        assert "hunter2" not in log
        assert until(running, "readyz", 503).startswith("not ready: the Redis that counts")


def test_readiness_goes_and_comes_back_while_it_lives(tmp_path: Path) -> None:
    """A folder that is in the way of its own name takes no pictures, even of root's."""
    pictures = tmp_path / "pictures"
    with program(tmp_path, environment={"IMAGEN_DEMO_SANDBOX": "only"}) as running:
        assert until(running, "readyz", 200) == f"ready: {NAMED}"
        shutil.rmtree(pictures)
        pictures.write_text("in the way")
        assert until(running, "readyz", 503).startswith("not ready: pictures cannot be kept: ")
        assert get(f"{running.url}healthz") == (200, "ok")
        assert str(tmp_path) not in until(running, "readyz", 503)
        pictures.unlink()
        until(running, "readyz", 200)


@pytest.mark.parametrize("first", ["", "import_gradio()"])
def test_a_start_makes_no_type_stubs_of_gradio(tmp_path: Path, first: str) -> None:
    program = f"""import sys
opened = set()
sys.addaudithook(lambda event, of: event == "open" and opened.add(str(of[0])))
from imagen_demo.gradio_stubs import import_gradio
{first}
import gradio, inspect
print(any("components" in each and each.endswith(".pyi") for each in opened))
print(inspect.getfile(gradio.Textbox))"""
    ended = started(tmp_path, program=("-c", program))
    assert ended.returncode == 0, ended.stderr
    makes_stubs, file = ended.stdout.splitlines()
    assert makes_stubs == str(not first)  # if Gradio no longer does, `gradio_stubs` can go
    assert file.endswith("textbox.py")


def test_gradios_own_command_reloads_what_is_edited(tmp_path: Path) -> None:
    for name in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("imagen_demo", "gallery"):
        shutil.copytree(ROOT / name, tmp_path / name)
    port, log = free_port(), tmp_path / "log.txt"
    environment = {
        **os.environ,
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(tmp_path / "gradio"),
        "IMAGEN_DEMO_SANDBOX": "only",
        "HOME": str(tmp_path),
    }
    command = [str(Path(sys.executable).parent / "gradio"), "app.py"]
    with (
        log.open("wb") as sink,
        subprocess.Popen(  # noqa: S603 - the project's own command
            command,
            cwd=tmp_path,
            env=environment,
            stdout=sink,
            stderr=sink,
            start_new_session=True,  # what it starts ends with it
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for(url, process)
            end = time.monotonic() + 60
            edited = tmp_path / "imagen_demo" / "ui" / "layout.py"
            source = edited.read_text(encoding="utf-8")
            assert "For example: Racoon" in source
            while "For example: Walrus" not in get(f"{url}config")[1]:
                assert time.monotonic() < end, log.read_text()
                # Its watch begins a moment after the page stands: what was edited before is old.
                edited.write_text(source.replace("For example: Racoon", "For example: Walrus"))
                time.sleep(1)
            assert get(f"{url}healthz") == (200, "ok")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=40)
    assert "Traceback" not in log.read_text()
