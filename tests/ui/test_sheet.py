"""A sheet says all there is about a picture, and needs nothing but itself."""

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO

import pytest
from PIL import Image

from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.generation import Picture, Usage
from imagen_demo.domain.recipe import Recipe, parse_recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.metadata import inscribe
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.ui.sheet import comparison_sheet, sheet
from tests.conftest import png

NANO = "google/gemini-nano-banana-2.1"
RECIPE = Recipe(
    request=GenerationRequest(prompt="A fox in snow", aspect_ratio="16:9"),
    rewritten_prompt="A red fox in deep snow, at dusk",
    width=1408,
    height=768,
    usage=Usage(84_000, 0.042),
    seconds=9.87,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    inference_id="01ABC:def-2.x_y",
    drawn_by="imagen",
)
HOSTILE = [
    *("<script>alert(1)</script>", "</title><script>alert(1)</script>", "</style></body></html>"),
    *('"><img src=x onerror=alert(1)>', "' onload='alert(1)", "<!--", "]]>", "&lt;b&gt; &amp; &"),
    *("<svg/onload=alert(1)>", "</p><link rel=stylesheet href=https://evil.example/x>"),
    *("{prompt} {0} %s", "https://example.com/fox.png", "<b>bold</b>", "狐狸 🦊 نص"),
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
]
VOID = {"meta", "img"}
ADDRESSES = {
    *("src", "srcset", "href", "action", "formaction", "data", "poster", "background", "ping"),
    *("cite", "manifest", "xlink:href", "longdesc", "codebase", "archive", "srcdoc"),
}


