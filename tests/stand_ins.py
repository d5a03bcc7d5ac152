"""What the page's tests share: a service that answers at once, recorded pictures, a reader."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from shutil import rmtree
from typing import Any

import gradio as gr

from imagen_demo.domain.catalog import OPTIONS
from imagen_demo.domain.generation import Balance, DrawnBy, Generation, OnPicture, Picture, Usage
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.domain.option import Option
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import inscribe
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.service.provider_settings import Payer
from imagen_demo.ui.library.view import Strip
from imagen_demo.ui.messages import Notice
from imagen_demo.ui.outputs import Outputs
from tests.conftest import png

RESULT = {"picture", "rewritten_prompt", "token_usage", "notice", "shown", "code"}
"""What changes where a result is shown."""

VISITOR, STRANGER = "0123456789abcdef" * 4, "fedcba9876543210" * 4
UNTOUCHED: dict[str, Any] = {
    **{name: option.default for name, option in OPTIONS.items() if option.label},
    "aspect_ratio": "4:3",
    "seed": "",
    "visitor": VISITOR,
}
"""What the page's widgets say before anybody has touched them; but for prompt, key and visit."""

NASTY = """</p><script>alert(1)</script><img src=x onerror="y">' ${a} {{b}} `c` &lt; aimlapi.com"""


FULL = "This demo's disk is full"
"""Why a picture is not kept, as `reason_of` words it."""


def values_of(option: Option) -> tuple[object, ...]:
    """What an option may be; of many numbers the lowest, the highest and one between."""
    if option.is_switch:
        return (False, True)
    if option.limits:
        low, high = option.limits
        return tuple(range(low, high + 1)) if high < 9 else (low, 42, high)
    return option.choices


class Fake:
    """Answers with small pictures, or fails as told; remembers what it was asked."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.rewrites = True
        self.drawn_by: DrawnBy = "imagen"
        self.without_key: Payer = "sandbox"
        self.missing: tuple[str, ...] = ()
        self.checked = ""
        self.asked: list[tuple[GenerationRequest, str]] = []
        self.spenders: list[str] = []
        self.when_asked: Callable[[GenerationRequest], object] = str
        """Called with each request before anything is drawn; may wait, and may raise."""
        self.before_each: Callable[[], object] = list
        """Called before each picture."""
        self.finish: Callable[[bytes], bytes] = bytes
        """What becomes of each picture before it is sent; it may be signed, say."""

    def trouble(self) -> str:
        return ""

    def generate(
        self,
        request: GenerationRequest,
        *,
        api_key: str,
        on_picture: OnPicture,
        spender: str = "",
    ) -> Generation:
        self.spenders.append(spender)
        self.asked.append((request, api_key))
        self.when_asked(request)
        if self.failure:
            raise self.failure
        pictures = tuple(
            verify_picture(
                self.finish(png(8 + number)),
                f"A teal square, take {number}" if self.rewrites else None,
            )
            for number in range(request.num_images - len(self.missing))
        )
        whole = Generation(
            request=request,
            pictures=pictures,
            charged=len(pictures),
            missing=self.missing,
            usage=Usage(84_000, 0.042) if self.rewrites else Usage(),
            seconds=1.234,
            inference_id="inference-1",
            drawn_by=self.drawn_by,
            response='{"data": []}',
        )
        for number, picture in reversed([*enumerate(pictures)]):
            self.before_each()
            on_picture(number, replace(whole, pictures=(picture,)))
        return whole

    def is_free(self, api_key: str) -> bool:  # noqa: ARG002
        return self.drawn_by == "sandbox"

    def watch(self) -> None:
        """Follow nothing."""

    def check_key(self, api_key: str) -> Balance:
        if self.failure:
            raise self.failure
        self.checked = api_key
        return Balance(10.07, from_sandbox=False)

    def standing(self, model: str) -> Standing | None:
        successor, shutdown = "google/gemini-nano-banana-2.1", date(2026, 8, 17)
        gone = Standing(Status.WITHDRAWN, None, shutdown, successor)
        return gone if "imagen" in model else None


def lose_disk(fake: Fake, album: Album) -> None:
    """Let an album take nothing more, by whomever, from the moment a request is on its way."""

    def lose(_: GenerationRequest) -> None:
        if album.folder.is_dir():
            rmtree(album.folder)
        album.folder.write_bytes(b"")

    fake.when_asked = lose


def recipe_of(
    prompt: str = "A fox",
    *,
    rewritten: str | None = "A red fox",
    drawn_by: DrawnBy = "imagen",
    usage: Usage | None = None,
    **asked: Any,  # noqa: ANN401 - a request's own fields
) -> Recipe:
    """Note down how a small picture came to be."""
    return Recipe(
        request=GenerationRequest(prompt=prompt, **asked),
        rewritten_prompt=rewritten,
        width=8,
        height=8,
        usage=Usage(84_000, 0.042) if usage is None else usage,
        seconds=9.87,
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        inference_id="gen:1",
        drawn_by=drawn_by,
    )


def inscribed(recipe: Recipe) -> Picture:
    """Draw the small picture of a recipe, with the recipe in its file."""
    picture = verify_picture(png(recipe.width, recipe.height), recipe.rewritten_prompt)
    return inscribe(picture, recipe)


def rewrite_in(source: str) -> str | None:
    """The rewritten prompt that the page shows, whole; None if it shows none."""
    shown = Page(source).inside("dd")
    return shown[1] if shown else None


def text_of(notice: Notice) -> str:
    """What a message says, as it is read."""
    return Page(notice["html"]).text


def shots_of(picture: str) -> list[tuple[str, str]]:
    """The pictures that are shown, each a file and what describes it."""
    page = Page(picture)
    files, captions = page.given("data-pick"), page.every("img", "alt")
    return [(str(file), str(said)) for file, said in zip(files, captions, strict=True)]


def tiles_of(strip: Strip) -> list[str | None]:
    """The names of the pictures in a visitor's own row, in its order."""
    return Page(strip["tiles"]).given("data-open")


def changed(outputs: Outputs) -> set[str]:
    """The widgets that do not stay as they are, by their names."""
    named = {**outputs, **outputs.get("settings", {})}
    return {name for name, update in named.items() if update != gr.skip()} - {"settings"}


# Tags that nothing closes.
_EMPTY = {"img", "br", "input"}


class Page(HTMLParser):
    """What a browser makes of HTML: tags with their attributes, and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[tuple[str, int]] = []
        self._closed: list[tuple[str, str]] = []
        self.feed(str(source))  # what is cut out of markup would be escaped
        self.close()
        assert self._open == []
        assert "script" not in dict(self.tags)
        assert not any(name.startswith("on") for _, attrs in self.tags for name in attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self._open.append((tag, len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        opened, start = self._open.pop()
        assert opened == tag
        self._closed.append((tag, self.text[start:]))

    def handle_data(self, data: str) -> None:
        self.text += data

    def inside(self, *tags: str) -> list[str]:
        """The texts of all such tags, with what is in tags within, as they close."""
        return [text for tag, text in self._closed if tag in tags]

    def every(self, tag: str, attribute: str) -> list[str | None]:
        """Every tag's attribute, which all of them must have."""
        return [attributes[attribute] for name, attributes in self.tags if name == tag]

    def given(self, attribute: str) -> list[str | None]:
        """The attribute of those tags that have it."""
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]
