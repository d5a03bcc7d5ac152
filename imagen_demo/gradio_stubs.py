"""Gradio imported without the type stubs that it then makes, for editors, of all its components.

It parses itself for them each time, which is a third of what a start takes.
"""

import inspect
from importlib import import_module
from typing import Any


def import_gradio() -> None:
    """Import it for the first time.

    What comes from no file gets no stub, so none of its components does; their classes are known by
    how Gradio makes them [gradio 6.31, `component_meta.create_or_modify_pyi`].
    """
    file_of = inspect.getfile

    def none_of_a_component(thing: Any) -> str:  # noqa: ANN401 - whatever has a file
        if type(thing).__module__.startswith("gradio."):
            raise OSError
        return file_of(thing)

    inspect.getfile = none_of_a_component  # type: ignore[assignment] # calls what it takes `thing`
    try:
        import_module("gradio")
    finally:
        inspect.getfile = file_of
