"""What the page says to a click, receipts and failures: notices of a kind, and in words.

`ui/create/handlers`, `ui/library/handlers` and `layout` put them into the page, whose scripts have
those that need no server (`page_data`). The words are in `templates/messages.html`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict

from imagen_demo.domain import wording
from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import MODELS, Model
from imagen_demo.domain.errors import (
    NOT_ENCRYPTED,
    PLAYED_BY_SANDBOX,
    Blocked,
    ImagenDemoError,
    ModelWithdrawn,
    OverBudget,
    is_web_address,
)
from imagen_demo.domain.file_names import title
from imagen_demo.domain.generation import Balance
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.domain.receipt import Receipt
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.service.result import Drawn
from imagen_demo.ui.render import macros

_SAY = macros("messages")

_PLACE = re.compile(rf"\b((?:docs\.)?{re.escape(VENDOR.site)}(?:/[\w/-]*\w)?)")
_LINK = re.compile(r"(https?://\S+)")


class Notice(TypedDict):
    """What a tab's message says, as its widget has it."""

    kind: Literal["opening", "still drawing", "waiting", "done", "blocked", "failed", "gone"]
    html: str


def places(sentence: str) -> list[str]:
    """Cut a sentence of ours at the addresses that it names: every second piece is one."""
    return _PLACE.split(sentence)


def balance(left: Balance) -> Notice:
    """A key that works, and what is left on its account."""
    played = PLAYED_BY_SANDBOX if left.from_sandbox else ""
    return {"kind": "done", "html": _SAY.balance(wording.dollars(left.usd), played)}


def bad_key(error: ImagenDemoError) -> Notice:
    """A key that does not work, or could not be checked."""
    return failure(error, door=Door.KEY_CHECK)


def cancelled() -> Notice:
    """What the page says when the visitor stopped waiting."""
    return {"kind": "opening", "html": _SAY.cancelled()}


def still_drawing() -> Notice:
    """What a page says that was opened or refreshed while its visitor's picture is being drawn."""
    return {"kind": "still drawing", "html": _SAY.still_drawing()}


def arrived() -> Notice:
    """What follows `still_drawing` once the picture has come."""
    return {"kind": "opening", "html": _SAY.arrived()}


def ended() -> Notice:
    """What follows `still_drawing` where the page did not see the picture come."""
    return {"kind": "opening", "html": _SAY.ended()}


def interrupted() -> Notice:
    """What a page says that was reloaded while it waited, or came back when the demo did."""
    return {"kind": "failed", "html": _SAY.interrupted()}


def too_long() -> Notice:
    """What the page says of a prompt that no call can carry, where its model sets no limit."""
    return {"kind": "failed", "html": _SAY.too_long()}


def broken() -> Notice:
    """What the page says after a fault of the demo's own, a bug, which has no better words."""
    return {"kind": "failed", "html": _SAY.broken()}


def gone() -> Notice:
    """What the page says while the demo itself does not answer."""
    return {"kind": "gone", "html": _SAY.gone()}


def waiting(model: Model, *, sandbox: bool) -> Notice:
    """What the page says from the click to the answer; `sandbox` says whether it may be drawing."""
    return _waiting("Drawing", model, sandbox=sandbox)


def waiting_for_several() -> Notice:
    """What the page says from the click to the last column of a comparison."""
    return _waiting("Drawing side by side")


def arriving(here: int, asked: int, model: Model, *, sandbox: bool) -> Notice:
    """How many of several pictures are here so far, and still the clock."""
    verb = "is" if here == 1 else "are"
    return _waiting(f"{here} of {asked} {verb} here", model, sandbox=sandbox)


def _waiting(first: str, model: Model | None = None, *, sandbox: bool = False) -> Notice:
    name, seconds = (model.label, model.usual_seconds) if model else ("", None)
    return {"kind": "waiting", "html": _SAY.waiting(first, name, seconds, sandbox)}


@dataclass(frozen=True, slots=True)
class _ToSave:
    """A picture that is handed over in the page itself; without a source its file is there."""

    name: str
    alt: str
    source: str


def success(receipt: Receipt, *, key_helps: bool, unkept: Sequence[Drawn] = ()) -> Notice:
    """What was drawn and by whom, and what is missing of the pictures that were asked for.

    Args:
        receipt: Of the pictures.
        key_helps: Whether a key would bring real pictures here.
        unkept: Pictures that the demo's disk would not take.
    """
    said = _SAY.success(
        receipt,
        drawn_by=label(receipt.model),
        key_page=places(VENDOR.key_page) if key_helps else None,
        missing=[_LINK.split(each.replace(NOT_ENCRYPTED, "")) for each in receipt.missing],
        unkept=[_to_save(each) for each in unkept],
        why=unkept[0].unkept if unkept else None,
    )
    return {"kind": "done", "html": said}


def _to_save(drawn: Drawn) -> _ToSave:
    recipe, picture = drawn.recipe, drawn.picture
    name = f"{title(recipe)}{picture.suffix if picture else ''}"
    return _ToSave(name, recipe.used_prompt, picture.data_url if picture else "")


def standing(model: Model, now: Standing | None) -> str:
    """What the model picker adds to the name of a model that is on its way out."""
    if now is None:
        return ""
    if now.status is Status.WITHDRAWN:
        dates = _on(" ", now.shutdown_at)
    else:
        dates = _on(" since ", now.deprecated_at) + _on(", works until ", now.shutdown_at)
    successor = now.replaced_by or model.successor or ""
    return f"{now.status}{dates}" + (f"; use {label(successor)}" if successor else "")


def _on(words: str, day: date | None) -> str:
    return f"{words}{wording.day(day)}" if day else ""


def label(model_id: str) -> str:
    """What a visitor calls a model; its id if the catalogue has forgotten it."""
    model = MODELS.get(model_id)
    return model.label if model else model_id


def opening(sentence: str) -> Notice:
    """What the page says that is neither a result nor a failure."""
    return {"kind": "opening", "html": _SAY.opening(places(sentence))}


def failure(error: ImagenDemoError, *, door: Door = Door.CREATE, offers: bool = True) -> Notice:
    """One sentence, what it cost, one next step; a calm notice where nobody is at fault.

    Args:
        error: What happened.
        door: Where it is told.
        offers: Whether a click there may choose a withdrawn model's successor.
    """
    successor = error.successor if offers and isinstance(error, ModelWithdrawn) else None
    after = [f"Request {error.reference} for support."] if error.reference else []
    after += [PLAYED_BY_SANDBOX] if error.from_sandbox else []
    said = _SAY.failure(
        error,
        advice=places(error.advice_at(door)),
        links=safe_links(error.picture_urls),
        successor=MODELS.get(successor or ""),
        after=after,
    )
    calm = isinstance(error, (Blocked, OverBudget))
    return {"kind": "blocked" if calm else "failed", "html": said}


def safe_links(urls: Sequence[str]) -> list[str]:
    """Those links to pictures that were paid for, and not fetched, that are safe to follow."""
    return [each for each in urls if is_web_address(each)]


def status(sentence: str) -> str:
    """What became of a click on one of the quiet words below a picture."""
    return str(_SAY.status(sentence))


def link_to_copy() -> str:
    """The link itself, where no clipboard takes it; the page puts it in the place of `LINK`."""
    return str(_SAY.link_to_copy())
