"""Every example of the pages is tried: what a reader may paste runs as it stands."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from imagen_demo.domain.receipt import Receipt
from imagen_demo.environment import VARIABLES
from tests.demos import ROOT, free_port, program, sandbox_demo, wait_for
from tests.docs.pages import Block, commands_of, pages, split

BLOCKS = [block for page in pages().values() for block in page.blocks]

SETTINGS = {each.name for each in VARIABLES}

NOT_RUN = {
    "": "a drawing: the map of the house, whose names another test looks up",
}
"""Languages of blocks that are no example, and why."""


def make(words: list[str], _folder: Path) -> None:
    run([*words, "-n"], ROOT)


def pip(words: list[str], _folder: Path) -> None:
    """All of it is installed where the tests run, so nothing is fetched."""
    if words[-1] == ".":  # tests/hosting/test_package.py does it
        said = run([sys.executable, "-m", "pip", words[1], "--help"], ROOT).stdout
        assert set(words[2:-1]) <= set(re.findall(r"--[a-z-]+", said))
        return
    assert words[1] == "install"
    run([sys.executable, "-m", *words, "--no-index", "--dry-run", "-q"], ROOT)


def docker(words: list[str], _folder: Path) -> None:
    """Needs an engine: `tests/hosting` takes the steps of the Dockerfile, and reads the rest."""
    for option, value in pairwise(words):
        if option == "-f":
            assert (ROOT / value).is_file()
        if option == "-e":
            assert value in SETTINGS


def echo(words: list[str], folder: Path) -> None:
    """Write a line of an environment file where a copy of the project would be."""
    (folder / "deploy").mkdir()
    text, arrow, name = words[1:]
    assert arrow == ">"
    run(["sh", "-c", f"echo {shlex.quote(text)} > {shlex.quote(name)}"], folder)
    written = (folder / name).read_text(encoding="utf-8").split("=", 1)
    assert written[0] in SETTINGS


def python(words: list[str], _folder: Path) -> None:
    """Look for tests where pytest would, and for options in what a tool says of itself.

    What tests and tools do is tested elsewhere; what serves is started by another test here.
    """
    rest = words[1:]
    if rest[:2] == ["-m", "pytest"]:
        named = [each for each in rest[2:] if "/" in each]
        assert all((ROOT / each).exists() for each in named)
        if options := [each for each in rest[2:] if "/" not in each]:
            few = ["tests/live", "--collect-only", "-q"]
            run([sys.executable, *rest[:2], *options, *few], ROOT)
    elif not serves(rest):
        said = run([sys.executable, *rest[:2], "--help"], ROOT).stdout.split()
        assert set(rest[2:]) <= set(said)


def gradio(words: list[str], _folder: Path) -> None:
    assert serves(words[1:])


CHECKS: dict[str, Callable[[list[str], Path], None]] = {
    "make": make,
    "pip": pip,
    "docker": docker,
    "echo": echo,
    "python": python,
    ".venv/bin/python": python,
    "gradio": gradio,
}
"""What is done with a command, by its first word."""


def serves(rest: list[str]) -> bool:
    """Whether a program goes on until it is stopped, by what follows its first word."""
    return rest == ["app.py"] or rest[:2] == ["-m", "imagen_demo.sandbox"]


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(  # noqa: S603 - our own pages
        words,
        cwd=folder,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def commands() -> list[str]:
    """All commands, of blocks and within lines; a block with curl is a program of its own."""
    shell = [block.text for block in BLOCKS if block.language == "sh" and "curl" not in block.text]
    found = [words for text in shell for words in commands_of(text)]
    for page in pages().values():
        for code in page.code:
            if code.split(" ")[0].split("=")[0] in {*CHECKS, *SETTINGS} and " " in code:
                found += commands_of(code)
    return sorted({shlex.join(words) for words in found})


def test_every_block_of_code_is_of_a_kind_that_is_tried() -> None:
    kinds = {block.language for block in BLOCKS}
    assert kinds == {"python", "sh", "json", *NOT_RUN}
    assert [block.page for block in BLOCKS if not block.language] == ["docs/architecture.md"]


@pytest.mark.host
@pytest.mark.parametrize("command", commands())
def test_every_command_is_understood(command: str, tmp_path: Path) -> None:
    given, words = split(shlex.split(command))
    assert given.keys() <= SETTINGS | {"AIMLAPI_LIVE_KEY"}
    assert words[0] in CHECKS, "nobody tries this command"
    CHECKS[words[0]](words, tmp_path)


@pytest.mark.host
@pytest.mark.parametrize(
    "command", [each for each in commands() if serves(split(shlex.split(each))[1][1:])]
)
def test_every_command_that_serves_starts(command: str, tmp_path: Path) -> None:
    given, words = split(shlex.split(command))
    if "--port" in words:
        port = str(free_port())
        words[words.index("--port") + 1] = port
        alone = subprocess.Popen([sys.executable, *words[1:]], cwd=ROOT)  # noqa: S603 - ours
        try:
            wait_for(f"http://127.0.0.1:{port}/v1/models/deprecations", alone)
        finally:
            alone.terminate()
            alone.wait()
        return
    quiet = {**given, "IMAGEN_DEMO_SANDBOX": "only"}
    with program(tmp_path, *words, environment=quiet) as running:
        if "IMAGEN_DEMO_MCP" in given:
            answer = requests.get(f"{running.url}gradio_api/mcp", timeout=10, stream=True)
            assert answer.status_code != requests.codes.not_found
            answer.close()


def test_the_programs_run_as_they_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = [block for block in BLOCKS if block.language == "python"]
    asking = [each for each in programs if "gradio_client" in each.text]
    reading = [each for each in programs if each not in asking]
    assert asking
    assert reading
    monkeypatch.chdir(tmp_path)
    with sandbox_demo() as url:
        for each in asking:
            given: dict[str, Any] = {}
            ours = each.text.replace("http://127.0.0.1:7860", url)
            ours = ours.replace("your-key", "sandbox-visitor")
            exec(compile(ours, each.page, "exec"), given)  # noqa: S102 - our own page
            picture = Path(given["pictures"][0])
            said = capsys.readouterr().out
            assert f"{picture} Racoon eating ice-cream, " in said
            assert said.rstrip().endswith("84000")
            picture.rename(tmp_path / picture.name)
    for each in reading:
        exec(compile(each.text, each.page, "exec"), {})  # noqa: S102 - our own page
        said = capsys.readouterr().out
        assert said.startswith("Racoon eating ice-cream Racoon eating ice-cream, ")
        assert said.rstrip().endswith("84000")


def recipes() -> list[Block]:
    return [block for block in BLOCKS if block.language == "sh" and "curl" in block.text]


@pytest.mark.parametrize("recipe", recipes(), ids=lambda block: block.page)
def test_the_recipe_for_curl_runs_as_it_stands(recipe: Block, tmp_path: Path) -> None:
    with sandbox_demo() as url:
        ours = recipe.text.replace("http://127.0.0.1:7860/", url)
        paid = shell(ours.replace("your-key", "sandbox-visitor"), tmp_path)
        pictures, receipt = json.loads(paid.split("event: complete\ndata: ", 1)[1])
        (picture,) = [requests.get(each["url"], timeout=10).content for each in pictures]
        refused = shell(ours.replace("your-key", "sandbox-no-credits"), tmp_path)
    assert picture.startswith(b"\x89PNG")
    assert receipt.keys() == Receipt.__dataclass_fields__.keys()
    assert (receipt["width"], receipt["tokens_used"]) == (1408, 84_000)
    reason = json.loads(refused.split("event: error\ndata: ", 1)[1])["error"]
    assert "out of credits" in reason


def shell(text: str, folder: Path) -> str:
    return run(["sh", "-e", "-c", text], folder).stdout


@pytest.mark.parametrize(
    "block", [each for each in BLOCKS if each.language == "json"], ids=lambda block: block.page
)
def test_every_block_of_json_is_json(block: Block) -> None:
    assert json.loads(block.text)
