"""The demo as a package: a wheel that has all of it, and serves from wherever it is started."""

import os
import re
import subprocess
import sys
import urllib.request
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

from imagen_demo import NAMED, __version__, installed
from tests.demos import ROOT, free_port, wait_for

pytestmark = pytest.mark.host


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that was just built; what builds it comes from where packages come from."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, timeout=300)  # noqa: S603 - the project itself
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which it is installed, beside the packages that are here already."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder)]
    subprocess.run([*command, str(wheel)], check=True, timeout=300)  # noqa: S603 - see above
    return folder


def test_it_has_every_file_that_the_demo_reads(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    ours = [
        *((each, each.relative_to(ROOT)) for each in (ROOT / "imagen_demo").rglob("*")),
        *((each, Path("imagen_demo") / each.relative_to(ROOT)) for each in ROOT.glob("gallery/*")),
    ]
    wanted = {
        inside.as_posix()
        for each, inside in ours
        if each.is_file() and "__pycache__" not in each.parts
    }
    assert len(wanted) > 200
    assert wanted <= names
    assert not [each for each in names if each.startswith(("tests/", "pictures/", "gallery/"))]


def test_it_asks_for_what_requirements_txt_asks_for(site: Path) -> None:
    (found,) = metadata.distributions(name="imagen-demo", path=[str(site)])
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()

    def parts(requirement: str) -> set[str]:
        return set(re.findall(r"[a-z-]+|[<>=]+[\d.]+", requirement))

    assert sorted(map(sorted, map(parts, found.requires or ()))) == sorted(
        map(sorted, map(parts, listed))
    )
    assert found.version == __version__
    assert installed._unmet(found.requires or ()) == []  # noqa: SLF001 - as an installed one asks
    too_old = [f"{each.partition('<')[0]}<9999,>=9998" for each in found.requires or ()]
    assert len(installed._unmet(too_old)) == len(listed)  # noqa: SLF001 - see above


def test_it_serves_from_wherever_it_is_started_and_keeps_pictures_there(
    site: Path, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(tmp_path / "gradio"),
        "IMAGEN_DEMO_SANDBOX": "only",
        "HOME": str(tmp_path),
    }
    log = tmp_path / "log.txt"
    with (
        log.open("wb") as sink,
        subprocess.Popen(
            [sys.executable, "-m", "imagen_demo"],
            cwd=tmp_path,
            env=environment,
            stdout=sink,
            stderr=sink,
        ) as process,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/", process)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                page = answer.read().decode()
        finally:
            process.terminate()
            process.wait(timeout=40)
    assert "Racoon eating ice-cream" in page, "the gallery came along"
    assert NAMED in page
    assert (tmp_path / "pictures").is_dir()
    assert not (site / "pictures").exists()
    assert "Traceback" not in log.read_text()


def test_the_command_is_there(site: Path, tmp_path: Path) -> None:
    ended = subprocess.run(  # noqa: S603 - the project itself
        [sys.executable, str(site / "bin" / "imagen-demo"), "--version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, f"{NAMED}\n")
