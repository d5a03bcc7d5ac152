"""A picture's sheet: one HTML file for a stakeholder that opens offline and prints on one page.

`ui/library/handlers` offers it for download; everything on it comes from the pictures' recipes.
"""

from collections.abc import Sequence
from html import escape
from math import sqrt

from imagen_demo.domain import wording
from imagen_demo.domain.catalog import MODELS, OPTIONS
from imagen_demo.domain.comparison import name_of
from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe

_LABELS = {
    name: option.sheet_label or option.label
    for name, option in OPTIONS.items()
    if option.label and name != "seed"  # which the picture's own facts name
}

_ROOM = 1_000
"""Characters of prompts that a page holds at full size; more are set smaller, to stay on it."""

# What is on the sheet stays on it: it loads nothing and runs nothing.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_STYLE = """
@page { margin: 12mm; }
body { max-width: 180mm; margin: 8mm auto; color: #18181b; background: #fff;
       font: 10pt/1.45 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; align-items: baseline; }
h1 { margin: 0; font-size: 16pt; } h2 { margin: 4mm 0 1mm; font-size: 10pt; }
p { margin: 0; overflow-wrap: anywhere; }
figure { margin: 0; break-inside: avoid; }
.pictures { display: grid; gap: 3mm; margin: 4mm 0; }
.pictures img { display: block; width: 100%; max-height: 105mm; object-fit: contain; }
.several { grid-template-columns: 1fr 1fr; } .several img { max-height: 48mm; }
figcaption { margin-top: 1mm; font-size: calc(0.8 * var(--size)); line-height: 1.3;
             overflow-wrap: anywhere; }
.prompt { font-size: var(--size); line-height: 1.35; }
.figure { margin-top: 3mm; font-size: 14pt; font-weight: 700; }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 1mm 5mm;
     margin: 3mm 0 0; padding-top: 3mm; border-top: 0.3mm solid #d4d4d8; }