class Page(HTMLParser):
    """What a browser would find: every element with its attributes and the text in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self.others: list[str] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it down, and open it."""
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        text: list[str] = []
        self.found.append((tag, {name: value or "" for name, value in attrs}, text))
        if tag not in VOID:
            self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened last."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Count text to whatever is open."""
        if self._open:
            self._open[-1][1].append(data)

    def handle_comment(self, data: str) -> None:
        """Find nothing of the kind."""
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        """Likewise."""
        self.others.append(data)

    def all(self, tag: str) -> list[str]:
        """Return the texts of all elements of one kind."""
        return ["".join(text) for name, _, text in self.found if name == tag]

    def attributes(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all elements of one kind."""
        return [attributes for name, attributes, _ in self.found if name == tag]

    @property
    def settings(self) -> dict[str, str]:
        """Return the table of settings."""
        return dict(zip(self.all("dt"), self.all("dd"), strict=True))

    @property
    def cost(self) -> str:
        """Return the figure."""
        (said,) = (
            "".join(text)
            for _, attributes, text in self.found
            if attributes.get("class") == "figure"
        )
        return said


def picture(kind: str = "PNG", colour: str = "teal") -> Picture:
    stream = BytesIO()
    Image.new("RGB", (16, 9), colour).save(stream, kind)
    return verify_picture(stream.getvalue(), None)


def one(recipe: Recipe = RECIPE) -> Page:
    return Page(sheet([(picture(), recipe)]))


def several(*rewritten: str | None) -> list[tuple[Picture, Recipe]]:
    request = replace(RECIPE.request, num_images=len(rewritten))
    colours = ("teal", "gold", "navy", "pink")
    return [
        (picture(colour=colour), replace(RECIPE, request=request, rewritten_prompt=each))
        for colour, each in zip(colours, rewritten, strict=False)
    ]


def assert_self_contained(page: Page, pictures: Sequence[Picture]) -> None:
    assert page.others == []
    assert {tag for tag, _, _ in page.found} <= {
        *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "div"),
        *("figure", "img", "figcaption", "dl", "dt", "dd", "section", "strong"),
    }
    for tag, attributes, _ in page.found:
        assert not any(name.startswith("on") for name in attributes)
        assert ADDRESSES & set(attributes) == ({"src"} if tag == "img" else set())
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|//|expression", style)
    sources = [attributes["src"] for attributes in page.attributes("img")]
    assert all(source.startswith("data:image/") for source in sources)
    assert [b64decode(source.split(",")[1], validate=True) for source in sources] == [
        each.data for each in pictures
    ]
    (policy,) = (
        attributes["content"]
        for attributes in page.attributes("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = {name: rest for name, *rest in map(str.split, policy.split(";"))}
    assert rules["default-src"] == ["'none'"]
    assert rules["img-src"] == ["data:"]
    assert "script-src" not in rules
    equivalents = [attributes.get("http-equiv") for attributes in page.attributes("meta")]
    assert equivalents.count(None) == len(equivalents) - 1


def test_a_sheet_has_everything_about_one_picture() -> None:
    page = one()
    assert page.all("title") == ["A fox in snow"]
    assert page.all("h1") == ["Imagen 4"]
    assert page.all("h2") == ["Prompt", "As the model rewrote it"]
    said = page.all("p")
    assert said == [
        *("2 January 2026", "A fox in snow", "A red fox in deep snow, at dusk"),
        "84,000 tokens · $0.042",
    ]
    assert page.settings == {
        "Model": "google/imagen-4.0-generate-001",
        "Aspect ratio": "16:9",
        "Rewriting": "on",
        "Size": "1408 x 768 pixels",
        "Time": "9.9 seconds",
        "Request": "01ABC:def-2.x_y",
        "Drawn": "2026-01-02 03:04 UTC",
    }
    assert page.attributes("img")[0]["alt"] == "A red fox in deep snow, at dusk"
    assert page.all("figcaption") == []


def test_a_sheet_begins_as_html_in_utf_8() -> None:
    html = sheet([(picture(), RECIPE)])
    assert html.startswith("<!doctype html>\n<html")
    assert html.index('<meta charset="utf-8">') < 1024
    assert one().attributes("html") == [{"lang": "en"}]


def test_every_setting_that_is_no_default_is_on_the_sheet() -> None:
    request = GenerationRequest(
        prompt="A fox",
        num_images=1,
        seed=7,
        enhance_prompt=False,
        person_generation="dont_allow",
        safety_setting="block_only_high",
    )
    settings = one(replace(RECIPE, request=request, rewritten_prompt=None)).settings
    wanted = {
        "Seed": "7",
        "Rewriting": "off",
        "People": "dont_allow",
        "Safety filter": "block_only_high",
    }
    assert settings | wanted == settings
    marked = replace(RECIPE, request=GenerationRequest(prompt="A fox", add_watermark=True))
    assert one(marked).settings["Watermark"] == "on"


def test_a_model_with_other_options_has_these_on_its_sheet() -> None:
    request = GenerationRequest(prompt="A fox", model=NANO, resolution="4K", enable_web_search=True)
    page = one(replace(RECIPE, request=request, rewritten_prompt=None))
    assert page.all("h1") == ["Nano Banana 2.1"]
    assert (page.settings["Resolution"], page.settings["Web search"]) == ("4K", "on")
    assert "Rewriting" not in page.settings  # it takes no such option


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_called_by_its_name_and_its_id(model: str) -> None:
    page = one(replace(RECIPE, request=GenerationRequest(prompt="A fox", model=model)))
    assert page.all("h1") == [MODELS[model].label]
    assert page.settings["Model"] == model


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        (Usage(84_000, 0.042), "84,000 tokens · $0.042"),
        (Usage(1_234_567, 0.617284), "1,234,567 tokens · $0.617284"),
        (Usage(42, 0.000021), "42 tokens · $0.000021"),
        (Usage(1_000_000, 0.5), "1,000,000 tokens · $0.50"),
        (Usage(20_000_000, 10), "20,000,000 tokens · $10.00"),
        (Usage(84_000, None), "84,000 tokens"),
        (Usage(None, 0.042), "$0.042"),
        (Usage(), "Cost not reported"),
    ],
)
def test_the_cost_is_said_as_the_service_said_it(usage: Usage, said: str) -> None:
    assert one(replace(RECIPE, usage=usage)).cost == said


def test_a_sandbox_picture_says_so_and_that_it_was_free() -> None:
    page = one(replace(RECIPE, drawn_by="sandbox"))
    assert page.all("h1") == ["Imagen 4, played by the sandbox"]
    assert page.cost == "Free: drawn by the sandbox"
    assert page.all("p")[-1] == "Imagen 4\u2019s price: 84,000 tokens · $0.042"
    unpriced = one(replace(RECIPE, drawn_by="sandbox", usage=Usage()))
    assert unpriced.cost == "Free: drawn by the sandbox"


def test_a_picture_that_was_not_rewritten_has_its_prompt_alone() -> None:
    page = one(replace(RECIPE, rewritten_prompt=None))
    assert page.all("h2") == ["Prompt"]
    assert page.attributes("img")[0]["alt"] == "A fox in snow"


def test_a_picture_without_a_request_id_has_no_row_for_it() -> None:
    assert "Request" not in one(replace(RECIPE, inference_id="")).settings


def test_a_date_is_said_in_the_time_zone_that_it_names() -> None:
    """Whoever wrote the recipe may have written another zone's time."""
    there = RECIPE.to_text().replace("03:04:05+00:00", "01:04:05+05:00")
    recipe = parse_recipe(there, 16, 9)
    assert recipe
    assert recipe.created_at - RECIPE.created_at == timedelta(hours=-7)
    page = one(recipe)
    assert page.settings["Drawn"] == "2026-01-01 20:04 UTC"
    assert page.all("p")[0] == "1 January 2026"


@pytest.mark.parametrize("count", [2, 3, 4])
def test_several_pictures_have_each_their_own_rewritten_prompt(count: int) -> None:
    rewritten = [f"Fox <{number}>" for number in range(count)]
    pictures = several(*rewritten)
    page = Page(sheet(pictures))
    assert page.all("figcaption") == rewritten
    assert [attributes["alt"] for attributes in page.attributes("img")] == rewritten
    assert page.all("h2") == ["Prompt"]
    assert page.settings["Number of pictures"] == str(count)
    assert_self_contained(page, [each for each, _ in pictures])


def test_pictures_that_came_without_a_rewritten_prompt_have_no_caption() -> None:
    page = Page(sheet(several(None, "A red fox", None)))
    assert page.all("figcaption") == ["A red fox"]
    alts = [attributes["alt"] for attributes in page.attributes("img")]
    assert alts == ["A fox in snow", "A red fox", "A fox in snow"]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(
    ("letters", "size"), [(13, "10.00"), (1_000, "10.00"), (4_000, "5.00"), (25_000, "2.00")]
)
def test_the_more_words_the_smaller_they_are_set(letters: int, size: str, count: int) -> None:
    pictures = several(*["x"] * count)
    request = GenerationRequest(prompt="p" * (letters - count), model=NANO)
    page = Page(sheet([(held, replace(recipe, request=request)) for held, recipe in pictures]))
    assert page.attributes("body") == [{"style": f"--size: {size}pt"}]
    row = "pictures several" if count > 1 else "pictures"
    assert page.attributes("div") == [{"class": row}]
    (style,) = page.all("style")
    assert "font-size: var(--size)" in style
    assert "calc(0.8 * var(--size))" in style


def test_rewritten_prompts_count_like_the_prompt_and_all_have_its_size() -> None:
    page = Page(sheet(several(*["x" * 997] * 4)))
    assert page.attributes("body") == [{"style": "--size: 5.00pt"}]
    classes = [each.get("class") for each in one().attributes("p")]
    assert classes == [None, "prompt", "prompt", "figure"]


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        (Usage(84_000, 0.042), "84,000 tokens · $0.042 for 3 pictures together"),
        (Usage(84_000, None), "84,000 tokens for 3 pictures together"),
        (Usage(), "Cost not reported"),
    ],
)
def test_the_cost_of_several_pictures_is_for_all_of_them(usage: Usage, said: str) -> None:
    pictures = [(held, replace(each, usage=usage)) for held, each in several("a", "b", "c")]
    assert Page(sheet(pictures)).cost == said
    assert Page(sheet(pictures[:1])).cost == said  # what was paid for, whatever is left of it


