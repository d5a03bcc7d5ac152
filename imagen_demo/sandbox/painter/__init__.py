"""Draws the pictures that the sandbox hands out in place of Imagen's.

    scene     what a prompt asks for, read by tables of words and colours
    canvas    how anything is drawn
    subjects  who and what stands in the picture
    views     where: outdoors, in a street, at a table, in space
    finish    papers, frames, grain and the stamp

Beside them: `branding` draws the project's icon and its social card, `contact_sheet` many prompts
side by side. Its neighbours: `replies` asks what a prompt shows, `server` for its pictures.
"""

import io

from PIL import Image

from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.finish import add_grain, mounted, stamp, window
from imagen_demo.sandbox.painter.scene.reading import read_scene
from imagen_demo.sandbox.painter.scene.scene import dice_for
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
