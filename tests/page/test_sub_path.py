"""Behind a real proxy that serves the demo below a path: noticed where nobody told the demo."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.demos import free_port, sandbox_demo, wait_for
from tools.scale_fleet import program_of

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(program_of("nginx") is None, reason="nginx is not installed"),
]

SAID = "Set GRADIO_ROOT_PATH=/imagen"


@contextmanager
def below_a_path(folder: Path, demo: str) -> Iterator[str]:
    """Serve the demo below /imagen/, and nothing beside it."""
    front = f"127.0.0.1:{free_port()}"
    temporary = "".join(
        f"{each}_temp_path {folder}/{each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"pid {folder}/nginx.pid; events {{}} http {{ access_log off; {temporary} server {{"
        f"listen {front}; location / {{ return 404; }} location = /there {{ return 200; }}"
        f"location /imagen/ {{ proxy_pass {demo}; proxy_set_header Host $http_host;"
        "proxy_buffering off; } } }"
    )
    command = [str(program_of("nginx")), "-e", "stderr", "-p", str(folder), "-c"]
    with subprocess.Popen([*command, str(configuration), "-g", "daemon off;"]) as process:  # noqa: S603 - installed
        try:
            wait_for(f"http://{front}/there", process)
            yield f"http://{front}/imagen/"
        finally:
            process.terminate()


@pytest.mark.parametrize("told", [False, True], ids=["forgotten", "told"])
def test_a_forgotten_root_path_is_said_and_a_known_one_is_not(
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    told: bool,
) -> None:
    caplog.set_level(logging.WARNING)
    if told:
        monkeypatch.setenv("GRADIO_ROOT_PATH", "/imagen")
    with sandbox_demo() as demo, below_a_path(tmp_path, demo) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        if told:
            expect(page.get_by_role("button", name="Open a picture")).to_be_visible()
        else:
            page.wait_for_load_state("networkidle")
        context.close()
    assert any(SAID in each for each in caplog.messages) is not told
