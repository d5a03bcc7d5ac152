"""Receipts, failures and notices as HTML: pure functions that escape every foreign word.

`ui/create/handlers`, `ui/library/handlers` and `layout` put the results into the page;
`ui/library/view` does the rows of pictures.
"""

import html
import re
from collections.abc import Sequence
from datetime import date

from imagen_demo.domain import wording
from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import MODELS, Model
from imagen_demo.domain.errors import (
    PLAYED_BY_SANDBOX,
    Blocked,
    ImagenDemoError,
    ModelWithdrawn,
    OverBudget,
)
from imagen_demo.domain.file_names import title
from imagen_demo.domain.generation import Balance, Picture
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.domain.pricing import Estimate
from imagen_demo.domain.receipt import Receipt
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.service.result import Drawn

# The page's templates give these a meaning of their own, besides the five that HTML has.
_TEMPLATE_MARKS = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})

# Our own advice names places by their address; a click beats copying it.
_PLACE = re.compile(rf"\b(?:docs\.)?{re.escape(VENDOR.site)}(?:/[\w/-]*\w)?")

COMPARISON = "Comparison message"
"""What the Compare tab's notice is called, beside the other tab's."""

UNDO = ' <button type="button" class="quiet" data-undo>Put my prompt back</button>'
"""For a notice that tells of a prompt which made way for another."""


def escape(text: str) -> str:
    """Make any text safe to stand in the page as text."""
    return html.escape(text).translate(_TEMPLATE_MARKS)


def quiet(sentence: str) -> str:
    """A sentence in small print."""
    return f'<p class="quiet">{escape(sentence)}</p>'


def dollars(usd: float) -> str:
    """An amount for the page, whose templates give the sign a meaning of its own."""
    return escape(wording.dollars(usd))


def estimate(price: Estimate | None, *, sandbox: bool, pictures: int = 1) -> str:
    """What the next click will probably cost, and how we know; `sandbox` if one may draw."""
    if price is None:
        return '<p class="quiet">No price is documented for this model.</p>'
    day = price.documented_on
    source = f"documented {wording.day(day)}" if day else "as charged last time"
    free = " The sandbox is free." if sandbox else ""
    several = f" for {pictures} pictures" if pictures > 1 else ""
    about = escape(wording.price(price.tokens))
    return f'<p class="quiet">About {about}{several}, {source}.{free}</p>'


def balance(left: Balance) -> str:
    """A key that works, and what is left on its account."""
    whose = f" {PLAYED_BY_SANDBOX}" if left.from_sandbox else ""
    works = f"<strong>Key works, {dollars(left.usd)} left.</strong> Checking cost nothing.{whose}"
    return notice("done", f"<p>{works}</p>", label="Key check")


def bad_key(error: ImagenDemoError) -> str:
    """A key that does not work, or could not be checked."""
    return failure(error, label="Key check", door=Door.KEY_CHECK)


def cancelled(label: str = "Message") -> str:
    """What the page says when the visitor stopped waiting."""
    sentence = (
        "<strong>Stopped waiting.</strong> What was already on its way cannot be recalled: it may "
        "still be charged. Whatever comes appears under Your pictures."
    )
    return notice("opening", f"<p>{sentence}</p>", label=label)


def still_drawing() -> str:
    """What a page says that was opened or refreshed while its visitor's picture is being drawn."""
    sentence = (
        "<strong>Your last picture is still being drawn.</strong> It appears under Your pictures "
        "by itself."
    )
    return notice("opening", f"<p>{sentence}</p>")


def arrived() -> str:
    """What follows `still_drawing` once nothing is on its way any more."""
    sentence = (
        "<strong>Your last picture is no longer being drawn.</strong> Look under Your pictures."
    )
    return notice("opening", f"<p>{sentence}</p>")


def interrupted() -> str:
    """What a page says that was reloaded while it waited, or came back when the demo did."""
    sentence = (
        "<strong>Your last request was interrupted.</strong> It may still have been drawn and "
        "charged: whatever arrived is under Your pictures. Your prompt is safe."
    )
    return notice("failed", f"<p>{sentence}</p>")


