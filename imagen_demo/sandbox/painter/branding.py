"""Draws the project's icon and the card that other sites show of it.

Its neighbours: `canvas`, `views` and `finish`, which it draws with; `tools/draw_assets.py` calls.
"""

from PIL import Image, ImageDraw

from imagen_demo.sandbox.painter.canvas.lettering import font
from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.finish import stamp
from imagen_demo.sandbox.painter.scene.palettes import mix, rgb
from imagen_demo.sandbox.painter.scene.reading import read_scene
from imagen_demo.sandbox.painter.scene.scene import dice_for
from imagen_demo.sandbox.painter.views import draw_view

CARD = (1280, 640)


def draw_icon(size: int) -> Image.Image:
    """Draw the icon, a tiny landscape in a rounded square, with so many pixels a side."""
    large = 512
    picture = Image.new("RGB", (large, large))
    pen = ImageDraw.Draw(picture)
    top, low = rgb("#35306b"), rgb("#f9b27c")
    for row in range(large):
        share = min(1.0, row / (large * 0.68))
        middle = mix(top, rgb("#c9577f"), min(1.0, share * 1.8))
        pen.line((0, row, large, row), fill=mix(middle, low, max(0.0, share * 2 - 1)))
    pen.ellipse((270, 96, 422, 248), fill=rgb("#fff1cf"))
    for path, colour in (
        ("-20,400! 150,190! 196,236 250,320 330,420! 330,520! -20,520!", "#8a3f72"),
        ("180,520! 250,360 352,268! 400,306 470,380 540,420! 540,520!", "#6a2f66"),
        ("-20,400! 90,356 220,372 360,420 540,384! 540,540! -20,540!", "#2a1b45"),
    ):
        pen.polygon(outline(path).ravel().tolist(), fill=rgb(colour))
    snow = outline("150,190! 186,226 212,262! 178,250 160,276! 134,246 104,262! 124,226")
    pen.polygon(snow.ravel().tolist(), fill=rgb("#fff1cf"))
    mask = Image.new("L", (large, large))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, large - 1, large - 1), large * 0.22, fill=255)
    picture.putalpha(mask)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def draw_card(title: str, line: str) -> Image.Image:
    """Draw the social card: a painted evening, with the page's name and what it does."""
    scene = read_scene("a raccoon eating ice-cream on a hill at golden hour, meadow")
    image = Image.new("RGB", CARD)
    draw_view(Sheet(image, scene, dice_for("card 12"), CARD[0] * 0.2, CARD[1] * 0.52))
    pen = ImageDraw.Draw(image)
    pen.text((76, 64), title, (255, 250, 238), font("title", 96))
    pen.text((80, 184), line, (255, 244, 226), font("plain", 30))
    stamp(image)  # the name beside it is another painter's
    return image
