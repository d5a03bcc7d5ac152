"""Draws many prompts side by side: `python -m imagen_demo.sandbox.painter --sheet`.

Its neighbours: `scene/word_tables`, which the prompts are made from; `__main__.py`, which calls.
"""

from PIL import Image, ImageDraw

from imagen_demo.sandbox.painter import draw
from imagen_demo.sandbox.painter.canvas.lettering import font, legible, wrap
from imagen_demo.sandbox.painter.scene import word_tables
from imagen_demo.sandbox.painter.scene.scene import Dice, dice_for

GALLERY = (
    "Racoon eating ice-cream",
    "A lighthouse on a cliff at golden hour, long exposure, waves like silk",
    'A neon sign that says "OPEN LATE" above a ramen bar in a rainy street at night, HDR',
    "Macro 60mm photo of a dewdrop on a red poppy, a whole meadow upside down inside it",
    'Vintage travel poster of the Alps in winter with the words "VISIT ZERMATT" in bold type',
    "Aerial photo of turquoise lagoons and white sand bars, one small red sailing boat",
    "Watercolor of a quiet fishing harbor in the morning mist, soft washes, white paper edge",
    "Studio photo of a celadon teapot on blue linen, soft window light, 35mm",
    "A paper-cut city in autumn, layered card in warm colors, tiny trams, isometric",
    "Polaroid of a fox in fresh snow at the edge of a forest, faded colors",
)
"""The prompts of the gallery, which the page shows first."""

_VAGUE = (
    "the sound of a cello",
    "homesick",
    "a theory of everything",
    "what my grandmother said",
    "Ein Lied ohne Worte",
    "тихий вечер",
    "tomorrow",
    "a quiet argument",
)
_COUNT = 50
_COLUMNS, _CELL, _PICTURE, _GAP = 5, (384, 288), (352, 208), 16


def prompts(count: int = _COUNT) -> list[str]:
    """Return the gallery's prompts and made ones, always the same."""
    dice = dice_for("contact sheet")
    made: dict[str, None] = dict.fromkeys(GALLERY)
    while len(made) < count:
        made[_made(dice, len(made))] = None
    return list(made)[:count]


def _made(dice: Dice, number: int) -> str:
    """Make one prompt: somebody somewhere at some time, or nothing that the tables know."""
    if number % 6 == 5 and number // 6 <= len(_VAGUE):
        return _VAGUE[number // 6 - 1]
    subject = _word(dice, word_tables.SUBJECTS)
    place = _word(dice, word_tables.SETTINGS if number % 2 else word_tables.LANDS)
    time = _word(dice, (word_tables.HOURS, word_tables.WEATHERS, word_tables.SEASONS)[number % 3])
    colour = str(dice.choice(list(word_tables.TINTS)))
    texts = {3: ' with the words "HELLO AGAIN"', 13: ", poster, “FAR AWAY”"}
    return f"{colour} {subject}, {place}, {time}{texts.get(number % 20, '')}"


def _word(dice: Dice, table: dict[str, str]) -> str:
    row = str(dice.choice(list(table.values()))).split()
    return str(dice.choice(row)).replace("-", " ")


def contact_sheet() -> Image.Image:
    """Return one picture with all prompts drawn small, each with its words below."""
    told = prompts()
    rows = -(-len(told) // _COLUMNS)
    size = (_COLUMNS * _CELL[0] + _GAP, rows * _CELL[1] + _GAP)
    sheet = Image.new("RGB", size, (246, 243, 236))
    ink, small = Image.new("L", (size[0] * 2, size[1] * 2)), font("plain", 30)
    pen = ImageDraw.Draw(ink)
    for number, prompt in enumerate(told):
        left = _GAP + number % _COLUMNS * _CELL[0]
        top = _GAP + number // _COLUMNS * _CELL[1]
        large = draw(prompt, seed=number, size=(_PICTURE[0] * 2, _PICTURE[1] * 2))
        sheet.paste(large.reduce(2), (left, top))
        said, _ = legible(prompt, "plain")
        for i, row in enumerate(wrap(said, max(1, -(-len(said) // 52)))[:3]):
            pen.text((left * 2, (top + _PICTURE[1] + 8 + 18 * i) * 2), row, 255, small)
    sheet.paste((58, 54, 60), (0, 0, *size), ink.reduce(2))
    return sheet
