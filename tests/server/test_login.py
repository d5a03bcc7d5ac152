"""A login stands in front of everything: whatever route a stranger asks for tells nothing."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import gradio as gr
import pytest
import requests
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError
from starlette.requests import Request

from imagen_demo.launch import serve
from imagen_demo.server.access import Access, Account
from imagen_demo.server.client_address import client_of
from imagen_demo.server.login import Login
from imagen_demo.server.shutdown import Shutdown
from imagen_demo.settings import Settings
from tests.conftest import png
from tests.demos import sandbox_demo

ANN = ("ann", "hunter2: ä")
LOG_IN = "Log in first."
UNFIT = "User and password do not fit."


def elsewhere() -> dict[str, str]:
    """Come from an address of one's own: other tests' wrong tries are not held against it."""
    return {"X-Forwarded-For": f"2001:db8::{uuid4().hex[:4]}:0:0:0:0"}


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """The demo with a login."""
    settings = Settings.from_env(
        {
            "IMAGEN_DEMO_AUTH": f"{':'.join(ANN)}, bob:swordfish",
            "IMAGEN_DEMO_TRUSTED_PROXIES": "1",
            "IMAGEN_DEMO_MCP": "1",
        }
    )
    with sandbox_demo(settings) as url:
        yield url


def routes(demo: gr.Blocks) -> list[tuple[str, str]]:
    """Every method and path that the app answers, with something in each place for something."""
    found = list(demo.app.routes)
    for each in demo.app.routes:
        found += getattr(getattr(each, "original_router", None), "routes", ())
    asked = [
        (method, re.sub(r"{[^}]*}", "1", each.path))
        for each in found
        if hasattr(each, "path")
        for method in sorted(getattr(each, "methods", None) or {"GET", "POST"})
    ]
    assert len(asked) > 60
    return asked


def test_a_stranger_learns_nothing_from_any_route_there_is() -> None:
    with gr.Blocks(analytics_enabled=False, title="secret") as demo:
        words = gr.Textbox("secret")
        gr.UploadButton("secret").click(fn=len, inputs=words, api_name="secret")
    access = Access(accounts=(Account(*ANN),))
    url = serve(demo, access, Shutdown(), prevent_thread_lock=True, quiet=True).rstrip("/")
    open_ones: dict[tuple[str, str], tuple[int, str]] = {}
    try:
        for method, path in routes(demo):
            answer = requests.request(method, f"{url}{path}", timeout=10)
            assert "secret" not in answer.text
            if (answer.status_code, answer.text) not in {(401, LOG_IN), (401, "")}:
                open_ones[method, path] = (answer.status_code, answer.text)
    finally:
        demo.close(verbose=False)
    closed = {each for each, said in open_ones.items() if said in {(404, "Not found"), (404, "")}}
    for each in closed:
        assert each[1].startswith(("/gradio_api/", "/pwa_icon/"))
        del open_ones[each]
    names = {path.split("/")[2] for _, path in closed}
    assert {
        "deep_link",
        "process_recording",
        "component_server",
        "custom_component",
        "dev",
    } <= names
    assert open_ones.pop(("GET", "/"))[1].startswith("<!doctype html>")
    assert open_ones.pop(("GET", "/manifest.json")) == (200, "{}")
    assert open_ones.pop(("HEAD", "/")) == (200, "")
    assert open_ones.pop(("POST", "/login")) == (401, UNFIT)
    assert open_ones.pop(("GET", "/gradio_api/startup-events")) == (200, "false")
    assert open_ones.pop(("GET", "/logout")) == (405, "Press Log out at the foot of the page.")
    assert open_ones == {}


@pytest.mark.parametrize(
    "path",
    [
        *("/config", "/gradio_api/info", "/gradio_api/mcp/", "/gradio_api/mcp/schema", "/nowhere"),
        *("/?__theme=dark&deep_link=x", "//config", "/./config", "/login/../config", "/%63onfig"),
        *("/healthz/../config", "/gradio_api/startup-events/../info", "/Config", "/healthz/config"),
    ],
)
def test_no_way_of_writing_a_path_gets_around_it(guarded: str, path: str) -> None:
    asking = requests.Request("GET", guarded).prepare()
    asking.url = f"{guarded.rstrip('/')}{path}"
    with requests.Session() as session:
        answer = session.send(asking, timeout=10)
    assert answer.text == LOG_IN or "Log in</h1>" in answer.text


def test_a_picture_is_for_those_who_are_let_in(guarded: str, tmp_path: Path) -> None:
    client = Client(guarded, auth=ANN, verbose=False, download_files=tmp_path)
    pictures, receipt = client.predict(prompt="A lake", api_name="/generate")
    assert Path(pictures[0]).read_bytes()[:4] == png()[:4]
    assert receipt["tokens_used"] > 0
    file = f"{guarded}gradio_api/file=/etc/hostname"
    assert requests.get(file, timeout=10).text == LOG_IN
    assert requests.get(file, auth=("bob", "swordfish"), timeout=10).status_code == 403


def test_gradio_client_is_told_what_is_missing(guarded: str) -> None:
    with pytest.raises(AuthenticationError, match="credentials were not provided"):
        Client(guarded, verbose=False)
    with pytest.raises(AuthenticationError, match="Invalid credentials"):
        Client(guarded, auth=("ann", "swordfish"), verbose=False)


@pytest.mark.parametrize(
    "sent",
    [
        *({}, {"username": "ann"}, {"username": "ann", "password": ""}, {"password": ANN[1]}),
        *({"username": "ann", "password": "swordfish"}, {"username": "ANN", "password": ANN[1]}),
        {"username": "carl", "password": ANN[1]},
    ],
)
def test_whoever_does_not_know_both_stays_outside(guarded: str, sent: dict[str, str]) -> None:
    with requests.Session() as session:
        answer = session.post(f"{guarded}login", data=sent, headers=elsewhere(), timeout=10)
        assert (answer.status_code, answer.text) == (401, UNFIT)
        assert not session.cookies
        assert session.get(f"{guarded}config", timeout=10).status_code == 401


def test_a_browser_gets_a_cookie_that_scripts_cannot_read(guarded: str) -> None:
    with requests.Session() as session:
        given = dict(zip(("username", "password"), ANN, strict=True))
        answer = session.post(f"{guarded}login", data=given, timeout=10)
        assert "Imagen 4" in session.get(guarded, timeout=10).text
    cookie = answer.headers["set-cookie"]
    assert "; HttpOnly; SameSite=Lax" in cookie
    assert ANN[1] not in cookie + answer.text


def test_where_the_page_came_by_https_the_cookie_works_in_a_spaces_frame(guarded: str) -> None:
    answer = requests.post(
        f"{guarded}login",
        data={"username": "bob", "password": "swordfish"},
        headers={"X-Forwarded-Proto": "https"},
        timeout=10,
    )
    assert answer.headers["set-cookie"].endswith("; HttpOnly; SameSite=None; Secure; Partitioned")


@pytest.mark.parametrize("given", ["", "x", "!!!", b64encode(b"ann").decode(), "/w=="])
def test_a_header_that_says_nothing_opens_nothing(guarded: str, given: str) -> None:
    headers = {"Authorization": f"Basic {given}"}
    assert requests.get(f"{guarded}config", headers=headers, timeout=10).text == LOG_IN


def login_of(*accounts: Account) -> Login:
    return Login(accounts, client_of)


def cookie_of(login: Login, account: Account) -> str:
    form = f"username={account.name}&password={account.password}".encode()
    asking = Request({"type": "http", "headers": [], "path": "/", "server": ("x", 80)})
    return login.enter(asking, form).headers["set-cookie"].partition(";")[0]


def admitted(login: Login, cookie: str) -> bool:
    headers = [(b"cookie", cookie.encode("latin-1"))]
    asking = Request({"type": "http", "headers": headers, "path": "/", "method": "GET"})
    return login.refusal(asking) is None


def leave(login: Login, cookie: str) -> None:
    headers = [(b"cookie", cookie.encode("latin-1"))]
    login.leave(Request({"type": "http", "headers": headers, "path": "/logout"}))


def test_every_process_knows_a_cookie_again_until_the_password_changes() -> None:
    ann, bob = Account("ann", "hunter2"), Account("bob", "swordfish")
    cookie = cookie_of(login_of(ann, bob), ann)
    assert admitted(login_of(ann, bob), cookie)
    assert admitted(login_of(ann), f"other=1; {cookie}; more=2")
    assert not admitted(login_of(bob), cookie)
    assert not admitted(login_of(Account("ann", "hunter3"), bob), cookie)


def test_another_apps_odd_cookie_does_not_hide_ours() -> None:
    ann = Account("ann", "hunter2")
    cookie = cookie_of(login_of(ann), ann)
    for odd in ('prefs={"a": 1}', "a b=1", "x[y]=1", "flag"):
        assert admitted(login_of(ann), f"{odd}; {cookie}")


def test_a_form_with_too_many_fields_opens_nothing(guarded: str) -> None:
    form = {f"f{number}": "x" for number in range(11)}
    answer = requests.post(f"{guarded}login", data=form, timeout=10)
    assert (answer.status_code, answer.text) == (401, UNFIT)


def test_a_cookie_ends_after_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    login = login_of(Account("ann", "hunter2"))
    monkeypatch.setattr("imagen_demo.server.login.time.time", lambda: 1_000_000.0)
    cookie = cookie_of(login, Account("ann", "hunter2"))
    monkeypatch.setattr("imagen_demo.server.login.time.time", lambda: 1_000_000.0 + 7 * 86_400 - 1)
    assert admitted(login, cookie)
    monkeypatch.setattr("imagen_demo.server.login.time.time", lambda: 1_000_000.0 + 7 * 86_400)
    assert not admitted(login, cookie)


def test_a_cookie_that_was_tampered_with_opens_nothing() -> None:
    login = login_of(Account("ann", "hunter2"), Account("bob", "swordfish"))
    name, _, value = cookie_of(login, Account("ann", "hunter2")).partition("=")
    user, until, session, signature = value.split(".")
    bob = b"bob".hex()
    for forged in (
        f"{bob}.{until}.{session}.{signature}",
        f"{user}.{int(until) + 1}.{session}.{signature}",
        f"{user}.{until}.{session[::-1]}.{signature}",
        f"{user}.{until}.{session}.{signature[:-1]}",
        f"{user}.{until}.{session}.",
        f"{user}.{until}.{session}",
        f"{user}.{until}.{signature}",
        f"{user}.soon.{session}.{signature}",
        *("", ".", "...", "ff.9999999999.x.x", "ä.9999999999.x.x", f"{value}.", f"{value}.x"),
    ):
        assert not admitted(login, f"{name}={forged}")
    assert admitted(login, f"{name}={value}")


def test_no_log_names_a_password(guarded: str, caplog: pytest.LogCaptureFixture) -> None:
    for password in ("hunter2: ä", "hunter2"):
        requests.post(f"{guarded}login", data={"username": "ann", "password": password}, timeout=10)
    assert "hunter2" not in caplog.text


def tried(login: Login, name: str, password: str, peer: str = "192.0.2.1") -> int:
    """Try a name and a password; 200 is to be let in."""
    given = f"username={name}&password={password}".encode()
    scope = {"type": "http", "headers": [], "path": "/login", "server": ("x", 80)}
    return login.enter(Request({**scope, "client": (peer, 4711)}), given).status_code


def test_who_guesses_is_stopped_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_800_000_000.0]
    clock = SimpleNamespace(time=lambda: now[0])
    for reader in ("limits.storage.memory.time", "imagen_demo.server.login.time"):
        monkeypatch.setattr(reader, clock)
    login = login_of(Account("ann", "hunter2"))
    cookie = cookie_of(login, Account("ann", "hunter2"))
    assert [tried(login, "ann", str(each)) for each in range(10)] == [401] * 10
    assert tried(login, "ann", "hunter2") == 429
    assert tried(login, "ann", "hunter2", peer="192.0.2.2") == 200
    assert admitted(login, cookie)
    now[0] += 299
    assert tried(login, "ann", "hunter2") == 429
    now[0] += 2
    assert tried(login, "ann", "hunter2") == 200


def test_knowing_the_password_is_never_too_often() -> None:
    login = login_of(Account("ann", "hunter2"))
    assert {tried(login, "ann", "hunter2") for _ in range(30)} == {200}


@pytest.mark.parametrize("header", [True, False])
def test_a_guesser_reads_when_to_come_back_and_the_host_that_there_is_one(
    guarded: str, caplog: pytest.LogCaptureFixture, *, header: bool
) -> None:
    here = elsewhere()

    def try_in(password: str) -> requests.Response:
        if header:
            auth = ("bob", password)
            return requests.get(f"{guarded}config", headers=here, auth=auth, timeout=10)
        form = {"username": "bob", "password": password}
        return requests.post(f"{guarded}login", headers=here, data=form, timeout=10)

    assert {(try_in("wr0ng").status_code, try_in("wr0ng").text) for _ in range(5)} == {(401, UNFIT)}
    refused = try_in("swordfish")
    assert refused.status_code == 429
    assert refused.text == "Too many tries did not fit. Try again in 5 minutes."
    assert 0 < int(refused.headers["retry-after"]) <= 300
    lines = {record.getMessage() for record in caplog.records}
    (line,) = (each for each in lines if "login" in each)
    assert re.fullmatch("a login did not fit, of visitor [0-9a-f]{16}", line)


def test_whoever_logs_out_has_to_log_in_again(guarded: str) -> None:
    with requests.Session() as session:
        given = dict(zip(("username", "password"), ANN, strict=True))
        session.post(f"{guarded}login", data=given, timeout=10)
        assert session.get(f"{guarded}config", timeout=10).ok
        left = session.post(f"{guarded}logout", timeout=10)
        assert "Log in</h1>" in left.text
        assert left.history[0].status_code == 303
        assert not session.cookies
        assert session.get(f"{guarded}config", timeout=10).status_code == 401


def test_a_copy_of_a_cookie_ends_with_the_log_out_and_no_other_visit_does(guarded: str) -> None:
    given = dict(zip(("username", "password"), ANN, strict=True))
    here, there = (
        requests.post(f"{guarded}login", data=given, timeout=10).cookies for _ in range(2)
    )
    stolen = dict(here)
    assert requests.get(f"{guarded}config", cookies=stolen, timeout=10).ok
    requests.post(f"{guarded}logout", cookies=here, timeout=10)
    for path in ("config", "gradio_api/info"):
        refused = requests.get(f"{guarded}{path}", cookies=stolen, timeout=10)
        assert (refused.status_code, refused.text) == (401, LOG_IN)
    assert requests.get(f"{guarded}config", cookies=there, timeout=10).ok


def test_what_was_left_is_forgotten_when_it_would_have_ended_anyway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    login, now = login_of(Account("ann", "hunter2")), 1_000_000.0
    monkeypatch.setattr("imagen_demo.server.login.time.time", lambda: now)
    for _ in range(50):
        cookie = cookie_of(login, Account("ann", "hunter2"))
        leave(login, cookie)
        assert not admitted(login, cookie)
        now += 86_400
    assert len(login._left) <= 7  # noqa: SLF001 - what it keeps in memory is the point


def test_a_forged_cookie_is_not_remembered() -> None:
    login = login_of(Account("ann", "hunter2"))
    for number in range(20):
        leave(login, f"imagen-demo-login=616e6e.9999999999.{number}.x")
    assert login._left == {}  # noqa: SLF001 - likewise


def test_a_cookie_is_for_the_demo_alone_on_a_host_with_other_apps() -> None:
    access = Access(accounts=(Account(*ANN),))
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Textbox()
    url = serve(demo, access, Shutdown(), prevent_thread_lock=True, quiet=True, root_path="/imagen")
    try:
        with requests.Session() as session:
            given = dict(zip(("username", "password"), ANN, strict=True))
            session.post(f"{url}imagen/login", data=given, timeout=10)
            assert session.cookies.list_paths() == ["/imagen"]
            assert session.get(f"{url}imagen/config", timeout=10).ok
            session.post(f"{url}imagen/logout", timeout=10)
            assert not session.cookies
    finally:
        demo.close(verbose=False)


def test_a_spaces_cookie_is_taken_back_with_the_words_it_was_given_with(guarded: str) -> None:
    headers = {"X-Forwarded-Proto": "https"}
    left = requests.post(f"{guarded}logout", headers=headers, allow_redirects=False, timeout=10)
    assert left.headers["set-cookie"] == (
        "imagen-demo-login=; Max-Age=0; HttpOnly; SameSite=None; Secure; Partitioned"
    )


def test_whoever_is_logged_in_may_send_a_header_that_is_meant_for_a_proxy(guarded: str) -> None:
    with requests.Session() as session:
        given = dict(zip(("username", "password"), ANN, strict=True))
        session.post(f"{guarded}login", data=given, headers=elsewhere(), timeout=10)
        here = elsewhere()
        for _ in range(11):
            asked = session.get(f"{guarded}config", auth=("proxy", "x"), headers=here, timeout=10)
            assert asked.ok


def test_another_sites_page_logs_nobody_out(guarded: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    refused = requests.post(f"{guarded}logout", headers=headers, timeout=10)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


def test_an_address_logs_nobody_out_either_and_does_not_look_like_it(guarded: str) -> None:
    asked = requests.get(f"{guarded}logout", auth=ANN, allow_redirects=False, timeout=10)
    assert (asked.status_code, asked.text) == (405, "Press Log out at the foot of the page.")
