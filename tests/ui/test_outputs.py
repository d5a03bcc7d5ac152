"""Results as updates of the page, and the browser's memory that brings them back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest
from gradio.blocks import Block
from gradio.state_holder import SessionState
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from imagen_demo.domain.catalog import MAX_NUM_IMAGES
from imagen_demo.domain.generation import DrawnBy, Usage
from imagen_demo.domain.receipt import Receipt, Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import Foreign, read
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.result import Drawn, Result
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.messages import Notice
from imagen_demo.ui.outputs import Outputs, Showing, into, listed, place_of
from tests.loops import run
from tests.stand_ins import (
    FULL,
    RESULT,
    VISITOR,
    Page,
    inscribed,
    recipe_of,
    rewrite_in,
    shots_of,
    text_of,
)


@pytest.fixture
def showing(tmp_path: Path) -> Showing:
    (tmp_path / "gallery").mkdir()
    return Showing(Album(tmp_path / "album"), tmp_path / "gallery", Temporary(tmp_path / "gradio"))


def kept(showing: Showing, recipe: Recipe, number: int = 0) -> Drawn:
    return Drawn(number, recipe, showing.album.save(inscribed(recipe), recipe, visitor=VISITOR))


def example(showing: Showing, recipe: Recipe) -> Drawn:
    path = showing.gallery / "01-fox.png"
    path.write_bytes(inscribed(recipe).data)
    return Drawn(0, recipe, path)


HERE: Notice = {"kind": "done", "html": "<p>Here.</p>"}


def shown(showing: Showing, result: Result, visit: Visit | None = None) -> Outputs:
    outputs = showing.outputs(result, notice=HERE, visit=visit or Visit())
    assert outputs.keys() == RESULT
    return outputs


def test_one_picture_is_shown_alone_with_its_rewrite_usage_and_code(showing: Showing) -> None:
    drawn = kept(showing, recipe_of())
    told = shown(showing, Result([drawn]))
    assert shots_of(told["picture"]) == [(str(drawn.path), "A red fox")]
    assert rewrite_in(told["rewritten_prompt"]) == "A red fox"
    assert "picture 1" not in told["rewritten_prompt"]
    assert told["notice"] == HERE
    assert drawn.path
    assert told["shown"] == {"pictures": [showing.album.name(drawn.path)], "missing": []}
    assert told["code"] == create_view.code(drawn.recipe)


@pytest.mark.parametrize(
    ("drawn_by", "said"), [("imagen", "2 pictures, 168,000"), ("sandbox", "1 picture, 7")]
)
def test_usage_speaks_of_what_the_same_drawer_came_to_in_this_visit(
    showing: Showing, drawn_by: DrawnBy, said: str
) -> None:
    visit = Visit()
    visit.add(Receipt.of([recipe_of()]))
    visit.add(Receipt.of([recipe_of(drawn_by="sandbox", usage=Usage(7, 0.0))]))
    visit.add(Receipt.of([recipe_of()]))
    result = Result([kept(showing, recipe_of(drawn_by=drawn_by))])
    assert (
        f"Reported this visit: {said} tokens"
        in Page(shown(showing, result, visit=visit)["token_usage"]).text
    )
    assert "Reported this visit" not in shown(showing, result)["token_usage"]


def test_several_pictures_stand_side_by_side_each_with_its_caption(showing: Showing) -> None:
    drawn = [
        kept(showing, recipe_of(num_images=2), 0),
        kept(showing, recipe_of(num_images=2, rewritten=None), 1),
    ]
    told = shown(showing, Result(drawn, ("One was lost.",)))
    assert shots_of(told["picture"]) == [
        (str(drawn[0].path), "A red fox"),
        (str(drawn[1].path), "A fox"),
    ]
    names = [showing.album.name(each.path) for each in drawn if each.path]
    assert told["shown"] == {"pictures": names, "missing": ["One was lost."]}
    assert "Rewritten prompt picture 1 of 2" in Page(told["rewritten_prompt"]).inside("h2")


def test_a_picture_has_a_place_only_among_several(showing: Showing) -> None:
    alone = Result([kept(showing, recipe_of())])
    three = Result([kept(showing, recipe_of(num_images=3), number) for number in range(3)])
    assert place_of(0, alone) == ""
    assert [place_of(number, three) for number in (0, 2)] == ["picture 1 of 3", "picture 3 of 3"]


def test_a_picture_beyond_those_that_are_remembered_has_a_number_alone(showing: Showing) -> None:
    two = Result([kept(showing, recipe_of(num_images=3), number) for number in range(2)])
    assert place_of(2, two) == "picture 3"
    assert place_of(1, Result(two.pictures[:1])) == "picture 2"
    assert [place_of(number, None) for number in (0, 2)] == ["picture 1", "picture 3"]


@pytest.mark.parametrize("count", [1, 2])
def test_pictures_without_a_file_leave_an_empty_place_and_no_memory(
    showing: Showing, count: int
) -> None:
    recipe = recipe_of(num_images=count)
    lost = [
        Drawn(number, recipe, None, unkept=FULL, picture=inscribed(recipe))
        for number in range(count)
    ]
    told = shown(showing, Result(lost))
    assert told["picture"] == create_view.NO_PICTURE
    assert told["shown"] is None


def test_of_several_pictures_only_those_that_were_kept_are_remembered(
    showing: Showing, tmp_path: Path
) -> None:
    recipe = recipe_of(num_images=3)
    elsewhere = tmp_path / "elsewhere.png"
    drawn = [
        Drawn(0, recipe, elsewhere, unkept=FULL),
        kept(showing, recipe, 1),
        Drawn(2, recipe, None, unkept=FULL, picture=inscribed(recipe)),
    ]
    told = shown(showing, Result(drawn))
    assert [path for path, _ in shots_of(told["picture"])] == [str(elsewhere), str(drawn[1].path)]
    assert drawn[1].path
    assert told["shown"] == {"pictures": [showing.album.name(drawn[1].path)], "missing": []}


def test_a_newcomer_meets_the_first_example_marked_as_recorded(showing: Showing) -> None:
    first = example(showing, recipe_of())
    later = showing.gallery / "02-fox.png"
    later.write_bytes(first.path.read_bytes() if first.path else b"")
    told = showing.at_first("Type a line.")
    assert shots_of(told["picture"]) == [(str(first.path), "A red fox")]
    assert Page(told["rewritten_prompt"]).inside("small")[:1] == ["of an example"]
    assert Page(told["token_usage"]).inside("small")[:1] == ["of an example"]
    said = text_of(told["notice"])
    assert said.startswith("Type a line.")
    assert "Above, drawn by Imagen 4 on 2 January 2026: “A fox”, 1:1" in said
    assert told["code"] == create_view.code(recipe_of())


def test_without_an_example_a_newcomer_meets_an_empty_page(showing: Showing) -> None:
    told = showing.at_first("Type a line.")
    assert (told["picture"], told["rewritten_prompt"]) == (
        create_view.NO_PICTURE,
        create_view.NO_REWRITE,
    )
    assert text_of(told["notice"]) == "Type a line."


def test_an_example_says_that_it_is_one_whatever_the_notice_says(showing: Showing) -> None:
    own = shown(showing, Result([kept(showing, recipe_of())]))
    assert "example" not in own["rewritten_prompt"] + own["token_usage"]
    recorded = shown(showing, Result([example(showing, recipe_of())]))
    assert "of an example" in recorded["rewritten_prompt"]
    assert "of an example" in recorded["token_usage"]


def test_nothing_is_shown_where_nothing_is_left(showing: Showing) -> None:
    told = showing.nothing(HERE)
    assert told.keys() == RESULT
    assert told["picture"] == create_view.NO_PICTURE
    assert (told["rewritten_prompt"], told["token_usage"]) == (
        create_view.NO_REWRITE,
        create_view.NO_USAGE,
    )
    assert (told["notice"], told["shown"]) == (HERE, None)
    assert told["code"] == create_view.NO_CODE


# What Gradio is given.

SKIP = gr.skip()


def test_outputs_are_listed_in_the_widgets_order_and_what_is_left_out_stays() -> None:
    outputs = Outputs(notice=HERE, shown=None, settings={"seed": "7"}, code=create_view.NO_CODE)
    names = ("seed", "picture", "code", "shown", "prompt", "notice")
    assert listed(outputs, names) == ["7", SKIP, create_view.NO_CODE, None, SKIP, HERE]
    assert listed(Outputs(), ("picture", "seed")) == [SKIP, SKIP]
    assert outputs.keys() == {"notice", "shown", "settings", "code"}, "left as they were"


@pytest.mark.parametrize(
    ("outputs", "name"),
    [
        (Outputs(notice=HERE, strip=None), "strip"),
        (Outputs(notice=HERE, settings={"seed": "7"}), "seed"),
        (Outputs(notice=HERE, code=create_view.NO_CODE), "code"),
    ],
)
def test_what_no_widget_shows_is_a_fault_with_its_name(outputs: Outputs, name: str) -> None:
    with pytest.raises(LookupError, match=f"nobody shows {name}"):
        listed(outputs, ["notice"])


class Bound:
    """Handlers as the page's are: methods, which Gradio gives more than what widgets hold."""

    def on_pick(self, prompt: str, event: gr.EventData, request: gr.Request) -> Outputs:
        told = [prompt, cast("Any", event).name, str(request.username)]
        return Outputs(settings={"prompt": " ".join(told)})

    def on_draw(
        self, request: gr.Request | None = None, *, prompt: str, **chosen: object
    ) -> Iterator[Outputs]:
        assert request
        yield Outputs(settings={"prompt": f"{prompt} {chosen['seed']} {request.username}"})
        yield Outputs(strip="a row")


