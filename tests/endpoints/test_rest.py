"""The `/generate` endpoint, as programs use it: gradio_client and plain HTTP."""

import base64
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from gradio.utils import get_upload_folder
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.examples import GALLERY, examples
from imagen_demo.pictures.metadata import read
from imagen_demo.service.provider_settings import SandboxMode
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import sandbox_demo

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "fedcba9876543210fedcba9876543210"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox_demo() as address:
        yield address


def client(url: str, folder: Path, key: str | None = None) -> Client:
    headers = {"X-AIMLAPI-Key": key} if key else {}
    return Client(url, headers=headers, download_files=folder, verbose=False)


def test_the_documented_request_gives_pictures_and_receipt(url: str, tmp_path: Path) -> None:
    pictures, receipt = client(url, tmp_path).predict(
        prompt="Racoon eating ice-cream", aspect_ratio="16:9", api_name="/generate"
    )
    with Image.open(pictures[0]) as picture:
        assert (picture.format, picture.size) == ("PNG", (1408, 768))
    assert Path(pictures[0]).name == "racoon-eating-ice-cream-16x9.png"
    expected = {
        "model": "google/imagen-4.0-generate-001",
        "prompt": "Racoon eating ice-cream",
        "aspect_ratio": "16:9",
        "num_images": 1,
        "width": 1408,
        "height": 768,
        "tokens_used": 84_000,
        "usd_spent": 0.042,
        "drawn_by": "sandbox",
    }
    assert receipt.items() >= expected.items()
    assert receipt["rewritten_prompt"].startswith("Racoon eating ice-cream")
    assert receipt["seconds"] > 0
    assert receipt["inference_id"]


def test_the_file_is_the_very_bytes_the_service_sent_and_the_recipe(
    service: Service, tmp_path: Path
) -> None:
    original = png(31, 17) + b"trailing bytes that any re-encoding would drop"

    def script(asked: Received) -> Answer:
        if asked.method == "GET":
            return Answer(body=original)
        entry = {"url": f"{service.url}/picture.png"}
        return Answer(body=json.dumps({"data": [entry]}).encode())

    service.script = script
    with sandbox_demo(Settings(base_url=service.url, host_key=KEY)) as url:
        pictures, receipt = client(url, tmp_path).predict(prompt="A square", api_name="/generate")
    written = Path(pictures[0]).read_bytes()
    header = original[:33]  # the recipe stands behind it
    assert (written[:33], written[33 - len(original) :]) == (header, original[33:])
    recipe = read(Path(pictures[0]))
    assert isinstance(recipe, Recipe)
    assert recipe.request.prompt == "A square"
    assert (recipe.width, recipe.height, recipe.drawn_by) == (31, 17, "imagen")
    assert KEY.encode() not in written
    assert recipe.created_at.isoformat() == receipt["created_at"]


def test_every_request_field_reaches_the_service(service: Service, tmp_path: Path) -> None:
    service.script = lambda _: Answer(400)
    fields = {
        "prompt": "A square",
        "aspect_ratio": "3:4",
        "model": "google/imagen-4.0-fast-generate-001",
        "num_images": 2,
        "seed": 7,
        "enhance_prompt": False,
        "person_generation": "dont_allow",
        "safety_setting": "block_only_high",
        "convert_base64_to_url": False,
    }
    with sandbox_demo(Settings(base_url=service.url)) as url, pytest.raises(AppError):
        client(url, tmp_path, KEY).predict(**fields, api_name="/generate")
    assert json.loads(service.received[0].body) == fields
    assert service.received[0].headers["authorization"] == f"Bearer {KEY}"


CHOSEN: dict[str, Any] = {
    "num_images": 2,
    "seed": 7,
    "enhance_prompt": False,
    "person_generation": "dont_allow",
    "safety_setting": "block_only_high",
    "add_watermark": True,
    "convert_base64_to_url": False,
    "resolution": "4K",
    "enable_web_search": True,
}


def test_every_option_of_every_model_is_sent_or_refused_by_its_row(
    service: Service, tmp_path: Path
) -> None:
    service.script = lambda _: Answer(400)
    with sandbox_demo(Settings(base_url=service.url)) as url:
        door = client(url, tmp_path, KEY)
        for model, option in product(MODELS.values(), CHOSEN):
            before = len(service.received)
            fields = {"prompt": "A square", "model": model.id, option: CHOSEN[option]}
            with pytest.raises(AppError) as caught:
                door.predict(**fields, api_name="/generate")
            sent = [json.loads(asked.body) for asked in service.received[before:]]
            refused = f"{model.label} does not take {option}." in str(caught.value)
            # Rewriting is on by default, so what was chosen is all there is besides the ratio.
            expected = [{**fields, "aspect_ratio": "1:1"}] if option in model.options else []
            if option == "enhance_prompt" and sent:
                sent[0].pop("seed")  # drawn, so that the picture can be made again
            assert (sent, refused) == (expected, not expected), (model.id, option)


