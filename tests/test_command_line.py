"""A start takes no time for garbage that is not there, and a demo that runs does."""

import gc
from collections.abc import Iterator

import pytest

from imagen_demo import launch
from imagen_demo.command_line import start
from imagen_demo.domain.errors import ConfigurationError


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    assert gc.isenabled()


def test_garbage_is_looked_for_once_the_demo_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for = []
    monkeypatch.setattr(launch, "build", lambda _: looked_for.append(gc.isenabled()))
    start((), "imagen-demo")
    assert looked_for == [False]
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_or_cannot_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise ConfigurationError("no room")

    monkeypatch.setattr(launch, "build", refuse)
    with pytest.raises(SystemExit, match="no room"):
        start((), "imagen-demo")
    assert gc.isenabled()
