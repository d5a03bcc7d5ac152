"""What a picture can teach: what the rewrite did, what it cost, how it was asked for and answered.

`ui/outputs` fills the page with it. The words are in `templates/create.html`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from imagen_demo.domain import wording
from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.code_snippets import curl, javascript, python
from imagen_demo.domain.generation import MAX_QUOTED
from imagen_demo.domain.prompt_diff import Piece, diff, has_words, trimmed
from imagen_demo.domain.receipt import Receipt, Total
from imagen_demo.domain.recipe import Recipe
from imagen_demo.ui.messages import label
from imagen_demo.ui.recipe_beside import RecipesBeside
from imagen_demo.ui.render import address_of, macros

_SHOW = macros("create")

NO_PICTURE = str(_SHOW.pictures([], 1))
NO_REWRITE = str(_SHOW.no_rewrite())
NO_USAGE = str(_SHOW.no_usage())

_LATER = "appears here once you generate or open a picture."


class Code(TypedDict):
    """The listings, each by its widget's name."""

    python: str
    javascript: str
    curl: str
    response: str


NO_CODE: Code = {
    "python": f"# The request {_LATER}\n",
    "javascript": f"// The request {_LATER}\n",
    "curl": f"# The request {_LATER}\n",
    "response": f'"The response {_LATER}"\n',
}
"""What the listings say before there is any."""

_NOT_RECORDED = '"This picture carries no response."\n'


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of prompt or rewritten prompt, and the tag that says whose it is, if any does."""

    text: str
    tag: str


@dataclass(frozen=True, slots=True)
class _Made:
    """What the model made of a prompt.

    Attributes:
        prompt: The visitor's, taken apart.
        rewritten: The model's, taken apart.
        kept: How many of the visitor's words are in it; None if the texts were not compared.
        words: How many words the visitor's has.
        added: Whether there are others in it.
        fits: As much of it as the model would read.
    """

    prompt: list[Marked]
    rewritten: list[Marked]
    kept: int | None
    words: int
    added: bool
    fits: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that is shown, and what describes it to those who do not see it."""

    file: Path
    caption: str

    @property
    def address(self) -> str:
        """The file's in the page."""
        return address_of(self.file)


def pictures(shots: Sequence[Shot], aspect_ratio: str = "1:1") -> str:
    """One picture, or several as large as they can be side by side; or their empty place."""
    return str(_SHOW.pictures(shots, columns(len(shots), aspect_ratio)))


def columns(count: int, aspect_ratio: str) -> int:
    """In how many columns that many pictures are largest where 16:9 are there for them."""
    width, height = map(int, aspect_ratio.split(":"))

    def worth(columns: int) -> tuple[float, int, int]:
        rows = -(-count // columns)
        size = min(16 / columns / width, 9 / rows / height)
        return (size, count - columns * rows, columns)  # else without a gap, else side by side

    return max(range(1, count + 1), key=worth, default=1)


def rewrite(recipe: Recipe, place: str = "") -> str:
    """The prompt and what the model made of it, the words of both marked; or why there is none.

    Args:
        recipe: The picture's.
        place: Which of several pictures it is, or whose: `picture 2 of 4`, `of an example`.
    """
    return str(_SHOW.rewrite(recipe, place, MODELS[recipe.request.model], _made(recipe)))


def words(recipe: Recipe) -> str:
    """The rewritten prompt alone, the visitor's own words marked in it; or why there is none."""
    return str(_SHOW.words(recipe, marked(recipe)))


def marked(recipe: Recipe) -> list[Marked] | None:
    """The rewritten prompt with the visitor's own words marked in it; None if there is none."""
    made = _made(recipe)
    return made.rewritten if made else None


def _made(recipe: Recipe) -> _Made | None:
    rewritten = recipe.rewritten_prompt
    if not rewritten:
        return None
    found = diff(recipe.request.prompt, rewritten)
    limit = MODELS[recipe.request.model].prompt_limit
    return _Made(
        prompt=_marked(found.prompt, "del"),
        rewritten=_marked(found.rewritten, "ins"),
        kept=found.kept,
        words=found.words,
        added=any(not each.shared and has_words(each.text) for each in found.rewritten),
        fits=rewritten if limit is None else trimmed(rewritten, limit),
    )


def _marked(pieces: Sequence[Piece], alone: str) -> list[Marked]:
    return [Marked(each.text, "mark" if each.shared else _tag(each, alone)) for each in pieces]


def _tag(piece: Piece, alone: str) -> str:
    # A space or a quote that stands elsewhere now is no word that was dropped.
    return "" if alone == "del" and not has_words(piece.text) else alone


def usage(
    receipt: Receipt, total: Total, whose: str = "", beside: RecipesBeside | None = None
) -> str:
    """Tokens large, dollars beside them, then seconds, size and seed, and the visit's total.

    Args:
        receipt: What the pictures came to.
        total: What the visit came to.
        whose: Of which pictures, if it is not the visitor's: `of an example`.
        beside: Where the recipes of files are that do not have them inside.
    """
    dollars = "" if receipt.usd_spent is None else wording.dollars(receipt.usd_spent)
    return str(_SHOW.usage(receipt, total, whose, dollars, label(receipt.model), beside))


def code(recipe: Recipe) -> Code:
    """The request in three languages, and the response as it came, laid out; each by its name."""
    request = recipe.request
    return {
        "python": python(request),
        "javascript": javascript(request),
        "curl": curl(request),
        "response": _laid_out(recipe.response),
    }


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
