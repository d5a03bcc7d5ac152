"""The MCP door, as assistants use it: the `mcp` package's own client over streamable HTTP."""

import base64
import http.client
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
import requests
from gradio.utils import get_upload_folder
from limits import parse
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ImageContent, TextContent, Tool

from imagen_demo.domain.catalog import OPTIONS
from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.domain.receipt import Receipt
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.metadata import read
from imagen_demo.service.budget import Allowance
from imagen_demo.service.provider import Provider
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import ROOT, program, running_demo, sandbox_demo, until_it_stops
from tests.loops import run
from tests.stand_ins import Fake

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "ca9a4703aaaa4111bbbb222233335555"
DOOR = "gradio_api/mcp"

Said = TypeVar("Said")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox_demo(Settings(mcp=True)) as address:
        yield address


def talk(url: str, say: Callable[[ClientSession], Awaitable[Said]], key: str = "") -> Said:
    """Say one thing, as a client that has just connected."""

    async def connected() -> Said:
        headers = {b"X-AIMLAPI-Key": key.encode()} if key else {}
        async with (
            httpx.AsyncClient(headers=headers, timeout=60) as http,
            streamable_http_client(f"{url}{DOOR}", http_client=http) as (receive, send, _),
            ClientSession(receive, send) as session,
        ):
            await session.initialize()
            return await say(session)

    return run(connected())


def call(url: str, key: str = "", **arguments: Any) -> CallToolResult:  # noqa: ANN401 - JSON
    return talk(url, lambda session: session.call_tool("generate_image", arguments), key)


def tools(url: str) -> list[Tool]:
    async def listed(session: ClientSession) -> list[Tool]:
        return (await session.list_tools()).tools

    return talk(url, listed)


def pictures_of(answer: CallToolResult) -> list[bytes]:
    return [
        base64.b64decode(each.data) for each in answer.content if isinstance(each, ImageContent)
    ]


def text_of(answer: CallToolResult) -> str:
    (text,) = [each.text for each in answer.content if isinstance(each, TextContent)]
    return text


def drawing(service: Service, picture: bytes) -> Callable[[Received], Answer]:
    def script(asked: Received) -> Answer:
        if asked.method == "GET":
            return Answer(body=picture)
        entry = {"url": f"{service.url}/picture.png"}
        return Answer(body=json.dumps({"data": [entry] * 2}).encode())

    return script


def test_there_is_one_tool_and_it_says_what_it_is_for(url: str) -> None:
    (tool,) = tools(url)
    assert tool.name == "generate_image"
    assert tool.description
    for word in ("Imagen 4", "receipt", "tokens_used", "seconds", "costs money", "sandbox"):
        assert word in tool.description
    assert all(len(each["description"]) > 5 for each in tool.inputSchema["properties"].values())


def test_the_tool_takes_what_the_endpoint_takes(url: str) -> None:
    endpoint = requests.get(f"{url}gradio_api/info", timeout=10).json()["named_endpoints"]
    expected = {
        each["parameter_name"]: each["parameter_default"]
        for each in endpoint["/generate"]["parameters"]
    }
    (tool,) = tools(url)
    options = tool.inputSchema["properties"]
    assert {name: option.get("default") for name, option in options.items()} == expected
    assert tool.inputSchema["required"] == ["prompt"]
    assert options["aspect_ratio"]["enum"] == ["1:1", "9:16", "16:9", "3:4", "4:3"]
    assert (options["num_images"]["minimum"], options["num_images"]["maximum"]) == (1, 4)
    assert set(options) == {each.name for each in fields(GenerationRequest)}
    assert "key" not in json.dumps(tool.inputSchema).lower()


def test_the_answer_is_the_picture_and_its_receipt(url: str, tmp_path: Path) -> None:
    answer = call(url, prompt="Racoon eating ice-cream", aspect_ratio="16:9")
    assert not answer.isError
    assert answer.structuredContent is not None
    assert answer.structuredContent == json.loads(text_of(answer))
    assert set(answer.structuredContent) == {each.name for each in fields(Receipt)}
    expected = {"width": 1408, "height": 768, "tokens_used": 84_000, "drawn_by": "sandbox"}
    assert answer.structuredContent.items() >= expected.items()
    (picture,) = [each for each in answer.content if isinstance(each, ImageContent)]
    assert picture.mimeType == "image/png"
    path = tmp_path / "picture.png"
    path.write_bytes(base64.b64decode(picture.data))
    recipe = read(path)
    assert isinstance(recipe, Recipe)
    assert recipe.request.prompt == "Racoon eating ice-cream"


