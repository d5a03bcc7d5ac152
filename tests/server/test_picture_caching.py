"""A browser keeps the pictures it was given, for as long as they surely stay the same."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import gradio as gr
import httpx
import pytest
from gradio.utils import get_upload_folder

from imagen_demo.launch import serve
from imagen_demo.server.access import Access
from imagen_demo.server.shutdown import Shutdown
from tests.conftest import png

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
