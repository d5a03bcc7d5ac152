"""Every picture in the gallery that has a recipe is an example, and any of them can be redrawn."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import cast

import piexif
import piexif.helper
import pytest
from PIL import Image

from imagen_demo.domain.catalog import MAX_WORDS_REWRITTEN
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.generation import Usage
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.examples import GALLERY, Example, examples, version
from imagen_demo.pictures.metadata import inscribe, read
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.sandbox.contract import BLOCKED_MARK
from imagen_demo.service.provider import Provider
from imagen_demo.service.provider_settings import SandboxMode
from imagen_demo.settings import Settings
from tests.signing import is_valid, signed
from tests.stand_ins import Fake
from tools.draw_gallery import draw

SHIPPED = examples()
EACH = pytest.mark.parametrize("example", SHIPPED, ids=[each.path.stem for each in SHIPPED])
RATIOS = {"1:1", "9:16", "16:9", "3:4", "4:3"}
PROJECT = Path(__file__).parent.parent.parent
RECIPE = Recipe(
    request=GenerationRequest(prompt="A fox in snow", aspect_ratio="4:3"),
    rewritten_prompt="A red fox in deep snow",
    width=16,
    height=12,
    usage=Usage(84_000, 0.042),
    seconds=3.25,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    inference_id="abc-1",
    drawn_by="imagen",
)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The real sandbox, through the same client as the page."""
    running = Provider(Settings(sandbox=SandboxMode.ONLY), sandbox_latency=0)
    yield running
    running.close()


def encoded(kind: str) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (16, 12), "teal").save(stream, kind)
    return stream.getvalue()


def downloaded(path: Path, kind: str = "PNG", recipe: Recipe = RECIPE) -> Path:
    """Put a picture there as the demo offers it for download."""
    path.write_bytes(inscribe(verify_picture(encoded(kind), None), recipe).data)
    return path


def test_there_are_at_least_eight_no_two_alike_in_every_shape() -> None:
    assert len(SHIPPED) >= 8
    assert len({each.recipe.request.prompt for each in SHIPPED}) == len(SHIPPED)
    assert len({each.recipe.inference_id for each in SHIPPED}) == len(SHIPPED)
    assert {each.recipe.request.aspect_ratio for each in SHIPPED} == RATIOS


def test_the_folder_holds_pictures_with_recipes_and_nothing_else_and_ships_small() -> None:
    assert set(GALLERY.iterdir()) == {each.path for each in SHIPPED}
    assert sum(each.path.stat().st_size for each in SHIPPED) < 5_000_000


@EACH
def test_an_example_is_a_valid_request_short_enough_to_be_rewritten(example: Example) -> None:
    request = example.recipe.request
    assert replace(request) == request
    assert (request.num_images, request.enhance_prompt) == (1, True)
    assert len(request.prompt.split()) < MAX_WORDS_REWRITTEN


@EACH
def test_an_example_says_what_it_cost_and_who_drew_it(example: Example) -> None:
    recipe = example.recipe
    assert recipe.usage.tokens_used
    assert recipe.usage.usd_spent
    assert recipe.rewritten_prompt
    assert recipe.rewritten_prompt != recipe.request.prompt
    assert recipe.inference_id
    assert recipe.seconds > 0
    assert recipe.drawn_by in {"imagen", "sandbox"}
    assert recipe.created_at.utcoffset() == datetime.now(UTC).utcoffset()


@EACH
def test_an_example_is_a_whole_picture_of_its_shape(example: Example) -> None:
    picture = verify_picture(example.path.read_bytes(), None)
    assert picture.suffix == example.path.suffix == ".webp"
    assert (picture.width, picture.height) == (example.recipe.width, example.recipe.height)
    width, height = map(int, example.recipe.request.aspect_ratio.split(":"))
    assert picture.width / picture.height == pytest.approx(width / height, rel=0.08)
    assert min(picture.width, picture.height) >= 768


def test_text_in_a_picture_is_shown_and_at_most_25_characters_long() -> None:
    prompts = [each.recipe.request.prompt for each in SHIPPED]
    phrases = [phrase for prompt in prompts for phrase in re.findall('"(.*?)"', prompt)]
    assert phrases
    assert all(1 <= len(phrase) <= 25 for phrase in phrases)


def test_a_downloaded_picture_dropped_into_the_folder_is_an_example(tmp_path: Path) -> None:
    kinds = {"a.png": "PNG", "b.jpg": "JPEG", "c.webp": "WEBP", "d.jpeg": "JPEG"}
    kinds |= {"e.JPG": "JPEG", "狐狸.png": "PNG"}
    paths = [downloaded(tmp_path / name, kind) for name, kind in kinds.items()]
    assert examples(tmp_path) == [Example(path, RECIPE) for path in paths]


