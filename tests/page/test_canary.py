"""The canary: keys never seen elsewhere go in at every door, and must come out at none."""

import base64
import json
import re
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import Browser, Page, Response, expect

from tests.conftest import Answer, Received, Service, png
from tests.demos import Program, program

pytestmark = pytest.mark.host

HOST_KEY = "ca9a4700aaaa4111bbbb222233334444"
PAGE_KEY = "ca9a4701cccc4555dddd666677778888"
API_KEY = "ca9a4702eeee4999ffff0000aaaabbbb"
MCP_KEY = "ca9a4703aaaa4bbb1111cccc22223333"
KEYS = (HOST_KEY, PAGE_KEY, API_KEY, MCP_KEY)
PASSWORD, WRONG_PASSWORD = "ca9a47-sesame", "ca9a47-sesane"
HOST_PASSWORD, WRONG_HOST_PASSWORD = "ca9a47-mellon", "ca9a47-melon"
CANARIES = (*KEYS, PASSWORD, WRONG_PASSWORD, HOST_PASSWORD, WRONG_HOST_PASSWORD)
USER = ("ann", PASSWORD)


@dataclass
class Trail:
    """Everything that left the demo, by the name of the place where it was found."""

    found: dict[str, str] = field(default_factory=dict)
    visitor: str = ""
    """What only the visitor's browser knows, and gives along to be shown its own pictures."""

    def keep(self, place: str, text: str | bytes) -> None:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        self.found[place] = self.found.get(place, "") + said

    def leaks(self) -> list[str]:
        return [
            f"{canary} in {place}"
            for place, text in self.found.items()
            for canary in CANARIES
            if canary in text
        ]


def talkative(service: Service, asked: Received) -> Answer:
    """Draw; but for a prompt that says so, fail and repeat the key wherever that is possible."""
    if asked.method == "GET":
        return Answer(body=png())
    key = asked.headers.get("authorization", "")
    said = json.loads(asked.body)["prompt"]
    if "refuse" in said:
        issue = {"path": ["prompt"], "message": f"no good with {key}"}
        refusal = {"message": key, "requestId": key, "error": {"message": key, "data": [issue]}}
        return Answer(400, json.dumps(refusal).encode(), {"x-inference-id": key.split()[-1]})
    if "crash" in said:
        return Answer(500, f"<html>{key}</html>".encode(), {"x-client-request-id": key})
    entry = {"url": f"{service.url}/1.png", "prompt": f"A lake, rewritten for {key}"}
    usage = {"tokens_used": 84_000}
    body = {"data": [entry], "meta": {"usage": usage}}
    return Answer(200, json.dumps(body).encode(), {"x-inference-id": key.split()[-1]})


@pytest.fixture(scope="module")
def trail(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trail, Service]:
    """Use all three keys, well and badly, and gather what can be seen from outside."""
    folder = tmp_path_factory.mktemp("canary")
    gathered, service = Trail(), Service()
    service.script = lambda asked: talkative(service, asked)
    environment = {
        "AIMLAPI_API_KEY": HOST_KEY,
        "AIMLAPI_BASE_URL": service.url,
        "IMAGEN_DEMO_AUTH": ":".join(USER),
        "IMAGEN_DEMO_HOST_PASSWORD": HOST_PASSWORD,
        "IMAGEN_DEMO_METRICS": "1",
        "IMAGEN_DEMO_LOG": "json",
        "IMAGEN_DEMO_LOG_PROMPTS": "1",
        "IMAGEN_DEMO_MCP": "1",
    }
    with closing(service), program(folder, environment=environment) as running:
        session = visit(browser, running, gathered)
        call(running, gathered, folder)
        call_as_an_assistant(running, gathered)
        send_malformed_calls(running, gathered)
        send_wrong_calls(running, gathered)
        ask_every_route(running, gathered, session)
        look_as_the_host(browser, running, gathered)
        show_the_room(browser, running, gathered)
        gathered.keep("log", running.log.read_bytes())
    for path in folder.rglob("*"):
        if path.is_file():
            gathered.keep(f"file {path.relative_to(folder)}", path.read_bytes())
            gathered.keep("file names", str(path))
    return gathered, service


