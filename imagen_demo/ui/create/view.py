"""What a picture can teach: what the rewrite did, what it cost, how it was asked for and answered.

Pure functions that escape every foreign word; `ui/outputs` fills the page with them.
"""

import json

from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.code_snippets import curl, javascript, python
from imagen_demo.domain.generation import MAX_QUOTED
from imagen_demo.domain.prompt_diff import Diff, Piece, diff, has_words, trimmed
from imagen_demo.domain.receipt import Receipt, Total
from imagen_demo.domain.recipe import Recipe
from imagen_demo.ui.messages import UNDO, dollars, escape, label, notice

NO_REWRITE = (
    '<section class="rewrite panel" role="group" aria-label="Rewritten prompt">'
    "<h2>Rewritten prompt</h2><p>Before it draws, the model rewrites your prompt. What it made of "
    "your words appears here.</p></section>"
)

NO_USAGE = (
    '<section class="usage panel" role="group" aria-label="Token usage"><h2>Token usage</h2>'
    '<p class="figure">&ndash;</p>'
    '<p class="quiet">Tokens, dollars and seconds of each picture appear here.</p></section>'
)

_LATER = "appears here once you generate or open a picture."
NO_CODE = (
    f"# The request {_LATER}\n",
    f"// The request {_LATER}\n",
    f"# The request {_LATER}\n",
    f'"The response {_LATER}"\n',
)
"""Python, JavaScript, cURL and response before there is any."""

_NOT_RECORDED = '"This picture carries no response."\n'

# Copies a text that a button holds; where the clipboard is closed, offers it selected.
COPIES = """
element.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]');
  if (!button) return;
  const status = button.nextElementSibling;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    status.textContent = 'Copied.';
  } catch {
    const box = document.createElement('textarea');
    box.readOnly = true;
    box.value = button.dataset.copy;
    box.setAttribute('aria-label', 'Text to copy');
    status.replaceChildren('This browser keeps its clipboard closed. Copy it here:', box);
    box.select();
  }
});
"""

# While the page waits its message is about what comes; `wiring` reads window.rewrite.
USES = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-use]');
  if (!button || document.querySelector('#create .notice.waiting')) return;
  const {use, model, lock} = button.dataset;
  window.rewrite = {prompt: use, model};
  trigger(lock === undefined ? 'select' : 'submit');
});
"""

# Gradio would build the image anew for a new description, and its value's type with it.
DESCRIBES = """
const describe = () => {
  const image = document.querySelector('#picture img');
  const caption = element.querySelector('[data-caption]')?.dataset.caption;
  if (image && caption && image.alt !== caption) image.alt = caption;
};
const looking = new MutationObserver(describe);
looking.observe(element, {subtree: true, childList: true, attributes: true});
const see = document.querySelector('#see');
looking.observe(see, {subtree: true, childList: true, attributeFilter: ['src', 'alt']});
"""


def no_rewrite_of(caption: str) -> str:
    """The empty panel beside a picture of which no more is known than this."""
    return NO_REWRITE.replace("<section ", f'<section data-caption="{escape(caption)}" ', 1)


def caption(recipe: Recipe) -> str:
    """What a picture is described by to those who do not see it."""
    return recipe.rewritten_prompt or recipe.request.prompt


def rewrite(recipe: Recipe, place: str = "") -> str:
    """The prompt and what the model made of it, the words of both marked; or why there is none.

    Args:
        recipe: The picture's.
        place: Which of several pictures it is, or whose: `picture 2 of 4`, `of an example`.
    """
    which = f" <small>{escape(place)}</small>" if place else ""
    inner = (
        _compared(recipe)
        if recipe.rewritten_prompt
        else f"<p>{escape(recipe.why_not_rewritten)}</p>"
    )
    return (
        '<section class="rewrite panel" role="group" aria-label="Rewritten prompt" '
        f'data-caption="{escape(caption(recipe))}">'
        f"<h2>Rewritten prompt{which}</h2>{inner}</section>"
    )


def words(recipe: Recipe) -> str:
    """The rewritten prompt alone, the visitor's own words marked in it; or why there is none."""
    if not recipe.rewritten_prompt:
        return f'<p class="quiet">{escape(recipe.why_not_rewritten)}</p>'
    found = diff(recipe.request.prompt, recipe.rewritten_prompt)
    return f'<p class="used" dir="auto">{_marked(found.rewritten, "mark", "ins")}</p>'


def _compared(recipe: Recipe) -> str:
    rewritten = recipe.rewritten_prompt or ""
    found = diff(recipe.request.prompt, rewritten)
    model = escape(label(recipe.request.model))
    who = model if recipe.drawn_by == "imagen" else "The sandbox"
    # Focusable, since a long one scrolls.
    return (
        '<dl tabindex="0" aria-label="What was written and what was used">'
        f'<dt>You wrote</dt><dd dir="auto">{_marked(found.prompt, "mark", "del")}</dd>'
        f'<dt>{who} used</dt><dd dir="auto">{_marked(found.rewritten, "mark", "ins")}</dd></dl>'
        f'<p class="quiet">{_kept(found)}</p>{_uses(recipe, rewritten)}'
    )