def test_examples_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("10-c.png", "02-b.png", "a.png", "01-z.png"):
        downloaded(tmp_path / name)
    names = [each.path.name for each in examples(tmp_path)]
    assert names == ["01-z.png", "02-b.png", "10-c.png", "a.png"]
    assert [each.path for each in SHIPPED] == sorted(each.path for each in SHIPPED)


def test_the_folder_is_read_as_it_is_now(tmp_path: Path) -> None:
    assert examples(tmp_path) == examples(tmp_path / "missing") == []
    path = downloaded(tmp_path / "fox.png")
    assert [each.path for each in examples(tmp_path)] == [path]
    path.unlink()
    assert examples(tmp_path) == []


def foreign_prompt() -> bytes:
    exif = Image.Exif()
    exif[0x8769] = {0x9286: b"ASCII\0\0\0A fox\nSteps: 20, Seed: 1"}
    stream = BytesIO()
    Image.new("RGB", (16, 12)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *(("plain.png", encoded("PNG")), ("foreign.jpg", foreign_prompt())),
        *(("cut-short.webp", encoded("WEBP")[:20]), ("empty.png", b""), ("text.jpg", b"Hello")),
    ],
)
def test_a_picture_without_a_recipe_is_left_out_with_a_line_in_the_log(
    tmp_path: Path, name: str, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = downloaded(tmp_path / "fox.png")
    (tmp_path / name).write_bytes(data)
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        assert [each.path for each in examples(tmp_path)] == [path]
    assert [record.getMessage() for record in caplog.records] == [
        f"{name} has no recipe and is left out of the gallery"
    ]


def test_other_files_are_ignored_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = downloaded(tmp_path / "fox.png")
    for name in ("notes.txt", ".DS_Store", "Thumbs.db", "fox.gif", "fox.png.bak", "png", ".png"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    downloaded(tmp_path / "folder" / "inner.png")
    with caplog.at_level(logging.DEBUG, logger="imagen_demo"):
        assert [each.path for each in examples(tmp_path)] == [path]
    assert caplog.records == []


@pytest.mark.parametrize("ratio", sorted(RATIOS))
def test_an_example_is_drawn_again_as_a_webp_with_a_recipe_for_the_same_request(
    provider: Provider, tmp_path: Path, ratio: str
) -> None:
    request = GenerationRequest(prompt='A neon sign that says "OPEN"', aspect_ratio=ratio)
    place = tmp_path / "01-sign.webp"
    recipe = draw(provider, request, place)
    assert recipe.request == request
    assert recipe.drawn_by == "sandbox"
    assert recipe.usage.tokens_used
    assert recipe.rewritten_prompt
    assert read(place) == recipe
    assert examples(tmp_path) == [Example(place, recipe)]
    picture = verify_picture(place.read_bytes(), None)
    assert (picture.suffix, picture.width, picture.height) == (".webp", recipe.width, recipe.height)
    assert place.stat().st_size < 500_000


def test_an_example_is_drawn_as_one_picture_with_every_other_option_kept(
    provider: Provider, tmp_path: Path
) -> None:
    request = GenerationRequest(
        prompt="A fox",
        model="google/imagen-4.0-ultra-generate-001",
        num_images=4,
        seed=7,
        enhance_prompt=False,
        safety_setting="block_only_high",
    )
    recipe = draw(provider, request, tmp_path / "fox.webp")
    assert recipe.request == replace(request, num_images=1)
    assert recipe.rewritten_prompt is None
    assert read(tmp_path / "fox.webp") == recipe


@pytest.mark.parametrize(
    ("host_key", "prompt"),
    [
        *(("sandbox-invalid", "A fox"), ("sandbox-empty", "A fox"), ("sandbox-garbage", "A fox")),
        ("", f"A fox {BLOCKED_MARK}"),
    ],
)
def test_a_request_that_fails_leaves_the_old_example(
    tmp_path: Path, host_key: str, prompt: str
) -> None:
    place = downloaded(tmp_path / "fox.jpg", "JPEG")
    before = place.read_bytes()
    provider = Provider(Settings(host_key=host_key), sandbox_latency=0)
    try:
        with pytest.raises(ImagenDemoError):
            draw(provider, GenerationRequest(prompt=prompt), place)
    finally:
        provider.close()
    assert place.read_bytes() == before


@EACH
def test_a_shipped_example_says_what_drew_it(example: Example) -> None:
    with Image.open(example.path) as image:
        label = {"sandbox": b"algorithmicMedia", "imagen": b"trainedAlgorithmicMedia"}
        said = b'DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/%b"'
        assert said % label[example.recipe.drawn_by] in image.info["xmp"]
        comment = piexif.load(image.info["exif"])["Exif"][piexif.ExifIFD.UserComment]
    assert piexif.helper.UserComment.load(comment).startswith(example.recipe.request.prompt)


def test_a_picture_that_its_maker_signed_is_an_example_as_it_came(tmp_path: Path) -> None:
    fake, place = Fake(), tmp_path / "01-fox.jpg"
    downloaded(place, "JPEG")
    fake.finish = signed
    recipe = draw(cast("Provider", fake), GenerationRequest(prompt="A fox"), place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01-fox.json", "01-fox.png"]
    assert is_valid((tmp_path / "01-fox.png").read_bytes())
    assert examples(tmp_path) == [Example(tmp_path / "01-fox.png", recipe)]
    fake.finish = bytes
    recipe = draw(cast("Provider", fake), GenerationRequest(prompt="A fox"), place)
    assert [path.name for path in tmp_path.iterdir()] == ["01-fox.webp"]
    assert examples(tmp_path) == [Example(tmp_path / "01-fox.webp", recipe)]


def make_gallery(project: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run what `make gallery` runs, in a copy of the project."""
    ours = {name: value for name, value in os.environ.items() if name != "GRADIO_TEMP_DIR"}
    return subprocess.run(
        [sys.executable, "-m", "tools.draw_gallery"],
        cwd=project,
        env={**ours, **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project whose gallery holds a PNG and a JPEG that Imagen drew."""
    for name in ("imagen_demo", "tools"):
        copytree(PROJECT / name, tmp_path / name, ignore=ignore_patterns("__pycache__"))
    (tmp_path / "gallery").mkdir()
    downloaded(tmp_path / "gallery" / "01-fox.png")
    downloaded(tmp_path / "gallery" / "02-fox.jpeg", "JPEG")
    downloaded(tmp_path / "gallery" / "03-fox.jpg", "JPEG")
    (tmp_path / "gallery" / "notes.txt").touch()
    return tmp_path


def test_the_whole_gallery_is_drawn_again_in_place(project: Path) -> None:
    done = make_gallery(project)
    assert (done.returncode, done.stderr) == (0, "")
    names = ["01-fox.webp", "02-fox.webp", "03-fox.webp"]
    assert done.stdout == "".join(f"{name}: drawn by sandbox\n" for name in names)
    assert sorted(path.name for path in (project / "gallery").iterdir()) == [*names, "notes.txt"]
    for each in examples(project / "gallery"):
        assert each.recipe.request == RECIPE.request
        assert each.recipe.drawn_by == "sandbox"


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("off", "This demo draws with your own AI/ML API key."),
        ("never", "IMAGEN_DEMO_SANDBOX must be one of: auto, only, off."),
    ],
)
def test_a_failure_stops_with_its_words_and_leaves_the_gallery(
    project: Path, mode: str, said: str
) -> None:
    before = {path: path.read_bytes() for path in (project / "gallery").iterdir()}
    done = make_gallery(project, IMAGEN_DEMO_SANDBOX=mode)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert {path: path.read_bytes() for path in (project / "gallery").iterdir()} == before


def test_two_examples_that_would_be_one_stop_it_before_either_is_lost(project: Path) -> None:
    downloaded(project / "gallery" / "01-fox.jpg", "JPEG")
    before = {path.name: path.read_bytes() for path in (project / "gallery").iterdir()}
    done = make_gallery(project)
    assert done.returncode == 1
    assert done.stderr == "01-fox.jpg and 01-fox.png differ by their ending alone.\n"
    after = {path.name: path.read_bytes() for path in (project / "gallery").iterdir()}
    assert after.keys() == before.keys()
    assert after["01-fox.png"] == before["01-fox.png"]


def test_a_changed_gallery_is_told_from_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "gallery"
    assert version(folder) == ()
    folder.mkdir()
    seen = [version(folder)]
    picture = folder / "1.png"
    for data in (b"one", b"other"):
        picture.write_bytes(data)
        seen.append(version(folder))
    os.utime(picture, (1, 1))
    seen.append(version(folder))
    picture.rename(folder / "2.png")
    seen.append(version(folder))
    assert version(folder) == seen[-1]
    assert len(set(seen)) == len(seen)
