"""A status that is no success, as the error it means.

`client` calls it. Decided by status and by the service's own codes, never by words in a message;
both envelopes in use are read, and so is none at all.
"""

from collections.abc import Mapping
from http import HTTPStatus

from imagen_demo.aimlapi.retries import seconds_of
from imagen_demo.aimlapi.service_words import words_of
from imagen_demo.domain import wording
from imagen_demo.domain.advice import Action
from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.errors import (
    AccessDenied,
    KeyRejected,
    ModelWithdrawn,
    RateLimited,
    RequestRejected,
    ServiceFailed,
    ServiceRefused,
)
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.domain.vendor import VENDOR

_Words = tuple[str, Action | None, Mapping[str, str]]
"""A message, what to do, and what that is about; empty or None where the class says it."""

_CLASSES: dict[int, type[ServiceRefused]] = {
    HTTPStatus.BAD_REQUEST: RequestRejected,
    HTTPStatus.UNAUTHORIZED: KeyRejected,
    HTTPStatus.PAYMENT_REQUIRED: AccessDenied,
    HTTPStatus.FORBIDDEN: AccessDenied,
    HTTPStatus.NOT_FOUND: ModelWithdrawn,
    HTTPStatus.GONE: ModelWithdrawn,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: RequestRejected,
    HTTPStatus.UNPROCESSABLE_ENTITY: RequestRejected,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimited,
}

# `error.data.kind` of a 403, in the service's own spelling.
_DENIED = {
    "err_insufficent_credits": ("This account is out of credits.", Action.TOP_UP),
    "err_unverified_card": ("This account's card is not verified yet.", Action.VERIFY_CARD),
}


def refusal(  # noqa: PLR0913 - each is one thing that an answer says
    status: int,
    payload: object,
    *,
    model: str,
    reference: str,
    inference_id: str,
    retry_after: str = "",
) -> ServiceRefused:
    """Return the error that an unsuccessful answer means.

    Args:
        status: Any HTTP status but 2xx.
        payload: The JSON that came with it; None if none did.
        model: The id of the model that was asked.
        reference: The id this request was sent with, for support.
        inference_id: The service's own id of it; empty if it gave none.
        retry_after: The header of this name; empty if there was none.
    """
    envelope = payload if isinstance(payload, Mapping) else {}
    error = envelope.get("error")
    problem = error if isinstance(error, Mapping) else envelope
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    kind = ServiceFailed if ours else _CLASSES.get(status, ServiceRefused)
    if kind is ModelWithdrawn and not envelope:
        kind = ServiceRefused  # not the API's own answer: a wrong address, most likely
    message, action, about = _words(kind, status, problem, model)
    wait = seconds_of(retry_after) if kind in {RateLimited, ServiceFailed} else None
    if wait:
        action, about = Action.WAIT_FOR, {"opens": f"in {wording.span(wait)}"}
    quoted = not message and kind in {RequestRejected, AccessDenied}
    refused = kind(
        status,
        message=message,
        action=action,
        about=about,
        detail=words_of(envelope) if quoted else "",
        reference=reference if ours else "",
        inference_id=inference_id,
    )
    if isinstance(refused, ModelWithdrawn):
        refused.successor = MODELS[model].successor or ""
    return refused


def _words(
    kind: type[ServiceRefused], status: int, problem: Mapping[str, object], model: str
) -> _Words:
    """What is told where it depends on more than the class; nothing where it does not."""
    if kind is ServiceRefused:
        message = f"{VENDOR.name} answered with status {status}, which means nothing here."
        return message, None, {}
    if kind is ModelWithdrawn:
        return _withdrawn(model)
    if kind is AccessDenied:
        data = problem.get("data")
        code = data.get("kind") if isinstance(data, Mapping) else None
        return *_DENIED.get(str(code), ("", None)), {}
    return "", None, {}


def _withdrawn(model_id: str) -> _Words:
    model = MODELS[model_id]
    since = (
        f": Google shut it down on {wording.day(model.withdrawn_on)}" if model.withdrawn_on else ""
    )
    return f"{VENDOR.name} no longer offers {model.label}{since}.", *_use(model.successor)


def tell_as_listed(error: ModelWithdrawn, model: str, standing: Standing) -> None:
    """Word a refusal as the vendor's own list tells of the model, which beats the catalogue."""
    label = MODELS[model].label
    told = f"{VENDOR.name} no longer offers {label}."
    # Of a model that is only on its way out this day is still to come.
    if standing.status is Status.WITHDRAWN and standing.shutdown_at:
        told = f"{VENDOR.name} has not offered {label} since {wording.day(standing.shutdown_at)}."
    error.successor = standing.replaced_by or error.successor
    action, about = _use(error.successor)
    error.reword(told, action, **about)


def _use(successor: str | None) -> tuple[Action, dict[str, str]]:
    if not successor:
        return Action.CHOOSE_MODEL, {}
    if successor not in MODELS:
        return Action.KNOW_SUCCESSOR, {"successor": successor}
    return Action.CHOOSE_SUCCESSOR, {"successor": MODELS[successor].label}
