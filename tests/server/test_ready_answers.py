"""The page and its files are made once, and are nobody's answer to another's question."""

import gzip
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

import anyio
import brotli
import gradio as gr
import httpx
import pytest
import requests
from gradio import routes
from gradio import utils as gradio_utils
from gradio.utils import get_upload_folder
from starlette.responses import FileResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from imagen_demo.launch import serve
from imagen_demo.server import answer_store, ready_answers
from imagen_demo.server.access import Access, Account
from imagen_demo.server.ready_answers import UNCHANGING, Contents, ReadyAnswers
from imagen_demo.server.security_headers import ContentPolicy
from imagen_demo.server.shutdown import Shutdown
from tests.conftest import png
from tests.loops import run

ANN = ("ann", "hunter2")
YEAR = "max-age=31536000, immutable"


@contextmanager
def served(
    access: Access | None = None, contents: Contents = UNCHANGING, root_path: str = ""
) -> Iterator[str]:
    """A small demo behind all steps."""
    with gr.Blocks(analytics_enabled=False) as demo:
        words = gr.Textbox("words", label="Say something")
        words.submit(str, words, words, api_name="say")
    options: dict[str, Any] = {"prevent_thread_lock": True, "quiet": True, "root_path": root_path}
    try:
        yield serve(demo, access or Access(), Shutdown(), contents=contents, **options).rstrip("/")
    finally:
        demo.close(verbose=False)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served() as address:
        yield address


def get(url: str, accept: str | None = "br", **headers: str) -> httpx.Response:
    """Ask as a browser does; what comes is unpacked."""
    if accept is not None:
        headers["accept-encoding"] = accept
    with httpx.Client(trust_env=False) as client:
        client.headers.clear()
        return client.get(url, headers=headers, timeout=30)


def packed_in(url: str, accept: str) -> bytes:
    """The bytes that travel."""
    headers = {"accept-encoding": accept}
    with httpx.stream("GET", url, headers=headers, trust_env=False) as answer:
        return b"".join(answer.iter_raw())


def script_of(url: str) -> str:
    """The address of a file with a hash in its name."""
    found = re.search(r'src="\./(assets/[^"]+\.js)"', get(url).text)
    assert found
    return f"{url}/{found[1]}"