def test_the_pictures_are_the_very_files_that_are_kept(service: Service) -> None:
    original = png(31, 17) + b"trailing bytes that any re-encoding would drop"
    service.script = drawing(service, original)
    with sandbox_demo(Settings(base_url=service.url, mcp=True)) as url:
        answer = call(url, key=KEY, prompt="Two squares", num_images=2)
    pictures = pictures_of(answer)
    kept = Path(get_upload_folder()).glob("album-*/*/*/two-squares-1x1.png")
    assert len(pictures) == 2
    assert sorted(pictures) == sorted(path.read_bytes() for path in kept)
    assert all(each.endswith(original[33:]) for each in pictures)
    assert answer.structuredContent is not None
    assert answer.structuredContent["num_images"] == 2


def test_every_option_and_the_key_reach_the_service(service: Service) -> None:
    service.script = lambda _: Answer(400)
    asked: dict[str, Any] = {
        "prompt": "A square",
        "aspect_ratio": "3:4",
        "model": "google/imagen-4.0-fast-generate-001",
        "num_images": 2,
        "seed": 7,
        "enhance_prompt": False,
        "person_generation": "dont_allow",
        "safety_setting": "block_only_high",
        "convert_base64_to_url": False,
    }
    with sandbox_demo(Settings(base_url=service.url, mcp=True)) as url:
        assert call(url, key=KEY, **asked).isError
    assert json.loads(service.received[0].body) == asked
    assert service.received[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "The prompt is empty."),
        ({"prompt": "a" * 401}, "401 characters"),
        ({"prompt": 7}, "The prompt must be text."),
        ({"prompt": "a", "aspect_ratio": "2:1"}, "Use one of: 1:1, 9:16, 16:9, 3:4, 4:3."),
        ({"prompt": "a", "num_images": "2"}, "Use a whole number from 1 to 4."),
        ({"prompt": "a", "resolution": "2K"}, "Imagen 4 does not take resolution."),
        ({"prompt": "a [blocked]"}, "The safety filter kept this picture back."),
        ({"prompt": "a", "x_aimlapi_key": KEY}, "One of the options is unknown."),
        ({"prompt": "a", KEY: "key"}, "Use only: prompt, "),
    ],
)
def test_a_failure_is_an_error_in_the_pages_own_words(
    url: str, arguments: dict[str, Any], said: str
) -> None:
    answer = call(url, **arguments)
    assert answer.isError
    assert said in text_of(answer)
    assert "Nothing was charged." in text_of(answer)
    assert "Traceback" not in text_of(answer)
    assert KEY not in repr(answer)


