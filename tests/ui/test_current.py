"""The page that a newcomer is sent shows the gallery as it is now, whoever opened it before."""

from pathlib import Path

import pytest
import requests

from imagen_demo.ui.current import Current
from tests.demos import running_demo
from tests.stand_ins import Fake, inscribed, recipe_of


def html(url: str) -> str:
    answer = requests.get(url, timeout=30)
    assert answer.headers["content-encoding"] == "br", "it came from what is kept"
    return answer.text


def test_a_picture_laid_into_the_gallery_is_in_the_page_at_once(tmp_path: Path) -> None:
    lake, fox = tmp_path / "1.png", tmp_path / "2.png"
    lake.write_bytes(inscribed(recipe_of("A lake in May")).data)
    with running_demo(Fake(), gallery=tmp_path) as url:
        assert "A lake in May" in html(url)
        assert "A fox in June" not in html(url)
        fox.write_bytes(inscribed(recipe_of("A fox in June")).data)
        assert "A lake in May" in html(url)
        assert "A fox in June" in html(url)
        fox.write_bytes(inscribed(recipe_of("A bear in July")).data)
        assert "A bear in July" in html(url)
        assert "A fox in June" not in html(url)
        fox.unlink()
        assert "A bear in July" not in html(url)


def test_as_long_as_nothing_changes_no_picture_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[None] = []
    refresh = Current.refresh
    monkeypatch.setattr(Current, "refresh", lambda current: looks.append(refresh(current)))
    with running_demo(Fake(), gallery=tmp_path) as url:
        html(url)
        read: list[Path] = []
        monkeypatch.setattr("imagen_demo.pictures.examples.read", read.append)
        made = len(looks)
        (tmp_path / "notes.txt").write_text("no picture")
        for _ in range(3):
            html(url)
    assert len(looks) == made + 1
    assert read == []