def test_several_pictures_took_as_long_as_the_last_of_them() -> None:
    took = (3.2, 12.34, 7.0)
    pictures = [
        (held, replace(each, seconds=seconds))
        for (held, each), seconds in zip(several("a", "b", "c"), took, strict=True)
    ]
    assert Page(sheet(pictures)).settings["Time"] == "12.3 seconds"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_sheet_of_any_kind_of_picture_loads_and_runs_nothing(kind: str) -> None:
    held = inscribe(picture(kind), RECIPE)
    page = Page(sheet([(held, RECIPE)]))
    assert_self_contained(page, [held])
    assert page.attributes("img")[0]["src"].startswith(f"data:image/{kind.lower()};base64,")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    request = GenerationRequest(prompt=words)
    pictures = [
        (picture(), replace(RECIPE, request=request, rewritten_prompt=f"{words} rewritten")),
        (picture(), replace(RECIPE, request=request, rewritten_prompt=None)),
    ]
    page = Page(sheet(pictures[:1]))
    assert_self_contained(page, [pictures[0][0]])
    assert page.all("title") == [words]
    assert page.all("p")[1:3] == [words, f"{words} rewritten"]
    assert page.attributes("img")[0]["alt"] == f"{words} rewritten"

    page = Page(sheet(pictures))
    assert_self_contained(page, [each for each, _ in pictures])
    assert page.all("figcaption") == [f"{words} rewritten"]
    assert [each["alt"] for each in page.attributes("img")] == [f"{words} rewritten", words]


