"""Templates of HTML, for whichever room has some."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def templates(folder: Path) -> Environment:
    """Return those of a folder: what is put into one stays text, unless a template made it.

    A name that one of them does not know raises `jinja2.UndefinedError` where it is filled.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
