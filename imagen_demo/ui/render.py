"""Fills the templates in `templates/`: what is put into one stays text, unless a template made it.

Each file holds the macros of one part of the page; the view functions beside the handlers call
them, with typed arguments. `frames/` has what Gradio puts around a widget's value in the browser.
Nothing else of the page makes HTML.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from imagen_demo.domain.errors import NOT_ENCRYPTED
from imagen_demo.markup import templates

TEMPLATES = Path(__file__).parent / "templates"

_ENVIRONMENT = templates(TEMPLATES)
_ENVIRONMENT.globals["not_encrypted"] = NOT_ENCRYPTED


def macros(name: str) -> Any:  # noqa: ANN401 - whatever macros the file has
    """Return the macros of a template, as functions that make markup."""
    return _ENVIRONMENT.get_template(f"{name}.html").module


def frame(name: str) -> str:
    """Return what a `gr.HTML` puts around its value, in the browser: a template of JavaScript's."""
    return (TEMPLATES / "frames" / f"{name}.html").read_text(encoding="utf-8").strip()


def address_of(file: Path) -> str:
    """Return a file's address in the page, relative to it."""
    return f"gradio_api/file={quote(str(file))}"
