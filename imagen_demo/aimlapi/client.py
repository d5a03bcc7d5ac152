"""AI/ML API as a function: a `GenerationRequest` and a key in, a `Generation` out.

`transport` carries the request, `error_mapping` and `replies` read the answer, `picture_download`
fetches its pictures; every failure on the way leaves as one of `domain/errors`.
"""

import re
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from imagen_demo.aimlapi.absent import missing_of
from imagen_demo.aimlapi.deprecations import Bulletin
from imagen_demo.aimlapi.error_mapping import refusal
from imagen_demo.aimlapi.inline_pictures import decoded, is_inline
from imagen_demo.aimlapi.picture_download import Downloader, lost_picture
from imagen_demo.aimlapi.redaction import quoted, read_payload, redacted
from imagen_demo.aimlapi.replies import PictureLink, parse_balance, parse_reply
from imagen_demo.aimlapi.transport import Answer, Timeouts, Transport
from imagen_demo.domain.advice import Action
from imagen_demo.domain.catalog import DEFAULT_MODEL
from imagen_demo.domain.errors import (
    Charged,
    ImagenDemoError,
    ServiceRefused,
    ServiceUnreachable,
    UnusableReply,
)
from imagen_demo.domain.generation import (
    MAX_PICTURE_BYTES,
    Balance,
    DrawnBy,
    Generation,
    OnPicture,
    Picture,
    Usage,
)
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.pictures.verify import verify_picture

# Four pictures of the largest size in base64, and room for the rest of the reply.
_MAX_REPLY_BYTES = 4 * MAX_PICTURE_BYTES * 4 // 3 + (1 << 20)

_MAX_SMALL_BYTES = 1 << 20

_Tell = Callable[[int, Picture], None]


