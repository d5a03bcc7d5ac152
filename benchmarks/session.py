"""`python -m benchmarks.session ours` or `usual`: what a new session takes, in milliseconds.

`sessions` runs it. Gradio makes one for each page and each caller, on the event loop: for so long
nobody else is answered.
"""

import sys
from statistics import median
from time import perf_counter

import gradio as gr
from gradio.state_holder import SessionState

from benchmarks.peer import demo
from imagen_demo.launch import build
from imagen_demo.settings import Settings

_TIMES = 200


def _new_session(page: gr.Blocks) -> float:
    """Return milliseconds."""
    started = perf_counter()
    SessionState(page)
    return (perf_counter() - started) * 1000


if __name__ == "__main__":
    of = build(Settings.from_env()).page if sys.argv[1] == "ours" else demo
    print(median(_new_session(of) for _ in range(_TIMES)))
