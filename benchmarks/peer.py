"""The usual demo: the same form, written the way most demos on Hugging Face are.

`python -m benchmarks.peer`: one function that posts, fetches and decodes; Gradio does the rest,
with its own defaults. Nothing in here is slow on purpose, but for what this demo brings along and
`pip install gradio` does not: without httptools Uvicorn reads HTTP by h11.
"""

import os
import sys
from io import BytesIO
from typing import Any

import gradio as gr
import requests
from PIL import Image

BASE_URL = os.environ.get("AIMLAPI_BASE_URL", "https://api.aimlapi.com")
API_KEY = os.environ.get("AIMLAPI_API_KEY", "")


def generate_image(prompt: str, aspect_ratio: str) -> tuple[Image.Image, dict[str, Any]]:
    """Ask the API for a picture, and return it with the whole answer."""
    response = requests.post(
        f"{BASE_URL}/v1/images/generations",
        headers={"Authorization": f"Bearer {API_KEY}"},
        json={
            "model": "google/imagen-4.0-generate-001",
            "prompt": prompt,
            "aspect_ratio": aspect_ratio,
        },
        timeout=180,
    )
    response.raise_for_status()
    answer = response.json()
    picture = requests.get(answer["data"][0]["url"], timeout=60)
    picture.raise_for_status()
    return Image.open(BytesIO(picture.content)), answer


demo = gr.Interface(
    generate_image,
    inputs=[
        gr.Textbox(label="Prompt"),
        gr.Dropdown(["1:1", "9:16", "16:9", "3:4", "4:3"], value="16:9", label="Aspect ratio"),
    ],
    outputs=[gr.Image(label="Picture"), gr.JSON(label="Answer")],
    title="Imagen 4",
)

if __name__ == "__main__":
    sys.modules["httptools"] = None  # type: ignore[assignment] # not to be found
    demo.launch()
