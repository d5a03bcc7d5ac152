"""The log: a line for each request, for people or programs, with neither key nor address in it."""

import json
import logging
import subprocess
import sys
from datetime import datetime

import pytest

from imagen_demo.logs import DRAWN, Entry, JsonLines, write

ENTRY = Entry(
    visitor="a-hashed-address",
    model="google/imagen-4.0-generate-001",
    outcome=DRAWN,
    seconds=1.23,
    prompt="A secret fox 🦊",
    pictures=2,
    tokens_used=168_000,
    inference_id="inference-1",
)


def written(caplog: pytest.LogCaptureFixture, entry: Entry = ENTRY) -> logging.LogRecord:
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "imagen_demo"):
        write(entry, "a line for people")
    (record,) = caplog.records
    return record


def test_a_drawn_picture_is_information_and_a_failure_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert written(caplog).levelno == logging.INFO
    failed = Entry(visitor="", model="m", outcome="ServiceFailed", seconds=0, prompt="")
    assert written(caplog, failed).levelno == logging.WARNING
    assert written(caplog).getMessage() == "a line for people"


def test_a_line_of_json_has_everything_but_the_prompt(caplog: pytest.LogCaptureFixture) -> None:
    line = JsonLines().format(written(caplog))
    assert "\n" not in line
    said = json.loads(line)
    assert datetime.fromisoformat(said.pop("time")).tzinfo
    visitor = said.pop("visitor")
    assert visitor
    assert visitor != ENTRY.visitor
    assert said == {
        "level": "info",
        "model": ENTRY.model,
        "outcome": "drawn",
        "seconds": 1.23,
        "pictures": 2,
        "tokens_used": 168_000,
        "status": None,
        "inference_id": "inference-1",
        "request_id": "",
    }


def test_a_prompt_is_in_the_log_only_if_the_host_wants_it(caplog: pytest.LogCaptureFixture) -> None:
    record = written(caplog)
    assert "secret" not in JsonLines().format(record)
    assert json.loads(JsonLines(prompts=True).format(record))["prompt"] == ENTRY.prompt


def test_one_visitor_has_one_name_and_nobody_has_none(caplog: pytest.LogCaptureFixture) -> None:
    def name_of(visitor: str) -> str:
        entry = Entry(visitor=visitor, model="m", outcome=DRAWN, seconds=0, prompt="")
        return str(json.loads(JsonLines().format(written(caplog, entry)))["visitor"])

    assert name_of("one") == name_of("one")
    assert name_of("one") != name_of("two")
    assert not name_of("")


def test_whatever_else_is_logged_is_a_line_of_json_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("other").info("said %s\nand more", "this")
        try:
            raise ValueError("a bug")  # noqa: TRY301 - to be logged with its traceback
        except ValueError:
            logging.getLogger("other").exception("broken")
    lines = [JsonLines().format(record) for record in caplog.records]
    assert all("\n" not in line for line in lines)
    first, second = map(json.loads, lines)
    assert (first["message"], first["logger"]) == ("said this\nand more", "other")
    assert "ValueError: a bug" in second["traceback"]


JSON_LOG = """
import logging, sys, warnings
import uvicorn
from imagen_demo.logs import speak_json

speak_json(prompts=False)
uvicorn.Config("app:app", log_level="warning")
logging.getLogger("uvicorn.error").error("broken")
warnings.warn("old")
"""


def test_the_server_and_warnings_speak_json_too() -> None:
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-W", "always", "-c", JSON_LOG],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["logger"], first["message"]) == ("uvicorn.error", "broken")
    assert "UserWarning: old" in second["message"]
    assert not done.stderr