def test_the_documented_configuration_leads_here() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    (listing,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    (told,) = json.loads(listing)["mcpServers"].values()
    assert told["url"] == f"http://127.0.0.1:7860/{DOOR}"
    assert list(told["headers"]) == ["X-AIMLAPI-Key"]


def test_a_test_key_in_the_header_plays_its_failure(url: str) -> None:
    assert "out of credits" in text_of(call(url, key="sandbox-no-credits", prompt="a"))


def test_another_tool_is_not_there(url: str) -> None:
    answer = talk(url, lambda session: session.call_tool(KEY, {}))
    assert answer.isError
    assert text_of(answer) == "The only tool here is generate_image."


def test_the_hosts_budget_counts_this_door_too(service: Service) -> None:
    service.script = drawing(service, png())
    allowance = Allowance(visitor_limit=parse("2/hour"))
    settings = Settings(base_url=service.url, host_key=KEY, allowance=allowance, mcp=True)
    with sandbox_demo(settings) as url:
        assert not call(url, prompt="Two squares", num_images=2).isError
        refused = call(url, prompt="A square")
        assert not call(url, key=KEY, prompt="With a key of one's own", num_images=2).isError
    assert refused.isError
    assert "Nothing was charged." in text_of(refused)
    assert "Your own AI/ML API key works right away." in text_of(refused)


def test_a_login_stands_before_this_door(service: Service) -> None:
    access = Settings.from_env({"IMAGEN_DEMO_AUTH": "ada:sesame"}).access
    with sandbox_demo(Settings(base_url=service.url, access=access, mcp=True)) as url:
        without = requests.post(f"{url}{DOOR}", json=LISTING, headers=ACCEPT, timeout=10)
        within = requests.post(
            f"{url}{DOOR}", json=LISTING, headers=ACCEPT, auth=("ada", "sesame"), timeout=10
        )
    assert without.status_code == 401
    assert "generate_image" not in without.text
    assert "generate_image" in within.text


LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("path", [DOOR, f"{DOOR}/"])
def test_no_session_is_needed_and_no_stream_is_held(url: str, path: str) -> None:
    answer = requests.post(f"{url}{path}", json=LISTING, headers=ACCEPT, timeout=10)
    assert "generate_image" in answer.text
    assert "mcp-session-id" not in answer.headers
    listening = requests.get(f"{url}{path}", headers=ACCEPT, timeout=10)
    assert listening.status_code == 405


def test_another_sites_page_is_refused(url: str) -> None:
    headers = {**ACCEPT, "origin": "https://elsewhere.example"}
    answer = requests.post(f"{url}{DOOR}", json=LISTING, headers=headers, timeout=10)
    assert answer.status_code == 403


def test_ten_calls_at_once_wait_side_by_side(service: Service) -> None:
    together = threading.Barrier(10, timeout=30)

    def script(_: Received) -> Answer:
        together.wait()
        entry = {"b64_json": base64.b64encode(png()).decode()}
        return Answer(body=json.dumps({"data": [entry]}).encode())

    service.script = script
    with (
        sandbox_demo(Settings(base_url=service.url, mcp=True)) as url,
        ThreadPoolExecutor(10) as assistants,
    ):
        calls = [assistants.submit(call, url, key=KEY, prompt="A square") for _ in range(10)]
        # The service lets nobody go before all ten have come.
        assert not any(each.result(timeout=60).isError for each in calls)


def test_what_is_drawn_for_a_client_that_has_gone_is_kept(service: Service, tmp_path: Path) -> None:
    draw = drawing(service, png())
    service.script = lambda asked: replace(draw(asked), seconds=60 if asked.method == "POST" else 0)
    asking = {"name": "generate_image", "arguments": {"prompt": "A lake", "num_images": 2}}
    provider = Provider(Settings(base_url=service.url, host_key=KEY))
    with (
        closing(provider),
        running_demo(provider, without_key="host", album=tmp_path, mcp=True) as url,
    ):
        client = http.client.HTTPConnection(urlsplit(url).netloc)
        call = json.dumps({**LISTING, "method": "tools/call", "params": asking})
        client.request("POST", f"/{DOOR}", call, ACCEPT | {"Content-Type": "application/json"})
        service.until_asked()
        client.close()
        service.pause.set()
        until = time.monotonic() + 60
        while len(list(tmp_path.rglob("a-lake-1x1.png"))) < 2 and time.monotonic() < until:
            time.sleep(0.05)
    assert len(list(tmp_path.rglob("a-lake-1x1.png"))) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"method": "tools/call", "params": {"name": "generate_image", "arguments": KEY}},
        {"method": "tools/call", "params": {"name": {"k": KEY}}},
        {"method": f"nope/{KEY}"},
    ],
)
def test_a_malformed_call_is_not_quoted_in_the_log(
    url: str, caplog: pytest.LogCaptureFixture, said: dict[str, object]
) -> None:
    headers = {"Accept": "application/json, text/event-stream"}
    call = {"jsonrpc": "2.0", "id": 1, **said}
    with caplog.at_level(logging.DEBUG, "root"):
        httpx.post(f"{url}{DOOR}", json=call, headers=headers, timeout=20)
    assert KEY not in "".join(each.getMessage() for each in caplog.records if each.name == "root")


def test_a_bug_stays_in_the_hosts_log(caplog: pytest.LogCaptureFixture) -> None:
    with running_demo(Fake(RuntimeError("a bug")), mcp=True) as url:
        answer = call(url, key=KEY, prompt="A square")
    assert answer.isError
    assert "Something is wrong with this demo itself." in text_of(answer)
    assert "a bug" not in text_of(answer)
    assert "RuntimeError: a bug" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.host
def test_what_a_client_waits_for_when_the_demo_is_stopped_arrives(
    tmp_path: Path, service: Service
) -> None:
    draw = drawing(service, png())
    service.script = lambda asked: replace(draw(asked), seconds=60 if asked.method == "POST" else 0)
    environment = {"IMAGEN_DEMO_MCP": "1", "AIMLAPI_BASE_URL": service.url}
    with (
        program(tmp_path, environment=environment) as running,
        ThreadPoolExecutor(1) as assistants,
    ):
        waiting = assistants.submit(call, running.url, key=KEY, prompt="A lake", num_images=2)
        service.until_asked()
        running.process.send_signal(signal.SIGTERM)
        until_it_stops(running.url)
        refused = call(running.url, key=KEY, prompt="Another lake")
        assert refused.isError
        assert text_of(refused) == "This demo is about to stop. Nothing was charged."
        service.pause.set()
        answer = waiting.result(timeout=60)
        assert not answer.isError
        assert len(pictures_of(answer)) == 2
        assert running.process.wait(timeout=40) == 0


def repeating(service: Service, asked: Received) -> Answer:
    """Draw; but for a prompt that says so fail, and repeat the key wherever that is possible."""
    if asked.method == "GET":
        return Answer(body=png())
    key = asked.headers.get("authorization", "")
    if "refuse" in json.loads(asked.body)["prompt"]:
        refusal = {"message": key, "requestId": key, "error": {"message": key}}
        return Answer(400, json.dumps(refusal).encode(), {"x-inference-id": key.split()[-1]})
    entry = {"url": f"{service.url}/1.png", "prompt": f"A lake, rewritten for {key}"}
    return Answer(body=json.dumps({"data": [entry]}).encode(), headers={"x-inference-id": key})