def test_what_a_handler_returns_is_shown_and_gradio_still_gives_it_who_asks_and_the_event() -> None:
    with gr.Blocks() as page:
        widgets = {"strip": gr.Textbox(), "prompt": gr.Textbox()}
        gr.Button().click(inputs=widgets["prompt"], **into(Bound().on_pick, widgets))
    event = gr.EventData(None, {"name": "a tile"})
    assert list(clicked(page, ["A fox"], event)) == [[SKIP, "A fox a tile ann"]]


def test_what_a_handler_yields_is_shown_and_gradio_still_gives_it_who_asks() -> None:
    with gr.Blocks() as page:
        widgets = {"strip": gr.Textbox(), "prompt": gr.Textbox()}
        asked: dict[str, Block] = {"prompt": widgets["prompt"], "seed": gr.Textbox()}
        gr.Button().click(inputs_kwargs=asked, **into(Bound().on_draw, widgets))
    assert list(clicked(page, ["A fox", "7"])) == [[SKIP, "A fox 7 ann"], ["a row", SKIP]]


def clicked(
    page: gr.Blocks, sent: list[str], event: gr.EventData | None = None
) -> Iterator[list[Any]]:
    """Click a page's one button as Ann, and hear what it is told, step by step."""
    told = partial(
        page.process_api,
        page.fns[0],
        sent,
        state=SessionState(page),
        request=gr.Request(username="ann"),
        event_data=event,
    )

    async def every() -> list[list[Any]]:
        steps = [await told()]
        while steps[-1]["is_generating"]:
            steps.append(await told(iterator=steps[-1]["iterator"]))
        if len(steps) > 1:
            steps.pop()  # the end of a generator, which is no step
        return [step["data"] for step in steps]

    yield from run(every())