def visit(browser: Browser, running: Program, trail: Trail) -> str:
    """Type the key into the page, draw and fail; return the page's session."""
    context = browser.new_context()
    page = context.new_page()
    sessions: list[str] = []

    def on_response(response: Response) -> None:
        sent = response.request.post_data or ""
        if "session_hash" in sent:
            sessions.append(json.loads(sent)["session_hash"])
        if known := re.search(r'"([0-9a-f]{64})"', sent):
            trail.visitor = known[1]
        trail.keep("urls", f"{response.url} {response.headers} ")
        if response.request.resource_type not in {"image", "font"}:
            trail.keep("every answer the page got", response.body() if response.ok else b"")

    page.on("response", on_response)
    page.on("console", lambda message: trail.keep("console", message.text))
    page.goto(running.url)
    for password in (WRONG_PASSWORD, PASSWORD):
        page.get_by_label("User").fill("ann")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text(re.compile("do not fit|Type a line, see"))).to_be_visible()
    for key, prompts in ((PAGE_KEY, ("A lake", "refuse", "crash")), ("", ("A host's lake",))):
        for prompt in prompts:
            generate(page, prompt, key)
            trail.keep("page", page.content())
            trail.keep("text", page.inner_text("body"))
    page.get_by_label("API key").fill(PAGE_KEY)
    take_away(page, trail)
    compare(page, trail)
    present(page, trail)
    page.wait_for_timeout(300)
    trail.keep("storage", page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
    trail.keep("databases", json.dumps(page.evaluate("indexedDB.databases()")))
    trail.keep("cookies", json.dumps([dict(cookie) for cookie in context.cookies()]))
    sent_at_reload: list[str] = []
    page.on("request", lambda request: sent_at_reload.append(request.post_data or ""))
    page.reload()
    expect(page.get_by_label("Rewritten prompt").get_by_role("definition").last).to_have_text(
        "A lake, rewritten for Bearer [key]"
    )
    # Of what the browser remembers it sends this back.
    trail.keep("what the browser remembers", " ".join(sent_at_reload))
    assert "lake-16x9.png" in trail.found["what the browser remembers"]
    context.close()
    return sessions[0]


def take_away(page: Page, trail: Trail) -> None:
    """Leave with everything that the page hands out: picture, small picture, sheet, link."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    trail.keep("link", page.evaluate("navigator.clipboard.readText()"))
    page.get_by_role("button", name="Copy receipt").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    trail.keep("copied receipt", page.evaluate("navigator.clipboard.readText()"))
    for panel in ("Code", "Response"):
        page.get_by_role("button", name=re.compile(f"^{panel}")).click()
        listing = page.locator(f"#{panel.lower()} pre").filter(visible=True)
        expect(listing).to_contain_text("generations" if panel == "Code" else "[key]")
        trail.keep("code and response", listing.inner_text())
    trail.keep("sheet", downloaded_sheet(page))
    for source in page.locator("#yours img, #picture img").evaluate_all(
        "(all) => all.map((it) => it.src)"
    ):
        answer = page.request.get(source)
        assert answer.ok
        trail.keep("picture", answer.body())


def compare(page: Page, trail: Trail) -> None:
    """Draw two columns, and be refused in two."""
    page.get_by_role("tab", name="Compare").click()
    notice = page.get_by_label("Comparison message")
    for prompt, said in (
        ("refuse", "Nothing was charged."),
        ("A compared lake", "2 pictures, 168,000"),
    ):
        page.get_by_label("Prompt", exact=True).fill(prompt)
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(notice).to_contain_text(said)
        trail.keep("comparison", page.content())
    trail.keep("comparison's sheet", downloaded_sheet(page))


def present(page: Page, trail: Trail) -> None:
    """Put it all on stage, with the key still in its box."""
    page.get_by_label("API key").fill(PAGE_KEY)
    page.get_by_role("button", name="Present").filter(visible=True).click()
    stage = page.get_by_role("dialog", name="On stage")
    for words in ("A compared lake", "A compared lake", "A compared lake", "A host's lake"):
        expect(stage.get_by_text(words, exact=True).first).to_be_visible()
        trail.keep("the stage", stage.inner_html())
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")


def downloaded_sheet(page: Page) -> bytes:
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download sheet").filter(visible=True).click()
    return saving.value.path().read_bytes()


def generate(page: Page, prompt: str, key: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Generate").click()
    said = "Drawn" if "lake" in prompt else "charged"
    expect(page.get_by_label("Message", exact=True)).to_contain_text(said)


def call(running: Program, trail: Trail, folder: Path) -> None:
    """Send the key in the header, draw and fail."""
    headers = {"X-AIMLAPI-Key": API_KEY}
    client = Client(
        running.url, headers=headers, auth=USER, download_files=folder / "downloads", verbose=False
    )
    pictures, receipt = client.predict(prompt="A lake", api_name="/generate")
    trail.keep("receipt", json.dumps([pictures, receipt]))
    for prompt in ("refuse", "crash", ""):
        with pytest.raises(AppError) as caught:
            client.predict(prompt=prompt, api_name="/generate")
        trail.keep("errors", repr(caught.value) + str(caught.value))


def call_as_an_assistant(running: Program, trail: Trail) -> None:
    """Send the key in the header over MCP, draw and fail."""
    headers = {"X-AIMLAPI-Key": MCP_KEY, "Accept": "application/json, text/event-stream"}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    for prompt, said in (("A lake", "tokens_used"), ("refuse", "charged"), ("crash", "charged")):
        arguments = {"name": "generate_image", "arguments": {"prompt": prompt}}
        answer = requests.post(
            f"{running.url}gradio_api/mcp",
            json={**asked, "params": arguments},
            headers=headers,
            auth=USER,
            timeout=30,
        )
        assert said in answer.text
        trail.keep("MCP", f"{answer.headers} {answer.text}")


def send_malformed_calls(running: Program, trail: Trail) -> None:
    """Call the page's own function as an outdated tab would: too few inputs, or misplaced."""
    config = requests.get(f"{running.url}config", auth=USER, timeout=10).json()
    calls = [
        each for each in config["dependencies"] if len(each["inputs"]) > 12 and each["backend_fn"]
    ]
    assert len(calls) == 2  # to generate, and to compare
    too_few = ["A lake", "16:9", PAGE_KEY]
    for number, (called, data) in enumerate(
        (each, data) for each in calls for data in (too_few, [PAGE_KEY] * len(each["inputs"]))
    ):
        session = f"malformed{number}"
        call = {"data": data, "fn_index": called["id"], "session_hash": session}
        requests.post(f"{running.url}gradio_api/queue/join", json=call, auth=USER, timeout=10)
        answer = requests.get(
            f"{running.url}gradio_api/queue/data",
            params={"session_hash": session},
            auth=USER,
            timeout=20,
        )
        assert "updated meanwhile" in answer.text
        trail.keep("answers to malformed calls", answer.text)


def send_wrong_calls(running: Program, trail: Trail) -> None:
    """Put the key where it does not belong, and a key that cannot be one where it does."""
    odd = {"X-AIMLAPI-Key": f"{API_KEY} {API_KEY}"}
    file = {"path": f"https://{API_KEY}.example/", "meta": {"_type": "gradio.FileData"}}
    for route, body in (
        *((f"call/{API_KEY}", {"data": [API_KEY]}), (f"call/v2/{API_KEY}", {API_KEY: API_KEY})),
        *(("call/generate", {"data": [file]}), ("call/v2/generate", {"prompt": "a", API_KEY: 1})),
        *(("call/generate", {API_KEY: API_KEY}), ("call/generate", [API_KEY])),
        ("call/generate", {"data": ["a"], "session_hash": f"{API_KEY} {API_KEY}"}),
        *(("queue/join", {"data": [], "fn_index": API_KEY}), ("queue/join", {"api_key": API_KEY})),
        *(("cancel", {"api_key": API_KEY}), ("reset", {"api_key": API_KEY}), (API_KEY, {})),
    ):
        answer = requests.post(f"{running.url}gradio_api/{route}", json=body, auth=USER, timeout=10)
        assert answer.status_code in range(400, 500)
        trail.keep("answers to wrong calls", f"{answer.headers} {answer.text}")
    for route in (f"file=https://{API_KEY}.example/", f"call/generate/{API_KEY}", "heartbeat/x y"):
        answer = requests.get(f"{running.url}gradio_api/{route}", auth=USER, timeout=10)
        assert answer.status_code in range(400, 500)
        trail.keep("answers to wrong calls", f"{answer.headers} {answer.text}")
    asked = requests.post(
        f"{running.url}gradio_api/call/generate",
        json={"data": ["A lake"]},
        headers=odd,
        auth=USER,
        timeout=10,
    )
    heard = requests.get(
        f"{running.url}gradio_api/call/generate/{asked.json()['event_id']}", auth=USER, timeout=20
    )
    assert "in the middle of the API key" in heard.text
    trail.keep("answers to wrong calls", heard.text)
    upload = {"files": ("a.png", png())}
    sent = requests.post(f"{running.url}gradio_api/upload", files=upload, auth=USER, timeout=10)
    headers = {"X-AIMLAPI-Key": API_KEY, "Range": "bytes=0-10"}
    address = f"{running.url}gradio_api/file={sent.json()[0]}"
    answer = requests.get(address, headers=headers, auth=USER, timeout=10)
    assert answer.content == png()
    trail.keep("a part of a picture", str(answer.headers))


def look_as_the_host(browser: Browser, running: Program, trail: Trail) -> None:
    """Guess, log in, look at everything and turn what there is, with secrets in every field."""
    context = browser.new_context()
    page = context.new_page()
    page.on("response", lambda answer: trail.keep("urls", f"{answer.url} {answer.headers} "))
    page.goto(f"{running.url}host")
    for password, said in ((WRONG_HOST_PASSWORD, "not the password"), (HOST_PASSWORD, "Who draws")):
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_text(said)).to_be_visible()
        trail.keep("the host's page", page.content())
    page.get_by_role("button", name="Close for today").click()
    expect(page.get_by_text("The budget is closed until")).to_be_visible()
    forms: tuple[dict[str, str | float | bool], ...] = (
        {"action": "limit", "pictures": API_KEY},
        {"action": "limit", "pictures": "5", "visitor": f"{API_KEY}\n"},
        {"action": "end", "name": f"<{API_KEY}>"},
        {API_KEY: API_KEY},
    )
    for form in forms:
        answer = page.request.post(f"{running.url}host", form=form)
        assert answer.status == 400
        trail.keep("the host's page", answer.text())
    for route in ("host", "host?figures", "metrics"):
        trail.keep("the host's page", page.request.get(f"{running.url}{route}").text())
    metrics = requests.get(f"{running.url}metrics", auth=USER, timeout=10)
    assert "imagen_demo_requests_total" in metrics.text
    trail.keep("metrics", metrics.text)
    trail.keep("cookies", json.dumps([dict(cookie) for cookie in context.cookies()]))
    context.close()


