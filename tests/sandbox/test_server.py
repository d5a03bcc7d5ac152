"""The sandbox over HTTP, as someone with `requests` and the vendor's documentation meets it."""

import base64
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import requests
from PIL import Image

from imagen_demo.sandbox import server
from imagen_demo.sandbox.contract import IMAGEN_STATUSES, SIZES
from imagen_demo.sandbox.server import Sandbox

DOCUMENTED = {
    "prompt": "Racoon eating ice-cream",
    "model": "google/imagen-4.0-generate-001",
    "aspect_ratio": "16:9",
}


def post(url: str, key: str = "any-key", **more: Any) -> requests.Response:  # noqa: ANN401 - JSON
    headers = {"Authorization": f"Bearer {key}", "X-Client-Request-Id": "my:id.1-2_3"}
    path = f"{url}/v1/images/generations"
    return requests.post(path, json={**DOCUMENTED, **more}, headers=headers, timeout=10)


def get(url: str, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(url, headers=named, timeout=10)


def assert_problem(response: requests.Response, status: int, path: str) -> dict[str, Any]:
    """Check today's envelope, and return it."""
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["instance"] == f"{path}?"
    assert body["requestId"] == response.headers["x-inference-id"]
    assert datetime.fromisoformat(body["timestamp"]).tzinfo
    assert body["title"]
    assert body["error"]["message"] == body["message"]
    return body


def test_the_documented_request_gets_the_documented_shape(sandbox: Sandbox) -> None:
    response = post(sandbox.url)
    body = response.json()
    assert response.status_code == 200
    assert body["meta"] == {"usage": {"tokens_used": 84_000}}
    (entry,) = body["data"]
    assert entry.keys() == {"mime_type", "url", "prompt"}
    assert entry["mime_type"] == "image/png"
    assert "sandbox" in entry["prompt"]
    assert response.headers["x-aimlapi-credits-used"] == "84000"
    assert float(response.headers["x-aimlapi-usd-spent"]) == 0.042
    assert response.headers["x-client-request-id"] == "my:id.1-2_3"


def test_each_answer_has_an_inference_id_of_its_own(sandbox: Sandbox) -> None:
    ids = {post(sandbox.url).headers["x-inference-id"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", each) for each in ids)
    assert "x-client-request-id" not in get(f"{sandbox.url}/v2/billing").headers


@pytest.mark.parametrize(("ratio", "size"), SIZES.items(), ids=SIZES)
def test_the_link_serves_a_png_of_the_documented_size(
    sandbox: Sandbox, ratio: str, size: tuple[int, int]
) -> None:
    url = post(sandbox.url, aspect_ratio=ratio).json()["data"][0]["url"]
    assert url.startswith(f"{sandbox.url}/")
    picture = get(url)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    with Image.open(BytesIO(picture.content)) as image:
        assert (image.format, image.size) == ("PNG", size)


def test_four_pictures_differ(sandbox: Sandbox) -> None:
    links = [entry["url"] for entry in post(sandbox.url, num_images=4).json()["data"]]
    assert len({get(link).content for link in links}) == 4


def test_one_picture_is_painted_at_a_time_and_others_are_answered_meanwhile(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    easel, together, billed = threading.Lock(), [], []

    def paint(*_: object) -> bytes:
        if not easel.acquire(blocking=False):
            together.append("two at the easel")
            return b""
        billed.append(get(f"{sandbox.url}/v2/billing", Authorization="Bearer k").status_code)
        time.sleep(0.05)
        easel.release()
        return b"painted"

    links = [entry["url"] for entry in post(sandbox.url, num_images=4).json()["data"]]
    monkeypatch.setattr(server, "_draw", paint)
    with ThreadPoolExecutor(5) as visitors:
        inside = visitors.submit(post, sandbox.url, convert_base64_to_url=False)
        linked = [answer.content for answer in visitors.map(get, links)]
    assert together == []
    assert linked == [b"painted"] * 4
    assert inside.result().json()["data"][0]["b64_json"] == "cGFpbnRlZA=="
    assert billed == [200] * 5


def test_without_links_the_picture_comes_as_base64(sandbox: Sandbox) -> None:
    (entry,) = post(sandbox.url, convert_base64_to_url=False).json()["data"]
    assert "url" not in entry
    with Image.open(BytesIO(base64.b64decode(entry["b64_json"], validate=True))) as image:
        assert image.size == (1408, 768)


def test_the_same_seed_draws_the_same_picture_without_rewriting(sandbox: Sandbox) -> None:
    def drawn(seed: int) -> bytes:
        link = post(sandbox.url, seed=seed, enhance_prompt=False).json()["data"][0]["url"]
        return get(str(link)).content

    assert drawn(5) == drawn(5) != drawn(6)


def test_without_a_key_the_answer_is_401(sandbox: Sandbox) -> None:
    path = "/v1/images/generations"
    response = requests.post(f"{sandbox.url}{path}", json=DOCUMENTED, timeout=10)
    assert_problem(response, 401, path)
    assert_problem(get(f"{sandbox.url}/v2/billing", Authorization="Basic a2V5"), 401, "/v2/billing")


@pytest.mark.parametrize("text", [b"{", b"", b"\xff\xfe{", b"null", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_a_400(sandbox: Sandbox, text: bytes) -> None:
    path, headers = "/v1/images/generations", {"Authorization": "Bearer any-key"}
    response = requests.post(f"{sandbox.url}{path}", data=text, headers=headers, timeout=10)
    assert assert_problem(response, 400, path)["error"]["data"][0]["code"] == "invalid_type"


def test_half_a_surrogate_pair_in_a_prompt_is_no_crash(sandbox: Sandbox) -> None:
    (entry,) = post(sandbox.url, prompt="a \ud800").json()["data"]
    assert get(entry["url"]).content.startswith(b"\x89PNG")


def test_a_malformed_client_request_id_is_dropped_silently(sandbox: Sandbox) -> None:
    answer = get(
        f"{sandbox.url}/v2/billing", Authorization="Bearer any-key", X_Client_Request_Id="a b<>"
    )
    assert answer.status_code == 200
    assert "x-client-request-id" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/v1/images", "/generations/sandbox/none.png"])
def test_an_unknown_path_is_a_404(sandbox: Sandbox, path: str) -> None:
    assert_problem(get(f"{sandbox.url}{path}"), 404, path)


def test_a_wrong_method_is_a_405(sandbox: Sandbox) -> None:
    path = "/v1/images/generations"
    assert_problem(get(f"{sandbox.url}{path}", Authorization="Bearer any-key"), 405, path)


def test_billing_knows_the_balance(sandbox: Sandbox) -> None:
    response = get(f"{sandbox.url}/v2/billing", Authorization="Bearer any-key")
    assert response.json() == {"current_balance": 10.07, "currency": "USD"}


def test_deprecations_are_listed_without_a_key_and_cached_by_their_tag(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/v1/models/deprecations"
    response = get(url)
    body = response.json()
    assert body["object"] == "list"
    assert datetime.fromisoformat(body["generated_at"]).tzinfo
    assert body["data"][0]["status"] == "withdrawn"
    assert response.headers["cache-control"] == "public, max-age=300"
    again = get(url, If_None_Match=response.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == response.headers["etag"]
    assert get(url, If_None_Match='"another"').status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        *(("status=withdrawn", 1), ("since=2026-08-10", 1), ("status=withdrawn&since=2026", 1)),
        *(("status=deprecated", 0), ("since=2026-08-11", 0), ("status=deprecated&since=2026", 0)),
    ],
)
def test_deprecations_are_filtered(sandbox: Sandbox, query: str, count: int) -> None:
    url = f"{sandbox.url}/v1/models/deprecations"
    filtered = get(f"{url}?{query}")
    assert len(filtered.json()["data"]) == count
    assert (filtered.headers["etag"] == get(url).headers["etag"]) is bool(count)


def test_the_html_key_answers_502_with_a_page(sandbox: Sandbox) -> None:
    response = post(sandbox.url, key="sandbox-html")
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html")
    assert response.text.startswith("<html>")


def test_the_garbage_keys_link_serves_a_page(sandbox: Sandbox) -> None:
    picture = get(post(sandbox.url, key="sandbox-garbage").json()["data"][0]["url"])
    assert picture.status_code == 200
    assert picture.headers["content-type"].startswith("text/html")
    assert picture.content.startswith(b"<html>")


def test_it_listens_on_one_loopback_address_only(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    with pytest.raises(OSError, match=r"."):  # it would answer here if it listened on 0.0.0.0
        socket.create_connection(("127.0.0.2", port), timeout=2)


def test_a_taken_port_is_told_at_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        Sandbox.start(latency=0, port=taken.getsockname()[1])


def sandbox_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "sandbox"}


def test_closing_ends_the_thread_and_drops_whoever_still_waits() -> None:
    running = Sandbox.start(latency=0)
    before = sandbox_threads()
    outcome: list[object] = []

    def wait_for_the_slow_one() -> None:
        try:
            outcome.append(post(running.url, key="sandbox-slow").status_code)
        except requests.ReadTimeout:
            outcome.append("it was left waiting")
        except requests.ConnectionError:
            outcome.append("dropped")

    waiting = threading.Thread(target=wait_for_the_slow_one)
    waiting.start()
    post(running.url)  # by then the slow one has very likely been received
    time.sleep(0.2)
    running.close()
    waiting.join(timeout=5)
    assert len(before - sandbox_threads()) == 1
    assert outcome == ["dropped"]
    with pytest.raises(requests.ConnectionError):
        post(running.url)


IMAGEN = [f"google/imagen-4.0-{kind}generate-001" for kind in ("", "fast-", "ultra-")]
SUCCESSOR = "google/gemini-nano-banana-2.1"


@pytest.fixture(scope="module", params=IMAGEN_STATUSES)
def standing(request: pytest.FixtureRequest) -> Iterator[tuple[str, Sandbox]]:
    """A sandbox in which Imagen 4 is on its way out, and how."""
    running = Sandbox.start(latency=0, imagen=request.param)
    yield request.param, running
    running.close()


def test_the_list_names_imagen_on_its_way_out(standing: tuple[str, Sandbox]) -> None:
    status, running = standing
    rows = {row["id"]: row for row in listed(running.url)}
    assert rows.keys() == {"openai/gpt-5.3-chat", *IMAGEN}
    for model in IMAGEN:
        named = rows[model]
        assert (named["status"], named["replaced_by"]) == (status, SUCCESSOR)
        assert named["aliases"] == [model.partition("/")[2]]
        dates = [date.fromisoformat(named[name]) for name in ("deprecated_at", "shutdown_at")]
        assert dates == sorted(dates)
        assert named.keys() == rows["openai/gpt-5.3-chat"].keys()
    assert {row["id"] for row in listed(running.url, f"?status={status}")} >= set(IMAGEN)


def listed(url: str, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = get(f"{url}/v1/models/deprecations{query}").json()["data"]
    return rows


def test_the_list_has_another_tag_then(sandbox: Sandbox, standing: tuple[str, Sandbox]) -> None:
    tags = [
        get(f"{each.url}/v1/models/deprecations").headers["etag"] for each in (sandbox, standing[1])
    ]
    assert tags[0] != tags[1]


@pytest.mark.parametrize("model", IMAGEN)
def test_imagen_draws_until_it_is_withdrawn(standing: tuple[str, Sandbox], model: str) -> None:
    status, running = standing
    response = post(running.url, model=model)
    if status == "withdrawn":
        problem = assert_problem(response, 404, "/v1/images/generations")
        assert "no longer available" in problem["message"]
    else:
        assert get(response.json()["data"][0]["url"]).content.startswith(b"\x89PNG")


def test_the_successor_draws_all_the_while(standing: tuple[str, Sandbox]) -> None:
    response = post(standing[1].url, model=SUCCESSOR, prompt="a fox " * 100)
    assert response.status_code == 200
    assert get(response.json()["data"][0]["url"]).content.startswith(b"\x89PNG")


def test_a_wrong_request_or_key_is_told_before_a_withdrawal() -> None:
    running, path = Sandbox.start(latency=0, imagen="withdrawn"), "/v1/images/generations"
    try:
        assert_problem(post(running.url, prompt=7), 400, path)
        assert_problem(post(running.url, key="sandbox-invalid"), 401, path)
    finally:
        running.close()


def test_an_unknown_standing_is_no_way_to_run_alone() -> None:
    command = [sys.executable, "-m", "imagen_demo.sandbox", "--imagen", "forgotten"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - the command is above
    assert ended.returncode == 2
    assert all(each in ended.stderr for each in IMAGEN_STATUSES)


@pytest.mark.host
@pytest.mark.parametrize("flags", [[], ["--imagen", "withdrawn"]], ids=["plain", "withdrawn"])
def test_it_runs_alone(flags: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "imagen_demo.sandbox", "--port", str(port), "--latency", "0"]
    command += flags
    with subprocess.Popen(command) as alone:  # noqa: S603 - the command is above
        try:
            url = f"http://127.0.0.1:{port}"
            assert answers(port, alone), "the sandbox did not start"
            assert post(url).status_code == (404 if flags else 200)
            (entry,) = post(url, model=SUCCESSOR).json()["data"]
            assert entry["url"].startswith(f"{url}/")
            assert get(entry["url"]).headers["content-type"] == "image/png"
        finally:
            alone.terminate()
    assert alone.returncode is not None


def answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until someone listens, at most 20 s."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                return False
            time.sleep(0.1)
        else:
            return True
    return False