# The memory.


def test_what_is_shown_is_remembered_from_names_alone(showing: Showing) -> None:
    result = Result([kept(showing, recipe_of("A fox", num_images=2)), kept(showing, recipe_of())])
    memory = showing.memory(result)
    again = showing.remembered(memory)
    assert again
    assert [each.path for each in again.pictures] == [each.path for each in result.pictures]
    assert [each.recipe for each in again.pictures] == [each.recipe for each in result.pictures]
    assert showing.memory(again) == memory


def test_an_example_is_remembered_too_by_its_files_name(showing: Showing) -> None:
    drawn = example(showing, recipe_of())
    memory = showing.memory(Result([drawn]))
    assert memory == {"pictures": ["01-fox.png"], "missing": []}
    assert showing.remembered(memory) == Result([drawn])


def test_a_picture_that_lost_its_recipe_is_not_remembered(showing: Showing) -> None:
    drawn = example(showing, recipe_of())
    assert drawn.path
    drawn.path.write_bytes(inscribed(recipe_of()).data[:60])
    assert showing.remembered({"pictures": ["01-fox.png"], "missing": []}) is None


def test_a_foreign_picture_in_the_gallery_is_not_remembered(showing: Showing) -> None:
    texts = PngInfo()
    texts.add_text("parameters", "A castle\nSteps: 20")
    path = showing.gallery / "01-castle.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=texts)
    assert isinstance(read(path), Foreign)
    assert showing.remembered({"pictures": ["01-castle.png"], "missing": []}) is None


def test_a_memory_of_more_pictures_than_a_request_may_have_is_none(showing: Showing) -> None:
    example(showing, recipe_of())
    most = {"pictures": ["01-fox.png"] * MAX_NUM_IMAGES, "missing": []}
    assert showing.remembered(most)
    # Each is a file to read, and a picture on the sheet.
    assert showing.remembered({**most, "pictures": ["01-fox.png"] * (MAX_NUM_IMAGES + 1)}) is None


# Names.


