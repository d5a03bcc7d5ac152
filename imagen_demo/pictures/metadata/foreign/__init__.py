"""The prompt of a picture that another program made, where a sign of that program's is there.

The package asks it of a file that has no recipe of ours. `texts` has what such a file may say,
`shapes` the programs' own forms of JSON, `comfyui` the one that is a graph; `a1111` stands beside,
since we write that form, too. What bears no sign is no prompt: cameras write remarks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from imagen_demo.domain.generation import MAX_REWRITTEN
from imagen_demo.pictures.metadata import a1111
from imagen_demo.pictures.metadata.foreign import comfyui, shapes
from imagen_demo.pictures.metadata.foreign.shapes import Said, json_of
from imagen_demo.pictures.metadata.foreign.texts import Texts, decodings

__all__ = ["Foreign", "Texts", "foreign_of"]

MAX_TEXT = 1 << 20
"""Characters of a text that is read: a large graph of ComfyUI's has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """What is taken of a picture that another program made.

    Attributes:
        prompt: Empty if there is none, or if it cannot be told without guessing.
        program: Whose it is, as people call it.
    """

    prompt: str
    program: str


def foreign_of(texts: Texts) -> Foreign | None:
    """Return the prompt that the texts of a file name; None if no program's sign is in them."""
    found = [Foreign(_cleaned(said), program) for said, program in _found(texts)]
    named = (each for each in found if each.prompt)
    return next(named, found[0] if found else None)


def _found(texts: Texts) -> Iterator[Said]:
    """Everything that bears a sign, what is said plainly first."""
    named = {name: text[:MAX_TEXT] for name, text in texts.named.items()}
    graph = comfyui.prompt_of(json_of(named.get("prompt", "")))
    parameters = named.get("parameters", "")
    if said := a1111.prompt_of(parameters, named=True):
        prompt, program = said
        yield prompt, comfyui.PROGRAM if graph and program == a1111.KIN else program
    for text in (parameters, *decodings(texts.comment[: 2 * MAX_TEXT])):
        if said := a1111.prompt_of(text[:MAX_TEXT]) or _in_json(text[:MAX_TEXT]):
            yield said
    for shape in _NAMED:
        if said := shape(named):
            yield said
    for text in (named.get("Comment", ""), named.get("Description", ""), *texts.others):
        plain = _LABEL.sub("", text[:MAX_TEXT])
        if said := a1111.prompt_of(plain) or _in_json(plain):
            yield said
    if said := shapes.draw_things(texts.packet):
        yield said
    if graph:
        yield graph


_Named = Callable[[Mapping[str, str]], Said | None]
_NAMED: tuple[_Named, ...] = (
    shapes.novelai,
    shapes.easy_diffusion_in_png,
    shapes.fooocus_in_png,
    shapes.invokeai_in_png,
)

# ComfyUI's own way into a WebP: `prompt:{…}` as the camera's model.
_LABEL = re.compile(r"^\s*(?:prompt|workflow)\s*:\s*", re.IGNORECASE)


def _in_json(text: str) -> Said | None:
    """What a text says that is one JSON object of a known shape."""
    said = json_of(text)
    if said is None:
        return None
    found = (shape(said) for shape in (*shapes.SHAPES, comfyui.prompt_of))
    return next((each for each in found if each), None)


def _cleaned(prompt: str) -> str:
    """A prompt on one line, without what no person can see or type."""
    spaced = " ".join(prompt[: 4 * MAX_REWRITTEN].split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs"})
    return kept.lstrip("\ufeff")[:MAX_REWRITTEN].strip()
