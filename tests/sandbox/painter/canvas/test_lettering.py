"""Text in quotes is set on the picture in a real font, as large as fits and in no boxes."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFont

from imagen_demo.sandbox.painter import paint
from imagen_demo.sandbox.painter.canvas import lettering
from imagen_demo.sandbox.painter.canvas.lettering import fitted, font, legible, text_mask, wrap


def pixels(prompt: str) -> NDArray[np.float64]:
    data = paint(prompt, seed=1, width=528, height=288)
    return np.asarray(Image.open(io.BytesIO(data)), dtype=float)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ('a lake that says "HELLO"', "a lake that says HELLO"),
        ('neon sign "HELLO"', 'neon sign "RAMEN"'),
        ('polaroid of a lake "HELLO"', "polaroid of a lake HELLO"),
        ('poster "ONE"', 'poster "TWO"'),
    ],
)
def test_quoted_text_changes_the_picture(said: str, plain: str) -> None:
    gap = np.abs(pixels(said) - pixels(plain)).max(axis=2)
    assert np.mean(gap > 40) > 0.002


@pytest.mark.parametrize("face", ["title", "sign", "plain"])
def test_every_face_is_a_real_font(face: str) -> None:
    assert isinstance(font(face, 20), ImageFont.FreeTypeFont)


def test_without_gradios_fonts_pillows_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_folder", lambda: None)
    lettering.font.cache_clear()
    try:
        chosen = font("title", 20)
        assert isinstance(chosen, ImageFont.FreeTypeFont)
        assert chosen.getname()[0] == "Aileron"
    finally:
        lettering.font.cache_clear()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("HELLO", "HELLO"),
        ("Hi 🦊 there", "Hi there"),
        ("日本", ""),
        ("ОТКРЫТО", "ОТКРЫТО"),
        ("zero\u200bwidth", "zerowidth"),
        ("\n", ""),
    ],
)
def test_what_no_font_has_is_left_out(text: str, left: str) -> None:
    assert legible(text, "title")[0] == left
    assert legible(text, "sign")[0] == left


@pytest.mark.parametrize("text", ["A", "OPEN LATE", "W" * 60, "many small words " * 3])
@pytest.mark.parametrize("size", [(300, 60), (60, 300), (9, 9)])
def test_text_stays_within_its_room(text: str, size: tuple[int, int]) -> None:
    rows, tall = fitted(text, "title", size)
    assert " ".join(rows) == " ".join(text.split())
    assert all(font("title", tall).getlength(row) <= size[0] * 1.05 for row in rows) or tall == 1
    assert text_mask(size, text, "title").size == size


def test_lines_are_of_about_the_same_length() -> None:
    assert wrap("one two three four", 2) == ["one two", "three four"]
    assert wrap("word", 3) == ["word"]