def arriving(here: int, asked: int, model: Model, *, sandbox: bool) -> str:
    """How many of several pictures are here so far, and still the clock."""
    verb = "is" if here == 1 else "are"
    return _waiting(f"{here} of {asked} {verb} here&hellip;", model, sandbox=sandbox)


def success(receipt: Receipt, *, key_helps: bool, unkept: Sequence[Drawn] = ()) -> str:
    """What was drawn and by whom, and what is missing of the pictures that were asked for.

    Args:
        receipt: Of the pictures.
        key_helps: Whether a key would bring real pictures here.
        unkept: Pictures that the demo's disk would not take.
    """
    missing = "".join(f"<p>{_with_links(sentence)}</p>" for sentence in receipt.missing)
    if receipt.drawn_by == "sandbox":
        way_out = f" For real pictures paste a key from {_linked(VENDOR.key_page)}."
        drawn = (
            "<strong>Drawn here by the sandbox, free.</strong> It is no model&rsquo;s work."
            f"{way_out if key_helps else ''}"
        )
    else:
        drawn = f"Drawn by {escape(label(receipt.model))}."
    asked = asked_for(receipt.prompt, receipt.aspect_ratio)
    return notice("done", f"{_unkept(unkept)}{missing}<p>{drawn}</p>{asked}")


def _unkept(pictures: Sequence[Drawn]) -> str:
    """Tell the visitor to save what this demo cannot; hand over what has no file at all."""
    if not pictures:
        return ""
    links = "".join(_inline(each.picture, each.recipe) for each in pictures if each.picture)
    them = "the picture" if len(pictures) == 1 else "the pictures"
    why = escape(pictures[0].unkept or "")
    return (
        f"<p><strong>{why}, so {them} could not be kept.</strong> "
        f"Download {them} now: a refresh loses what is not saved.</p>{links}"
    )


def _inline(picture: Picture, recipe: Recipe) -> str:
    source, name = picture.data_url, escape(f"{title(recipe)}{picture.suffix}")
    alt = escape(recipe.rewritten_prompt or recipe.request.prompt)
    shown = f'<img src="{source}" alt="{alt}">'
    return f'<p><a href="{source}" download="{name}">Save {name}{shown}</a></p>'


def standing(model: Model, now: Standing | None) -> str:
    """What the model picker adds to the name of a model that is on its way out."""
    if now is None:
        return ""
    if now.status is Status.WITHDRAWN:
        dates = _on(" ", now.shutdown_at)
    else:
        dates = _on(" since ", now.deprecated_at) + _on(", works until ", now.shutdown_at)
    successor = now.replaced_by or model.successor or ""
    return f", {now.status}{dates}" + (f"; use {label(successor)}" if successor else "")


def _on(words: str, day: date | None) -> str:
    return f"{words}{wording.day(day)}" if day else ""


def label(model_id: str) -> str:
    """What a visitor calls a model; its id if the catalogue has forgotten it."""
    model = MODELS.get(model_id)
    return model.label if model else model_id


def waiting(model: Model, *, sandbox: bool) -> str:
    """What the page says from the click to the answer; `sandbox` says whether it may be drawing."""
    return _waiting("Drawing&hellip;", model, sandbox=sandbox)


def waiting_for_several() -> str:
    """What the page says from the click to the last column of a comparison."""
    clock = '<span class="clock" aria-hidden="true"></span>'
    return notice("waiting", f"<p>Drawing side by side&hellip; {clock}</p>", label=COMPARISON)


def _waiting(first: str, model: Model, *, sandbox: bool) -> str:
    usual = ""
    if model.usual_seconds:
        low, high = model.usual_seconds
        also = ", the sandbox two" if sandbox else ""
        usual = f" {escape(model.label)} usually takes {low} to {high} seconds{also}."
    # The clock ticks for the eye alone: read out every second it would drown the page.
    clock = '<span class="clock" aria-hidden="true"></span>'
    return notice("waiting", f"<p>{first} {clock}{usual}</p>")


