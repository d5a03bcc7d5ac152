"""nginx before the demo keeps what is the same for everybody, and nothing else."""

import re
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from imagen_demo import NAMED
from imagen_demo.server.access import Access, Account
from imagen_demo.server.ready_answers import ReadyAnswers
from tests.demos import free_port, running_demo, wait_for
from tests.stand_ins import Fake
from tools.scale_fleet import nginx_command, program_of

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(program_of("nginx") is None, reason="nginx is not installed"),
]

SITE, OTHER = "https://one.example", "https://two.example"


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that came through to a demo whose visitors were let in."""
    paths: list[str] = []
    answer = ReadyAnswers.__call__

    async def noted(step: ReadyAnswers, scope: Scope, receive: Receive, send: Send) -> None:
        paths.append(scope["path"])
        await answer(step, scope, receive, send)

    monkeypatch.setattr(ReadyAnswers, "__call__", noted)
    return paths


@contextmanager
def behind_nginx(access: Access) -> Iterator[str]:
    with running_demo(Fake(), access=access) as demo, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        front, behind = f"127.0.0.1:{free_port()}", demo.removeprefix("http://").rstrip("/")
        command = nginx_command(folder / "nginx", listen=front, replicas=[behind] * 2)
        with subprocess.Popen(command) as process:  # noqa: S603 - a server that is installed
            try:
                wait_for(f"http://{front}/healthz", process)
                yield f"http://{front}"
            finally:
                process.terminate()


def get(url: str, accept: str = "gzip, br", **headers: str) -> httpx.Response:
    said = {"accept-encoding": accept, **headers}
    return httpx.get(url, headers=said, trust_env=False, timeout=30)


def script_in(page: str) -> str:
    found = re.search(r'src="\./(assets/[^"]+\.js)"', page)
    assert found
    return f"/{found[1]}"


def test_a_room_gets_each_file_from_nginx(arrived: list[str]) -> None:
    with behind_nginx(Access(trusted_proxies=1)) as url, ThreadPoolExecutor(20) as room:
        script = script_in(get(f"{url}/").text)
        arrived.clear()
        answers = list(room.map(get, [f"{url}{script}", f"{url}{script}?another"] * 20))
        assert arrived.count(script) == 1
        assert len({each.content for each in answers}) == 1
        for each in answers:
            assert each.headers["content-encoding"] == "br"
            assert each.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert each.headers["x-content-type-options"] == "nosniff"
        plain = get(f"{url}{script}", accept="identity")
        assert "content-encoding" not in plain.headers
        assert plain.content == answers[0].content
        known = get(f"{url}{script}", **{"if-none-match": answers[0].headers["etag"]})
        assert known.status_code == 304
        assert arrived.count(script) == 2, "once for each encoding"


@pytest.mark.parametrize("path", ["/", "/theme.css", "/assets/index-01234567.js", "/config"])
def test_what_may_change_comes_from_the_demo_each_time(arrived: list[str], path: str) -> None:
    with behind_nginx(Access(trusted_proxies=1)) as url:
        get(f"{url}{path}")
        arrived.clear()
        for _ in range(3):
            get(f"{url}{path}")
    assert arrived == [path] * 3


def test_behind_a_login_strangers_get_nothing_of_what_others_loaded() -> None:
    access = Access(accounts=(Account("ann", "hunter2"),), trusted_proxies=1)
    with behind_nginx(access) as url:
        ann = {"authorization": f"Basic {b64encode(b'ann:hunter2').decode()}"}
        script = script_in(get(f"{url}/", **ann).text)
        for _ in range(2):
            assert get(f"{url}{script}", **ann).status_code == 200
            stranger = get(f"{url}{script}")
            assert (stranger.status_code, stranger.text) == (401, "Log in first.")


def test_each_site_that_the_host_allows_may_read_what_another_loaded() -> None:
    access = Access(origins=frozenset({SITE, OTHER}), trusted_proxies=1)
    with behind_nginx(access) as url:
        script = script_in(get(f"{url}/").text)
        for origin in (SITE, OTHER, SITE):
            allowed = get(f"{url}{script}", origin=origin).headers["access-control-allow-origin"]
            assert allowed == origin
        for stranger in ({}, {"origin": "https://evil.example"}):
            assert "access-control-allow-origin" not in get(f"{url}{script}", **stranger).headers


def test_what_is_for_hosts_alone_is_answered_by_none_or_by_whoever_is_able() -> None:
    with behind_nginx(Access(trusted_proxies=1)) as url:
        assert get(f"{url}/readyz").text == f"ready: {NAMED}"
        assert get(f"{url}/metrics").status_code == 404
