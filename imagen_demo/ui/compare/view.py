"""A comparison as HTML: one column for each way the prompt was drawn.

Pure functions that escape every foreign word; `handlers` fills them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from imagen_demo.domain import wording
from imagen_demo.domain.advice import Door
from imagen_demo.domain.comparison import LABELS, PRESETS, name_of
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.file_names import title
from imagen_demo.domain.receipt import Receipt, Total
from imagen_demo.domain.recipe import Recipe
from imagen_demo.service.result import Drawn
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.messages import COMPARISON, asked_for, escape, failure, notice, picture_link

# A column's picture opens in the other tab, by the same event as a tile.
COLUMN_CLICKS = """
element.addEventListener('click', (event) => {
  const {open} = event.target.closest('[data-open]')?.dataset ?? {};
  if (!open) return;
  // While a picture is drawn there, its place is taken: that is what is to be seen then.
  const taken = document.querySelector('#create .notice.waiting');
  if (taken) document.querySelector('#create-button').click();
  else trigger('select', {name: open});
});
"""

_COLUMNS, _PREVIEW = '<div class="ways"', '<div class="ways preview"'

# The second is shown, by style.css, once nobody waits any more.
_COMING = "<span>Drawing&hellip;</span><span>If it comes, it appears under Your pictures.</span>"

GONE = "This picture is no longer here."

# In the browser, since all columns together may be more than a call may carry. What is shown, and
# named, but not remembered any more, was removed.
WITHOUT_REMOVED = """(compared, shown) => {
  if (!compared) return shown;
  const here = compared.columns.map(({name}) => name);
  const column = /(<section class="way panel".*?<\\/h2>)(.*?)<\\/section>/gs;
  return shown.replace(column, (whole, head, inside) => {
    const [, name] = inside.match(/ data-open="([^"]*)"/) ?? [];
    return !name || here.includes(name) ? whole : `${head}<p class="quiet">GONE</p></section>`;
  });
}""".replace("GONE", GONE)

# Whether a comparison is shown is told by how it begins.
BEGINNING = f"(first, shown) => [first, shown.slice(0, {len(_PREVIEW)})]"
_SAID_ABOVE = "No picture, for the reason above."

_SAVE_THEM = "Download the pictures now: a refresh loses them."


@dataclass(frozen=True, slots=True)
class Cell:
    """What has become of one column so far.

    Attributes:
        label: What is special about it.
        aspect_ratio: The shape that is awaited.
        drawn: Its picture; None while it is awaited, and if it failed.
        name: The picture's in the album; empty if it is not kept.
        error: Why there is no picture.
        failure: The same as plain text, all that a browser remembers of it.
        reason: Its first words: what happened, and whether it cost anything.
        links: To pictures that were paid for and could not be fetched.
    """

    label: str
    aspect_ratio: str = "1:1"
    drawn: Drawn | None = None
    name: str = ""
    error: ImagenDemoError | None = None
    failure: str = ""
    reason: str = ""
    links: Sequence[str] = ()

    @property
    def receipt(self) -> Receipt | None:
        """What its picture cost; None if there is none."""
        return Receipt.of([self.drawn.recipe]) if self.drawn else None


def preview(preset: str) -> str:
    """What the columns will be, before anything was compared."""
    shapes = LABELS["ratios"] if preset == "ratios" else ["16:9"] * len(LABELS[preset])
    cells = list(map(Cell, LABELS[preset], shapes))
    return columns(cells, awaited=False).replace(_COLUMNS, _PREVIEW, 1)


def is_preview(shown: str) -> bool:
    """Whether no comparison is shown yet."""
    return shown.startswith(_PREVIEW)


def columns(cells: Sequence[Cell], *, awaited: bool) -> str:
    """The columns side by side; an empty one says whether its picture is awaited."""
    if _common_reason(cells):  # which the notice says, once
        cells = [replace(each, error=None, failure=_SAID_ABOVE) for each in cells]
    inner = "".join(_column(each, awaited=awaited) for each in cells)
    return f'{_COLUMNS} style="--columns: {len(cells)}">{inner}</div>'


def _column(cell: Cell, *, awaited: bool) -> str:
    name = escape(cell.label)
    return (
        f'<section class="way panel" role="group" aria-label="{name}"><h2>{name}</h2>'
        f"{_inside(cell, awaited=awaited)}</section>"
    )


def _inside(cell: Cell, *, awaited: bool) -> str:
    if cell.drawn is None and cell.error:
        return failure_here(cell.error, cell.label)
    if cell.drawn is None and cell.failure:
        links = "".join(map(picture_link, cell.links))
        return f'<p class="quiet">{escape(cell.failure)}</p>{links}'
    if cell.drawn is None:
        shape = f'style="aspect-ratio: {escape(cell.aspect_ratio.replace(":", "/"))}"'
        state, said = ("coming", _COMING) if awaited else ("empty", "")
        return f'<div class="place {state}" {shape}>{said}</div>'
    recipe = cell.drawn.recipe
    # Figures first: there they stand on one line across, whatever the shapes of the pictures.
    return f"{_facts(recipe)}{_picture(cell, cell.drawn)}{create_view.words(recipe)}"


def _picture(cell: Cell, drawn: Drawn) -> str:
    """The picture itself, and the ways to have more of it."""
    recipe = drawn.recipe
    alt = escape(recipe.rewritten_prompt or recipe.request.prompt)
    if drawn.path:
        source = f"gradio_api/file={escape(quote(str(drawn.path)))}"
        file_name = escape(drawn.path.name)
    else:  # no disk took it
        source = drawn.picture.data_url if drawn.picture else ""
        file_name = escape(f"{title(recipe)}{drawn.picture.suffix if drawn.picture else ''}")
    label, opens = escape(cell.label), f'data-open="{escape(cell.name)}"' if cell.name else ""
    button = f'<button type="button" {opens} aria-label="Open {label}">Open</button>'
    return (
        f'<img {opens} src="{source}" alt="{alt}"><p class="uses">{button if opens else ""}'
        f'<a href="{source}" download="{file_name}" aria-label="Download {label}">Download</a></p>'
    )


def _facts(recipe: Recipe) -> str:
    tokens, usd = recipe.usage.tokens_used, recipe.usage.usd_spent
    said = "not reported" if tokens is None else f"{tokens:,}<small> tokens</small>"
    price = "" if usd is None else f" <b>{escape(wording.dollars(usd))}</b>"
    size = f"{recipe.width}&times;{recipe.height}"
    return (
        f'<p class="figure">{said}{price}</p>'
        f'<p class="quiet">{recipe.seconds:.1f} seconds &middot; {size}</p>'
    )


def summary(preset: str, cells: Sequence[Cell]) -> str:
    """What the comparison came to, once every column has settled."""
    if reason := _common_reason(cells):
        return failure_here(reason, COMPARISON)
    receipts = [each.receipt for each in cells if each.receipt]
    total = Total()
    for receipt in receipts:
        total = total.plus(receipt)
    name = escape(name_of(each.model for each in receipts)) if receipts else ""
    within = f", all within {max((each.seconds for each in receipts), default=0):.1f} seconds"
    first = ""
    if len(receipts) < len(cells):
        first = f"<strong>{len(receipts)} of {len(cells)} pictures are here.</strong> "
    if not receipts:
        said = "Each column says why, and whether it cost anything."
    elif receipts[0].drawn_by == "sandbox":
        said = (
            "<strong>Drawn here by the sandbox, free.</strong> It is no model&rsquo;s work. "
            f"At {name}&rsquo;s prices: {escape(total.price)}{within}."
        )
    else:
        said = f"Drawn by {name}. Together {escape(total.price)}{within}."
    reasons = [each.drawn.unkept for each in cells if each.drawn and each.drawn.unkept]
    unkept = f"<p><strong>{escape(reasons[0])}. {_SAVE_THEM}</strong></p>" if reasons else ""
    drawn = next((each.drawn for each in cells if each.drawn), None)
    asked = asked_for(drawn.recipe.request.prompt, PRESETS[preset]) if drawn else ""
    return notice("done", f"{unkept}<p>{first}{said}</p>{asked}", label=COMPARISON)


def failure_here(error: ImagenDemoError, label: str) -> str:
    """What this tab says of a failure; `label` is what the notice is called."""
    return failure(error, label=label, door=Door.COMPARE, offers=False)


def _common_reason(cells: Sequence[Cell]) -> ImagenDemoError | None:
    """Why all columns failed, if all did for the same reason."""
    errors = [each.error for each in cells if each.error and not each.error.picture_urls]
    told = {(each.message, each.cost, each.detail, each.advice_at(Door.COMPARE)) for each in errors}
    return errors[0] if len(errors) == len(cells) and len(told) == 1 else None
