"""The entry: `python app.py`, `gradio app.py`, or a Hugging Face Space."""

import sys

from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.launch import build
from imagen_demo.settings import Settings

try:
    built = build(Settings.from_env())
except ConfigurationError as error:
    sys.exit(str(error))

demo = built.page  # what `gradio app.py` and a Space look for

if __name__ == "__main__":
    built.run()
