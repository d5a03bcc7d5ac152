"""A host's evening: a room of thirty behind one address, two processes, one Redis, one key.

Five pictures are paid for. The room is refused, the host raises what it may have, everybody draws,
the host closes the budget; and whatever happens, nothing is spent beyond what was allowed.
"""

import json
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Answer, Received, Service, png
from tests.demos import program
from tests.redis_server import redis_server

pytestmark = pytest.mark.host

HOST_KEY = "0123456789abcdef0123456789abcdef"
PASSWORD = "sesame"  # noqa: S105 - a test's
PRICE = 84_000
ROOM = 30


def draw(asked: Received) -> Answer:
    if asked.method == "GET":
        return Answer(body=b'{"data": []}')
    body = {
        "data": [{"b64_json": b64encode(png()).decode()}],
        "meta": {"usage": {"tokens_used": PRICE, "usd_spent": PRICE / 2_000_000}},
    }
    return Answer(body=json.dumps(body).encode(), seconds=0.1)


@dataclass
class Evening:
    """Two processes, and whoever is there."""

    urls: list[str]
    service: Service
    logs: list[Path] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def paid(self) -> int:
        return sum(each.method == "POST" for each in self.service.received)

    def everybody_clicks(self) -> list[str]:
        """Thirty people, each with a browser of their own, at once; what each was told."""
        together = threading.Barrier(ROOM)

        def one(number: int) -> str:
            url = self.urls[number % len(self.urls)]
            together.wait(60)
            asked = requests.post(
                f"{url}gradio_api/call/generate", json={"data": ["A lake"]}, timeout=60
            )
            event = asked.json()["event_id"]
            return requests.get(f"{url}gradio_api/call/generate/{event}", timeout=60).text

        with ThreadPoolExecutor(ROOM) as crowd:
            return list(crowd.map(one, range(ROOM)))

    def host(self, number: int, **form: str) -> str:
        """Send a form to one of the processes, and return its page."""
        auth = ("host", PASSWORD)
        url = f"{self.urls[number]}host"
        if form:
            answer = requests.post(url, data=form, auth=auth, timeout=30)
            assert answer.status_code == 200, answer.text
        return requests.get(url, auth=auth, timeout=30).text


@pytest.fixture
def evening(tmp_path: Path, service: Service) -> Iterator[Evening]:
    service.script = draw
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server(tmp_path))
        given = {
            "AIMLAPI_API_KEY": HOST_KEY,
            "AIMLAPI_BASE_URL": service.url,
            "IMAGEN_DEMO_HOST_PASSWORD": PASSWORD,
            "IMAGEN_DEMO_METRICS": "1",
            "IMAGEN_DEMO_LIMITS_STORAGE": redis.url,
            "IMAGEN_DEMO_VISITOR_LIMIT": "3/hour",
            "IMAGEN_DEMO_DAILY_TOKENS": str(5 * PRICE),
        }
        running = []
        for name in ("one", "other"):
            folder = tmp_path / name
            folder.mkdir()
            running.append(stack.enter_context(program(folder, environment=given)))
        yield Evening(
            [each.url for each in running],
            service,
            [each.log for each in running],
            [each.process for each in running],
        )


def drawn(told: list[str]) -> int:
    return sum("event: complete" in each for each in told)


def test_a_room_is_refused_raised_drawn_for_and_closed(evening: Evening) -> None:
    assert drawn(told := evening.everybody_clicks()) == evening.paid() == 3
    assert any("A whole room may share one" in each for each in told)

    # One process is told, the other knows.
    assert "100 pictures for each visitor" in evening.host(0, action="limit", pictures="100")
    assert drawn(evening.everybody_clicks()) == 2, "the day has five"
    assert evening.paid() == 5
    assert "$0.00 left" in evening.host(1)

    evening.host(1, action="budget", dollars=f"{35 * PRICE / 2_000_000}")
    assert drawn(evening.everybody_clicks()) == ROOM
    assert evening.paid() == 35, "and not one more"
    assert drawn(evening.everybody_clicks()) == 0

    evening.host(1, action="budget", dollars="100")
    evening.host(0, action="close")
    assert drawn(evening.everybody_clicks()) == 0
    assert evening.paid() == 35

    for number in (0, 1):
        page = evening.host(number)
        assert "of all processes together" in page
        assert '<p class="large">35</p>' in page, "pictures"
        assert f'<p class="large">{35 * PRICE:,}</p>' in page, "tokens"
        assert "The budget is closed until" in page
    counted = 0.0
    for url in evening.urls:
        text = requests.get(f"{url}metrics", timeout=30).text
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "imagen_demo_pictures_total":
                    counted += sample.value
                if sample.name == "imagen_demo_budget_left_tokens":
                    assert sample.value == 0
        assert HOST_KEY not in text
        assert PASSWORD not in text
    assert counted == 35
    for log in evening.logs:
        assert "Traceback" not in log.read_text()
        assert HOST_KEY not in log.read_text()
        assert f"{PASSWORD} " not in log.read_text()
    assert "the host: The budget is closed until" in evening.logs[0].read_text()


def test_what_was_counted_just_before_a_process_ended_is_known_to_the_others(
    evening: Evening,
) -> None:
    asked = requests.post(
        f"{evening.urls[0]}gradio_api/call/generate", json={"data": ["A lake"]}, timeout=60
    )
    heard = f"{evening.urls[0]}gradio_api/call/generate/{asked.json()['event_id']}"
    assert "event: complete" in requests.get(heard, timeout=60).text
    evening.processes[0].terminate()
    evening.processes[0].wait(timeout=40)
    assert f'<p class="large">{PRICE:,}</p>' in evening.host(1)


def test_with_the_hosts_key_off_the_sandbox_draws_for_the_room_and_nothing_is_spent(
    evening: Evening,
) -> None:
    evening.host(0, action="key", hours="1")
    evening.host(1)
    assert drawn(evening.everybody_clicks()) == ROOM
    assert evening.paid() == 0
    evening.host(0, action="end", name="key_off")
