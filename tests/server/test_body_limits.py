"""Bodies are read to their end before the app sees them: by size, and uploads by kind."""

from collections.abc import Iterable
from io import BytesIO

import anyio
import pytest
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from imagen_demo.server.body_limits import (
    LARGEST_CALL,
    LARGEST_PICTURE,
    read_whole,
    replay,
)
from imagen_demo.server.refusals import Refused
from tests.conftest import png
from tests.loops import run

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20


def multipart(*files: bytes) -> bytes:
    head = b'--line\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    return b"".join(head + each + b"\r\n" for each in files) + b"--line--\r\n"


def arriving(pieces: Iterable[bytes], *, breaks_off: bool = False) -> Receive:
    waiting = iter(pieces)
    messages: list[Message] = [
        {"type": "http.request", "body": each, "more_body": True} for each in waiting
    ]
    end: Message = {"type": "http.request", "body": b"", "more_body": False}
    messages.append({"type": "http.disconnect"} if breaks_off else end)

    async def receive() -> Message:
        return messages.pop(0)

    return receive


def read(
    pieces: Iterable[bytes],
    *,
    upload: bool = False,
    breaks_off: bool = False,
    **headers: str,
) -> bytes:
    body = BytesIO()
    given = {"content-type": "multipart/form-data; boundary=line"} if upload else {}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}

    async def reading() -> None:
        receive = arriving(pieces, breaks_off=breaks_off)
        await read_whole(Headers(given), receive, body, upload=upload)

    run(reading())
    return body.getvalue()


def refusal(pieces: Iterable[bytes], *, upload: bool = False, **headers: str) -> int:
    with pytest.raises(Refused) as caught:
        read(pieces, upload=upload, breaks_off=False, **headers)
    assert caught.value.sentence.endswith(".")
    return caught.value.status


def test_a_body_comes_through_as_it_came() -> None:
    assert read([b"one", b"", b"two"]) == b"onetwo"
    assert read([]) == b""


@pytest.mark.parametrize("upload", [False, True])
def test_one_that_does_not_arrive_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, *, upload: bool
) -> None:
    monkeypatch.setattr("imagen_demo.server.body_limits._PATIENCE", 0.05)

    async def receive() -> Message:
        await anyio.sleep(30)
        raise AssertionError("waited for it")

    async def reading() -> None:
        given = {"content-type": "multipart/form-data; boundary=line"} if upload else {}
        await read_whole(Headers(given), receive, BytesIO(), upload=upload)

    with pytest.raises(Refused) as caught:
        run(reading())
    assert caught.value.status == 408


def test_a_full_disk_is_named() -> None:
    class Full(BytesIO):
        def write(self, _: object, /) -> int:
            raise OSError(28, "No space left on device")

    async def reading() -> None:
        await read_whole(Headers(), arriving([b"one"]), Full(), upload=False)

    with pytest.raises(Refused) as caught:
        run(reading())
    assert caught.value.status == 507


def test_one_as_large_as_allowed_comes_through_and_no_byte_more() -> None:
    assert len(read([b"x" * LARGEST_CALL])) == LARGEST_CALL
    assert refusal([b"x" * LARGEST_CALL, b"x"]) == 413


def test_one_that_is_announced_too_large_is_not_waited_for() -> None:
    assert refusal([], content_length=str(LARGEST_CALL + 1)) == 413
    assert read([b"x"], content_length="nonsense") == b"x"


def test_what_breaks_off_goes_no_further() -> None:
    with pytest.raises(ClientDisconnect):
        read([b"half"], breaks_off=True)


@pytest.mark.parametrize("size", [1, 5, 64, 10_000])
@pytest.mark.parametrize("picture", [png(), JPEG, WEBP], ids=["PNG", "JPEG", "WebP"])
def test_a_picture_comes_through_in_pieces_of_any_size(picture: bytes, size: int) -> None:
    body = multipart(picture)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    assert read(pieces, upload=True) == body


@pytest.mark.parametrize("size", [1, 5, 64, 10_000])
@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\x89PNG", b"only words, whatever the name", b"<svg onload='alert(1)'/>"),
        *(b"GIF89a" + b"\0" * 20, b"RIFF\x24\0\0\0WAVEfmt ", b" " + png(), b"%PDF-1.7" + bytes(20)),
    ],
    ids=repr,
)
def test_whatever_else_is_refused_also_behind_a_picture(data: bytes, size: int) -> None:
    for body, status in ((multipart(data), 415), (multipart(png(), data), 400)):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert refusal(pieces, upload=True) == status


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "multipart/form-data", "text/plain; boundary=line"]
)
def test_an_upload_of_another_shape_is_refused(content_type: str) -> None:
    assert refusal([multipart(png())], upload=True, content_type=content_type) == 415


def test_an_upload_that_breaks_off_is_refused_since_gradio_would_keep_it() -> None:
    whole = multipart(png())
    for cut in (len(b"--line--\r\n"), len(b"\r\n--line--\r\n"), 20):
        assert refusal([whole[:-cut]], upload=True) == 400


def test_an_upload_has_one_file() -> None:
    assert refusal([multipart(png(), png())], upload=True) == 400
    assert refusal([multipart(png(), b"")], upload=True) == 400


def test_files_come_in_by_one_door_alone() -> None:
    assert refusal([multipart(png())], content_type="multipart/form-data; boundary=line") == 415
    assert refusal([b"{}"], content_type="Multipart/Mixed") == 415
    assert read([b"{}"], content_type="application/json") == b"{}"


def test_a_damaged_upload_is_refused() -> None:
    assert refusal([b"no boundary here"], upload=True) == 400
    too_long = f"multipart/form-data; boundary={'x' * 257}"
    assert refusal([multipart(png())], upload=True, content_type=too_long) == 400


def test_the_largest_picture_comes_through_and_a_larger_one_does_not() -> None:
    body = multipart(png() + bytes(LARGEST_PICTURE - len(png())))
    assert len(read([body], upload=True)) == len(body)
    assert refusal([multipart(png() + bytes(LARGEST_PICTURE + 100_000))], upload=True) == 413


def test_a_replayed_body_is_followed_by_whatever_else_arrives() -> None:
    async def replaying() -> list[Message]:
        again = replay(BytesIO(b"x" * 300_000), arriving([], breaks_off=True))
        return [await again() for _ in range(3)]

    first, second, third = run(replaying())
    assert first["body"] + second["body"] == b"x" * 300_000
    assert (first["more_body"], second["more_body"]) == (True, False)
    assert third["type"] == "http.disconnect"