def show_the_room(browser: Browser, running: Program, trail: Trail) -> None:
    """Open the room's stage, let a picture come up, and send secrets with every decision."""
    context = browser.new_context()
    page = context.new_page()
    page.on("response", lambda answer: trail.keep("urls", f"{answer.url} {answer.headers} "))
    page.goto(running.url)
    page.get_by_label("User").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Generate")).to_be_visible()
    stage = context.new_page()
    for password in (WRONG_HOST_PASSWORD, HOST_PASSWORD):
        stage.goto(f"{running.url}stage")
        stage.get_by_label("Password").fill(password)
        stage.get_by_role("button", name="Open").click()
        expect(stage.get_by_text(re.compile("not the password|comes up here"))).to_be_visible()
    stage.request.post(f"{running.url}stage/host", form={"action": "ask", "first": "no"})
    stage.request.get(f"{running.url}stage/now")
    page.reload()
    page.get_by_label("Show on stage").check()
    generate(page, "A lake for all", PAGE_KEY)
    expect(stage.get_by_text("A lake for all", exact=True).first).to_be_visible()
    forms: tuple[dict[str, str | float | bool], ...] = (
        {"action": API_KEY},
        {"action": "show", "name": API_KEY},
        {API_KEY: API_KEY},
    )
    for form in forms:
        answer = stage.request.post(f"{running.url}stage/host", form=form)
        assert answer.status == 404
        trail.keep("the room's stage", answer.text())
    for route in (f"now?showing={API_KEY}&last=x", "host", "waiting", f"slide?picture={API_KEY}"):
        trail.keep("the room's stage", stage.request.get(f"{running.url}stage/{route}").text())
    trail.keep("the room's stage", stage.content())
    trail.keep("cookies", json.dumps([dict(cookie) for cookie in context.cookies()]))
    context.close()


