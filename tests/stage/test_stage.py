"""The stage over HTTP: who may see what of it, and what a stranger gets."""

import re
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote

import pytest
import requests

from imagen_demo.domain.generation import Usage
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.examples import GALLERY, names
from imagen_demo.server.access import Access, Account
from tests.stage.served import PASSWORD, Served, served

ROOM = ("/stage", "/stage/now", "/stage/host", "/stage/waiting")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("stage"), host_password=PASSWORD) as running:
        yield running


@pytest.fixture
def host(demo: Served) -> Iterator[requests.Session]:
    """The host's browser; the stage is asked for there, so it is open."""
    with requests.Session() as session:
        entered = session.post(
            f"{demo.url}/stage", data={"action": "enter", "password": PASSWORD}, timeout=30
        )
        assert entered.url == f"{demo.url}/stage"
        assert "Show on stage" in entered.text
        session.get(f"{demo.url}/stage/now", timeout=30)
        yield session
        decide(demo, session, action="ask", first="yes")


def decide(demo: Served, session: requests.Session, **form: str) -> requests.Response:
    return session.post(f"{demo.url}/stage/host", data=form, timeout=30)


def now(demo: Served, session: requests.Session, **asked: str) -> dict[str, Any]:
    answer = session.get(f"{demo.url}/stage/now", params=asked, timeout=30)
    assert answer.headers["cache-control"] == "no-store"
    said: dict[str, Any] = answer.json()
    return said


# A visitor's own.


def test_a_visitors_own_are_named_newest_first_and_a_newcomer_gets_the_examples(
    demo: Served,
) -> None:
    visitor = token_hex(32)
    assert demo.own(visitor=visitor) == {"pictures": names(GALLERY), "start": 0}
    first, second = demo.drawn(visitor), demo.drawn(visitor)
    assert demo.own(visitor=visitor)["pictures"] == [second, first]


def test_it_begins_with_what_the_page_shows(demo: Served) -> None:
    visitor = token_hex(32)
    first, second = demo.drawn(visitor), demo.drawn(visitor)
    album = demo.demo.answering.drawing.album
    assert demo.own(visitor=visitor, shown=str(album.folder / first))["start"] == 1
    example = names(GALLERY)[2]
    said = demo.own(visitor=visitor, shown=str(GALLERY / example))
    assert said == {"pictures": [example, second, first], "start": 0}
    dropped = demo.demo.answering.drawing.temporary.save(
        "dropped.png", (GALLERY / example).read_bytes()
    )
    said = demo.own(visitor=visitor, shown=str(dropped))
    assert said["pictures"] == [str(dropped), second, first]
    assert demo.get(f"/stage/slide?picture={quote(str(dropped))}").status_code == 200


@pytest.mark.parametrize(
    "shown", ["/etc/passwd", "..", "../../app.py", "\0", "x" * 5000, "/", "", "a/b/c.png"]
)
def test_what_is_no_picture_of_the_demos_is_not_shown(demo: Served, shown: str) -> None:
    assert demo.own(visitor="", shown=shown)["pictures"] == names(GALLERY)
    assert demo.get("/stage/slide", params={"picture": shown}).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"visitor": 3}', b'{"shown": ["a"]}', b"\xff"]
)
def test_what_no_page_would_ask_is_refused_in_a_sentence(demo: Served, body: bytes) -> None:
    answer = requests.post(f"{demo.url}/stage/own", data=body, timeout=30)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_another_sites_page_learns_nothing(demo: Served) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    body = {"visitor": token_hex(32)}
    answer = requests.post(f"{demo.url}/stage/own", json=body, headers=foreign, timeout=30)
    assert answer.status_code == 403


def test_a_slide_has_the_visitors_words_marked_and_what_it_cost(demo: Served) -> None:
    name = demo.drawn(token_hex(32), "A <b>fox</b>")
    slide = demo.get("/stage/slide", params={"picture": name}).text
    assert "You wrote:" in slide
    assert "<mark>A &lt;b&gt;fox&lt;/b" in slide
    assert "Drawn by the sandbox, free" in slide
    assert "$0.042 at Imagen 4&#39;s price" in slide
    assert "<b>fox" not in slide


def test_a_picture_of_the_models_says_what_was_paid(demo: Served) -> None:
    name = demo.drawn(token_hex(32), drawn_by="imagen", usage=Usage(84_000, 0.042), seconds=7.25)
    slide = demo.get("/stage/slide", params={"picture": name}).text
    assert "Imagen 4 used:" in slide
    assert "$0.042 &middot; 7.2 seconds" in slide
    assert "sandbox" not in slide


def test_without_a_rewrite_it_says_why(demo: Served) -> None:
    as_it_is = GenerationRequest(prompt="A fox", enhance_prompt=False)
    name = demo.drawn(token_hex(32), request=as_it_is, rewritten_prompt=None)
    assert "Rewriting was off" in demo.get("/stage/slide", params={"picture": name}).text


def test_a_comparison_is_shown_side_by_side_and_what_is_gone_is_left_out(demo: Served) -> None:
    visitor = token_hex(32)
    pictures = [demo.drawn(visitor), demo.drawn(visitor), "gone"]
    asked = {"picture": pictures, "label": ["Fast", "Standard", "Ultra"]}
    slide = demo.get("/stage/slide", params=asked).text
    assert re.findall(r"<h2>(\w+)</h2>", slide) == ["Fast", "Standard"]
    assert "--columns: 2" in slide
    assert slide.count("You wrote") == 1


def test_an_example_is_nobodys_words(demo: Served) -> None:
    slide = demo.get("/stage/slide", params={"picture": names(GALLERY)[0]}).text
    assert "The example:" in slide
    assert "You wrote" not in slide