def _marked(pieces: list[Piece], shared: str, alone: str) -> str:
    marked = []
    for each in pieces:
        tag, text = shared if each.shared else alone, escape(each.text)
        # A space or a quote that stands elsewhere now is no word that was dropped.
        has_tag = tag != "del" or has_words(each.text)
        marked.append(f"<{tag}>{text}</{tag}>" if has_tag else text)
    return "".join(marked)


def _kept(found: Diff) -> str:
    if found.kept is None:
        return "Too much of the same to compare word by word."
    if not found.words:
        return "Your prompt has no words; all of this was added."
    added = any(not each.shared and has_words(each.text) for each in found.rewritten)
    rest = "The rest was added." if added else "Nothing was added."
    all_of = found.kept == found.words
    mine = "your words, all of them" if all_of else f"{found.kept} of your {found.words} words"
    return f"<mark>Underlined</mark>: {mine}. {rest}"


def _uses(recipe: Recipe, rewritten: str) -> str:
    """Two ways to go on from the rewrite, as far as the model reads it."""
    model = MODELS[recipe.request.model]
    limit = model.prompt_limit
    fits = rewritten if limit is None else trimmed(rewritten, limit)
    data = f'data-use="{escape(fits)}" data-model="{escape(recipe.request.model)}"'
    short = ""
    if fits != rewritten:
        end = escape(fits[-24:].lstrip())
        short = (
            f'<p class="quiet">{escape(model.label)} reads {limit} characters; this has '
            f"{len(rewritten)}. Both take the first {len(fits)}, up to &ldquo;<bdi>{end}</bdi>"
            "&rdquo;.</p>"
        )
    lock = f'<button type="button" {data} data-lock>Lock this rewrite</button>'
    return (
        f'{short}<div class="uses"><button type="button" {data}>Use this prompt</button>'
        f"{lock if 'seed' in model.options else ''}</div>"
    )


def used() -> str:
    """What the page says once the rewrite stands in the prompt box."""
    sentence = "<strong>The rewrite is your prompt now.</strong> Change it, or press Generate."
    return notice("done", f"<p>{sentence}{UNDO}</p>")


def locked(seed: str) -> str:
    """What the page says once the rewrite is locked; `seed` is put in by the page itself."""
    sentence = (
        f"<strong>Locked.</strong> The rewrite is your prompt, rewriting is off, and the seed is "
        f"{seed}. The next picture is a new one; from there, small edits make small changes."
    )
    return notice("done", f"<p>{sentence}{UNDO}</p>")


def usage(receipt: Receipt, total: Total, whose: str = "") -> str:
    """Tokens large, dollars beside them, then seconds, size and seed, and the visit's total.

    Args:
        receipt: What the pictures came to.
        total: What the visit came to.
        whose: Of which pictures, if it is not the visitor's: `of an example`.
    """
    which = f" <small>{escape(whose)}</small>" if whose else ""
    known = receipt.tokens_used is not None
    tokens = f"{receipt.tokens_used:,}<small> tokens</small>" if known else "not reported"
    price = "" if receipt.usd_spent is None else f"<b>{dollars(receipt.usd_spent)}</b>"
    size = f"{receipt.width}&times;{receipt.height} pixels"
    seed = "" if receipt.seed is None else f" &middot; seed {receipt.seed}"
    quiet = [
        f"For {receipt.num_images} pictures together." if receipt.num_images > 1 else "",
        _fare(receipt),
        # After a refresh the last picture is back, but nothing has been spent yet.
        f"Reported this visit: {escape(str(total))}" if total.pictures else "",
        f"Request {escape(receipt.inference_id)}" if receipt.inference_id else "",
    ]
    lines = "".join(f'<p class="quiet">{each}</p>' for each in quiet if each)
    return (
        '<section class="usage panel" role="group" aria-label="Token usage">'
        f'<h2>Token usage{which}</h2><p class="figure">{tokens} {price}</p>'
        f"<p>{receipt.seconds:.1f} seconds &middot; {size}{seed}</p>{lines}"
        f'<p><button type="button" class="quiet" data-copy="{escape(receipt.to_text(total))}">'
        'Copy receipt</button> <span class="quiet" role="status"></span></p></section>'
    )


def _fare(receipt: Receipt) -> str:
    if receipt.drawn_by != "sandbox":
        return ""
    known = receipt.tokens_used is not None
    price_of = f"{escape(label(receipt.model))}&rsquo;s price. " if known else ""
    return f"{price_of}The sandbox is free."


def code(recipe: Recipe) -> tuple[str, str, str, str]:
    """The request as Python, JavaScript and cURL, and the response as it came, laid out."""
    request = recipe.request
    return python(request), javascript(request), curl(request), _laid_out(recipe.response)


def _laid_out(response: str) -> str:
    """Indent JSON; whatever else a file calls its response stands as it is."""
    if not response:
        return _NOT_RECORDED
    try:
        laid_out = json.dumps(json.loads(response), ensure_ascii=False, indent=2) + "\n"
        laid_out.encode()  # half a surrogate pair would stop the page
    except (ValueError, RecursionError):
        return response
    # Lists in lists in lists grow a thousandfold by being indented.
    return laid_out if len(laid_out) <= 4 * MAX_QUOTED else response
