"""Where the host's money is counted, for whatever counts there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redis_server import redis_server


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.host)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Both places where is counted."""
    if request.param == "memory":
        yield "memory://"
        return
    with redis_server(tmp_path) as redis:
        yield redis.url
