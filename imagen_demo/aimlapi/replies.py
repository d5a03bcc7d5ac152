"""What a successful answer says: links to pictures, what they cost, what is left on an account.

`client` hands in an answer's JSON as `redaction` read it, and follows the links. Answers that are
no success are `error_mapping`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from imagen_demo.aimlapi.absent import Absent, absent_of
from imagen_demo.domain.advice import Action
from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.domain.errors import Blocked, Charged, UnusableReply
from imagen_demo.domain.generation import MAX_AMOUNT, MAX_REWRITTEN, Balance, DrawnBy, Usage
from imagen_demo.domain.vendor import VENDOR


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
    absent: Absent


def parse_reply(payload: object, headers: Mapping[str, str]) -> Reply:
    """Read a successful reply; both spellings of usage, and every field that may be null.

    Args:
        payload: The body, as JSON gives it.
        headers: The reply's headers; looked up in lower case.

    Raises:
        Blocked: No picture, and the reply says that a filter kept them, or nothing at all.
        UnusableReply: Not an object, no list of pictures, a charge without a picture, or words
            instead of one.
    """
    body = payload if isinstance(payload, Mapping) else {}
    data = body.get("data", {})
    entries = [] if data is None else data
    listed = entries if isinstance(entries, list) else []
    usage = _parse_usage(body.get("meta"), headers)
    parsed = [(entry, _parse_entry(entry)) for entry in listed]
    links = tuple(link for _, link in parsed if link)
    without = [entry for entry, link in parsed if not link]
    absent = absent_of(body, without, some_came=bool(links))
    if links:
        return Reply(links, usage, absent)
    if usage.tokens_used or usage.usd_spent:
        raise UnusableReply(
            f"{VENDOR.name} charged for this request, but sent no picture.",
            charged=Charged.YES,
            detail=absent.failure or absent.reason,
        )
    if absent.reason:
        raise Blocked(detail=absent.reason)
    if absent.is_begun:
        unfinished = f"{VENDOR.name} has taken this request, but has no picture yet."
        raise UnusableReply(unfinished, action=Action.RETRY_IF_WANTED, detail=absent.failure)
    if absent.failure or not isinstance(entries, list):
        raise UnusableReply(detail=absent.failure)
    raise Blocked


def parse_balance(payload: object, drawn_by: DrawnBy) -> Balance:
    """Read the answer of `/v2/billing`: `{"current_balance": 10.07, "currency": "USD"}`.

    Raises:
        UnusableReply: It names no amount.
    """
    said = payload.get("current_balance") if isinstance(payload, Mapping) else None
    amount = _amount(said)
    if amount is None:
        raise UnusableReply(
            f"{VENDOR.name} took the key, but named no balance.", charged=Charged.NO
        )
    return Balance(amount, from_sandbox=drawn_by == "sandbox")


def _parse_entry(entry: object) -> PictureLink | None:
    """Read one picture's entry; None for an empty one, which is how a blocked picture looks."""
    if not isinstance(entry, Mapping):
        return None
    url, b64_json, prompt = (_text(entry.get(name)) for name in ("url", "b64_json", "prompt"))
    rewritten = prompt[:MAX_REWRITTEN] if prompt else None
    link = url.strip() if url else None
    return PictureLink(link, b64_json, rewritten) if link or b64_json else None


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
