"""What `python app.py`, `python -m imagen_demo` and the command `imagen-demo` do with their words.

They ask `installed` first. Here `settings` are read before `launch` is imported, and Gradio with
it, which reads the environment by itself, and ends at what makes no sense there with a traceback.
"""

import gc
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from imagen_demo import NAMED
from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.gradio_stubs import import_gradio
from imagen_demo.settings import Settings

if TYPE_CHECKING:
    from imagen_demo.launch import Demo


def start(words: Sequence[str], program: str) -> "Demo":
    """Build the demo, or do what else is asked for and end the process.

    Args:
        words: Those behind the program's name.
        program: What it is called as.
    """
    parser = ArgumentParser(
        prog=program,
        description="Serve a demo of Google's Imagen 4. Settings are environment variables: "
        "docs/settings.md lists them.",
    )
    parser.add_argument("--version", action="version", version=NAMED)
    parser.add_argument(
        "--check",
        action="store_true",
        help="look at settings, folder, counter, key and models, spend nothing, and end with 0 "
        "where all is well",
    )
    asked = parser.parse_args(words)
    try:
        settings = Settings.from_env()
        if asked.check:
            from imagen_demo.check import check  # noqa: PLC0415 - a start needs none of it

            sys.exit(0 if check(settings) else 1)
        return _built(settings)
    except ConfigurationError as error:
        sys.exit(str(error))


def _built(settings: Settings) -> "Demo":
    """Put a demo together, without type stubs and without looking for garbage in what stays.

    Python would look through all of it again and again, for a seventh of the start.

    Raises:
        ConfigurationError: Pictures cannot be kept where the settings say.
    """
    gc.disable()
    try:
        import_gradio()
        from imagen_demo.launch import build  # noqa: PLC0415 - asking for the version needs no page

        return build(settings)
    finally:
        gc.freeze()
        gc.enable()


def run(demo: "Demo") -> None:
    """Serve a demo until it is stopped, or end the process with the reason why it cannot be."""
    try:
        demo.run()
    except ConfigurationError as error:
        sys.exit(str(error))