def test_a_picture_is_found_by_the_name_that_it_is_told_by(showing: Showing) -> None:
    for drawn in (kept(showing, recipe_of()), example(showing, recipe_of())):
        assert drawn.path
        name = showing.name(drawn.path)
        assert showing.find(name) == drawn.path
        assert showing.drawn(name, 2) == replace(drawn, number=2)
        drawn.path.unlink()
        assert showing.drawn(name) is None


@pytest.mark.parametrize(
    "name",
    [
        *(None, 7, True, 1.5, [], ["01-fox.png"], {}, {"name": "01-fox.png"}, b"01-fox.png"),
        *("", ".", "..", "/", "*", "01-fox.png/", "./01-fox.png", "../gallery/01-fox.png"),
        *("/etc/passwd", "../../etc/passwd", "01-fox.png\0", "\ud800", "x" * 100_000),
        *("a" * 32 + "/" + "b" * 32 + "/c.png", "%30%31-fox.png", "01-FOX.png"),
    ],
    ids=lambda name: repr(name)[:30],
)
def test_a_forged_name_finds_nothing(showing: Showing, name: object) -> None:
    example(showing, recipe_of())
    assert showing.find(name) is None
    if isinstance(name, str):
        assert showing.drawn(name) is None


def test_a_gallery_that_is_not_there_has_no_names(tmp_path: Path) -> None:
    album, nowhere = Album(tmp_path / "album"), tmp_path / "nowhere"
    showing = Showing(album, nowhere, Temporary(tmp_path / "gradio"))
    assert showing.find("01-fox.png") is None


# Where pictures lie.


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    """Gradio's own folder."""
    (tmp_path / "gradio").mkdir()
    return tmp_path / "gradio"


def test_a_picture_of_the_album_is_found_by_where_it_lies(showing: Showing) -> None:
    drawn = kept(showing, recipe_of())
    assert drawn.path
    assert showing.shown_at(str(drawn.path)) == drawn
    drawn.path.write_bytes(drawn.path.read_bytes()[:60])
    assert showing.shown_at(str(drawn.path)) is None
    drawn.path.unlink()
    assert showing.shown_at(str(drawn.path)) is None


def test_a_picture_that_was_set_aside_is_found_too_and_is_not_kept(
    showing: Showing, aside: Path
) -> None:
    recipe = recipe_of()
    path = showing.temporary.save("a-fox.png", inscribed(recipe).data)
    assert path.is_relative_to(aside)
    found = showing.shown_at(str(path))
    assert found
    assert (found.recipe, found.path, found.kept) == (recipe, path, False)
    path.unlink()
    assert showing.shown_at(str(path)) is None


def test_what_else_lies_among_gradios_files_is_no_picture_of_ours(
    showing: Showing, aside: Path
) -> None:
    (aside / "notes.txt").write_text("no picture")
    Image.new("RGB", (8, 8)).save(aside / "plain.png")
    texts = PngInfo()
    texts.add_text("parameters", "A castle\nSteps: 20")
    Image.new("RGB", (8, 8)).save(aside / "castle.png", pnginfo=texts)
    for name in ("notes.txt", "plain.png", "castle.png", "nothing.png", "", "."):
        assert showing.shown_at(str(aside / name)) is None


def test_no_way_leads_from_there_to_pictures_elsewhere(
    showing: Showing, aside: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.png"
    outside.write_bytes(inscribed(recipe_of()).data)
    (aside / "link.png").symlink_to(outside)
    (aside / "folder").symlink_to(tmp_path)
    drawn = kept(showing, recipe_of())
    assert drawn.path
    link = drawn.path.with_name("link.png")
    link.symlink_to(outside)
    for path in (
        outside,
        aside / "link.png",
        aside / "folder" / "outside.png",
        aside / ".." / "outside.png",
        link,
        drawn.path / ".." / ".." / ".." / ".." / "outside.png",
        showing.album.folder / ".." / "outside.png",
        f"{aside}-outside.png",
    ):
        assert showing.shown_at(str(path)) is None


@pytest.mark.parametrize(
    "path",
    [
        *(None, 7, True, 1.5, [], ["x"], {}, {"path": "x"}, b"x", Path("/etc/passwd")),
        *("", ".", "..", "/", "~", "/etc/passwd", "../../etc/passwd", "/etc/passwd\0"),
        *("None", "\0", "\ud800", "x" * 100_000, "/" + "x/" * 3_000, "file:///etc/passwd"),
    ],
    ids=lambda path: repr(path)[:30],
)
@pytest.mark.usefixtures("aside")
def test_a_forged_path_finds_nothing(showing: Showing, path: object) -> None:
    kept(showing, recipe_of())
    assert showing.shown_at(path) is None
