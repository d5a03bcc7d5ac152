"""The least that Gradio can be asked to start: what a start is compared with.

As `pip install gradio` leaves it, without httptools (see `peer`).
"""

import sys

import gradio as gr


def greet(name: str) -> str:
    """Say hello."""
    return f"Hello {name}!"


demo = gr.Interface(fn=greet, inputs="text", outputs="text")

if __name__ == "__main__":
    sys.modules["httptools"] = None  # type: ignore[assignment] # not to be found
    demo.launch()