def test_a_sheet_without_words_from_outside_names_no_address_at_all() -> None:
    html = sheet([(verify_picture(png(16, 9), None), RECIPE)])
    text = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]*", "", html)
    assert not re.search(r"https?:|//|<script|javascript:|@import|url\(", text, re.IGNORECASE)


# A comparison.

Shown = tuple[Picture, Recipe] | str


def column(colour: str = "teal", **said: object) -> tuple[Picture, Recipe]:
    return picture(colour=colour), replace(RECIPE, **said)  # type: ignore[arg-type]


def compared(*columns: tuple[str, Shown]) -> Page:
    return Page(comparison_sheet(columns))


def asking(model: str = "", **said: object) -> GenerationRequest:
    id_ = f"google/imagen-4.0-{model}generate-001"
    return replace(RECIPE.request, model=id_, **said)  # type: ignore[arg-type]


THREE: list[tuple[str, Shown]] = [
    (
        "Fast",
        column("gold", request=asking("fast-"), usage=Usage(42_000, 0.021), seconds=4.04),
    ),
    ("Standard", column("teal", request=asking(seed=7), rewritten_prompt="A <red> fox")),
    (
        "Ultra",
        column(
            "navy",
            request=asking("ultra-", seed=7, enhance_prompt=False),
            rewritten_prompt=None,
            width=2048,
            height=1152,
            usage=Usage(),
        ),
    ),
]


@pytest.mark.parametrize(
    ("models", "name"),
    [
        (["google/imagen-4.0-fast-generate-001"] * 2, "Imagen 4 Fast"),
        (["google/gemini-nano-banana-2.1"] * 5, "Nano Banana 2.1"),
        (["google/imagen-4.0-fast-generate-001", "google/imagen-4.0-generate-001"], "Imagen 4"),
    ],
)
def test_a_comparison_is_named_after_the_models_it_asked(models: list[str], name: str) -> None:
    request = GenerationRequest(prompt="A fox")
    columns = [("One", column(request=replace(request, model=each))) for each in models]
    assert compared(*columns).all("h1") == [f"{name} compared"]


def test_a_comparison_has_each_picture_under_what_is_special_about_it() -> None:
    page = compared(*THREE)
    assert page.all("title") == ["A fox in snow"]
    assert page.all("h2") == ["Prompt", "Fast", "Standard", "Ultra"]
    assert page.all("p") == [
        *("2 January 2026", "A fox in snow"),
        *("", "4.0 seconds, 1408 x 768", "Imagen 4 Fast, 16:9"),
        "A red fox in deep snow, at dusk",
        *("", "9.9 seconds, 1408 x 768", "Imagen 4, 16:9", "A <red> fox"),
        *("", "9.9 seconds, 2048 x 1152", "Imagen 4 Ultra, 16:9, seed 7"),
        "Rewriting was off: the prompt was drawn as it is.",
    ]
    assert page.all("strong") == [
        *("42,000 tokens · $0.021", "84,000 tokens · $0.042", "Cost not reported")
    ]
    assert [each["alt"] for each in page.attributes("img")] == [
        *("A red fox in deep snow, at dusk", "A <red> fox", "A fox in snow")
    ]
    assert len(page.all("section")) == 3
    assert page.all("figcaption") == page.all("dl") == []


