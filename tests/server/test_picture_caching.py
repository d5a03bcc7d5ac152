"""A browser keeps the pictures it was given, for as long as they surely stay the same."""

import mimetypes
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.utils import get_upload_folder
from starlette.responses import FileResponse

from imagen_demo.launch import serve
from imagen_demo.server.access import Access
from imagen_demo.server.picture_caching import FILE, PictureCaching
from imagen_demo.server.shutdown import Shutdown
from tests.conftest import png
from tests.loops import run

HOUR, DAY = "private, max-age=3600", "private, max-age=86400, immutable"
RANDOM = "k" * 31 + "-"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Image()
    try:
        served = serve(demo, Access(), Shutdown(), prevent_thread_lock=True, quiet=True)
        yield f"{served}gradio_api/file="
    finally:
        demo.close(verbose=False)


def lying(*folders: str) -> Path:
    """A picture below Gradio's folder of temporary files."""
    path = Path(mkdtemp(dir=get_upload_folder())).joinpath(*folders, "lake.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png())
    return path


def get(address: str, **headers: str) -> httpx.Response:
    return httpx.get(address, headers=headers, trust_env=False, timeout=30)


@pytest.mark.parametrize(
    ("folders", "lasts"),
    [
        ((RANDOM, RANDOM), DAY),  # an album's
        (("0123456789abcdef" * 4,), DAY),  # an upload's
        ((), HOUR),
        (("gallery",), HOUR),
        ((RANDOM,), HOUR),
        (("0123456789ABCDEF" * 4,), HOUR),
    ],
)
def test_what_never_changes_is_kept_for_longer(
    url: str, folders: tuple[str, ...], lasts: str
) -> None:
    path = lying(*folders)
    for method in ("GET", "HEAD"):
        answer = httpx.request(method, f"{url}{path}", trust_env=False)
        assert answer.headers["cache-control"] == lasts
        assert answer.content == (png() if method == "GET" else b"")


def test_a_picture_that_a_browser_has_is_not_sent_again_until_another_takes_its_place(
    url: str,
) -> None:
    path = lying("gallery")
    first = get(f"{url}{path}")
    known = {"if-none-match": first.headers["etag"]}
    again = get(f"{url}{path}", **known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == HOUR
    path.write_bytes(png(16, 16))
    other = get(f"{url}{path}", **known)
    assert (other.status_code, other.content) == (200, png(16, 16))
    path.unlink()
    assert get(f"{url}{path}", **known).status_code == 403


def test_nobody_keeps_a_refusal(url: str) -> None:
    for answer in (get(f"{url}/etc/passwd"), get(f"{url}/etc/passwd", **{"if-none-match": "*"})):
        assert answer.status_code == 403
        assert "max-age" not in answer.headers.get("cache-control", "")


# Removed in another tab, or since its time is over, just when it is asked for.


def test_a_picture_that_goes_while_it_is_looked_up_is_gone(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = lying(RANDOM, RANDOM)
    guess = mimetypes.guess_type

    def remove(name: Path) -> tuple[str | None, str | None]:
        path.unlink(missing_ok=True)  # all that is asked of it was asked
        return guess(name)

    monkeypatch.setattr("gradio.route_utils.mimetypes.guess_type", remove)
    answer = get(f"{url}{path}")
    assert (answer.status_code, answer.json()) == (404, {"detail": "This file is gone."})
    assert "cache-control" not in answer.headers
    assert caplog.text == ""


def test_what_breaks_while_the_picture_lies_there_is_a_bug_and_stays_one(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lying(RANDOM, RANDOM)

    def break_down(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("gradio.route_utils.mimetypes.guess_type", break_down)
    assert get(f"{url}{path}").status_code == 500
    asked = {"type": "http", "method": "GET", "path": f"{FILE}{path}", "headers": []}
    app: Any = break_down
    with pytest.raises(RuntimeError, match="a bug"):  # for the host's log
        run(PictureCaching(app)(asked, app, app))


def test_a_picture_that_goes_when_its_headers_are_sent_leaves_no_name_in_the_log(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = lying(RANDOM, RANDOM)
    set_headers = FileResponse.set_stat_headers

    def remove(response: FileResponse, stat_result: os.stat_result) -> None:
        set_headers(response, stat_result)
        path.unlink()

    monkeypatch.setattr(FileResponse, "set_stat_headers", remove)
    with pytest.raises(httpx.RemoteProtocolError):
        get(f"{url}{path}")
    assert "a file went while it was handed out" in caplog.text
    assert path.name not in caplog.text
