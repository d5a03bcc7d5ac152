"""A demo with a stage, and people who draw without a painter: a picture is there at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from limits import parse
from PIL import Image

from imagen_demo.domain.request import GenerationRequest
from imagen_demo.launch import Demo, build
from imagen_demo.pictures.examples import GALLERY, examples
from imagen_demo.pictures.metadata import open_picture, with_recipe
from imagen_demo.service.provider import Provider
from imagen_demo.service.stage import Stage
from imagen_demo.settings import Settings

PASSWORD = "sesame-4711"  # noqa: S105 - a test's


@dataclass(frozen=True)
class Served:
    """A demo that is served, and people who draw."""

    url: str
    demo: Demo

    @property
    def stage(self) -> Stage:
        return self.demo.answering.drawing.stage

    def drawn(
        self,
        visitor: str,
        prompt: str = "A fox",
        size: tuple[int, int] = (1408, 768),
        **more: Any,  # noqa: ANN401 - what a recipe says
    ) -> str:
        """Keep a picture of a visitor's and return its name."""
        said = {
            "request": GenerationRequest(prompt=prompt),
            "rewritten_prompt": f"{prompt} in the snow",
        }
        recipe = replace(examples()[0].recipe, **{**said, **more})
        picture, _ = open_picture(_plain(size))
        album = self.demo.answering.drawing.album
        path = album.save(with_recipe(picture, recipe)[0], recipe, visitor=visitor)
        return album.name(path)

    def offered(self, visitor: str, prompt: str = "A fox") -> str:
        """The same with the switch on."""
        name = self.drawn(visitor, prompt)
        self.stage.offer([self.demo.answering.drawing.album.folder / name])
        return name

    def get(self, path: str, **more: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        return requests.get(f"{self.url}{path}", timeout=30, **more)

    def own(self, **asked: str) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/stage/own", json=asked, timeout=30)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said


@contextmanager
def served(
    folder: Path,
    *,
    port: int | None = None,
    gallery: Path = GALLERY,
    **more: Any,  # noqa: ANN401 - settings
) -> Iterator[Served]:
    """Serve a demo with these settings, at a port of its own or at this one."""
    given = {"pictures": folder / "pictures", "sandbox_limit": parse("999/hour"), **more}
    settings = Settings(**given)
    provider = Provider(settings, sandbox_latency=0)
    demo = build(settings, service=provider, gallery=gallery)
    try:
        yield Served(
            demo.serve(prevent_thread_lock=True, quiet=True, server_port=port).rstrip("/"), demo
        )
    finally:
        demo.page.close(verbose=False)
        provider.close()


@cache
def _plain(size: tuple[int, int]) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "PNG")
    return file.getvalue()
