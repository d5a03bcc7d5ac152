"""At the door: what cannot be kept is not paid for, and what was drawn is handed over."""

import base64
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EROFS
from pathlib import Path
from shutil import rmtree
from types import SimpleNamespace
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from limits import parse

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import read
from imagen_demo.sandbox.server import Sandbox
from imagen_demo.server.access import Access
from imagen_demo.service.budget import Allowance
from imagen_demo.service.provider import Provider
from imagen_demo.service.provider_settings import SandboxMode
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import IN_ASCII, program, running_demo

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "fedcba9876543210fedcba9876543210"
ONE_EACH = Allowance(visitor_limit=parse("1/hour"))


def pictures(asked: Received) -> Answer:
    """As many small pictures as were asked for."""
    count = json.loads(asked.body or "{}").get("num_images", 1)
    entry = {"b64_json": base64.b64encode(png()).decode()}
    return Answer(body=json.dumps({"data": [entry] * count}).encode())


@pytest.fixture
def service(service: Service) -> Service:
    """A service that draws."""
    service.script = pictures
    return service


@contextmanager
def demo(service: Service, album: Path, **more: Any) -> Iterator[str]:  # noqa: ANN401
    """Serve a demo, and give its address."""
    settings = Settings(base_url=service.url, **more)
    provider = Provider(settings, sandbox_latency=0)
    try:
        with running_demo(provider, album=album, access=settings.access) as url:
            yield url
    finally:
        provider.close()


def door(url: str, folder: Path, key: str = "") -> Client:
    headers = {"X-AIMLAPI-Key": key} if key else {}
    return Client(url, headers=headers, download_files=folder / "downloads", verbose=False)


def ask(door: Client, prompt: str = "A square", **fields: Any) -> Any:  # noqa: ANN401 - JSON
    return door.predict(prompt=prompt, **fields, api_name="/generate")


def refusal(door: Client) -> str:
    with pytest.raises(AppError) as caught:
        ask(door)
    return str(caught.value)


@pytest.mark.parametrize("key", ["", KEY], ids=["host", "visitor"])
def test_on_a_full_disk_nothing_is_sent_and_nothing_is_spent(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    disk = SimpleNamespace(free=10**9)
    monkeypatch.setattr("imagen_demo.pictures.disk_space.disk_usage", lambda _: disk)
    with demo(service, tmp_path / "album", host_key=KEY, allowance=ONE_EACH) as url:
        visitor = door(url, tmp_path, key)
        for _ in range(3):
            assert refusal(visitor) == (
                "This demo's disk is full, so nothing was drawn. Nothing was charged. "
                "Tell the demo's host."
            )
        assert service.received == []
        disk.free += 32 * 1024**2
        _, receipt = ask(visitor)
    assert receipt["kept"]
    assert [asked.method for asked in service.received] == ["POST"]


@pytest.mark.parametrize("fault", ["gone", "read-only"])
def test_where_nothing_can_be_written_nothing_is_sent_and_the_reason_is_told(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    with demo(service, tmp_path / "album", host_key=KEY) as url:
        if fault == "gone":
            rmtree(tmp_path / "album")
            (tmp_path / "album").touch()
            reason = "This demo's disk says “File exists”"
        else:
            reason = "This demo's disk is read-only"
            mkdir = Path.mkdir

            def refuse(path: Path, *args: Any, **more: Any) -> None:  # noqa: ANN401
                if path.is_relative_to(tmp_path / "album") and not path.exists():
                    raise OSError(EROFS, os.strerror(EROFS))
                mkdir(path, *args, **more)

            monkeypatch.setattr(Path, "mkdir", refuse)
        assert refusal(door(url, tmp_path)).startswith(
            f"{reason}, so nothing was drawn. Nothing was"
        )
    assert service.received == []


def test_a_disk_that_fails_while_the_service_draws_costs_no_picture(
    service: Service, tmp_path: Path
) -> None:
    def lose(asked: Received) -> Answer:
        rmtree(tmp_path / "album")
        (tmp_path / "album").touch()
        return pictures(asked)

    service.script = lose
    with demo(service, tmp_path / "album", host_key=KEY) as url:
        files, receipt = ask(door(url, tmp_path))
    assert not receipt["kept"]
    recipe = read(Path(files[0]))
    assert isinstance(recipe, Recipe)
    assert recipe.request.prompt == "A square"


@pytest.mark.parametrize("mode", [SandboxMode.AUTO, SandboxMode.ONLY])
def test_the_sandbox_draws_on_a_full_disk_too_and_says_that_nothing_is_kept(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: SandboxMode
) -> None:
    disk = SimpleNamespace(free=10**9)
    monkeypatch.setattr("imagen_demo.pictures.disk_space.disk_usage", lambda _: disk)
    with demo(service, tmp_path / "album", sandbox=mode) as url:
        visitor = door(url, tmp_path, KEY if mode is SandboxMode.ONLY else "")
        files, receipt = ask(visitor)
        assert (receipt["kept"], receipt["drawn_by"]) == (False, "sandbox")
        assert isinstance(read(Path(files[0])), Recipe)
        assert Album(tmp_path / "album").oldest_first() == []
        disk.free += 32 * 1024**2
        assert ask(visitor)[1]["kept"]
    assert len(Album(tmp_path / "album").oldest_first()) == 1


@pytest.mark.host
def test_a_paid_picture_is_kept_where_the_file_system_cannot_spell_its_prompt(
    service: Service, tmp_path: Path
) -> None:
    prompts = {"Füchse 狐": "fuchse", "🦊🦊": "picture", "狐" * 400: "picture"}
    environment = {"AIMLAPI_BASE_URL": service.url, "AIMLAPI_API_KEY": KEY, **IN_ASCII}
    with program(tmp_path, environment=environment) as running:
        visitor = door(running.url, tmp_path)
        for prompt, name in prompts.items():
            files, receipt = ask(visitor, prompt)
            assert (receipt["kept"], receipt["prompt"]) == (True, prompt)
            assert Path(files[0]).name == f"{name}-1x1.png"
    kept = sorted(path.stem for path in (tmp_path / "pictures").rglob("*.png"))
    assert kept == ["fuchse-1x1", "picture-1x1", "picture-1x1"]


def test_from_another_machine_the_sandbox_draws_a_visitor_so_many_pictures_an_hour(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "start", lambda **_: service)
    eight = parse("8/hour")
    with demo(service, tmp_path / "album", access=Access(), sandbox_limit=eight) as url:
        visitor = door(url, tmp_path)
        for _ in range(2):
            assert len(ask(visitor, num_images=4)[0]) == 4
        assert re.fullmatch(
            "This demo's sandbox draws 8 pictures per hour for each address; yours has had that. "
            "A whole room may share one: its host can allow it more. "
            r"Nothing was charged. There is more from \d\d:\d\d UTC on. "
            "Your own AI/ML API key works right away.",
            refusal(visitor),
        )
        assert len(service.received) == 2
        assert ask(door(url, tmp_path, KEY))[1]["drawn_by"] == "imagen"


def test_at_home_the_sandbox_draws_as_many_as_one_likes(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "start", lambda **_: service)
    none = parse("0/hour")
    with demo(service, tmp_path / "album", access=Access(local=True), sandbox_limit=none) as url:
        assert ask(door(url, tmp_path))[1]["drawn_by"] == "sandbox"
