"""Other programs read our pictures, and their pictures' prompts are read here."""

from io import BytesIO

import pytest
from PIL.PngImagePlugin import PngInfo

from imagen_demo.domain.generation import MAX_REWRITTEN, Picture
from imagen_demo.pictures.metadata import Foreign, open_picture, read
from imagen_demo.pictures.metadata.a1111 import KIN, parameters_of
from tests.pictures.metadata.samples import (
    PROMPTS,
    encoded,
    every_file,
    exif,
    inscribed,
    like_production,
    one_of_a_kind,
    outside,
    picture_of,
    recipe_of,
)


def test_parameters_are_the_prompt_and_one_line_of_settings() -> None:
    picture = picture_of("png-RGB")
    recipe = recipe_of(picture, "A fox,\nin snow: 🦊", seed=7, enhance_prompt=False)
    assert parameters_of(recipe) == (
        "A fox, in snow: 🦊\n"
        "Steps: 0, Sampler: none, CFG scale: 0, Seed: 7, Size: 40x24, "
        "Model: google/imagen-4.0-generate-001"
    )


@pytest.mark.parametrize(
    ("said", "seed"),
    [
        ({"seed": 7}, -1),
        ({"seed": 7, "enhance_prompt": False}, 7),
        ({"seed": 0, "enhance_prompt": False}, 0),
        ({"enhance_prompt": False}, -1),
        ({}, -1),
    ],
    ids=repr,
)
def test_parameters_name_a_seed_only_where_it_counts(said: dict[str, object], seed: int) -> None:
    recipe = recipe_of(picture_of("png-RGB"), "A fox", **said)
    assert f", Seed: {seed}, " in parameters_of(recipe)


@every_file
def test_another_program_reads_prompt_seed_size_and_model(name: str) -> None:
    picture = picture_of(name)
    data = inscribed(name, "A fox, in snow: 🦊", seed=7, enhance_prompt=False)
    prompt, said, model = outside(data)
    assert (prompt, model) == ("A fox, in snow: 🦊", "google/imagen-4.0-generate-001")
    assert (said["seed"], said["Size"]) == ("7", f"{picture.width}x{picture.height}")


@one_of_a_kind
@pytest.mark.parametrize(
    "prompt",
    [prompt for prompt in PROMPTS if "Negative prompt:" not in prompt],
    ids=lambda text: ascii(text)[:24],
)
def test_another_program_reads_any_prompt(name: str, prompt: str) -> None:
    # It takes a negative prompt out of any text that names one, so those two are left out.
    read_prompt, said, _ = outside(inscribed(name, prompt, seed=7, enhance_prompt=False))
    assert (read_prompt, said["seed"]) == (" ".join(prompt.split()), "7")


SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: sd"
FOREIGN = {
    f"A fox\n{SETTINGS}": "A fox",
    f"Steps: 3, Seed: 1\n{SETTINGS}": "Steps: 3, Seed: 1",
    f"A fox,\nin deep\nsnow\nNegative prompt: a dog,\na cat\n{SETTINGS}": "A fox, in deep snow",
    f"Füchse, 狐狸 🦊\r\nNegative prompt: x\r\n{SETTINGS}": "Füchse, 狐狸 🦊",
    "A fox": None,
    "A fox\nSteps: many": None,
    f"A fox, Steps: 3 and Negative prompt: y\n{SETTINGS}": "A fox, Steps: 3 and Negative prompt: y",
    f"<script>alert(1)</script>\n{SETTINGS}": "<script>alert(1)</script>",
    f"{'x' * 9_000}\n{SETTINGS}": "x" * MAX_REWRITTEN,
    SETTINGS: "",
    f"\n{SETTINGS}": "",
    f"Negative prompt: a dog\n{SETTINGS}": "",
    " \n ": None,
}
foreign_texts = pytest.mark.parametrize(
    ("text", "prompt"), FOREIGN.items(), ids=lambda text: ascii(text)[:24]
)


@foreign_texts
@pytest.mark.parametrize("form", ["tEXt", "zTXt", "iTXt", "iTXt, compressed"])
def test_a_foreign_png_gives_its_prompt(form: str, text: str, prompt: str | None) -> None:
    texts = PngInfo()
    if form.startswith("iTXt"):
        texts.add_itxt("parameters", text, zip=form != "iTXt")
    else:
        plain = text.encode("latin-1", "replace").decode("latin-1")
        prompt = prompt and prompt.encode("latin-1", "replace").decode("latin-1")
        texts.add_text("parameters", plain, zip=form == "zTXt")
    data = encoded("PNG", pnginfo=texts)
    assert form[:4].encode() in data
    found = None if prompt is None else Foreign(prompt, KIN)
    assert read(BytesIO(data)) == found
    assert open_picture(data) == (Picture(data, ".png", 40, 24, None), found)


@foreign_texts
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"UNICODE\0", "utf-16-be"), (b"ASCII\0\0\0", "ascii"), (b"ASCII\0\0\0", "utf-8")],
    ids=str,
)
def test_a_foreign_comment_gives_its_prompt(
    kind: str, mark: bytes, encoding: str, text: str, prompt: str | None
) -> None:
    if encoding == "ascii" and not text.isascii():
        text, prompt = f"A fox\n{SETTINGS}", "A fox"
    data = encoded(kind, exif=exif(mark + text.encode(encoding)))
    found = None if prompt is None else Foreign(prompt, KIN)
    assert read(BytesIO(data)) == found
    assert open_picture(data)[1] == found


BLANK_COMMENTS: list[object] = [
    *(b"", b"\0", b"\0" * 8, b"\0" * 264, b"ASCII\0\0\0", b"ASCII\0\0\0" + b"\0" * 50),
    *(b"ASCII\0\0\0" + b" " * 50, b"UNICODE\0", b"UNICODE\0" + b"\0" * 20, "", "A text", 7),
]


@like_production
@pytest.mark.parametrize("comment", BLANK_COMMENTS, ids=lambda comment: ascii(comment)[:24])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_comment_that_a_camera_left_blank_is_no_prompt(kind: str, comment: object) -> None:
    assert read(BytesIO(encoded(kind, exif=exif(comment)))) is None


@pytest.mark.parametrize(
    "comment",
    [
        f"ASCII\0\0\0A \0fox\x1b[31m\n{SETTINGS}".encode(),
        b"UNICODE\0" + f"A \0fox\x1b[31m\n{SETTINGS}".encode("utf-16-be"),
    ],
    ids=["ASCII", "UTF-16"],
)
def test_a_foreign_prompt_has_nothing_in_it_that_no_person_can_type(comment: bytes) -> None:
    found = read(BytesIO(encoded("JPEG", exif=exif(comment))))
    assert found == Foreign("A fox[31m", KIN)
