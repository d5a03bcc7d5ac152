"""The vendor's quick examples run against the sandbox with only the host changed."""

import json
import subprocess
import sys
from pathlib import Path

import playwright
import pytest

from imagen_demo.sandbox.server import Sandbox

HERE = Path(__file__).parent
# Playwright brings a Node of its own, so that none need be installed.
NODE = str(Path(playwright.__file__).parent / "driver" / "node")


@pytest.mark.parametrize(
    ("interpreter", "example"),
    [(sys.executable, "quick_example.py"), (NODE, "quick_example.mjs")],
    ids=["requests", "fetch"],
)
def test_a_quick_example_prints_the_documented_shape(
    tmp_path: Path, sandbox: Sandbox, interpreter: str, example: str
) -> None:
    source = (HERE / example).read_text(encoding="utf-8")
    assert source.count("https://api.aimlapi.com") == 1
    ours = tmp_path / example
    ours.write_text(source.replace("https://api.aimlapi.com", sandbox.url), encoding="utf-8")

    printed = subprocess.run(  # noqa: S603 - the examples beside this file
        [interpreter, ours], capture_output=True, text=True, timeout=60, check=True
    ).stdout

    reply = json.loads(printed)
    assert list(reply) == ["data", "meta"]
    assert reply["meta"] == {"usage": {"tokens_used": 84_000}}
    (entry,) = reply["data"]
    assert set(entry) == {"mime_type", "url", "prompt"}
    assert entry["mime_type"] == "image/png"
    assert entry["url"].startswith(sandbox.url)
    assert "Racoon eating ice-cream" in entry["prompt"]
