"""Whatever was typed, a file's name can be read, is short enough, and can be spelt."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagen_demo.domain.catalog import ASPECT_RATIOS
from imagen_demo.domain.file_names import MAX_BYTES, title
from tests.demos import IN_ASCII, ROOT
from tests.stand_ins import recipe_of

ENDINGS = (".png", ".webp", ".html")


def name_of(prompt: str) -> str:
    """What a prompt becomes, without the ratio."""
    return title(recipe_of(prompt)).removesuffix("-1x1")


@pytest.mark.parametrize(
    "prompt",
    [
        *("🦊", "🦊\ufe0f", "👩\u200d🚀", "\u3164", "\u115f\u1160", "\uffa0", "\u17b4\u17b5"),
        *("\u180b", "\u180f", "\u034f", "\U000e0100", "\ufe0f\u20e3", "\u0301", "\u0301 \u0308"),
        *("\u20e3", "\u093e", "\u2800", "!?", "_", "\u200b!", "\u00ad\u3164", "\u202e\ufe0f"),
    ],
    ids=ascii,
)
def test_a_name_is_never_empty_invisible_or_a_mark_alone(prompt: str) -> None:
    assert name_of(prompt) == "picture"


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A fox \ufe0f in\u3164 snow", "a-fox-in-snow"),
        ("❤️ fox", "fox"),
        ("u\u0308ber", "über"),
        ("1\ufe0f\u20e3 fox", "1\u20e3-fox"),
        ("नमस्ते", "नमस्ते"),
    ],
    ids=ascii,
)
def test_what_shows_nothing_is_left_out_and_the_rest_stays(prompt: str, name: str) -> None:
    assert name_of(prompt) == name


ODD = st.sampled_from("aé狐\U00020000\u0301\ufe0f\u3164🦊 -ßΐ\u0939\u093f")


@given(st.text(st.one_of(ODD, st.characters()), min_size=1, max_size=400))
def test_every_name_is_short_and_shows_something(prompt: str) -> None:
    if not prompt.strip() or not prompt.isprintable():
        prompt += "x"
    name = title(recipe_of(f"{prompt[:399]}x", aspect_ratio="16:9"))
    for ending in (*ENDINGS, "-compared.html"):
        assert len(f"{name}{ending}".encode()) <= MAX_BYTES
    assert any(char.isalnum() for char in name.removesuffix("-16x9"))
    assert len(name.removesuffix("-16x9")) <= 60
    assert "/" not in name
    assert "\0" not in name


CHILD = """
import json, sys
from pathlib import Path
from tempfile import mkdtemp

from imagen_demo.pictures.album import Album
from tests.stand_ins import inscribed, recipe_of

names = []
for prompt in json.loads(sys.argv[1]):
    recipe = recipe_of(prompt)
    names.append(Album(Path(mkdtemp())).save(inscribed(recipe), recipe).name)
print(json.dumps([sys.getfilesystemencoding(), names]))
"""


PROMPTS = ["Füchse", "狐", "狐 fox", "Un élève", "жж", "½ ﬁsh", "á" * 200]
SPELT = {
    "ascii": ["fuchse", "picture", "fox", "un-eleve", "picture", "12-fish", "a" * 60],
    "iso8859-1": ["füchse", "picture", "fox", "un-élève", "picture", "½-fish", "á" * 60],
    "utf-8": ["füchse", "狐", "狐-fox", "un-élève", "жж", "½-fish", "á" * 50],
}


@pytest.mark.parametrize(("encoding", "names"), SPELT.items())
def test_a_name_is_what_the_file_system_can_spell(
    monkeypatch: pytest.MonkeyPatch, encoding: str, names: list[str]
) -> None:
    monkeypatch.setattr("sys.getfilesystemencoding", lambda: encoding)
    assert [name_of(prompt) for prompt in PROMPTS] == names
    assert all(name.encode(encoding) for name in names)


@pytest.mark.host
def test_a_picture_is_kept_in_a_locale_without_letters_of_its_own() -> None:
    """Latin-1's is not on every machine; plain C's is."""
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", CHILD, json.dumps(PROMPTS)],
        cwd=ROOT,
        env={**os.environ, **IN_ASCII, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["ascii", [f"{name}-1x1.png" for name in SPELT["ascii"]]]


@pytest.mark.parametrize("ratio", ASPECT_RATIOS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_longest_name_has_its_ratio_and_ending(ratio: str, ending: str) -> None:
    name = f"{title(recipe_of('é' * 400, aspect_ratio=ratio))}{ending}"
    assert name == f"{'é' * 50}-{ratio.replace(':', 'x')}{ending}"
