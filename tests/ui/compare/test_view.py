"""A comparison's columns: awaited, drawn, failed or gone; and no foreign word leaves its place."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import ASPECT_RATIOS
from imagen_demo.domain.comparison import LABELS, PRESETS
from imagen_demo.domain.errors import (
    Blocked,
    ModelWithdrawn,
    RateLimited,
    ServiceFailed,
    UnusableReply,
)
from imagen_demo.domain.file_names import title
from imagen_demo.domain.generation import DrawnBy, Usage
from imagen_demo.domain.receipt import Receipt
from imagen_demo.service.result import Drawn
from imagen_demo.ui.compare.view import GONE, Cell, columns, previews, summary
from imagen_demo.ui.messages import Notice
from tests.stand_ins import FULL, NASTY, Page, inscribed, recipe_of

HOSTILE = [NASTY, '"><button data-open="x">', "${document.cookie}", "{{}}", "</section></div>"]
hostile = pytest.mark.parametrize("words", HOSTILE)
AWAITED = Cell("16:9", "16:9")
OPEN, CLOSE = "\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"
SAID_ABOVE = "No picture, for the reason above."


def cell(label: str = "Fast", **recipe: Any) -> Cell:  # noqa: ANN401 - a recipe's own fields
    """A column whose picture is here and kept."""
    drawn = Drawn(0, recipe_of(**recipe), Path("/album/t/p/a-fox-1x1.png"))
    return Cell(label, drawn=drawn, name="t/p/a-fox-1x1.png")


def column(one: Cell, *, awaited: bool = False) -> Page:
    return Page(columns([one], awaited=awaited))


def beside(one: Cell, *, awaited: bool = False) -> Page:
    """A column next to one whose picture is here: it has to give its own reasons."""
    _, first, _ = columns([one, cell("Another")], awaited=awaited).split("<section")
    return Page(f"<section{first}")


def said(notice: Notice) -> Page:
    return Page(notice["html"])


def buttons(page: Page) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in page.tags if tag == "button"]


# The columns themselves.


def preview(preset: str) -> Page:
    """The empty columns of one comparison."""
    first, *found = previews().split('<div class="ways"')
    assert first == ""
    (source,) = (each for each in found if f'data-preset="{preset}"' in each)
    return Page(f'<div class="ways"{source}')


@pytest.mark.parametrize("preset", PRESETS)
def test_before_anything_is_compared_each_column_has_its_name_and_is_empty(preset: str) -> None:
    page = preview(preset)
    assert page.inside("h2") == [*LABELS[preset]]
    assert page.text == "".join(LABELS[preset])
    assert not page.inside("button", "a")
    assert page.given("style")[0] == f"--columns: {len(LABELS[preset])}"


def test_an_empty_column_has_the_shape_of_its_picture() -> None:
    shapes = [each for each in preview("ratios").given("style") if "aspect" in str(each)]
    assert shapes == [f"aspect-ratio: {each.replace(':', '/')}" for each in ASPECT_RATIOS]
    assert set(preview("seeds").given("style")[1:]) == {"aspect-ratio: 16/9"}


def test_what_would_be_compared_first_is_shown_and_the_others_are_there() -> None:
    page = Page(previews())
    assert page.given("data-preset") == [*PRESETS]
    hidden = [attrs["data-preset"] for _, attrs in page.tags if "hidden" in attrs]
    assert hidden == [*PRESETS][1:]


def test_the_column_of_a_kept_picture_can_say_that_it_was_removed() -> None:
    page = column(cell())
    assert page.given("data-name") == ["t/p/a-fox-1x1.png"]
    assert page.inside("p")[-1] == GONE
    assert page.tags[-1] == ("p", {"class": "quiet removed"})
    unkept = Cell("Fast", drawn=Drawn(0, recipe_of(), Path("/gradio/x/a-fox.png"), unkept=FULL))
    removed = Cell("Fast", name="t/p/a-fox-1x1.png", failure=GONE)
    for other in (AWAITED, unkept, removed, replace(AWAITED, failure="No.")):
        page = column(other, awaited=True)
        assert page.given("data-name") == []
        assert "quiet removed" not in page.given("class")


def test_columns_stand_in_their_order_each_a_group_with_its_name() -> None:
    page = Page(columns([cell("Fast"), cell("Standard"), cell("Ultra")], awaited=False))
    groups = [each["aria-label"] for tag, each in page.tags if tag == "section"]
    assert groups == page.inside("h2") == ["Fast", "Standard", "Ultra"]
    assert {each["role"] for tag, each in page.tags if tag == "section"} == {"group"}


def test_a_column_says_that_it_is_awaited_only_while_it_is() -> None:
    assert column(AWAITED, awaited=True).inside("span") == [
        "Drawing\N{HORIZONTAL ELLIPSIS}",  # while the page waits, and else:
        "If it comes, it appears under Your pictures.",
    ]
    assert column(AWAITED).text == "16:9"


def test_failures_that_differ_in_cost_or_leave_a_picture_behind_are_each_told() -> None:
    for errors in (
        [ServiceFailed(500), ServiceFailed(504)],
        [UnusableReply(picture_urls=(f"https://cdn.example/{each}.png",)) for each in "ab"],
    ):
        cells = [Cell("Fast", error=errors[0]), Cell("Ultra", error=errors[1])]
        assert "0 of 2 pictures are here." in said(summary("models", cells)).text
        assert "for the reason above" not in columns(cells, awaited=False)
        for each in errors:
            for url in each.picture_urls:
                assert url in columns(cells, awaited=False)


# A picture that is here.


def test_a_column_has_picture_tokens_dollars_seconds_size_and_rewrite() -> None:
    page = column(cell(rewritten="A red fox"))
    assert page.every("img", "alt") == ["A red fox"]
    assert page.every("img", "src") == ["gradio_api/file=/album/t/p/a-fox-1x1.png"]
    assert page.inside("p") == [
        "84,000 tokens $0.042",
        "9.9 seconds \N{MIDDLE DOT} 8\N{MULTIPLICATION SIGN}8",
        "OpenDownload",
        "A red fox",
        GONE,
    ]
    assert "".join(page.inside("mark")).split() == ["Afox"]


def test_figures_stand_before_the_picture_and_words_after_it() -> None:
    tags = column(cell()).tags
    (picture,) = (place for place, (tag, _) in enumerate(tags) if tag == "img")
    classes = [attributes.get("class") for tag, attributes in tags if tag == "p"]
    assert classes == ["figure", "quiet", "uses", "used", "quiet removed"]
    before = [attributes.get("class") for tag, attributes in tags[:picture] if tag == "p"]
    assert before == ["figure", "quiet"]


def test_a_picture_without_a_rewrite_says_why_and_is_described_by_its_prompt() -> None:
    page = column(cell(rewritten=None, enhance_prompt=False))
    assert page.every("img", "alt") == ["A fox"]
    assert "Rewriting was off" in page.text


def test_a_picture_without_figures_says_that_none_were_reported() -> None:
    page = column(cell(usage=Usage()))
    assert "not reported" in page.inside("p")
    assert "$" not in page.text
    assert "0 tokens $0.00" in column(cell(usage=Usage(0, 0.0))).inside("p")


def test_a_picture_opens_and_downloads_and_each_button_is_told_apart_by_its_column() -> None:
    page = column(cell("Fast"))
    (button,) = buttons(page)
    assert button == {
        "type": "button",
        "data-open": "t/p/a-fox-1x1.png",
        "aria-label": "Open Fast",
    }
    assert page.given("data-open") == ["t/p/a-fox-1x1.png"] * 2, "the picture itself opens, too"
    assert page.every("a", "href") == page.every("img", "src")
    assert page.every("a", "download") == ["a-fox-1x1.png"]
    assert page.every("a", "aria-label") == ["Download Fast"]


@pytest.mark.parametrize("name", ["a fox #1?.png", "füchse 狐.png", 'a"b<c>.png', "100%.png"])
def test_a_pictures_address_leads_to_its_file_whatever_that_is_called(name: str) -> None:
    drawn = Drawn(0, recipe_of(), Path("/my pictures") / name)
    page = column(Cell("Fast", drawn=drawn, name=f"t/p/{name}"))
    (address,) = page.every("img", "src")
    assert address
    assert unquote(address) == f"gradio_api/file=/my pictures/{name}"
    assert not set("?#\"'< ") & set(address)
    assert page.every("a", "download") == [name]


def test_a_picture_that_is_not_kept_cannot_be_opened_and_can_be_downloaded() -> None:
    drawn = Drawn(0, recipe_of(), Path("/gradio/x/a-fox-1x1.png"), unkept=FULL)
    page = column(Cell("Fast", drawn=drawn))
    assert not buttons(page)
    assert page.given("data-open") == []
    assert page.every("a", "download") == ["a-fox-1x1.png"]


def test_a_picture_that_no_disk_took_is_in_the_page_itself() -> None:
    recipe = recipe_of("A fox in snow")
    picture = inscribed(recipe)
    page = column(Cell("Fast", drawn=Drawn(0, recipe, None, unkept=FULL, picture=picture)))
    assert page.every("img", "src") == page.every("a", "href") == [picture.data_url]
    assert page.every("a", "download") == [f"{title(recipe)}.png"]
    assert not buttons(page)


# None.


def test_a_column_that_failed_says_why_in_the_failures_own_kind() -> None:
    error = ServiceFailed(500, detail="teapot", reference="abc")
    page = beside(replace(AWAITED, error=error, failure=str(error)), awaited=True)
    advice = error.advice_at(Door.COMPARE)
    for part in (error.message, error.cost, advice, "teapot", "Request abc for support."):
        assert part in page.text
    notice = next(attrs for tag, attrs in page.tags if attrs.get("role") == "alert")
    assert (notice["class"], notice["aria-label"]) == ("notice failed", "16:9")
    assert "Drawing" not in page.text
    blocked = beside(replace(AWAITED, error=Blocked(), failure="Blocked"))
    assert "notice blocked" in blocked.given("class")


def test_a_column_offers_no_successor_since_a_click_there_would_choose_none() -> None:
    error = ModelWithdrawn(404)
    error.successor = "google/gemini-nano-banana-2.1"
    page = beside(replace(AWAITED, error=error))
    assert not buttons(page)
    assert error.message in page.text
    assert "data-model" not in summary("models", [Cell("Fast", error=error)] * 3)["html"]


@pytest.mark.parametrize("awaited", [True, False])
def test_what_all_columns_failed_for_is_left_to_the_notice(*, awaited: bool) -> None:
    failed = [Cell(each, error=RateLimited(429), failure="x") for each in LABELS["models"]]
    page = Page(columns(failed, awaited=awaited))
    assert page.inside("p") == [SAID_ABOVE] * 3
    assert page.inside("h2") == [*LABELS["models"]]
    assert page.given("role") == ["group"] * 3
    assert [each.failure for each in failed] == ["x"] * 3


@pytest.mark.parametrize(
    "others",
    [
        *([cell()], [AWAITED], [Cell("Fast", error=Blocked())]),
        *([Cell("Fast", error=RateLimited(429, message="Another."))], [Cell("Fast", failure="x")]),
    ],
)
def test_unless_all_failed_for_one_reason_each_column_says_its_own(others: list[Cell]) -> None:
    failed = [Cell("Ultra", error=RateLimited(429))] * 2
    for cells in ([*failed, *others], [*others, *failed]):
        source = columns(cells, awaited=True)
        assert SAID_ABOVE not in source
        assert source.count(RateLimited.message) == 2
        assert summary("models", cells)["kind"] == "done"


def test_what_is_only_remembered_of_a_failure_is_shown_as_text() -> None:
    page = column(replace(AWAITED, failure="The service was busy."))
    assert page.inside("p") == ["The service was busy."]
    assert page.given("class") == ["ways", "way panel", "quiet"]
    assert page.given("aria-label") == ["16:9"]
    assert page.given("role") == ["group"], "it is no news that would be read out"


def test_a_lost_picture_that_is_only_remembered_can_be_opened() -> None:
    urls = ("https://cdn.example/a.png?x=1&y=2", "https://cdn.example/b.png")
    page = column(replace(AWAITED, failure="Lost.", links=urls))
    links = [attributes for tag, attributes in page.tags if tag == "a"]
    assert links == [{"href": url, "target": "_blank", "rel": "noreferrer"} for url in urls]
    assert page.inside("a") == ["Open the picture"] * 2


@pytest.mark.parametrize(
    "address", ["ftp://x/a.png", "javascript:alert(1)", "data:text/html,x", "//x/a.png", "HTTPS:x"]
)
def test_no_other_address_becomes_a_link(address: str) -> None:
    page = column(replace(AWAITED, failure=f"Lost. https://x {address}", links=[address]))
    assert not page.inside("a")


def test_an_address_that_is_not_encrypted_is_marked() -> None:
    page = column(replace(AWAITED, failure="Lost.", links=["http://x/a.png"]))
    assert page.every("a", "href") == ["http://x/a.png"]
    assert page.inside("a") == ["Open the picture (not encrypted)"]


@hostile
def test_a_hostile_address_stays_one(words: str) -> None:
    page = column(replace(AWAITED, failure="Lost.", links=[f"https://x/{words}"]))
    assert page.every("a", "href") == [f"https://x/{words}"]
    assert {tag for tag, _ in page.tags} == {"div", "section", "h2", "p", "a"}


def test_a_picture_outdoes_what_is_remembered_of_a_failure() -> None:
    assert "busy" not in column(replace(cell(), failure="The service was busy.")).text


# Foreign words.


@hostile
def test_no_foreign_word_gets_out_of_a_column(words: str) -> None:
    plain = column(cell(prompt="An ox", rewritten="Two fine owls"))
    foreign = replace(cell(words, prompt=words, rewritten=f"Two {words} owls"), name=f"t/p/{words}")
    page = column(foreign)
    tags = {"mark", "ins"}
    assert [tag for tag, _ in page.tags if tag not in tags] == [
        tag for tag, _ in plain.tags if tag not in tags
    ]
    assert page.inside("h2") == [words]
    assert page.every("img", "alt") == [f"Two {words} owls"]
    assert page.given("data-open") == [f"t/p/{words}"] * 2
    assert page.given("aria-label") == [words, f"Open {words}", f"Download {words}"]


@hostile
def test_no_foreign_word_gets_out_of_a_failed_column(words: str) -> None:
    error = ServiceFailed(500, detail=words, reference=words)
    for failed, labels in (
        (Cell(words, failure=words), [words]),
        (Cell(words, error=error), [words, words]),  # the column's and the notice's
    ):
        page = beside(failed)
        assert {tag for tag, _ in page.tags} <= {"div", "section", "h2", "p", "strong"}
        assert words in page.inside("h2")
        assert page.given("aria-label") == labels
        assert words in page.text.removeprefix(words)


@hostile
def test_no_foreign_word_gets_out_of_the_notice(words: str) -> None:
    page = summed(cell(prompt=words), cell(prompt=words))
    assert page.inside("bdi") == [f"{OPEN}{words}{CLOSE}"]
    assert [tag for tag, _ in page.tags] == ["p", "p", "bdi"]
    failed = summed(*[Cell("Fast", error=ServiceFailed(500, detail=words, reference=words))] * 2)
    assert {tag for tag, _ in failed.tags} == {"p", "strong"}
    assert words in failed.text


@hostile
def test_a_hostile_shape_stays_one(words: str) -> None:
    page = column(Cell("Fast", words), awaited=True)
    assert page.given("style") == ["--columns: 1", f"aspect-ratio: {words.replace(':', '/')}"]


# The sum.


ASKED = f"{OPEN}A fox{CLOSE}, Fast, Standard, Ultra"


def summed(*cells: Cell, preset: str = "models") -> Page:
    return said(summary(preset, cells))


def test_the_summary_adds_up_tokens_and_takes_the_longest_time() -> None:
    slow = cell()
    assert slow.drawn
    quick = replace(slow, drawn=replace(slow.drawn, recipe=replace(slow.drawn.recipe, seconds=2)))
    page = summed(quick, slow, quick)
    assert page.text == (
        "Drawn by Imagen 4. Together 3 pictures, 252,000 tokens ($0.126), all within 9.9 seconds."
        + ASKED
    )
    assert summary("models", [quick, slow])["kind"] == "done"


def test_the_summary_of_what_the_sandbox_drew_says_that_it_was_free() -> None:
    text = summed(*[cell(drawn_by="sandbox")] * 2).text
    assert text == (
        "Drawn here by the sandbox, free. It is no model\N{RIGHT SINGLE QUOTATION MARK}s work. "
        "At Imagen 4\N{RIGHT SINGLE QUOTATION MARK}s prices: 2 pictures, 168,000 tokens ($0.084), "
        "all within 9.9 seconds." + ASKED
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_the_summary_quotes_the_prompt_and_says_what_was_compared(preset: str) -> None:
    failed = Cell("Fast", error=RateLimited(429))
    for cells in ([cell()], [failed, cell()], [cell(), failed]):
        page = summed(*cells, preset=preset)
        assert page.inside("p")[-1] == f"{OPEN}A fox{CLOSE}, {PRESETS[preset]}"
        assert "quiet asked" in page.given("class")


def test_the_summary_does_not_call_free_what_the_service_did_not_report() -> None:
    silent = cell(usage=Usage())
    text = summed(silent, silent).text
    assert "Together 2 pictures, cost not reported, all within 9.9 seconds." in text
    assert "$" not in text
    assert "Together 3 pictures, at least 168,000 tokens ($0.084), all" in (
        summed(cell(), silent, cell()).text
    )
    played = cell(usage=Usage(), drawn_by="sandbox")
    assert "prices: 1 picture, cost not reported, all within" in summed(played).text


@pytest.mark.parametrize("drawn_by", ["imagen", "sandbox"])
def test_the_summary_says_how_many_pictures_are_here_if_not_all_are(drawn_by: DrawnBy) -> None:
    failed = Cell("Fast", error=RateLimited(429))
    here = cell(drawn_by=drawn_by)
    text = summed(failed, here, failed).text
    assert text.startswith("1 of 3 pictures are here. Drawn")
    assert "1 picture, 84,000 tokens" in text
    assert "are here" not in summed(here, here).text


def test_the_summary_of_nothing_points_to_the_reasons_and_names_no_price() -> None:
    text = summed(Cell("Fast", error=Blocked()), Cell("Ultra", error=RateLimited(429))).text
    assert text == ("0 of 2 pictures are here. Each column says why, and whether it cost anything.")


def test_the_summary_of_one_failure_for_all_is_that_failure() -> None:
    error = ServiceFailed(500, detail="teapot", reference="abc")
    told = summary("models", [Cell(each, error=error) for each in LABELS["models"]])
    page = said(told)
    advice = error.advice_at(Door.COMPARE)
    for part in (error.message, error.cost, advice, "teapot", "Request abc for support."):
        assert page.text.count(part) == 1
    assert told["kind"] == "failed"
    assert "pictures are here" not in page.text
    assert summary("models", [Cell("Fast", error=Blocked())] * 2)["kind"] == "blocked"


def test_the_summary_tells_to_save_what_this_demo_cannot() -> None:
    recipe = recipe_of()
    lost = Cell("Fast", drawn=Drawn(0, recipe, None, unkept=FULL, picture=inscribed(recipe)))
    said = f"{FULL}. Download the pictures now: a refresh loses them."
    assert said in summed(cell(), lost).text
    assert "Download" not in summed(cell(), cell()).text


def test_a_column_has_a_receipt_once_its_picture_is_here() -> None:
    here = cell()
    assert here.drawn
    assert here.receipt == Receipt.of([here.drawn.recipe])
    assert AWAITED.receipt is None
    assert Cell("Fast", error=Blocked()).receipt is None
