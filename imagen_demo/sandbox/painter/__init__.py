"""Draws the pictures that the sandbox hands out in place of Imagen's.

    scene      reads a prompt, by the tables of `words` and `palettes`
    views      puts the picture together: outdoors of `sky`, `land`, `water`, `city`, `shore`,
               `foreground` and `weather`; else `space`, `street`, `indoors`, `macro`, `aerial`,
               `plan` or `deep`
    subjects   who stands in it: `animals` and what they hold (`held`), `beings`, `things`,
               `wheels`, `wares`
    lettering  sets quoted text
    finish     papers, frames, grain and the stamp
    canvas     what all of them draw with
    mark       the project's mark and card; `contact`, many prompts side by side

Its neighbours: `replies.py` asks for pictures, `server.py` serves them.
"""

import io

from PIL import Image

from imagen_demo.sandbox.painter.canvas import Sheet
from imagen_demo.sandbox.painter.finish import add_grain, mounted, stamp, window
from imagen_demo.sandbox.painter.scene import dice_for, read_scene
from imagen_demo.sandbox.painter.views import draw_view


def paint(prompt: str, *, seed: int, width: int, height: int) -> bytes:
    """Draw the picture a prompt suggests; return it as PNG bytes."""
    out = io.BytesIO()
    # Higher levels take longer and save little: the grain does not compress.
    draw(prompt, seed=seed, size=(width, height)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def draw(prompt: str, *, seed: int, size: tuple[int, int]) -> Image.Image:
    """Draw the picture a prompt suggests, stamped."""
    scene = read_scene(prompt)
    dice = dice_for(f"{seed}:{prompt}")
    box = window(scene, size)
    width, height = box[2:]
    high = 0.34 if scene.hour in ("sunset", "dawn") else 0.2
    side = 0.27 if dice.random() < 0.5 else 0.73
    x = (side + dice.uniform(-0.07, 0.07)) * width
    y = dice.uniform(high, high + 0.1) * height
    sheet = Sheet(Image.new("RGB", (width, height)), scene, dice, x, y)
    draw_view(sheet)
    finished = add_grain(mounted(sheet, size, box))
    stamp(finished)
    return finished
