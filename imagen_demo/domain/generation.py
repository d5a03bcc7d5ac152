"""What came back: pictures, the prompts they were drawn from, and what they cost.

`aimlapi/client` reads a reply with `parse_reply` and turns bytes into `Picture`s with
`verify_picture`; `pictures/metadata` writes what is known of a generation into each of its
pictures.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image

from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.domain.errors import Blocked, Charged, UnusableReply
from imagen_demo.domain.request import GenerationRequest

MAX_PIXELS = 64_000_000
"""Largest picture that is accepted; the API's own largest is about 4.6 million pixels."""

MAX_PICTURE_BYTES = 32 * 1024**2
"""Largest file of a picture: more than any of the API's has."""

MAX_REWRITTEN = 4_000
"""Characters of a rewritten prompt that are kept: ten times the longest one documented."""

MAX_AMOUNT = 1e15
"""Tokens or dollars from which on a figure is nonsense."""

DrawnBy = Literal["imagen", "sandbox"]

# MPO: what many phones' cameras write, a JPEG with more behind it.
_SUFFIX = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}

FORMATS = ("PNG", "JPEG", "WEBP")
"""What Pillow may take a file for; its JPEG reader knows MPO."""

SUFFIXES = tuple(dict.fromkeys(_SUFFIX.values()))
"""How the file of a picture may end."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one generation cost, as far as the service said.

    Attributes:
        tokens_used: Tokens (the API also calls them credits).
        usd_spent: US dollars.
    """

    tokens_used: int | None = None
    usd_spent: float | None = None

    @property
    def tokens_counted(self) -> int:
        """The larger of both, in tokens at the documented rate; 0 if nothing was said."""
        return max(self.tokens_used or 0, round((self.usd_spent or 0) * TOKENS_PER_USD))


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left on a key's account.

    Attributes:
        usd: US dollars; below zero on an overdrawn account.
        from_sandbox: It is the sandbox's, and no real account.
    """

    usd: float
    from_sandbox: bool


@dataclass(frozen=True, slots=True)
class PictureLink:
    """One entry of a reply, before its bytes are here: a `url`, or `b64_json`, never neither."""

    url: str | None
    b64_json: str | None
    rewritten_prompt: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of the service, read but not yet followed to its pictures."""

    links: tuple[PictureLink, ...]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's file, known to be one: the very bytes that the service sent, or these inscribed.

    Attributes:
        suffix: `.png`, `.jpg` or `.webp`, by the bytes and not by what the service called them.
        width: Pixels.
        height: Pixels.
        rewritten_prompt: The prompt as the model rewrote it; None if it gave none back.
    """

    data: bytes
    suffix: str
    width: int
    height: int
    rewritten_prompt: str | None

    @property
    def data_url(self) -> str:
        """The picture itself as an address, for a page that cannot point to a file."""
        kind = {".jpg": "jpeg"}.get(self.suffix, self.suffix.removeprefix("."))
        return f"data:image/{kind};base64,{b64encode(self.data).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One answered request.

    Attributes:
        pictures: At least one, at most `request.num_images`.
        charged: How many pictures were charged: those that arrived, and those lost on the way;
            never more than were asked for, whatever the service sends.
        missing: Why pictures are fewer than asked for, one sentence a reason.
        usage: What all of them cost together.
        seconds: From the click's request to the last picture's last byte.
        inference_id: The service's own id of this generation; empty if it gave none.
        drawn_by: `imagen` or `sandbox`.
        response: The service's JSON, long data in it shortened; empty if it cannot be quoted.
    """

    request: GenerationRequest
    pictures: tuple[Picture, ...]
    charged: int
    missing: tuple[str, ...]
    usage: Usage
    seconds: float
    inference_id: str
    drawn_by: DrawnBy
    response: str = ""


OnPicture = Callable[[int, Generation], None]
"""Told of each picture as it arrives: its place among those asked for, from 0, and the generation
so far, with just this picture in it."""