dt { color: #52525b; } dd { margin: 0; overflow-wrap: anywhere; }
@media print { body { margin: 0 auto; } }
"""

# A comparison is wide: the page lies on its side.
_ACROSS = """
@page { size: landscape; }
body { max-width: 270mm; }
.columns { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 5mm; }
.columns img { display: block; width: 100%; max-height: 76mm; object-fit: contain;
               object-position: left top; margin-bottom: 2mm; }
.columns .prompt { margin-top: 2mm; }
@media screen and (max-width: 600px) { .columns { grid-template-columns: 1fr; } }
"""

_ROOM_OF_A_COMPARISON = 1_100
"""Characters of prompts that fit at full size on a page, all columns together."""


def sheet(pictures: Sequence[tuple[Picture, Recipe]]) -> str:
    """Set the pictures of one request, at least one, with prompts, settings and cost."""
    first = pictures[0][1]
    several = len(pictures) > 1
    words = len(first.request.prompt) + sum(
        len(each.rewritten_prompt or "") for _, each in pictures
    )
    # What a text covers goes with the square of its size.
    size = 10 * min(1, sqrt(_ROOM / words))
    seconds = max(each.seconds for _, each in pictures)
    figures = "".join(_figure(*each, with_rewrite=several) for each in pictures)
    drawn_by = wording.drawn_by(first.request.model, first.drawn_by)
    return (
        f"{_head(first.request.prompt, _STYLE)}"
        f'<body style="--size: {size:.2f}pt"><header><h1>{escape(drawn_by)}</h1>'
        f"<p>{wording.day(first.created_at)}</p></header>"
        f'<div class="pictures{" several" if several else ""}">{figures}</div>'
        f'<h2>Prompt</h2><p class="prompt">{escape(first.request.prompt)}</p>'
        f"{'' if several else _rewrite(first)}"
        f"{_cost(first)}"
        f"<dl>{_settings(first, seconds)}</dl></body></html>\n"
    )


def comparison_sheet(columns: Sequence[tuple[str, tuple[Picture, Recipe] | str]]) -> str:
    """Set a comparison, of which at least one picture was drawn, on one page.

    Args:
        columns: What is special about each, and its picture, or why there is none.
    """
    drawn = [each for _, each in columns if not isinstance(each, str)]
    first = drawn[0][1]
    longest = max(len(_said(each)) for _, each in columns)
    words = longest * len(columns) + len(first.request.prompt)
    size = 10 * min(1, sqrt(_ROOM_OF_A_COMPARISON / words))
    cells = "".join(_column(*each) for each in columns)
    name = name_of(recipe.request.model for _, recipe in drawn)
    played, free = "", ""
    if first.drawn_by == "sandbox":
        played = wording.PLAYED
        free = "<p>Free: drawn by the sandbox. The prices are the models&rsquo; own.</p>"
    return (
        f"{_head(first.request.prompt, _STYLE + _ACROSS)}"
        f'<body style="--size: {size:.2f}pt; --columns: {len(columns)}">'
        f"<header><h1>{escape(name)} compared{played}</h1>"
        f"<p>{wording.day(first.created_at)}</p></header>"
        f'{free}<h2>Prompt</h2><p class="prompt">{escape(first.request.prompt)}</p>'
        f'<div class="columns">{cells}</div></body></html>\n'
    )


def _column(label: str, column: tuple[Picture, Recipe] | str) -> str:
    said = f'<p class="prompt">{escape(_said(column))}</p>'
    if isinstance(column, str):
        return f"<section><h2>{escape(label)}</h2>{said}</section>"
    _, recipe = column
    return (
        f"<section><h2>{escape(label)}</h2>{_figure(*column, with_rewrite=False)}"
        f"<p><strong>{_price(recipe)}</strong></p>"
        f"<p>{recipe.seconds:.1f} seconds, {recipe.width} x {recipe.height}</p>"
        f"<p>{escape(_asked(recipe))}</p>{said}</section>"
    )


def _asked(recipe: Recipe) -> str:
    seed = "" if recipe.seed is None else f", seed {recipe.seed}"
    return f"{MODELS[recipe.request.model].label}, {recipe.request.aspect_ratio}{seed}"


def _said(column: tuple[Picture, Recipe] | str) -> str:
    """What stands below a column's picture, or in its place."""
    if isinstance(column, str):
        return column
    return column[1].rewritten_prompt or column[1].why_not_rewritten


def _figure(picture: Picture, recipe: Recipe, *, with_rewrite: bool) -> str:
    rewritten = recipe.rewritten_prompt
    caption = f"<figcaption>{escape(rewritten)}</figcaption>" if with_rewrite and rewritten else ""
    alt = escape(rewritten or recipe.request.prompt)
    return f'<figure><img alt="{alt}" src="{picture.data_url}">{caption}</figure>'


def _rewrite(recipe: Recipe) -> str:
    if not recipe.rewritten_prompt:
        return ""
    words = escape(recipe.rewritten_prompt)
    who = "model" if recipe.drawn_by == "imagen" else "sandbox"
    return f'<h2>As the {who} rewrote it</h2><p class="prompt">{words}</p>'


def _head(heading: str, style: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(heading)}</title><style>{style}</style></head>"
    )


def _price(recipe: Recipe) -> str:
    tokens, usd = recipe.usage.tokens_used, recipe.usage.usd_spent
    said = [wording.tokens(tokens)] if tokens is not None else []
    said += [wording.dollars(usd)] if usd is not None else []
    asked = recipe.request.num_images
    together = f" for {asked} pictures together" if asked > 1 and said else ""
    return (" · ".join(said) or "Cost not reported") + together


def _cost(recipe: Recipe) -> str:
    price = _price(recipe)
    if recipe.drawn_by == "imagen":
        return f'<p class="figure">{price}</p>'
    label = escape(MODELS[recipe.request.model].label)
    return f'<p class="figure">Free: drawn by the sandbox</p><p>{label}&rsquo;s price: {price}</p>'


def _settings(recipe: Recipe, seconds: float) -> str:
    sent = recipe.request.to_json()
    asked = {label: _value(sent[name]) for name, label in _LABELS.items() if name in sent}
    if "enhance_prompt" in MODELS[recipe.request.model].options:
        asked[_LABELS["enhance_prompt"]] = _value(recipe.request.enhance_prompt)
    facts = {
        "Seed": "" if recipe.seed is None else str(recipe.seed),
        "Size": f"{recipe.width} x {recipe.height} pixels",
        "Time": f"{seconds:.1f} seconds",
        "Request": recipe.inference_id,
        "Drawn": wording.minute(recipe.created_at),
    }
    rows = (asked | facts).items()
    return "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)


def _value(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