def test_a_comparison_loads_and_runs_nothing() -> None:
    assert_self_contained(
        compared(*THREE), [each[0] for _, each in THREE if not isinstance(each, str)]
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_comparison_of_any_kind_of_picture_shows_it_as_it_is(kind: str) -> None:
    held = inscribe(picture(kind), RECIPE)
    page = compared(("One", (held, RECIPE)), ("The next", (held, RECIPE)))
    assert_self_contained(page, [held, held])
    assert page.attributes("img")[0]["src"].startswith(f"data:image/{kind.lower()};base64,")


def test_a_comparison_begins_as_html_in_utf_8() -> None:
    html = comparison_sheet(THREE)
    assert html.startswith("<!doctype html>\n<html")
    assert html.index('<meta charset="utf-8">') < 1024
    assert html.endswith("</html>\n")
    assert compared(*THREE).attributes("html") == [{"lang": "en"}]


def test_a_comparison_lies_on_its_side() -> None:
    (style,) = compared(*THREE).all("style")
    (other,) = one().all("style")
    assert "size: landscape" in style
    assert "landscape" not in other


@pytest.mark.parametrize("drawn_at", [0, 1, 2])
def test_a_column_without_a_picture_says_why(drawn_at: int) -> None:
    why = "Blocked by the safety filter. Nothing was charged."
    shown: list[tuple[str, Shown]] = [(label, why) for label in ("Fast", "Standard", "Ultra")]
    shown[drawn_at] = (shown[drawn_at][0], column())
    page = compared(*shown)
    assert page.all("h2") == ["Prompt", "Fast", "Standard", "Ultra"]
    assert page.all("p").count(why) == 2
    assert len(page.attributes("img")) == 1
    assert page.all("title") == ["A fox in snow"]


def test_a_comparison_by_the_sandbox_says_so_and_that_it_was_free() -> None:
    free = "Free: drawn by the sandbox. The prices are the models\u2019 own."
    shown: list[tuple[str, Shown]] = [
        ("Fast", "No answer."),
        ("Standard", column(drawn_by="sandbox")),
    ]
    by_imagen, by_sandbox = compared(*THREE), compared(*shown)
    assert by_sandbox.all("h1") == [f"{by_imagen.all('h1')[0]}, played by the sandbox"]
    assert "sandbox" not in "".join(by_imagen.all("h1") + by_imagen.all("p"))
    assert by_sandbox.all("p").count(free) == 1
    assert by_sandbox.all("strong") == ["84,000 tokens · $0.042"]


def test_a_comparison_by_another_model_names_it_in_each_column() -> None:
    request = GenerationRequest(prompt="A fox", model=NANO, aspect_ratio="3:4", resolution="4K")
    page = compared(("1:1", "No answer."), ("3:4", column(request=request)))
    assert "Nano Banana 2.1, 3:4" in page.all("p")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_a_comparison(words: str) -> None:
    request = GenerationRequest(prompt=words)
    held, recipe = column(request=request, rewritten_prompt=f"{words} rewritten")
    as_it_is = replace(recipe, rewritten_prompt=None)
    page = compared((words, words), (words, (held, recipe)), (words, (held, as_it_is)))
    assert_self_contained(page, [held, held])
    assert page.all("title") == [words]
    assert page.all("h2") == ["Prompt", words, words, words]
    assert page.all("p")[1:3] == [words, words]
    assert f"{words} rewritten" in page.all("p")
    assert [each["alt"] for each in page.attributes("img")] == [f"{words} rewritten", words]


@pytest.mark.parametrize("failed", [False, True])
@pytest.mark.parametrize(
    ("count", "longest", "prompt", "size"),
    [
        *((2, 32, 13, "10.00"), (2, 500, 100, "10.00"), (5, 200, 100, "10.00")),
        *((2, 2_000, 400, "5.00"), (5, 840, 200, "5.00"), (2, 500, 26_500, "2.00")),
    ],
)
def test_the_more_words_a_comparison_has_the_smaller_they_are_set(
    count: int, longest: int, prompt: int, size: str, *, failed: bool
) -> None:
    request = GenerationRequest(prompt="p" * prompt, model=NANO)
    short: Shown = column(request=request, rewritten_prompt="x")
    long: Shown = column(request=request, rewritten_prompt="x" * longest)
    shown = [("Short", short)] * (count - 1) + [("Long", "x" * longest if failed else long)]
    page = compared(*shown)
    assert page.attributes("body") == [{"style": f"--size: {size}pt; --columns: {count}"}]
    (style,) = page.all("style")
    assert "repeat(var(--columns)" in style


def test_a_comparison_without_words_from_outside_names_no_address_at_all() -> None:
    html = comparison_sheet(THREE)
    text = re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]*", "", html)
    assert not re.search(r"https?:|//|<script|javascript:|@import|url\(", text, re.IGNORECASE)