class ImagenClient:
    """Asks one API for pictures; safe for many threads at once."""

    def __init__(
        self, base_url: str, *, timeouts: Timeouts | None = None, drawn_by: DrawnBy = "imagen"
    ) -> None:
        """Connect to nothing yet.

        Args:
            base_url: Where the API is, without `/v1`: `https://api.aimlapi.com`.
            timeouts: Seconds to wait; 10 for a connection and 180 for an answer if left out.
            drawn_by: Who answers there, as every `Generation` will say.
        """
        parts = urlsplit(base_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        self._base_url = base_url
        self._drawn_by = drawn_by
        self._transport = Transport(origin, timeouts or Timeouts())
        self._downloader = Downloader(self._transport, origin)

    def generate(
        self, request: GenerationRequest, *, api_key: str, on_picture: OnPicture
    ) -> Generation:
        """Ask for pictures and bring them home. The key goes to the API's host alone.

        Args:
            request: What to draw.
            api_key: Whoever's key pays; printable ASCII.
            on_picture: Told of each picture as it arrives (see `OnPicture`); perhaps from several
                threads at once.

        Raises:
            ImagenDemoError: Any of the tree in `errors`, saying whether it cost anything.
        """
        started = time.monotonic()
        answer, payload = self._post(request, api_key)
        reply = parse_reply(payload, answer.headers)
        asked = request.num_images
        links = reply.links[:asked]
        failed = reply.absent.of(asked - len(links))
        known = Generation(
            request=request,
            pictures=(),
            charged=len(links) if _is_known(reply.usage) else min(len(links) + failed, asked),
            missing=(),
            usage=reply.usage,
            seconds=0,
            inference_id=_inference_id(answer, api_key),
            drawn_by=self._drawn_by,
            response=quoted(payload),
        )

        def with_pictures(*pictures: Picture) -> Generation:
            return replace(known, pictures=pictures, seconds=time.monotonic() - started)

        def tell(number: int, picture: Picture) -> None:
            on_picture(number, with_pictures(picture))

        pictures, lost = self._collect(links, tell)
        missing = missing_of(asked, len(links), len(lost), reply.absent)
        return replace(with_pictures(*pictures), missing=missing, lost=lost)

    def balance(self, *, api_key: str) -> Balance:
        """Ask what is left on the key's account; spends nothing.

        Raises:
            ImagenDemoError: The key does not work, or nobody answers.
        """
        url = f"{self._base_url}/v2/billing"
        try:
            answer = self._transport.ask(url, api_key=api_key, limit=_MAX_SMALL_BYTES)
            payload = read_payload(answer.body, api_key)
            if not _is_success(answer):
                raise self._refused(answer, payload, api_key)
            return parse_balance(payload, self._drawn_by)
        except ImagenDemoError as error:
            error.charged = Charged.NO
            raise

    @staticmethod
    def _refused(answer: Answer, payload: object, api_key: str) -> ServiceRefused:
        """A refusal to name the balance; a 404 is a wrong address there, and no withdrawn model."""
        known = None if answer.status == HTTPStatus.NOT_FOUND else payload
        return refusal(
            answer.status,
            known,
            model=DEFAULT_MODEL,
            reference="",
            inference_id=_inference_id(answer, api_key),
            retry_after=answer.headers.get("retry-after", ""),
        )

    def deprecations(self, etag: str) -> Bulletin:
        """Ask which models are on their way out; needs no key.

        Args:
            etag: The last answer's tag; empty at first.

        Raises:
            ImagenDemoError: Nobody answers within three seconds, or not with the list.
        """
        url = f"{self._base_url}/v1/models/deprecations"
        answer = self._transport.peek(url, etag=etag, limit=_MAX_SMALL_BYTES)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return Bulletin(None, etag)
        payload = read_payload(answer.body, "")
        rows = payload.get("data") if isinstance(payload, dict) else None
        if answer.status != HTTPStatus.OK or not isinstance(rows, list):
            raise UnusableReply(f"{VENDOR.name} did not answer with its list of deprecations.")
        return Bulletin(payload, answer.headers.get("etag", ""))

    def close(self) -> None:
        """Close every pooled connection."""
        self._transport.close()

    def _post(self, request: GenerationRequest, api_key: str) -> tuple[Answer, object]:
        reference = uuid.uuid4().hex
        try:
            answer = self._transport.post(
                f"{self._base_url}/v1/images/generations",
                request.to_json(),
                api_key=api_key,
                headers={"X-Client-Request-Id": reference},
                limit=_MAX_REPLY_BYTES,
            )
        except ServiceUnreachable as error:
            error.reference = "" if error.charged is Charged.NO else reference
            raise
        payload = read_payload(answer.body, api_key)
        if not _is_success(answer):
            raise refusal(
                answer.status,
                payload,
                model=request.model,
                reference=reference,
                inference_id=_inference_id(answer, api_key),
                retry_after=answer.headers.get("retry-after", ""),
            )
        return answer, payload

    def _collect(
        self, links: tuple[PictureLink, ...], tell: _Tell
    ) -> tuple[tuple[Picture, ...], tuple[ImagenDemoError, ...]]:
        """Fetch side by side; what arrived counts, and only if nothing did is it a failure."""
        if len(links) == 1:
            return (self._picture(0, links[0], tell),), ()
        with ThreadPoolExecutor(len(links)) as side_by_side:
            fetch = partial(self._picture_or_error, tell=tell)
            results = list(side_by_side.map(fetch, range(len(links)), links))
        pictures = tuple(each for each in results if isinstance(each, Picture))
        lost = tuple(each for each in results if isinstance(each, ImagenDemoError))
        if not pictures:
            lost[0].picture_urls = tuple(url for error in lost for url in error.picture_urls)
            if lost[0].picture_urls:
                lost[0].action = Action.OPEN_LINK
            raise lost[0]
        return pictures, lost

    def _picture_or_error(
        self, number: int, link: PictureLink, tell: _Tell
    ) -> Picture | ImagenDemoError:
        try:
            return self._picture(number, link, tell)
        except ImagenDemoError as error:
            return error

    def _picture(self, number: int, link: PictureLink, tell: _Tell) -> Picture:
        picture = self._fetched(link)
        tell(number, picture)
        return picture

    def _fetched(self, link: PictureLink) -> Picture:
        """Take what came along, if it is a picture; else what the link leads to, if any."""
        said = [each for each in (link.b64_json, link.url) if each]
        inline = [each for each in said if each is link.b64_json or is_inline(each)]
        damaged: UnusableReply | None = None
        for each in inline:
            try:
                return verify_picture(decoded(each), link.rewritten_prompt)
            except UnusableReply as cause:
                damaged = cause
        if link.url is None or is_inline(link.url):
            raise damaged or UnusableReply
        data = self._downloader.fetch(link.url)
        try:
            return verify_picture(data, link.rewritten_prompt)
        except UnusableReply as cause:
            raise lost_picture(link.url, cause.message) from cause


def _is_success(answer: Answer) -> bool:
    return answer.status in range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)


def _inference_id(answer: Answer, api_key: str) -> str:
    """The service's own id of this request, if it has the shape of one; else nothing."""
    said = redacted(answer.headers.get("x-inference-id", ""), api_key)
    return said if re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", said) else ""


def _is_known(usage: Usage) -> bool:
    return usage.tokens_used is not None
