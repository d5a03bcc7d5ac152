"""The host's page: for the host alone, tells how the day goes, and turns what can be turned."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from limits import parse
from prometheus_client.parser import text_string_to_metric_families

from imagen_demo import NAMED, __version__
from imagen_demo.domain.errors import OverBudget
from imagen_demo.host import page
from imagen_demo.launch import build
from imagen_demo.logs import DRAWN, Entry, disguised
from imagen_demo.server.access import Access, Account
from imagen_demo.service.budget import Allowance
from imagen_demo.settings import Settings

PASSWORD = "sesame-4711"  # noqa: S105 - a test's
KEY = "0123456789abcdef0123456789abcdef"
MODEL = "google/imagen-4.0-generate-001"


@contextmanager
def hosted(folder: Path, **more: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - settings
    """Serve a demo with a host's key that goes nowhere."""
    settings = {
        "host_password": PASSWORD,
        "host_key": KEY,
        "base_url": "http://127.0.0.1:9",
        "pictures": folder / "pictures",
        "allowance": Allowance(parse("10/hour"), 10 * 84_000),
        **more,
    }
    demo = build(Settings(**settings))
    try:
        yield demo.serve(prevent_thread_lock=True, quiet=True).rstrip("/"), demo
    finally:
        demo.page.close(verbose=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    with hosted(tmp_path_factory.mktemp("host"), metrics=True) as running:
        yield running


@pytest.fixture
def url(demo: tuple[str, Any]) -> str:
    return demo[0]


@pytest.fixture
def host(url: str) -> Iterator[requests.Session]:
    """A browser in which the password was typed; what it turned is turned back."""
    with requests.Session() as session:
        entered = session.post(
            f"{url}/host", data={"action": "enter", "password": PASSWORD}, timeout=30
        )
        assert entered.status_code == 200
        yield session
        for name in re.findall(r'name="name" value="([^"]+)"', session.get(f"{url}/host").text):
            session.post(f"{url}/host", data={"action": "end", "name": name}, timeout=30)


def turn(session: requests.Session, url: str, **form: object) -> str:
    answer = session.post(f"{url}/host", data=form, timeout=30)
    assert answer.status_code == 200
    return answer.text


def note(
    demo: tuple[str, Any], outcome: str = DRAWN, *, browser: str = "", came: object = None
) -> None:
    """Count a request, as `service/generate` does."""
    asked = Entry(visitor="room", model=MODEL, outcome=outcome, seconds=6, prompt="p", pictures=1)
    demo[1].answering.drawing.figures.note(asked, browser=browser, came=came)


# Who comes in.


def test_without_a_password_there_is_no_such_page(tmp_path: Path) -> None:
    with hosted(tmp_path, host_password="") as (url, _):
        for method in ("GET", "POST"):
            answer = requests.request(method, f"{url}/host", timeout=30)
            assert answer.status_code in {404, 405}
            assert "Password" not in answer.text
        assert requests.get(f"{url}/metrics", timeout=30).status_code == 404


@pytest.mark.parametrize("path", ["/host", "/host?figures"])
def test_a_stranger_gets_a_form_and_nothing_else(url: str, path: str) -> None:
    answer = requests.get(f"{url}{path}", timeout=30)
    assert answer.status_code == 401
    assert "Password" in answer.text
    assert "budget" not in answer.text.lower()
    assert answer.headers["cache-control"] == "no-store"


def test_a_stranger_turns_nothing(url: str, host: requests.Session) -> None:
    for form in ({"action": "close"}, {"action": "key", "hours": "1"}, {}):
        assert requests.post(f"{url}/host", data=form, timeout=30).status_code == 401
    assert "Nothing: all is as the settings say." in host.get(f"{url}/host").text


def test_the_password_opens_it_and_logging_out_shuts_it(url: str) -> None:
    with requests.Session() as session:
        form = {"action": "enter", "password": PASSWORD}
        entered = session.post(f"{url}/host", data=form, timeout=30, allow_redirects=False)
        assert (entered.status_code, entered.headers["location"]) == (303, "host")
        assert "HttpOnly" in entered.headers["set-cookie"]
        assert "budget" in session.get(f"{url}/host", timeout=30).text
        copied = session.cookies.get("imagen-demo-host")
        session.post(f"{url}/host", data={"action": "leave"}, timeout=30)
        again = requests.get(
            f"{url}/host", headers={"Cookie": f"imagen-demo-host={copied}"}, timeout=30
        )
        assert again.status_code == 401


def test_programs_send_the_password_along(url: str) -> None:
    assert requests.get(f"{url}/host", auth=("host", PASSWORD), timeout=30).status_code == 200
    assert requests.get(f"{url}/host", auth=("host", "wrong"), timeout=30).status_code == 401


def test_who_guesses_is_stopped_and_the_right_word_with_them(tmp_path: Path) -> None:
    with hosted(tmp_path) as (url, _):
        guess = {"action": "enter", "password": "guess"}
        said = [requests.post(f"{url}/host", data=guess, timeout=30).status_code for _ in range(11)]
        assert said == [401] * 10 + [429]
        right = {"action": "enter", "password": PASSWORD}
        answer = requests.post(f"{url}/host", data=right, timeout=30)
        assert answer.status_code == 429
        assert "Too many tries" in answer.text
        assert int(answer.headers["retry-after"]) > 0


def test_another_sites_page_turns_nothing(url: str, host: requests.Session) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = host.post(f"{url}/host", data={"action": "close"}, headers=headers, timeout=30)
        assert answer.status_code == 403
    assert "The budget is closed" not in host.get(f"{url}/host").text


def test_the_visitors_login_neither_opens_it_nor_stands_before_it(tmp_path: Path) -> None:
    access = Access(accounts=(Account("ann", "hunter2"),))
    with hosted(tmp_path, access=access, metrics=True) as (url, _):
        assert requests.get(f"{url}/host", auth=("ann", "hunter2"), timeout=30).status_code == 401
        assert requests.get(f"{url}/host", auth=("host", PASSWORD), timeout=30).status_code == 200
        assert requests.get(f"{url}/config", auth=("host", PASSWORD), timeout=30).status_code == 401
        assert requests.get(f"{url}/metrics", timeout=30).status_code == 401
        assert (
            requests.get(f"{url}/metrics", auth=("ann", "hunter2"), timeout=30).status_code == 200
        )


def test_its_scripts_are_named_by_their_hashes_as_the_pages_are(
    url: str, host: requests.Session
) -> None:
    policy = host.get(f"{url}/host").headers["content-security-policy"]
    assert "'sha256-" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src", 1)[1].split(";")[0]


# What it says.


def test_it_tells_how_the_day_goes(demo: tuple[str, Any], host: requests.Session) -> None:
    note(demo)
    note(demo, "ServiceFailed")
    for part in ("/host", "/host?figures"):
        said = host.get(f"{demo[0]}{part}").text
        assert "$0.42 left" in said
        assert re.search(r"Pictures by the hour, 24 hours: (0, ){23}[1-9]", said)
        assert "<dt>ServiceFailed</dt>" in said
        assert disguised("room") in said
        assert "of this process alone" in said
        assert NAMED in said
        assert re.search(r"disk free</dt><dd>[0-9.]+ GB", said)
        assert "6.5 s, usual 6.5 s" in said


def test_a_room_behind_one_address_is_pointed_out(
    demo: tuple[str, Any], host: requests.Session
) -> None:
    for number in range(2):
        note(demo, "OverBudget", browser=f"b{number}", came=OverBudget(reason="visitor"))
    assert "browsers come from one address" not in host.get(f"{demo[0]}/host").text
    note(demo, "OverBudget", browser="b2", came=OverBudget(reason="visitor"))
    said = host.get(f"{demo[0]}/host").text
    assert f"3 browsers come from one address, visitor {disguised('room')}" in said
    assert f'<option value="{disguised("room")}" selected>' in said


def test_nothing_of_it_holds_a_key_or_a_password(url: str, host: requests.Session) -> None:
    for path in ("/host", "/host?figures", "/metrics"):
        text = host.get(f"{url}{path}").text
        for secret in (KEY, PASSWORD):
            assert secret not in text


# What it turns.


def test_the_budget_is_raised_closed_and_turned_back(
    url: str, host: requests.Session, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert "$5.00 spent" in turn(host, url, action="budget", dollars="5")
    assert "The budget is closed" in turn(host, url, action="close")
    assert "pays for no more pictures until" in requests.get(f"{url}/", timeout=30).text
    said = turn(host, url, action="end", name="daily_tokens")
    assert "Nothing: all is as the settings say." in said
    assert "pays for no more pictures" not in requests.get(f"{url}/", timeout=30).text
    told = [each for each in caplog.messages if each.startswith("the host: ")]
    assert [each.partition(" until")[0] for each in told] == [
        "the host: The day's budget is $5.00",
        "the host: The budget is closed",
        "the host: ended daily_tokens",
    ]


def test_a_limit_is_raised_for_everybody_or_for_one(url: str, host: requests.Session) -> None:
    assert "30 pictures for each visitor until" in turn(host, url, action="limit", pictures="30")
    assert "pays for 30 pictures of yours" in requests.get(f"{url}/", timeout=30).text
    visitor = disguised("room")
    one = turn(host, url, action="limit", pictures="40", visitor=visitor)
    assert f"40 pictures for visitor {visitor} until" in one


def test_the_key_is_switched_off_and_the_sandbox_draws(
    demo: tuple[str, Any], host: requests.Session
) -> None:
    service = demo[1].answering.drawing.service
    assert service.without_key == "host"
    assert not service.is_free("")
    assert "The host&#39;s key is off until" in turn(host, demo[0], action="key", hours="1")
    assert service.without_key == "sandbox"
    assert service.is_free("")
    assert not service.is_free(KEY), "a visitor's own key pays as before"


def test_an_example_of_the_day_comes_first(url: str, host: requests.Session) -> None:
    names = re.findall(r"<option>([^<]+)</option>", host.get(f"{url}/host").text)
    assert len(names) > 2

    def order() -> list[str]:
        tiles = requests.get(f"{url}/", timeout=30).text
        return list(dict.fromkeys(re.findall(rf"({'|'.join(map(re.escape, names))})", tiles)))

    assert order()[0] == names[0]
    turn(host, url, action="example", example=names[-1])
    assert order()[0] == names[-1]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"action": "explode"},
        {"action": "budget"},
        *({"action": "budget", "dollars": each} for each in ("0", "-1", "nan", "1e9", "99999")),
        *({"action": "limit", "pictures": each} for each in ("0", "10001", "x", "")),
        {"action": "limit", "pictures": "3", "visitor": "<b>"},
        {"action": "key", "hours": "48"},
        {"action": "example", "example": "../../etc/passwd"},
        {"action": "end", "name": "key_off"},
    ],
    ids=str,
)
def test_a_form_that_makes_no_sense_turns_nothing(
    url: str, host: requests.Session, form: dict[str, str]
) -> None:
    answer = host.post(f"{url}/host", data=form, timeout=30)
    assert answer.status_code == 400
    assert "Nothing: all is as the settings say." in answer.text


