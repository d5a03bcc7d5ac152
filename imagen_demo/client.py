"""AI/ML API as a function: a `GenerationRequest` and a key in, a `Generation` out.

`transport` carries the request, `refusals` and `generation` read the answer, `download` fetches
its pictures; every failure on the way leaves as one of `errors`.
"""

import base64
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from urllib.parse import urlsplit

from imagen_demo.download import MAX_PICTURE_BYTES, Downloader, lost_picture
from imagen_demo.errors import Charged, ImagenDemoError, ServiceUnreachable, UnusableReply
from imagen_demo.generation import (
    DrawnBy,
    Generation,
    Picture,
    PictureLink,
    parse_reply,
    verify_picture,
)
from imagen_demo.payload import read_payload, redacted
from imagen_demo.refusals import refusal
from imagen_demo.request import GenerationRequest
from imagen_demo.transport import Answer, Timeouts, Transport

# Four pictures of the largest size in base64, and room for the rest of the reply.
_MAX_REPLY_BYTES = 4 * MAX_PICTURE_BYTES * 4 // 3 + (1 << 20)


class ImagenClient:
    """Asks one API for pictures; safe for many threads at once."""

    def __init__(
        self, base_url: str, *, timeouts: Timeouts | None = None, drawn_by: DrawnBy = "imagen"
    ) -> None:
        """Connect to nothing yet.

        Args:
            base_url: Where the API is, without a path: `https://api.aimlapi.com`.
            timeouts: Seconds to wait; 10 for a connection and 180 for an answer if left out.
            drawn_by: Who answers there, as every `Generation` will say.
        """
        parts = urlsplit(base_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        self._url = f"{base_url}/v1/images/generations"
        self._drawn_by = drawn_by
        self._transport = Transport(origin, timeouts or Timeouts())
        self._downloader = Downloader(self._transport, origin)

    def generate(self, request: GenerationRequest, *, key: str) -> Generation:
        """Ask for pictures and bring them home. The key goes to the API's host alone.

        Args:
            request: What to draw.
            key: Whoever's key pays; printable ASCII.

        Raises:
            ImagenDemoError: Any of the tree in `errors`, saying whether it cost anything.
        """
        started = time.monotonic()
        answer, payload = self._post(request, key)
        reply = parse_reply(payload, answer.headers)
        links = reply.links[: request.num_images]
        pictures, lost = self._collect(links)
        return Generation(
            request=request,
            pictures=pictures,
            missing=_missing(request.num_images - len(links), lost),
            usage=reply.usage,
            seconds=time.monotonic() - started,
            inference_id=_inference_id(answer, key),
            drawn_by=self._drawn_by,
        )

    def close(self) -> None:
        """Close every pooled connection."""
        self._transport.close()

    def _post(self, request: GenerationRequest, key: str) -> tuple[Answer, object]:
        reference = uuid.uuid4().hex
        try:
            answer = self._transport.post(
                self._url,
                request.to_json(),
                key=key,
                headers={"X-Client-Request-Id": reference},
                limit=_MAX_REPLY_BYTES,
            )
        except ServiceUnreachable as error:
            error.reference = "" if error.charged is Charged.NO else reference
            raise
        payload = read_payload(answer.body, key)
        if answer.status not in range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES):
            raise refusal(answer.status, payload, model=request.model, reference=reference)
        return answer, payload

    def _collect(
        self, links: tuple[PictureLink, ...]
    ) -> tuple[tuple[Picture, ...], tuple[ImagenDemoError, ...]]:
        """Fetch side by side; what arrived counts, and only if nothing did is it a failure."""
        if len(links) == 1:
            return (self._picture(links[0]),), ()
        with ThreadPoolExecutor(len(links)) as side_by_side:
            results = list(side_by_side.map(self._picture_or_error, links))
        pictures = tuple(each for each in results if isinstance(each, Picture))
        lost = tuple(each for each in results if isinstance(each, ImagenDemoError))
        if not pictures:
            lost[0].picture_urls = tuple(url for error in lost for url in error.picture_urls)
            raise lost[0]
        return pictures, lost

    def _picture_or_error(self, link: PictureLink) -> Picture | ImagenDemoError:
        try:
            return self._picture(link)
        except ImagenDemoError as error:
            return error

    def _picture(self, link: PictureLink) -> Picture:
        if link.url is None:
            return verify_picture(_decoded(link.b64_json or ""), link.rewritten_prompt)
        data = self._downloader.fetch(link.url)
        try:
            return verify_picture(data, link.rewritten_prompt)
        except UnusableReply as cause:
            raise lost_picture(link.url, cause.message) from cause


def _decoded(b64_json: str) -> bytes:
    try:
        return base64.b64decode(b64_json, validate=True)
    except ValueError as cause:
        raise UnusableReply("The picture came back damaged.", charged=Charged.YES) from cause


def _inference_id(answer: Answer, key: str) -> str:
    """The service's own id of this request, if it has the shape of one; else nothing."""
    said = redacted(answer.headers.get("x-inference-id", ""), key)
    return said if re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", said) else ""


def _missing(blocked: int, lost: tuple[ImagenDemoError, ...]) -> tuple[str, ...]:
    """Say why pictures are fewer than asked for."""
    counted = "One picture was" if blocked == 1 else f"{blocked} pictures were"
    kept_back = (f"{counted} blocked by the safety filter and not charged.",) if blocked else ()
    return (*kept_back, *map(str, lost))