def test_the_successor_answers_through_the_same_door(url: str, tmp_path: Path) -> None:
    pictures, receipt = client(url, tmp_path).predict(
        prompt="A fox", model="google/gemini-nano-banana-2.1", resolution="2K", api_name="/generate"
    )
    with Image.open(pictures[0]) as picture:
        assert picture.size == (2048, 2048)
    assert receipt["tokens_used"] is None
    assert receipt["rewritten_prompt"] is None


def test_the_key_is_no_parameter(url: str) -> None:
    with urllib.request.urlopen(f"{url}gradio_api/info", timeout=10) as answer:  # noqa: S310
        endpoints = json.load(answer)["named_endpoints"]
    assert list(endpoints) == ["/generate"]
    names = [each["parameter_name"] for each in endpoints["/generate"]["parameters"]]
    assert names == [
        "prompt",
        "aspect_ratio",
        "model",
        "num_images",
        "seed",
        "enhance_prompt",
        "person_generation",
        "safety_setting",
        "add_watermark",
        "convert_base64_to_url",
        "resolution",
        "enable_web_search",
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt": ""}, "The prompt is empty."),
        ({"prompt": "a" * 401}, "401 characters"),
        ({"prompt": "a", "aspect_ratio": "2:1"}, "Use one of: 1:1, 9:16, 16:9, 3:4, 4:3."),
        ({"prompt": "a", "num_images": 5}, "from 1 to 4"),
        ({"prompt": "a", "resolution": "2K"}, "Imagen 4 does not take resolution."),
        ({"prompt": "a [blocked]"}, "The safety filter kept this picture back."),
    ],
    ids=["empty", "long", "ratio", "count", "option", "blocked"],
)
def test_a_failure_arrives_in_the_pages_own_words(
    url: str, tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(AppError, match="Nothing was charged") as caught:
        client(url, tmp_path).predict(**fields, api_name="/generate")
    assert said in str(caught.value)


def test_a_test_key_in_the_header_plays_its_failure(url: str, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="out of credits"):
        client(url, tmp_path, "sandbox-no-credits").predict(prompt="a", api_name="/generate")


def test_without_any_key_and_with_the_sandbox_off_a_key_is_asked_for(tmp_path: Path) -> None:
    with (
        sandbox_demo(Settings(sandbox=SandboxMode.OFF)) as url,
        pytest.raises(AppError, match="your own AI/ML API key"),
    ):
        client(url, tmp_path).predict(prompt="a", api_name="/generate")


def test_ten_calls_at_once_wait_side_by_side(service: Service, tmp_path: Path) -> None:
    together = Together(10)
    service.script = together.answer
    settings = Settings(base_url=service.url, host_key=KEY)
    with sandbox_demo(settings) as url:
        door = client(url, tmp_path)
        calls = [door.submit(prompt="A square", api_name="/generate") for _ in range(10)]
        # The service lets nobody go before all ten have come.
        answers = [call.result(timeout=60) for call in calls]
    for (picture,), _ in answers:
        with Image.open(picture) as drawn:
            assert drawn.width == 8


class Together:
    """Holds every request back until as many as expected are there."""

    def __init__(self, expected: int) -> None:
        self._barrier = threading.Barrier(expected, timeout=30)

    def answer(self, _: Received) -> Answer:
        self._barrier.wait()
        entry = {"b64_json": base64.b64encode(png()).decode()}
        return Answer(body=json.dumps({"data": [entry]}).encode())


def test_the_way_past_the_queue_is_closed(url: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}gradio_api/run/generate",
        data=json.dumps({"data": ["a square"]}).encode(),
        headers={"content-type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310
    with caught.value:
        assert caught.value.code in {403, 404}


@pytest.mark.parametrize("route", ["gradio_api/deep_link?session_hash=x", "gradio_api/runs"])
def test_routes_that_could_give_a_key_away_are_closed(url: str, route: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{url}{route}", timeout=10)  # noqa: S310
    with caught.value:
        assert caught.value.code == 404


def status_of(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, answer.headers["content-type"]
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, ""


def test_tiles_are_served_and_no_folder_of_pictures_is_listed(url: str) -> None:
    with urllib.request.urlopen(f"{url}config", timeout=10) as answer:  # noqa: S310 - loopback
        shown = [each["props"].get("value") for each in json.load(answer)["components"]]
    sources = re.findall(
        r'src="([^"]+)"', next(html for html in map(str, shown) if "Examples" in html)
    )
    assert len(sources) == len(examples())
    assert {status_of(f"{url}{source}") for source in sources} == {(200, "image/webp")}
    tiles = sources[0].rpartition("/")[0]
    albums = next(Path(get_upload_folder()).glob("album-*"))
    for folder in (tiles, f"{tiles}/", f"gradio_api/file={GALLERY}", f"gradio_api/file={albums}"):
        assert status_of(f"{url}{folder}")[0] in {403, 404}


def test_a_key_in_the_header_loses_what_came_along_with_it(url: str, tmp_path: Path) -> None:
    pasted = 'Authorization: Bearer "sandbox-no-credits",'
    with pytest.raises(AppError, match="out of credits"):
        client(url, tmp_path, pasted).predict(prompt="A lake", api_name="/generate")
