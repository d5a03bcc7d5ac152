"""One real, paid call to AI/ML API; off unless AIMLAPI_LIVE_KEY is set and `-m live` is given."""

import os

import pytest

from imagen_demo.aimlapi.client import ImagenClient
from imagen_demo.domain.errors import ModelWithdrawn
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.settings import DEFAULT_BASE_URL
from tests.conftest import Told

# Read when the file is loaded: the tests' clean environment hides it later.
KEY = os.environ.get("AIMLAPI_LIVE_KEY", "")


@pytest.mark.live
@pytest.mark.skipif(not KEY, reason="AIMLAPI_LIVE_KEY is not set")
def test_the_documented_request_is_answered_as_documented() -> None:
    request = GenerationRequest(prompt="Racoon eating ice-cream", aspect_ratio="16:9")
    try:
        client = ImagenClient(DEFAULT_BASE_URL)
        generation = client.generate(request, api_key=KEY, on_picture=Told())
    except ModelWithdrawn as withdrawn:
        pytest.skip(str(withdrawn))
    assert (generation.pictures[0].width, generation.pictures[0].height) == (1408, 768)
    assert generation.usage.tokens_used
