"""A prompt's quoted text is told from its words."""

import pytest

from imagen_demo.sandbox.painter.scene.prompt_words import MAX_TEXT, quoted, words_of


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ('a sign "OPEN LATE"', "OPEN LATE"),
        ("a sign 'OPEN LATE'", "OPEN LATE"),
        ("“OPEN  LATE” in the rain", "OPEN LATE"),
        ("„GRÜSSE“ aus Wien", "GRÜSSE"),
        ("«ОТКРЫТО»", "ОТКРЫТО"),
        ("「こんにちは」", "こんにちは"),
        ("\u2018hello\u2019", "hello"),
        ("the dog's bone isn't the cat's", ""),
        ('an unclosed "quote', ""),
        ('""', ""),
        ("no quotes", ""),
    ],
)
def test_text_in_quotes_is_found(prompt: str, text: str) -> None:
    assert quoted(prompt) == text


def test_long_text_is_cut_at_a_word() -> None:
    text = quoted(f'"{"many words " * 30}"')
    assert len(text) <= MAX_TEXT
    assert text.endswith(("many", "words"))


def test_what_is_said_sets_no_scene() -> None:
    assert words_of('a sign "neon night"') == ["a", "sign"]
