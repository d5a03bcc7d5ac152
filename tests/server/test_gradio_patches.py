"""Gradio's queue sleeps while there is nothing to do, and no app is made for nobody."""

from collections.abc import Iterator
from time import sleep
from typing import Any

import gradio as gr
import pytest
from gradio.events import api
from gradio.queueing import Queue
from gradio.routes import App
from gradio_client import Client

from imagen_demo.launch import serve
from imagen_demo.server import gradio_patches
from imagen_demo.server.access import Access
from imagen_demo.server.shutdown import Shutdown
from tests.demos import running_demo
from tests.stand_ins import Fake

_AGES = 3600.0


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[gr.Blocks]:
    """A demo that never looks for work of which it was not told, and does one thing at a time."""
    monkeypatch.setattr(gradio_patches, "_LOOKS_AGAIN", _AGES)

    def greet(name: str) -> str:
        sleep(0.3)  # in which others come
        return f"Hello {name}!"

    with gr.Blocks(analytics_enabled=False) as page:
        api(greet, concurrency_limit=1)
    try:
        serve(page, Access(), Shutdown(), prevent_thread_lock=True, quiet=True)
        yield page
    finally:
        page.close(verbose=False)


def test_a_queue_without_work_does_not_look_for_any(
    demo: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def empty(queue: Queue) -> int:
        looks.append(queue)
        return 0

    client = Client(demo.local_url, verbose=False)
    assert client.submit("Ann", api_name="/greet").result(timeout=60) == "Hello Ann!"
    sleep(0.2)
    monkeypatch.setattr(Queue, "__len__", empty)
    sleep(0.5)
    assert demo._queue not in looks  # noqa: SLF001 - other demos' queues are none of it


def test_each_call_is_answered_though_one_waits_for_the_other(demo: gr.Blocks) -> None:
    names = [f"visitor {number}" for number in range(6)]
    client = Client(demo.local_url, verbose=False)
    asked = [client.submit(name, api_name="/greet") for name in names]
    assert [each.result(timeout=60) for each in asked] == [f"Hello {name}!" for name in names]


def test_a_demo_makes_the_app_that_it_serves_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[App] = []
    begin = App.__init__

    def noted(app: App, *given: Any, **more: Any) -> None:  # noqa: ANN401 - Gradio's own
        made.append(app)
        begin(app, *given, **more)

    monkeypatch.setattr(App, "__init__", noted)
    with running_demo(Fake()):
        assert len(made) == 1
