"""A sheet's pictures come from disk, and its file is set aside for the visitor alone."""

from pathlib import Path

import pytest

from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.result import Drawn
from imagen_demo.ui.sheet_download import hand_out, picture_of
from tests.stand_ins import NASTY, inscribed, recipe_of


def test_a_picture_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    recipe = recipe_of(rewritten=NASTY)
    picture = inscribed(recipe)
    path = tmp_path / "a-fox.png"
    path.write_bytes(picture.data)
    assert picture_of(Drawn(0, recipe, path)) == picture


def test_a_picture_that_is_gone_or_has_no_file_is_a_fault_of_the_disks(tmp_path: Path) -> None:
    for path in (None, tmp_path / "gone.png"):
        with pytest.raises(FileNotFoundError):
            picture_of(Drawn(0, recipe_of(), path))


def test_a_sheet_is_set_aside_under_its_name_in_a_folder_of_its_own(tmp_path: Path) -> None:
    outputs = [
        hand_out(f"<p>{each}</p>", "a-fox.html", temporary=Temporary(tmp_path)) for each in "狐🦊"
    ]
    first, second = (each["sheet_file"] for each in outputs)
    assert [Path(each).name for each in (first, second)] == ["a-fox.html"] * 2
    assert Path(first).parent != Path(second).parent
    assert Path(first).is_relative_to(tmp_path)
    assert Path(first).read_text(encoding="utf-8") == "<p>狐</p>"
    assert outputs[0]["keep_status"] == '<p role="status">Sheet downloaded.</p>'
