"""The entry: `python app.py`, `gradio app.py`, or a Hugging Face Space."""

import sys

from imagen_demo.installed import refuse_what_cannot_run

refuse_what_cannot_run()

from imagen_demo.command_line import run, start  # noqa: E402 - not before that

built = start(sys.argv[1:] if __name__ == "__main__" else (), "app.py")

demo = built.page  # what `gradio app.py` and a Space look for

if __name__ == "__main__":
    run(built)