def test_its_files_are_sent_once(demo: Served) -> None:
    for name in ("stage.js", "present.js", "stage.css", "room.js", "host.js", "host.css"):
        answer = demo.get(f"/stage/files/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["content-encoding"] == "gzip"
        again = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": "gzip"}
        assert demo.get(f"/stage/files/{name}", headers=again).status_code == 304
    for outside in ("/stage/files/../room.py", "/stage/files/%2e%2e/room.py", "/stage/files/"):
        assert demo.get(outside).status_code in {404, 405}


# The room's.


def test_without_a_host_there_is_no_such_stage(tmp_path: Path) -> None:
    with served(tmp_path) as demo:
        for path in ROOM:
            assert demo.get(path).status_code == 404
        assert demo.own(visitor="")["pictures"]  # one's own needs none
        assert not demo.stage.is_open()


@pytest.mark.parametrize("path", ROOM)
def test_a_stranger_gets_a_form_opens_nothing_and_decides_nothing(demo: Served, path: str) -> None:
    answer = demo.get(path)
    assert answer.status_code == 401
    assert "Password" in answer.text
    assert "stage.js" not in answer.text
    posted = requests.post(f"{demo.url}{path}", data={"action": "ask", "first": "no"}, timeout=30)
    assert posted.status_code in {401, 405}


def test_a_strangers_wrong_password_stays_a_form_of_that_page(demo: Served) -> None:
    form = {"action": "enter", "password": "guess"}
    answer = requests.post(f"{demo.url}/stage/host", data=form, timeout=30)
    assert answer.status_code == 401
    assert "That is not the password." in answer.text
    assert 'action="host"' in answer.text  # relative to /stage/host


def test_with_a_login_and_no_password_whoever_is_in_is_host(tmp_path: Path) -> None:
    access = Access(accounts=(Account("ada", PASSWORD),))
    with served(tmp_path, access=access) as demo:
        assert demo.get("/stage").text.count("Log in") or demo.get("/stage").status_code == 401
        assert demo.get("/stage", auth=("ada", PASSWORD)).status_code == 200
        assert demo.get("/stage/host", auth=("ada", PASSWORD)).status_code == 200
        for path in ("/stage/own", "/stage/slide", "/stage/files/stage.js"):
            assert demo.get(path).status_code == 401


def test_the_projector_shows_what_the_host_let_through(
    demo: Served, host: requests.Session
) -> None:
    visitor = token_hex(32)
    name = demo.offered(visitor)
    assert "slide" not in now(demo, host)
    row = host.get(f"{demo.url}/stage/waiting", timeout=30).text
    assert "Waiting for you: 1" in row
    assert f'value="{name}"' in row
    decide(demo, host, action="show", name=name)
    said = now(demo, host)
    assert said["current"] == name
    assert "Somebody here wrote:" in said["slide"]
    assert visitor not in str(said)
    assert "slide" not in now(demo, host, last=name, showing=name)
    decide(demo, host, action="off", name=name)
    assert now(demo, host, last=name, showing=name) == {"gone": True}


def test_straight_through_and_back(demo: Served, host: requests.Session) -> None:
    assert "Ask me first" in decide(demo, host, action="ask", first="no").text
    name = demo.offered(token_hex(32))
    assert now(demo, host)["current"] == name
    assert "Straight through" in decide(demo, host, action="ask", first="yes").text
    decide(demo, host, action="off", name=name)


@pytest.mark.parametrize("action", ["show", "off", "dance", ""])
def test_the_host_decides_about_what_is_there_alone(
    demo: Served, host: requests.Session, action: str
) -> None:
    assert decide(demo, host, action=action, name="nobody/nothing/a.png").status_code == 404


def test_a_projector_that_asks_nonsense_is_answered(demo: Served, host: requests.Session) -> None:
    for every in ("nan", "inf", "-1", "x", ""):
        assert now(demo, host, every=every, showing="../..", last="x") == {"gone": True}


def test_the_address_is_a_code_for_phones_where_they_can_reach_it(
    demo: Served, host: requests.Session
) -> None:
    here = host.get(f"{demo.url}/stage", timeout=30).text
    assert "Phones cannot reach 127.0.0.1" in here
    assert "<svg" not in here.partition("Where to draw along")[2].partition("</aside>")[0]
    elsewhere = {"Host": "imagen.example.org"}
    page = demo.get("/stage", headers=elsewhere, auth=("host", PASSWORD)).text
    code = page.partition("Where to draw along")[2].partition("</aside>")[0]
    assert "<svg" in code
    assert '<a href="http://imagen.example.org">imagen.example.org</a>' in code


def test_behind_a_proxy_the_address_is_the_one_that_phones_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/demo")
    forwarded = {"X-Forwarded-Host": "imagen.example.org", "X-Forwarded-Proto": "https"}
    with served(tmp_path, host_password=PASSWORD, access=Access(trusted_proxies=1)) as demo:
        page = demo.get("/stage", headers=forwarded, auth=("host", PASSWORD)).text
    assert '<a href="https://imagen.example.org/demo">imagen.example.org/demo</a>' in page


def test_the_page_offers_the_switch_while_a_stage_is_open(tmp_path: Path) -> None:
    def offers(demo: Served) -> bool:
        config = demo.get("/config").json()
        (switch,) = [
            each["props"]
            for each in config["components"]
            if each["props"].get("elem_id") == "on-stage"
        ]
        return bool(switch["visible"])

    with served(tmp_path, host_password=PASSWORD) as demo:
        assert not offers(demo)
        demo.get("/stage/now", auth=("host", PASSWORD))
        assert offers(demo)
