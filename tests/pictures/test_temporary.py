"""A temporary file is there whole or not at all, and is told from files elsewhere."""

import os
from errno import ENOSPC
from pathlib import Path

import pytest

from imagen_demo.pictures.temporary import Temporary


def test_files_of_one_name_lie_side_by_side_in_a_folder_that_is_made_for_them(
    tmp_path: Path,
) -> None:
    temporary = Temporary(tmp_path / "not there yet")
    first, second = (temporary.save("a-fox.png", data) for data in (b"one", b"two"))
    assert (first.name, second.name) == ("a-fox.png", "a-fox.png")
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert temporary.holds(first)
    assert temporary.holds(second)


def test_a_disk_that_fills_up_half_way_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def fill(path: Path, data: bytes) -> int:
        write(path, data[:1])
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OSError, match=os.strerror(ENOSPC)):
        Temporary(tmp_path).save("a-fox.png", b"one")
    assert list(tmp_path.iterdir()) == []


def test_what_lies_elsewhere_is_not_held_whichever_way_leads_there(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.touch()
    temporary = Temporary(tmp_path / "gradio")
    temporary.folder.mkdir()
    link = temporary.folder / "link.png"
    link.symlink_to(outside)
    for path in (outside, link, temporary.folder / ".." / "outside.png", tmp_path / "gradio-2"):
        assert not temporary.holds(path)
