"""Receipts, failures and tiles as HTML: pure functions that escape every foreign word.

`handlers` and `layout` put the results into the page.
"""

import html
import re
from collections.abc import Iterable
from urllib.parse import quote

from imagen_demo.catalog import Model
from imagen_demo.errors import PLAYED_BY_SANDBOX, Blocked, ImagenDemoError
from imagen_demo.examples import Example
from imagen_demo.generation import Receipt

# The page's templates give these a meaning of their own, besides the five that HTML has.
_TEMPLATE_MARKS = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})

# Our own advice names places by their address; a click beats copying it.
_PLACE = re.compile(r"\b(?:docs\.)?aimlapi\.com(?:/[\w/-]*\w)?")

NO_USAGE = (
    '<section class="usage" aria-label="Token usage"><h2>Token usage</h2>'
    '<p class="figure">&ndash;</p>'
    '<p class="quiet">Tokens, dollars and seconds of each picture appear here.</p></section>'
)


def escape(text: str) -> str:
    """Make any text safe to stand in the page as text."""
    return html.escape(text).translate(_TEMPLATE_MARKS)


def usage(receipt: Receipt) -> str:
    """Tokens large, dollars beside them, then seconds and size."""
    known = receipt.tokens_used is not None
    tokens = f"{receipt.tokens_used:,}<small> tokens</small>" if known else "not reported"
    price = "" if receipt.usd_spent is None else f"<b>{dollars(receipt.usd_spent)}</b>"
    size = f"{receipt.width}&times;{receipt.height} pixels"
    drawn_here = receipt.drawn_by == "sandbox"
    fare = '<p class="quiet">Imagen&rsquo;s price. The sandbox is free.</p>' if drawn_here else ""
    return (
        '<section class="usage" aria-label="Token usage"><h2>Token usage</h2>'
        f'<p class="figure">{tokens} {price}</p>'
        f"<p>{receipt.seconds:.1f} seconds &middot; {size}</p>{fare}</section>"
    )


def dollars(usd: float) -> str:
    """Dollars with the decimals they need: `$0.042`, `$1.50`; the sign as an entity."""
    whole, _, decimals = f"{usd:.6f}".rstrip("0").partition(".")
    return f"&#36;{whole}.{decimals:0<2}"


def success(receipt: Receipt) -> str:
    """Who drew the picture, and what is missing of those that were asked for."""
    missing = "".join(f"<p>{escape(sentence)}</p>" for sentence in receipt.missing)
    if receipt.drawn_by == "sandbox":
        drawn = (
            "<p><strong>Drawn here by the sandbox, free.</strong> It is not Imagen&rsquo;s work. "
            "For real Imagen&nbsp;4 pictures paste a key from "
            f"{_linked('aimlapi.com/app/keys')}.</p>"
        )
    else:
        drawn = "<p>Drawn by Imagen&nbsp;4.</p>"
    return _notice("done", missing + drawn)


def waiting(model: Model) -> str:
    """What the page says from the click to the answer."""
    usual = ""
    if model.usual_seconds:
        low, high = model.usual_seconds
        usual = f" {escape(model.label)} usually takes {low} to {high} seconds, the sandbox two."
    return _notice("waiting", f"<p>Drawing&hellip;{usual}</p>")


def broken() -> str:
    """What the page says after a fault of the demo's own, a bug, which has no better words."""
    sentence = (
        "<strong>Something broke inside this demo.</strong> A picture may still have been drawn "
        "and charged. Your prompt is safe: press Generate to try again, or tell its host."
    )
    return _notice("failed", f"<p>{sentence}</p>")


def opening(sentence: str) -> str:
    """What the page says before the first picture."""
    return _notice("opening", f"<p>{_linked(sentence)}</p>")


def failure(error: ImagenDemoError) -> str:
    """One sentence, what it cost, one next step; a calm notice where nobody is at fault."""
    said = f"<p>The service said: &ldquo;{escape(error.detail)}&rdquo;</p>" if error.detail else ""
    links = "".join(
        f'<p><a href="{escape(url)}" target="_blank" rel="noreferrer">Open the picture</a></p>'
        for url in error.picture_urls
        if url.startswith("https://")
    )
    after = [f"Request {escape(error.reference)} for support."] if error.reference else []
    after += [PLAYED_BY_SANDBOX] if error.from_sandbox else []
    quiet = f'<p class="quiet">{" ".join(after)}</p>' if after else ""
    first = f"<strong>{escape(error.message)}</strong> {error.cost} {_linked(error.advice)}"
    kind = "blocked" if isinstance(error, Blocked) else "failed"
    return _notice(kind, f"<p>{first}</p>{said}{links}{quiet}")


def tiles(examples: Iterable[Example]) -> str:
    """Example pictures as real buttons, named by their prompts."""
    buttons = "".join(
        f'<button type="button" data-index="{index}" aria-label="{escape(example.prompt)}">'
        f'<img src="gradio_api/file={escape(quote(str(example.tile)))}" alt="" loading="lazy">'
        f"<span>{escape(example.prompt)}</span></button>"
        for index, example in enumerate(examples)
    )
    return (
        '<section class="examples" role="group" aria-label="Examples"><h2>Examples</h2>'
        f'<div class="tiles">{buttons}</div></section>'
    )


def _notice(kind: str, inner: str) -> str:
    role = "alert" if kind == "failed" else "status"
    return f'<div class="notice {kind}" role="{role}" aria-label="Message">{inner}</div>'


def _linked(sentence: str) -> str:
    """Escape a sentence and make the addresses in it links."""

    def link(found: re.Match[str]) -> str:
        return f'<a href="https://{found[0]}" target="_blank" rel="noopener">{found[0]}</a>'

    return _PLACE.sub(link, escape(sentence))