def ask_every_route(running: Program, trail: Trail, session: str) -> None:
    routes = (
        "",
        "config",
        "gradio_api/info",
        "gradio_api/info?all_endpoints=true",
        "gradio_api/runs",
        f"gradio_api/deep_link?session_hash={session}",
        f"gradio_api/deep_link/?session_hash={session}",
        "gradio_api/startup-events",
        "gradio_api/queue/status",
        f"gradio_api/queue/data?session_hash={session}",
        "gradio_api/app_id",
        "gradio_api/token",
        "gradio_api/user",
        "monitoring",
        "monitoring/summary",
        "theme.css",
        "manifest.json",
        "openapi.json",
        "docs",
        "host",
        "stage",
        "stage/now",
        "stage/host",
        "stage/waiting",
        "stage/present",
        "stage/files/stage.js",
        "healthz",
        "readyz",
    )
    for route in routes:
        address = f"{running.url}{route}"
        with requests.get(address, auth=USER, timeout=6, stream=True) as answer:
            try:
                trail.keep(f"/{route}", answer.content)
            except requests.ConnectionError:  # an event stream that has nothing to say
                continue


def test_the_keys_were_really_used(trail: tuple[Trail, Service]) -> None:
    _, service = trail
    used = {
        asked.headers.get("authorization", "").removeprefix("Bearer ") for asked in posts(service)
    }
    assert used == set(KEYS)