@pytest.mark.host
@pytest.mark.parametrize("style", ["text", "json"])
def test_no_key_comes_out_anywhere(tmp_path: Path, service: Service, style: str) -> None:
    service.script = lambda asked: repeating(service, asked)
    environment = {
        "IMAGEN_DEMO_MCP": "1",
        "IMAGEN_DEMO_LOG": style,
        "AIMLAPI_BASE_URL": service.url,
    }
    with program(tmp_path, environment=environment) as running:
        drawn = call(running.url, key=KEY, prompt="A lake")
        refused = call(running.url, key=KEY, prompt="refuse")
        misplaced = call(running.url, key=KEY, prompt="A lake", api_key=KEY)
        listed = tools(running.url)
        malformed = requests.post(
            f"{running.url}{DOOR}",
            data=b"{",
            headers={**ACCEPT, "content-type": "application/json", "x-aimlapi-key": KEY},
            timeout=10,
        )
        log = running.log.read_bytes()
    assert not drawn.isError
    assert refused.isError
    assert misplaced.isError
    assert malformed.status_code == 400
    posts = [asked for asked in service.received if asked.method == "POST"]
    assert [asked.headers["authorization"] for asked in posts] == [f"Bearer {KEY}"] * 2
    found = [repr(each).encode() for each in (drawn, refused, misplaced, listed)]
    found += [malformed.content, repr(malformed.headers).encode(), log, *pictures_of(drawn)]
    found += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert b"A lake, rewritten for" in b"".join(found)
    assert KEY.encode() not in b"".join(found)
    assert base64.b64encode(KEY.encode()).rstrip(b"=") not in b"".join(found)


@pytest.mark.host
def test_it_needs_no_docstrings(tmp_path: Path) -> None:
    command = (sys.executable, "-OO", "app.py")
    with program(tmp_path, *command, environment={"IMAGEN_DEMO_MCP": "1"}) as running:
        (tool,) = tools(running.url)
        assert not call(running.url, prompt="A lake").isError
    described = {name: each["description"] for name, each in tool.inputSchema["properties"].items()}
    assert described == {name: option.description for name, option in OPTIONS.items()}


@pytest.mark.parametrize("gradios_own", ["false", "true"])
def test_the_door_is_closed_unless_the_host_opens_it(
    monkeypatch: pytest.MonkeyPatch, gradios_own: str
) -> None:
    monkeypatch.setenv("GRADIO_MCP_SERVER", gradios_own)
    with sandbox_demo() as url:
        answer = requests.post(f"{url}{DOOR}", json=LISTING, headers=ACCEPT, timeout=10)
    assert answer.status_code in {404, 405}


@pytest.fixture
def without_the_package(tmp_path: Path) -> dict[str, str]:
    """An environment in which Python finds no package `mcp`, as if it were not installed."""
    hide = "import sys\nsys.modules['mcp'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hide, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path)}


@pytest.mark.host
def test_without_the_setting_the_package_is_not_needed(
    tmp_path: Path, without_the_package: dict[str, str]
) -> None:
    with program(tmp_path, environment=without_the_package) as running:
        assert requests.get(running.url, timeout=10).ok


@pytest.mark.host
def test_with_the_setting_and_without_the_package_the_start_stops(
    tmp_path: Path, without_the_package: dict[str, str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "IMAGEN_DEMO_MCP": "1", **without_the_package},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        "IMAGEN_DEMO_MCP needs the package mcp, which is not installed. "
        "Run pip install -r requirements-mcp.txt and start again."
    )


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("1", True), ("true", True), ("True", True), ("0", False), ("false", False), ("", False)],
)
def test_the_setting_says_yes_or_no(value: str, *, wanted: bool) -> None:
    assert Settings.from_env({"IMAGEN_DEMO_MCP": value}).mcp is wanted


@pytest.mark.parametrize("value", ["yes", "on", "2", "mcp"])
def test_any_other_value_stops_the_start(value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"IMAGEN_DEMO_MCP must be 1 or 0\."):
        Settings.from_env({"IMAGEN_DEMO_MCP": value})


@pytest.mark.parametrize("pasted", ["<sandbox-no-credits>,", "\u201csandbox-no-credits\u201d"])
def test_a_key_in_the_header_loses_what_came_along_with_it(url: str, pasted: str) -> None:
    answer = call(url, pasted, prompt="A lake")
    assert answer.isError
    assert "out of credits" in text_of(answer)