class Calls(Counter[str]):
    """How often what costs time was done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        for owner, name in (
            (routes.templates, "TemplateResponse"),
            (gradio_utils, "safe_deepcopy"),
            (brotli, "compress"),
            (FileResponse, "__call__"),
            (anyio, "open_file"),
        ):
            monkeypatch.setattr(owner, name, self.counted(name, getattr(owner, name)))

    def counted(self, name: str, function: Any) -> Any:  # noqa: ANN401 - whatever it is
        def call(*args: object, **kwargs: object) -> object:
            self[name] += 1
            return function(*args, **kwargs)

        return call


def test_a_second_visitor_costs_neither_a_template_nor_a_copy(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls(monkeypatch)
    first = get(f"{url}/", host="one.example")
    assert calls["TemplateResponse"] == 1
    assert calls["safe_deepcopy"] > 0
    assert calls["compress"] == 1
    calls.clear()
    assert get(f"{url}/", host="one.example").content == first.content
    assert calls == {}


def test_a_file_is_read_and_packed_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(monkeypatch)
    with served() as fresh:
        script = script_of(fresh)
        calls.clear()
        first = get(script)
        assert calls == {"__call__": 1, "open_file": 1, "compress": 1}
        calls.clear()
        assert get(script).content == first.content
        assert calls == {}
    assert first.content == get(script_of(url), accept=None).content


def test_of_many_at_once_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with served() as url, ThreadPoolExecutor(20) as room:
        calls = Calls(monkeypatch)
        answers = list(room.map(partial(get, host="room.example"), [f"{url}/"] * 20))
    assert len({each.content for each in answers}) == 1
    assert calls["TemplateResponse"] == 1


def test_each_gets_the_encoding_that_it_can_read(url: str) -> None:
    for path in ("/", "/theme.css"):
        plain = get(f"{url}{path}", accept=None)
        assert "content-encoding" not in plain.headers
        for accept, unpack in (("gzip, br", brotli.decompress), ("gzip", gzip.decompress)):
            small = packed_in(f"{url}{path}", accept)
            assert unpack(small) == plain.content
            assert len(small) < len(plain.content) / 3
            said = get(f"{url}{path}", accept=accept).headers
            assert said["content-length"] == str(len(small))
        for accept in ("gzip, br", "gzip", "br;q=0", ""):
            assert get(f"{url}{path}", accept=accept).headers["vary"] == "Accept-Encoding"
        tags = {get(f"{url}{path}", accept=each).headers["etag"] for each in ("br", "gzip", "")}
        assert len(tags) == 3
        assert not any(each.startswith("W/") for each in tags)


def test_a_font_is_not_packed_again(url: str) -> None:
    font = f"{url}/static/fonts/IBMPlexSans/IBMPlexSans-Regular.woff2"
    said = get(font).headers
    assert "content-encoding" not in said
    assert said["content-type"] == "font/woff2"


def test_names_that_change_with_their_content_are_kept_for_ever(url: str) -> None:
    assert get(script_of(url)).headers["cache-control"] == f"public, {YEAR}"
    for path in (
        *("/", "/theme.css", "/theme.css?v=0123", "/favicon.ico", "/card.png", "/manifest.json"),
        "/static/js/iframeResizer.contentWindow.min.js",
    ):
        assert get(f"{url}{path}").headers["cache-control"] == "public, no-cache", path


def test_all_that_gradios_page_may_load_has_a_hash_in_its_name() -> None:
    """Of another Gradio than this one, too."""
    assets = Path(gr.__file__).parent / "templates" / "frontend" / "assets"
    for name in (each.name for each in assets.iterdir()):
        found = ready_answers._NAMED_BY_CONTENT.fullmatch(f"/assets/{name}")  # noqa: SLF001
        assert found, name


def test_what_a_browser_has_already_is_not_sent_again(url: str) -> None:
    for path in ("/", "/theme.css", script_of(url).removeprefix(url)):
        whole = get(f"{url}{path}")
        tag = whole.headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = get(f"{url}{path}", **{"if-none-match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            for name in ("etag", "cache-control", "vary", "content-security-policy"):
                assert answer.headers[name] == whole.headers[name]
        for other in (
            '"other"',
            tag.strip('"'),
            get(f"{url}{path}", accept="gzip").headers["etag"],
        ):
            assert get(f"{url}{path}", **{"if-none-match": other}).status_code == 200


def test_head_is_the_same_without_a_body(url: str) -> None:
    for path in ("/", "/theme.css", script_of(url).removeprefix(url)):
        whole = get(f"{url}{path}")
        headers = {"accept-encoding": "br"}
        head = httpx.head(f"{url}{path}", headers=headers, trust_env=False)
        assert (head.status_code, head.content) == (200, b"")
        differ = {"date"}
        assert {name: head.headers[name] for name in head.headers if name not in differ} == {
            name: whole.headers[name] for name in whole.headers if name not in differ
        }


def test_whoever_asks_for_a_part_gets_all(url: str) -> None:
    for path in ("/", script_of(url).removeprefix(url)):
        whole = get(f"{url}{path}")
        part = get(f"{url}{path}", range="bytes=0-10")
        assert (part.status_code, part.content) == (200, whole.content)
        assert "accept-ranges" not in whole.headers


@pytest.mark.parametrize(
    "query",
    [
        *("__theme=dark", "view=api", "prompt=A+secret+lake&model=x", "prompt=%3Cscript%3E"),
        *("deep_link=x", "page=nowhere", "all_endpoints=1", "session_hash=x", "%00"),
    ],
)
def test_a_link_never_changes_what_another_gets(query: str) -> None:
    with served() as url:
        asked_first = get(f"{url}/?{query}")
        assert asked_first.status_code == 200
        assert "secret" not in asked_first.text
        page = get(f"{url}/")
        assert asked_first.content == page.content
        assert '"deep_link_state":"none"' in page.text


def test_nothing_else_that_a_visitor_sends_gets_into_the_page() -> None:
    with served() as url:
        said = {
            "accept-language": "xx-first",
            "cookie": "access-token-1=xx-first; access-token-unsecure-1=xx-first",
            "user-agent": "xx-first",
            "referer": "https://xx-first.example/",
            "x-forwarded-host": "xx-first.example",
            "x-forwarded-for": "xx-first",
            "x-gradio-server": "https://xx-first.example",
            "x-aimlapi-key": "xx-first",
        }
        first = get(f"{url}/", **said)
        assert "xx-first" not in f"{first.text} {first.headers}"
        assert get(f"{url}/").content == first.content


def test_each_host_and_scheme_gets_its_own_page() -> None:
    with served(Access(trusted_proxies=1)) as url:
        for _ in range(2):  # made, and kept
            for host in ("one.example", "two.example:8443"):
                for scheme in ("http", "https"):
                    near = {"x-forwarded-host": host, "x-forwarded-proto": scheme}
                    page = get(f"{url}/", **near)
                    assert f'"root":"{scheme}://{host}"' in page.text
                assert f'"root":"http://{host}"' in get(f"{url}/", host=host).text


@pytest.mark.parametrize("path", ["/gradio_api/info", "/gradio_api/info/", "/config", "/config/"])
def test_nobody_is_told_the_address_that_another_came_by(path: str) -> None:
    with served() as url:
        others = get(f"{url}{path}", host="evil.example")
        mine = get(f"{url}{path}?serialize=False", host="one.example")
        for answer in (mine, get(f"{url}{path}", host="one.example")):
            assert "http://one.example" in answer.text
            assert "evil.example" not in answer.text
            assert answer.headers["content-encoding"] == "br"
            assert answer.content == others.content.replace(b"evil.example", b"one.example")


def test_programs_may_ask_for_more(url: str) -> None:
    assert get(f"{url}/config?page=").json()["current_page"] == ""
    assert get(f"{url}/config?deep_link=x").json()["deep_link_state"] == "invalid"
    assert get(f"{url}/gradio_api/info?all_endpoints=true").json().keys() == {
        "named_endpoints",
        "unnamed_endpoints",
    }


def test_below_a_path_it_is_the_same() -> None:
    with served(root_path="/imagen") as url:
        for root in ("", "/imagen"):
            page = get(f"{url}{root}/", host="one.example")
            assert '"root":"http://one.example/imagen"' in page.text
            assert page.headers["content-encoding"] == "br"
            script = script_of(url).removeprefix(url)
            assert get(f"{url}{root}{script}").headers["cache-control"] == f"public, {YEAR}"


def test_the_page_names_its_scripts_however_it_is_packed() -> None:
    contents = Contents(lambda: None, lambda: None, head="<script>let mine;</script>")
    with served(contents=contents) as url:
        policies = {
            get(f"{url}/", accept=each).headers["content-security-policy"]
            for each in ("br", "gzip", "", "br")
        }
        (policy,) = policies
        page = get(f"{url}/").text
        scripts = re.findall(r"<script(?![^>]* src=)[^>]*>(.*?)</script>", page, re.DOTALL)
        assert len(scripts) >= 4
        for each in (*scripts, "let mine;"):
            assert f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" in policy
        for path in (script_of(url), f"{url}/theme.css", f"{url}/favicon.ico"):
            assert get(path).headers["content-security-policy"] == (
                "default-src 'none'; frame-ancestors 'self' https://huggingface.co https://*.hf.space"
            )


def test_behind_a_login_nobody_else_gets_any_of_it() -> None:
    with served(Access(accounts=(Account(*ANN),))) as url:
        with requests.Session() as ann:
            ann.auth = ANN
            page = ann.get(f"{url}/", timeout=30)
            script = re.search(r'src="\./(assets/[^"]+\.js)"', page.text)
            assert script
            mine = {path: ann.get(f"{url}/{path}", timeout=30) for path in ("", script[1])}
        assert mine[""].content == page.content
        assert "gradio_config" in page.text
        assert mine[""].headers["cache-control"] == "private, no-cache"
        assert mine[script[1]].headers["cache-control"] == f"private, {YEAR}"
        for path, answer in mine.items():
            known = {"if-none-match": answer.headers["etag"]}
            for headers in ({}, known):
                stranger = get(f"{url}/{path}", **headers)
                assert "gradio_config" not in stranger.text
                assert stranger.status_code == (401 if path else 200)
                assert "etag" not in stranger.headers
        form = get(f"{url}/")
        assert "Log in</h1>" in form.text
        assert form.headers["cache-control"] == "no-store"


def test_what_goes_wrong_is_not_kept(url: str) -> None:
    missing = f"{url}/assets/index-01234567.js"
    for method in ("GET", "HEAD"):
        answer = httpx.request(method, missing, trust_env=False)
        assert answer.status_code in {403, 404}
        assert "immutable" not in answer.headers.get("cache-control", "")
        assert "etag" not in answer.headers
    assert get(f"{url}/assets/../../../routes.py").status_code in {403, 404}
    assert httpx.post(f"{url}/", trust_env=False).status_code == 405


@pytest.fixture
def gallery() -> Path:
    """A folder of which Gradio serves what lies there."""
    return Path(mkdtemp(dir=get_upload_folder()))


def test_a_picture_that_all_see_is_read_once_as_long_as_it_is_the_same(
    gallery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls(monkeypatch)
    lake, secret = gallery / "lake.png", gallery / "deeper" / "secret.png"
    secret.parent.mkdir()
    lake.write_bytes(png())
    secret.write_bytes(png())
    contents = Contents(lambda: None, lambda: None, frozenset({gallery}))
    with served(contents=contents) as url:
        calls.clear()
        address = f"{url}/gradio_api/file="
        first, again = get(f"{address}{lake}"), get(f"{address}{lake}")
        assert first.content == again.content == png()
        assert calls["open_file"] == 1
        assert again.headers["content-type"] == "image/png"
        assert again.headers["content-disposition"] == 'inline; filename="lake.png"'
        assert again.headers["cache-control"] == "private, max-age=3600"
        known = {"if-none-match": again.headers["etag"]}
        assert get(f"{address}{lake}", **known).status_code == 304
        lake.write_bytes(png(16, 16))
        assert get(f"{address}{lake}", **known).content == png(16, 16)
        lake.unlink()
        assert get(f"{address}{lake}", **known).status_code == 403
        calls.clear()
        for _ in range(2):
            assert get(f"{address}{secret}").content == png()
        assert calls["open_file"] == 2, "it is not in the folder itself"
        for path in (f"{gallery}/../{gallery.name}/deeper/secret.png", "/etc/passwd", "\0", ""):
            assert get(f"{address}{quote(path)}").status_code in {200, 403, 404}


# Without Gradio.


class App:
    """Answers every path with so many bytes of its name, unless told to fail."""

    def __init__(self, size: int = 100) -> None:
        self.size = size
        self.asked: list[Scope] = []
        self.broken = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        if self.broken:
            await PlainTextResponse("broken", 503)(scope, receive, send)
            return
        name = f"{scope['path']} of {dict(scope['headers'])} "
        body = (name * (1 + self.size // len(name)))[: self.size]
        await PlainTextResponse(body)(scope, receive, send)


class Client:
    """Somebody who asks the step around an app."""

    def __init__(self, app: App, contents: Contents = UNCHANGING) -> None:
        step = ReadyAnswers(app, ContentPolicy((), ""), contents, is_public=True)
        self.step, self.app = step, app
        self.transport = httpx.ASGITransport(step)

    def get(self, *paths: str, host: str = "here") -> list[httpx.Response]:
        async def ask() -> list[httpx.Response]:
            async with httpx.AsyncClient(transport=self.transport) as client:
                headers = {"accept-encoding": "identity"}
                return [await client.get(f"http://{host}{each}", headers=headers) for each in paths]

        return run(ask())

    def kept(self) -> int:
        return self.step._store.size  # noqa: SLF001 - no answer tells


def test_what_is_kept_has_a_bound_and_what_a_room_opens_stays() -> None:
    client = Client(App(size=200_000))
    client.get("/", "/", "/assets/a.js", "/assets/a.js")
    for number in range(200):
        client.get("/", host=f"{number}.example")
    assert answer_store.MOST * 0.9 < client.kept() <= answer_store.MOST
    asked = len(client.app.asked)
    client.get("/", "/assets/a.js")
    assert len(client.app.asked) == asked
    client.get("/", host="0.example")
    assert len(client.app.asked) == asked + 1


def test_what_is_larger_than_all_of_it_is_sent_and_not_kept() -> None:
    client = Client(App(size=answer_store.MOST))
    for answer in client.get("/assets/huge.js", "/assets/huge.js"):
        assert len(answer.content) == answer_store.MOST
    assert client.kept() == 0


def test_long_names_count_too() -> None:
    client = Client(App(size=1))
    client.get("/assets/" + "x" * 50_000)
    assert client.kept() > 50_000


def test_a_failure_is_passed_on_and_asked_for_again() -> None:
    client = Client(App())
    client.app.broken = True
    (answer,) = client.get("/")
    assert (answer.status_code, answer.text) == (503, "broken")
    client.app.broken = False
    assert client.get("/")[0].status_code == 200


def test_the_app_is_asked_with_the_key_and_nothing_else() -> None:
    client = Client(App())
    client.get("/?prompt=secret", "/theme.css?v=secret")
    page, file = client.app.asked
    assert (page["query_string"], page["headers"]) == (b"", [(b"host", b"here")])
    assert (file["query_string"], file["headers"]) == (b"", [])
    assert page["client"] is file["client"] is None


def test_other_routes_are_asked_as_they_are() -> None:
    client = Client(App())
    paths = (
        "/config?page=1",
        "/gradio_api/info?all_endpoints=1",
        "/gradio_api/assets/x.js",
        "/assets",
        "/login",
    )
    client.get(*paths, *paths)
    assert len(client.app.asked) == 2 * len(paths)
    assert client.app.asked[0]["query_string"] == b"page=1"
    assert client.kept() == 0


def test_a_page_that_has_changed_is_made_anew_and_its_files_are_not() -> None:
    now, shown = ["one"], []
    contents = Contents(lambda: now[0], lambda: shown.append(now[0]))
    client = Client(App(), contents)
    client.get("/", "/", "/theme.css")
    now[0] = "two"
    client.get("/", "/", "/theme.css")
    assert [each["path"] for each in client.app.asked] == ["/", "/theme.css", "/"]
    assert shown == ["one", "two"]
