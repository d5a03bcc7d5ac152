"""What the pages say, checked against what the code does."""

import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import gradio
import pytest
import yaml

from benchmarks import __main__ as bench
from benchmarks.figures import RESULTS, Figure
from imagen_demo.domain.catalog import OPTIONS
from imagen_demo.domain.receipt import Receipt
from imagen_demo.environment import VARIABLES
from imagen_demo.sandbox import contract
from imagen_demo.service.api_key import KEY_VARIABLES
from tests.demos import ROOT
from tests.docs.pages import Page, pages
from tools import write_docs

EVERY_PAGE = pytest.mark.parametrize("page", pages().values(), ids=lambda page: page.name)

README = pages()["README.md"]

ROOMS = "domain|aimlapi|pictures|service|endpoints|server|host|ui|sandbox"
FOLDERS = "tests|tools|benchmarks|deploy|gallery|docs|imagen_demo"


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of the first table, without its head."""
    table = text.split("|---", 1)[1].split("\n\n", 1)[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_the_readme_is_short() -> None:
    assert len(README.text.splitlines()) <= 120


@EVERY_PAGE
def test_every_link_leads_somewhere(page: Page) -> None:
    for link in page.links:
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.path.parent / name).resolve() if name else page.path
        assert target.is_file(), link
        if anchor:
            assert anchor in pages()[target.relative_to(ROOT).as_posix()].anchors, link


def test_every_page_is_found_from_the_readme() -> None:
    linked = {link.partition("#")[0] for link in README.links}
    assert pages().keys() - linked == {"README.md"}


@EVERY_PAGE
def test_what_is_written_from_the_code_is_as_it_would_be_written(page: Page) -> None:
    assert write_docs.written(page.text) == page.text, "make docs"


def test_everything_that_can_be_written_from_the_code_stands_on_one_page() -> None:
    found = [part for page in pages().values() for part in write_docs.parts_of(page.text)]
    assert sorted(found) == sorted(write_docs.PARTS)


def test_a_whole_run_of_the_benchmarks_writes_the_page_of_speed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, results = tmp_path / "performance.md", tmp_path / "results.json"
    page.write_text(pages()["docs/performance.md"].text, encoding="utf-8")
    figures = [Figure.of_json(each) for each in json.loads(RESULTS.read_text("utf-8"))["figures"]]
    figures[0] = replace(figures[0], ours=12_345)
    monkeypatch.setattr("sys.argv", ["benchmarks"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(bench, "PARTS", {"one": lambda: figures})
    monkeypatch.setattr(bench, "RESULTS", results)
    monkeypatch.setattr(write_docs, "RESULTS", results)
    monkeypatch.setattr(write_docs, "pages", lambda: [page])
    bench.main()
    today = datetime.now(UTC).date()
    written = page.read_text(encoding="utf-8")
    assert f"Measured on {today.day} {today:%B %Y}" in written
    assert "| 12345 ms " in written
    assert written.startswith("# How fast it is\n")
    assert written.endswith(pages()["docs/performance.md"].text[-200:])


@EVERY_PAGE
def test_every_setting_that_is_named_is_one(page: Page) -> None:
    named = set(re.findall(r"\bIMAGEN_DEMO_[A-Z_]*[A-Z]", page.text))
    assert named <= {each.name for each in VARIABLES} | {"IMAGEN_DEMO_AUHT"}  # a slip, on purpose


@EVERY_PAGE
def test_every_file_that_is_named_is_there(page: Page) -> None:
    for code in page.code:
        named = re.fullmatch(rf"(?:{FOLDERS}|{ROOMS})/[\w./-]*", code)
        if not named:
            continue
        places = [ROOT / code, ROOT / "imagen_demo" / code, ROOT / "imagen_demo" / f"{code}.py"]
        assert any(each.exists() for each in places), code


def test_the_map_shows_every_room_and_nothing_that_is_not_there() -> None:
    (block,) = pages()["docs/architecture.md"].blocks
    shown = re.findall(r"^  (\w+)/ ", block.text, re.MULTILINE)
    ours = ROOT / "imagen_demo"
    assert set(shown) == {each.parent.name for each in ours.glob("*/__init__.py")}
    for room in shown:
        modules = re.search(rf"^  {room}/.*?\n((?:    .*\n)+)", block.text, re.MULTILINE)
        assert modules, room
        beside = r"\([^)]*\)|static/\S*|templates/.*|scene/ -> .*|  its own pictures.*"
        told = re.sub(beside, "", modules[1])
        for name in re.findall(r"[a-z_0-9]+", told):
            assert (ours / room / name).is_dir() or (ours / room / f"{name}.py").is_file(), name


def test_every_key_of_the_host_is_a_setting() -> None:
    assert set(KEY_VARIABLES) <= {each.name for each in VARIABLES}


def test_every_test_key_is_documented_with_its_status() -> None:
    documented = {row[0]: row[1] for row in rows_of(pages()["docs/sandbox.md"].text)}
    special = {contract.HTML_KEY, contract.EMPTY_KEY, contract.GARBAGE_KEY, contract.SLOW_KEY}
    assert set(documented) == {*contract.REFUSING_KEYS, *special}
    for key, refusal in contract.REFUSING_KEYS.items():
        assert documented[key].startswith(f"{refusal.status}:")
    said = {code for page in pages().values() for code in page.code}
    assert {code for code in said if re.fullmatch("sandbox-[a-z-]+", code)} == set(documented)


def test_every_field_of_the_receipt_and_every_parameter_is_documented() -> None:
    paragraph = pages()["docs/api.md"].text.split("`receipt` has", 1)[1].split("\n\n", 1)[0]
    named = set(re.findall(r"`([a-z_0-9]+)`", paragraph))
    assert set(Receipt.__dataclass_fields__) <= named
    assert set(OPTIONS) <= named


def test_continuous_integration_runs_the_commands_of_contributing() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("make check test test-host test-engines test-pythons")
    first = pages()["CONTRIBUTING.md"].blocks[0].text
    assert {"run", "check", "test", "test-host", "test-engines"} == set(
        re.findall("make ([a-z-]+)", first)
    )


def test_the_spaces_front_matter_fits_the_project() -> None:
    front = yaml.safe_load(README.text.split("---\n", 2)[1])
    assert front["sdk"] == "gradio"
    assert front["sdk_version"] == gradio.__version__
    assert (ROOT / front["app_file"]).is_file()
    assert front["models"] == ["google/imagen-4.0-generate-001"]
    assert len(front["short_description"]) <= 60
    assert tuple(map(int, front["python_version"].split("."))) <= sys.version_info[:2]
    pinned = ".".join(front["sdk_version"].split(".")[:2])
    assert f"gradio>={pinned}," in (ROOT / "requirements.txt").read_text(encoding="utf-8")