def test_no_key_comes_out_anywhere(trail: tuple[Trail, Service]) -> None:
    gathered, _ = trail
    for place in (
        "log",
        "page",
        "storage",
        "/config",
        "errors",
        "receipt",
        "every answer the page got",
        "link",
        "sheet",
        "picture",
        "copied receipt",
        "code and response",
        "comparison",
        "comparison's sheet",
        "MCP",
        "answers to wrong calls",
        "the host's page",
        "metrics",
        "the stage",
        "the room's stage",
    ):
        assert gathered.found[place], place
    assert gathered.leaks() == []


def test_what_tells_whose_pictures_are_whose_stays_in_the_browser(
    trail: tuple[Trail, Service],
) -> None:
    gathered, _ = trail
    assert len(gathered.visitor) == 64
    # What the browser itself sends is how it asks for its own pictures.
    said = {place for place, text in gathered.found.items() if gathered.visitor in text}
    assert said == {"storage", "what the browser remembers"}


def test_no_key_went_along_to_fetch_a_picture(trail: tuple[Trail, Service]) -> None:
    _, service = trail
    fetched = [asked for asked in service.received if asked.method == "GET"]
    assert fetched
    assert all(canary not in str(asked) for asked in fetched for canary in CANARIES)


def test_a_key_is_nowhere_in_base64_either(trail: tuple[Trail, Service]) -> None:
    gathered, _ = trail
    everything = "".join(gathered.found.values())
    for canary in CANARIES:
        assert base64.b64encode(canary.encode()).decode().rstrip("=") not in everything


def test_no_traceback_was_logged_for_what_was_expected(trail: tuple[Trail, Service]) -> None:
    gathered, _ = trail
    assert "traceback" not in gathered.found["log"].lower()
    assert "RequestRejected" in gathered.found["log"]


def test_every_line_of_the_log_is_json_where_the_host_wants_it(
    trail: tuple[Trail, Service],
) -> None:
    gathered, _ = trail
    lines = [json.loads(line) for line in gathered.found["log"].splitlines()]
    assert {each["prompt"] for each in lines if "prompt" in each} >= {"A lake", "crash"}


def posts(service: Service) -> list[Received]:
    return [asked for asked in service.received if asked.method == "POST"]
