"""What keeps the demo fast, as far as it is seen without a clock; `benchmarks` has the clock."""

import asyncio
import json
import threading
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from limits import parse
from PIL import Image

from benchmarks.visitors import Page, visiting
from imagen_demo.service.budget import Allowance
from imagen_demo.service.provider import Provider
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import running_demo
from tests.loops import run

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "fedcba9876543210fedcba9876543210"


def drawing(width: int = 640) -> Callable[[Received], Answer]:
    entry = {"b64_json": b64encode(png(width, 360)).decode()}
    return lambda _: Answer(body=json.dumps({"data": [entry]}).encode())


@pytest.fixture(autouse=True)
def _no_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made later, and then by whoever comes next."""
    monkeypatch.setattr("imagen_demo.pictures.thumbnails._DELIVERY", 3600.0)


def paid_by_the_host(service: Service) -> Provider:
    allowance = Allowance(parse("1000/hour"), 10**9)
    return Provider(Settings(base_url=service.url, host_key=KEY, allowance=allowance))


def test_sixty_visitors_are_at_the_service_at_the_same_time(
    service: Service, tmp_path: Path
) -> None:
    together = threading.Barrier(60, timeout=60)
    draw = drawing()

    def script(asked: Received) -> Answer:
        if asked.method == "POST":
            together.wait()  # it lets nobody go before all sixty have come
        return draw(asked)

    service.script = script
    provider = paid_by_the_host(service)

    async def all_at_once(url: str) -> None:
        page = await Page.open(url.rstrip("/"))
        async with visiting(page, 60) as visitors:
            await asyncio.gather(*(each.generate() for each in visitors))

    with running_demo(provider, album=tmp_path) as url:
        run(all_at_once(url))
    assert len(list(tmp_path.rglob("*.png"))) == 60


def test_a_picture_is_written_once_and_leaves_as_it_lies(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.script = drawing()
    encoded: list[object] = []
    save = Image.Image.save

    def counted(image: Image.Image, *to: object, **how: object) -> None:
        encoded.append(to)
        save(image, *to, **how)  # type: ignore[arg-type]

    async def one(url: str) -> str:
        page = await Page.open(url.rstrip("/"))
        async with visiting(page, 1) as (visitor,):
            encoded.clear()  # what the page's own opening needed
            await visitor.generate()
            (path,) = visitor.fetched
            return path

    provider = paid_by_the_host(service)
    with running_demo(provider, album=tmp_path) as url:
        monkeypatch.setattr("PIL.Image.Image.save", counted)
        path = run(one(url))
        served = requests.get(f"{url.rstrip('/')}{path}", timeout=10)
    (kept,) = tmp_path.rglob("*.png")
    assert served.content == kept.read_bytes()
    assert path == f"/gradio_api/file={kept}"
    assert encoded == []
    assert served.headers["cache-control"] == "private, max-age=86400, immutable"


def test_a_click_is_one_request_and_nothing_follows_it(service: Service, tmp_path: Path) -> None:
    provider = paid_by_the_host(service)
    with running_demo(provider, album=tmp_path) as url:
        page = run(Page.open(url.rstrip("/")))
        config = requests.get(f"{url}config", timeout=10).json()
    assert page.followers == ()
    assert page.openers == ()
    unlimited = [
        each["queue"] is not False for each in config["dependencies"] if each["backend_fn"]
    ]
    assert all(unlimited)