def parse_reply(payload: object, headers: Mapping[str, str]) -> Reply:
    """Read a successful reply; both spellings of usage, and every field that may be null.

    Args:
        payload: The body, as JSON gives it.
        headers: The reply's headers; looked up in lower case.

    Raises:
        Blocked: No picture, and no charge reported: how a safety refusal looks.
        UnusableReply: Not an object, no list of pictures, or a charge without a picture.
    """
    body = payload if isinstance(payload, Mapping) else None
    if body is None or "data" not in body:
        raise UnusableReply
    entries = [] if body["data"] is None else body["data"]
    if not isinstance(entries, list):
        raise UnusableReply
    usage = _parse_usage(body.get("meta"), headers)
    links = tuple(link for link in map(_parse_entry, entries) if link)
    if not links and (usage.tokens_used or usage.usd_spent):
        raise UnusableReply(
            "AI/ML API charged for this request, but sent no picture.", charged=Charged.YES
        )
    if not links:
        raise Blocked
    return Reply(links, usage)


def parse_balance(payload: object, drawn_by: DrawnBy) -> Balance:
    """Read the answer of `/v2/billing`: `{"current_balance": 10.07, "currency": "USD"}`.

    Raises:
        UnusableReply: It names no amount.
    """
    said = payload.get("current_balance") if isinstance(payload, Mapping) else None
    amount = _amount(said)
    if amount is None:
        raise UnusableReply("AI/ML API took the key, but named no balance.", charged=Charged.NO)
    return Balance(amount, from_sandbox=drawn_by == "sandbox")


def _parse_entry(entry: object) -> PictureLink | None:
    """Read one picture's entry; None for an empty one, which is how a blocked picture looks."""
    if not isinstance(entry, Mapping):
        return None
    url, b64_json, prompt = (_text(entry.get(name)) for name in ("url", "b64_json", "prompt"))
    rewritten = prompt[:MAX_REWRITTEN] if prompt else None
    return PictureLink(url, b64_json, rewritten) if url or b64_json else None


def _parse_usage(meta: object, headers: Mapping[str, str]) -> Usage:
    said = meta.get("usage") if isinstance(meta, Mapping) else None
    usage = said if isinstance(said, Mapping) else {}
    tokens = _first_amount(
        usage.get("tokens_used"),
        usage.get("credits_used"),
        headers.get("x-aimlapi-credits-used"),
    )
    usd = _first_amount(usage.get("usd_spent"), headers.get("x-aimlapi-usd-spent"))
    # Each says the other at the documented rate; a service that gives one leaves no gap.
    if tokens is None and usd is not None:
        tokens = usd * TOKENS_PER_USD
    if usd is None and tokens is not None:
        usd = tokens / TOKENS_PER_USD
    return Usage(
        tokens_used=None if tokens is None else round(tokens),
        usd_spent=None if usd is None else round(usd, 7),  # half a millionth: one token
    )


def _first_amount(*candidates: object) -> float | None:
    """Return the first that is an amount of zero or more."""
    amounts = map(_amount, candidates)
    return next((each for each in amounts if each is not None and each >= 0), None)


def _amount(said: object) -> float | None:
    """Read an amount; None for what is none, or beyond all sense, such as 1e300."""
    if isinstance(said, bool) or not isinstance(said, (int, float, str)):
        return None
    try:
        amount = float(said)
    except (ValueError, OverflowError):
        return None
    return amount if abs(amount) < MAX_AMOUNT else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def verify_picture(
    data: bytes, rewritten_prompt: str | None, *, max_pixels: int = MAX_PIXELS
) -> Picture:
    """Make sure that bytes are a picture of a decent size, without encoding it again.

    Raises:
        UnusableReply: Not a PNG, JPEG or WebP, cut short, or more than `max_pixels`.
    """
    try:
        width, height, suffix = _examine(data, max_pixels)
    except Exception as cause:
        raise UnusableReply(
            "What came back is not a picture that can be shown.", charged=Charged.YES
        ) from cause
    return Picture(data, suffix, width, height, rewritten_prompt)


def _examine(data: bytes, max_pixels: int) -> tuple[int, int, str]:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ValueError(f"{width}x{height} pixels are too many")
        # PNG has a checksum for every piece, to be compared without decoding a pixel.
        image.verify() if image.format == "PNG" else image.load()
        return width, height, _SUFFIX[image.format or ""]
