"""A proxy that serves the demo below a path of which nobody told it is noticed, and said once."""

import pytest
from starlette.requests import Request

from imagen_demo.server.sub_path import SubPath


def asked(path: str, referer: str, host: str = "demo.example", **more: str) -> Request:
    headers = {"host": host, "referer": referer, **more}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": path, "headers": raw})


@pytest.mark.parametrize("path", ["/theme.css", "/assets/index-1a2b.js"])
@pytest.mark.parametrize(
    "request_of",
    [
        lambda path: asked(path, "https://demo.example/imagen/"),
        lambda path: asked(
            path, "https://a.example/imagen/?q=1", **{"x-forwarded-host": "a.example"}
        ),
    ],
    ids=["its own name", "its proxy's"],
)
def test_it_is_said_once_with_what_to_set(
    caplog: pytest.LogCaptureFixture, path: str, request_of: object
) -> None:
    sub_path = SubPath("")
    assert callable(request_of)
    for _ in range(2):
        sub_path.notice(request_of(path))
    assert sub_path.found == "/imagen"
    (line,) = caplog.messages
    assert "Set GRADIO_ROOT_PATH=/imagen" in line


@pytest.mark.parametrize(
    ("root_path", "path", "referer"),
    [
        ("", "/theme.css", "https://demo.example/"),
        ("", "/theme.css", ""),
        ("", "/theme.css", "https://[/imagen/"),
        ("", "/theme.css", "https://other.example/imagen/"),
        ("", "/assets/a.woff2", "https://demo.example/assets/a.css"),
        ("", "/gradio_api/file=/a.png", "https://demo.example/imagen/"),
        ("", "/theme.css", "https://demo.example/forged\x7f/"),
        ("/imagen", "/theme.css", "https://demo.example/imagen/"),
        ("https://demo.example/imagen/", "/theme.css", "https://demo.example/imagen/"),
    ],
)
def test_nothing_is_said_where_nothing_is_amiss(
    caplog: pytest.LogCaptureFixture, root_path: str, path: str, referer: str
) -> None:
    sub_path = SubPath(root_path)
    sub_path.notice(asked(path, referer))
    assert (sub_path.found, caplog.messages) == ("", [])
