"""What the README says, checked against what the code does."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import gradio
import pytest
import requests
import yaml

from benchmarks.figures import Figure
from benchmarks.figures import table as table_of
from imagen_demo.domain.receipt import Receipt
from imagen_demo.environment import VARIABLES
from imagen_demo.sandbox import contract
from imagen_demo.service.api_key import KEY_VARIABLES
from tests.demos import ROOT, sandbox_demo

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def rows_after(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    table = README.split(heading, 1)[1].split("|---", 1)[1].split("\n\n", 1)[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_the_settings_table_is_that_of_the_code() -> None:
    assert rows_after("## Settings") == [
        [each.name, each.default or "none", each.does.strip("`")] for each in VARIABLES
    ]


def test_every_key_of_the_host_is_a_setting() -> None:
    assert set(KEY_VARIABLES) <= {each.name for each in VARIABLES}


def test_every_test_key_is_documented_with_its_status() -> None:
    documented = {row[0]: row[1] for row in rows_after("## The sandbox")}
    special = {
        contract.HTML_KEY,
        contract.EMPTY_KEY,
        contract.GARBAGE_KEY,
        contract.SLOW_KEY,
    }
    assert set(documented) == {*contract.REFUSING_KEYS, *special}
    for key, refusal in contract.REFUSING_KEYS.items():
        assert documented[key].startswith(f"{refusal.status}:")


def test_every_make_command_exists() -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "test"} <= named
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_the_table_of_speed_is_that_of_the_last_whole_run() -> None:
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    assert table_of([Figure.of_json(each) for each in results["figures"]]) in README
    day = date.fromisoformat(results["date"])
    assert f"{day.day} {day:%B %Y}, {results['cores']} cores" in README


def test_continuous_integration_runs_the_readmes_commands() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("make check test test-host")


def test_every_field_of_the_receipt_is_documented() -> None:
    paragraph = README.split("`receipt` has", 1)[1].split("\n\n", 1)[0]
    assert set(Receipt.__dataclass_fields__) <= set(re.findall(r"`([a-z_]+)`", paragraph))


def test_the_programs_in_the_readme_run_as_they_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (asking,) = [each for each in programs if "gradio_client" in each]
    (reading,) = [each for each in programs if "imagen_demo.pictures.metadata" in each]
    assert len(programs) == 2
    monkeypatch.chdir(tmp_path)
    given: dict[str, Any] = {}
    with sandbox_demo() as url:
        ours = asking.replace("http://127.0.0.1:7860", url).replace("your-key", "sandbox-visitor")
        exec(compile(ours, "README.md", "exec"), given)  # noqa: S102 - our own page
    said = capsys.readouterr().out
    picture = Path(given["pictures"][0])
    assert picture.name == "racoon-eating-ice-cream-16x9.png"
    assert picture.name in said
    assert said.rstrip().endswith("84000")
    picture.rename(tmp_path / picture.name)
    exec(compile(reading, "README.md", "exec"), {})  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert said.startswith("Racoon eating ice-cream Racoon eating ice-cream, ")
    assert said.rstrip().endswith("84000")


def test_the_readmes_curl_recipe_runs_as_it_stands(tmp_path: Path) -> None:
    (recipe,) = [
        each for each in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "curl" in each
    ]
    with sandbox_demo() as url:
        ours = recipe.replace("http://127.0.0.1:7860/", url).replace("your-key", "sandbox-visitor")
        ended = run(ours, tmp_path)
        pictures, receipt = json.loads(ended.stdout.split("event: complete\ndata: ", 1)[1])
        (picture,) = [requests.get(each["url"], timeout=10).content for each in pictures]
        refused = run(ours.replace("sandbox-visitor", "sandbox-no-credits"), tmp_path).stdout
    assert picture.startswith(b"\x89PNG")
    assert receipt.keys() == Receipt.__dataclass_fields__.keys()
    assert (receipt["width"], receipt["tokens_used"]) == (1408, 84_000)
    reason = json.loads(refused.split("event: error\ndata: ", 1)[1])["error"]
    assert "out of credits" in reason


def run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own page
        ["/bin/sh", "-e", "-c", commands],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_the_spaces_front_matter_fits_the_project() -> None:
    front = yaml.safe_load(README.split("---\n", 2)[1])
    assert front["sdk"] == "gradio"
    assert front["sdk_version"] == gradio.__version__
    assert (ROOT / front["app_file"]).is_file()
    assert front["models"] == ["google/imagen-4.0-generate-001"]
    assert len(front["short_description"]) <= 60
    assert tuple(map(int, front["python_version"].split("."))) <= sys.version_info[:2]
    pinned = ".".join(front["sdk_version"].split(".")[:2])
    assert f"gradio>={pinned}," in (ROOT / "requirements.txt").read_text(encoding="utf-8")