def too_long(label: str = "Message") -> str:
    """What the page says of a prompt that no call can carry, where its model sets no limit."""
    sentence = (
        "<strong>This prompt is longer than this demo can send.</strong> Nothing was charged. "
        "Shorten it to some ten thousand words, then try again."
    )
    return notice("failed", f"<p>{sentence}</p>", label=label)


def broken(label: str = "Message") -> str:
    """What the page says after a fault of the demo's own, a bug, which has no better words."""
    sentence = (
        "<strong>Something broke inside this demo,</strong> or it was updated meanwhile. A picture "
        "may still have been drawn and charged. Your prompt is safe: reload the page, then try "
        "again."
    )
    return notice("failed", f"<p>{sentence}</p>", label=label)


def gone(label: str = "Message") -> str:
    """What the page says while the demo itself does not answer."""
    sentence = (
        "<strong>This demo does not answer any more.</strong> What you asked for may still have "
        "been drawn and charged. Your prompt is safe: the page comes back when the demo does."
    )
    return notice("failed", f'<p class="gone">{sentence}</p>', label=label)


def opening(sentence: str, *, label: str = "Message", after: str = "") -> str:
    """What the page says before the first picture; `after` is HTML that follows it."""
    return notice("opening", f"<p>{_linked(sentence)}</p>{after}", label=label)


def failure(
    error: ImagenDemoError,
    *,
    label: str = "Message",
    door: Door = Door.CREATE,
    offers: bool = True,
) -> str:
    """One sentence, what it cost, one next step; a calm notice where nobody is at fault.

    Args:
        error: What happened.
        label: What the notice is called.
        door: Where it is told.
        offers: Whether a click there may choose a withdrawn model's successor.
    """
    said = f"<p>The service said: &ldquo;{escape(error.detail)}&rdquo;</p>" if error.detail else ""
    links = "".join(map(picture_link, error.picture_urls))
    if offers and isinstance(error, ModelWithdrawn) and error.successor in MODELS:
        name = escape(MODELS[error.successor].label)
        links += f'<p><button data-model="{escape(error.successor)}">Use {name}</button></p>'
    after = [f"Request {escape(error.reference)} for support."] if error.reference else []
    after += [PLAYED_BY_SANDBOX] if error.from_sandbox else []
    quiet = f'<p class="quiet">{" ".join(after)}</p>' if after else ""
    advice = _linked(error.advice_at(door))
    first = f"<strong>{escape(error.message)}</strong> {error.cost} {advice}"
    kind = "blocked" if isinstance(error, (Blocked, OverBudget)) else "failed"
    return notice(kind, f"<p>{first}</p>{said}{links}{quiet}", label=label)


def picture_link(url: str) -> str:
    """A link to a picture that was paid for and could not be fetched; nothing if it is not safe."""
    if not url.startswith("https://"):
        return ""
    link = f'<a href="{escape(url)}" target="_blank" rel="noreferrer">Open the picture</a>'
    return f"<p>{link}</p>"


def asked_for(prompt: str, aspect_ratio: str, *, before: str = "") -> str:
    """What was asked for, in quiet words; `before` says of whom."""
    words = f"{before}<bdi>&ldquo;{escape(prompt)}&rdquo;</bdi>, {escape(aspect_ratio)}"
    return f'<p class="quiet asked">{words}</p>'


def notice(kind: str, inner: str, *, label: str = "Message") -> str:
    """The page's answer to a click; a failure is read out at once."""
    role = "alert" if kind == "failed" else "status"
    return f'<div class="notice {kind}" role="{role}" aria-label="{escape(label)}">{inner}</div>'


def _with_links(sentence: str) -> str:
    """Escape a sentence of ours that may end in the link of a lost picture; let it be clicked."""
    parts = re.split(r"(https://\S+)", sentence)
    return "".join(
        f'<a href="{escape(part)}" target="_blank" rel="noreferrer">Open the picture</a>'
        if part.startswith("https://")
        else escape(part)
        for part in parts
    )


def _linked(sentence: str) -> str:
    """Escape a sentence and make the addresses in it links."""

    def link(found: re.Match[str]) -> str:
        return f'<a href="https://{found[0]}" target="_blank" rel="noopener">{found[0]}</a>'

    return _PLACE.sub(link, escape(sentence))
