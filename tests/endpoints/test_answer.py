"""What a program gets when a disk fails or a limit is reached, in files or in words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest

from imagen_demo.domain.errors import OverBudget
from imagen_demo.domain.pricing import Prices
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.endpoints.answer import Answering, PicturesLost
from imagen_demo.endpoints.rest import Rest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.server.client_address import client_of
from imagen_demo.service.generate import Drawing
from tests.stand_ins import Fake, lose_disk

SQUARE = GenerationRequest(prompt="A square")


def answering(folder: Path, fake: Fake) -> Answering:
    """Over an album and a folder of temporary files, both in a folder of their own."""
    album, temporary = Album(folder / "album"), Temporary(folder / "gradio" / "files")
    return Answering(Drawing(fake, album, prices=Prices(), temporary=temporary), client_of)


def test_without_an_album_the_files_are_temporary_and_the_receipt_says_so(tmp_path: Path) -> None:
    fake = Fake()
    bound = answering(tmp_path, fake)
    lose_disk(fake, bound.drawing.album)
    files, receipt = Rest(bound).generate_image("A square")
    file = Path(cast("list[dict[str, str]]", files)[0]["path"])
    assert file.is_file()
    assert file.is_relative_to(tmp_path / "gradio")
    assert (receipt["prompt"], receipt["kept"]) == ("A square", False)


def test_when_no_disk_took_a_picture_both_doors_say_so_in_the_same_words(tmp_path: Path) -> None:
    fake = Fake()
    bound = answering(tmp_path, fake)
    lose_disk(fake, bound.drawing.album)
    (tmp_path / "gradio").touch()
    with pytest.raises(PicturesLost) as caught:
        bound.answer(SQUARE, api_key="", caller=None)
    assert str(caught.value) == (
        "This demo's disk says “Not a directory”. A picture was drawn, and may have been charged, "
        "and is lost. Tell the demo's host."
    )
    bound.drawing.album.folder.unlink()
    with pytest.raises(gr.Error) as by_rest:
        Rest(bound).generate_image("A square")
    assert by_rest.value.message == str(caught.value)


def test_a_program_gets_those_pictures_that_a_disk_took_and_hears_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = answering(tmp_path, Fake())
    (tmp_path / "gradio").touch()
    save, saved = Album.save, list[Path]()

    def fill(album: Album, picture: Any, recipe: Any, *, visitor: str) -> Path:  # noqa: ANN401
        if len(saved) == 2:
            raise OSError(28, "No space left on device")
        saved.append(save(album, picture, recipe, visitor=visitor))
        return saved[-1]

    monkeypatch.setattr(Album, "save", fill)
    files, receipt = Rest(bound).generate_image("A square", num_images=3)
    given = [Path(each["path"]) for each in cast("list[dict[str, str]]", files)]
    assert given == saved[::-1]
    (missing,) = receipt["missing"]
    assert "A picture was drawn, and may have been charged" in missing
    assert "This demo's disk is full" in missing
    assert not receipt["kept"]


def test_a_call_over_the_hosts_limit_says_when_there_is_more(tmp_path: Path) -> None:
    when = datetime(2999, 1, 5, 7, 3, tzinfo=UTC)
    bound = answering(tmp_path, Fake(OverBudget("It is used up.", opens_at=when)))
    with pytest.raises(gr.Error, match=r"from 5 January, 07:03 UTC on"):
        Rest(bound).generate_image(prompt="A square")
