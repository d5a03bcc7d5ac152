"""What was paid for is not lost to strictness: bytes that came along, however they are written."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagen_demo.aimlapi.client import ImagenClient
from imagen_demo.aimlapi.inline_pictures import decoded
from imagen_demo.domain.errors import Charged, UnusableReply
from imagen_demo.domain.generation import Generation
from imagen_demo.domain.request import GenerationRequest
from tests.conftest import Answer, Received, Service, Told, png

PICTURE = png(9, 7)
PLAIN = base64.b64encode(PICTURE).decode()


def in_lines(text: str, end: str = "\n") -> str:
    return end.join(text[at : at + 76] for at in range(0, len(text), 76)) + end


WRITTEN: dict[str, Callable[[bytes], str]] = {
    "plain": lambda data: base64.b64encode(data).decode(),
    "lines": lambda data: in_lines(base64.b64encode(data).decode()),
    "lines of windows": lambda data: in_lines(base64.b64encode(data).decode(), "\r\n"),
    "space round it": lambda data: f"\n  {base64.b64encode(data).decode()}\t",
    "for addresses": lambda data: base64.urlsafe_b64encode(data).decode(),
    "for addresses, bare": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "bare": lambda data: base64.b64encode(data).decode().rstrip("="),
    "too much padding": lambda data: base64.b64encode(data).decode() + "==",
    "data:": lambda data: f"data:image/png;base64,{base64.b64encode(data).decode()}",
    "DATA:": lambda data: f"DATA:image/png;charset=x;BASE64,{base64.b64encode(data).decode()}",
    "data: in lines": lambda data: "data:;base64," + in_lines(base64.b64encode(data).decode()),
    "data: for addresses": lambda data: (
        "data:image/png;base64," + base64.urlsafe_b64encode(data).decode().rstrip("=")
    ),
    "data: escaped": lambda data: (
        "data:image/png;base64,"
        + base64.b64encode(data).decode().replace("+", "%2B").replace("=", "%3D")
    ),
    "data: without base64": lambda data: f"data:image/png,{quote_from_bytes(data)}",
}
each_way = pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)


@each_way
@given(st.binary(max_size=300))
def test_bytes_come_back_however_they_are_written(
    write: Callable[[bytes], str], data: bytes
) -> None:
    assert decoded(write(data)) == data


NO_BASE64 = ["%%%", "é", "a", "abc!", "data:image/png;base64,%%%", "data:;base64,é"]


@pytest.mark.parametrize("said", NO_BASE64)
def test_what_is_no_base64_is_damaged_and_was_charged(said: str) -> None:
    with pytest.raises(UnusableReply, match="damaged") as caught:
        decoded(said)
    assert caught.value.charged is Charged.YES


@given(st.text())
def test_any_text_is_bytes_or_a_failure(said: str) -> None:
    for each in (said, f"data:image/png;base64,{said}", f"data:,{said}"):
        try:
            assert isinstance(decoded(each), bytes)
        except UnusableReply:
            continue


def generation_of(service: Service, entry: dict[str, object]) -> Generation:
    def script(asked: Received) -> Answer:
        if asked.method == "GET":
            return Answer(body=PICTURE) if asked.path == "/p.png" else Answer(410)
        return Answer(body=json.dumps({"data": [entry]}).encode())

    service.script = script
    client = ImagenClient(service.url)
    request = GenerationRequest(prompt="A fox")
    try:
        return client.generate(request, api_key="k" * 32, on_picture=Told())
    finally:
        client.close()


@each_way
@pytest.mark.parametrize("name", ["b64_json", "url"])
def test_a_picture_arrives_however_it_is_written(
    service: Service, write: Callable[[bytes], str], name: str
) -> None:
    said = write(PICTURE)
    if name == "url" and not said.lower().startswith("data:"):
        return
    (picture,) = generation_of(service, {name: said}).pictures
    assert picture.data == PICTURE
    assert len(service.received) == 1


@pytest.mark.parametrize("b64_json", [PLAIN, None, "%%%", base64.b64encode(b"no picture").decode()])
@pytest.mark.parametrize("url", ["/p.png", "/gone.png", "http://", None, "data:image/png;base64,x"])
def test_one_broken_way_does_not_cost_the_other(
    service: Service, b64_json: str | None, url: str | None
) -> None:
    link = f"{service.url}{url}" if url and url.startswith("/") else url
    entry: dict[str, object] = {"url": link, "b64_json": b64_json}
    if b64_json == PLAIN or url == "/p.png":
        (picture,) = generation_of(service, entry).pictures
        assert picture.data == PICTURE
    elif url or b64_json:
        with pytest.raises(UnusableReply) as caught:
            generation_of(service, entry)
        assert caught.value.charged is Charged.YES


def test_white_space_round_a_link_is_no_part_of_it(service: Service) -> None:
    (picture,) = generation_of(service, {"url": f"\n {service.url}/p.png\t "}).pictures
    assert picture.data == PICTURE
