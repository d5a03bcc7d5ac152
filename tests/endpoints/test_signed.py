"""A signed picture leaves by the doors for programs as it came."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client

from imagen_demo.pictures.metadata import read
from tests.demos import running_demo
from tests.endpoints.test_mcp import call, pictures_of
from tests.signing import is_valid, signed
from tests.stand_ins import Fake


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fake = Fake()
    fake.finish = signed
    with running_demo(fake, album=tmp_path_factory.mktemp("signed") / "album", mcp=True) as address:
        yield address


def test_rest_hands_out_signed_pictures_untouched(url: str, tmp_path: Path) -> None:
    asking = Client(url, download_files=tmp_path, verbose=False)
    pictures, receipt = asking.predict(prompt="A fox", num_images=2, api_name="/generate")
    assert len(pictures) == 2
    assert all(is_valid(Path(each).read_bytes()) for each in pictures)
    assert [read(Path(each)) for each in pictures] == [None, None]
    assert receipt["rewritten_prompts"] == ["A teal square, take 0", "A teal square, take 1"]


def test_mcp_hands_out_signed_pictures_untouched(url: str) -> None:
    answer = call(url, prompt="A fox", num_images=2)
    assert not answer.isError
    pictures = pictures_of(answer)
    assert len(pictures) == 2
    assert all(map(is_valid, pictures))
    assert base64.b64encode(pictures[0])