def test_what_stands_in_the_page_is_text() -> None:
    said = page.form(said="<script>alert(1)</script>")
    assert "<script>alert" not in said


# What Prometheus reads.


def test_metrics_are_read_by_prometheus_own_parser(demo: tuple[str, Any]) -> None:
    note(demo)
    note(demo, "OverBudget", came=OverBudget(reason="day"))
    answer = requests.get(f"{demo[0]}/metrics", timeout=30)
    assert answer.headers["content-type"].startswith("text/plain")
    families = {each.name: each for each in text_string_to_metric_families(answer.text)}
    samples = {
        (each.name, *sorted(each.labels.items())): each.value
        for family in families.values()
        for each in family.samples
    }
    assert samples["imagen_demo_info", ("version", __version__)] == 1
    model = ("model", MODEL)
    assert samples["imagen_demo_requests_total", model, ("outcome", DRAWN)] >= 1
    assert samples["imagen_demo_pictures_total", model] >= 1
    assert samples["imagen_demo_refusals_total", ("reason", "day")] >= 1
    assert samples["imagen_demo_budget_left_tokens",] == 10 * 84_000
    assert samples["imagen_demo_kept_pictures",] == 0
    buckets = [v for key, v in samples.items() if key[0] == "imagen_demo_drawn_seconds_bucket"]
    assert buckets == sorted(buckets)
    assert buckets[-1] == samples["imagen_demo_drawn_seconds_count",]
    assert {"imagen_demo_open_pages", "imagen_demo_kept_bytes"} <= families.keys()
    assert "process_resident_memory_bytes" in families
    assert disguised("room") not in answer.text
    for family in families.values():
        assert family.documentation
