"""The prompts of the gallery: what Imagen 4 is good at, in all five shapes.

`ui/layout.py` shows them as tiles; `scripts/draw_gallery.py` draws the tiles.
"""

from dataclasses import dataclass
from pathlib import Path

GALLERY = Path(__file__).parent.parent / "gallery"


@dataclass(frozen=True, slots=True)
class Example:
    """One tile: a prompt, its shape, and the file name of its picture without the ending."""

    name: str
    prompt: str
    aspect_ratio: str

    @property
    def tile(self) -> Path:
        """The tile's picture."""
        return GALLERY / f"{self.name}.jpg"


# Google's guide: subject, context, style; text of at most 25 characters and a general font.
EXAMPLES = (
    Example("racoon", "Racoon eating ice-cream", "16:9"),
    Example(
        "lighthouse",
        "A lighthouse on a cliff at golden hour, long exposure, waves like silk",
        "3:4",
    ),
    Example(
        "neon-sign",
        'A neon sign that says "OPEN LATE" above a ramen bar in a rainy street at night, HDR',
        "9:16",
    ),
    Example(
        "dewdrop",
        "Macro 60mm photo of a dewdrop on a red poppy, a whole meadow upside down inside it",
        "1:1",
    ),
    Example(
        "travel-poster",
        'Vintage travel poster of the Alps in winter with the words "VISIT ZERMATT" in bold type',
        "3:4",
    ),
    Example(
        "lagoons",
        "Aerial photo of turquoise lagoons and white sand bars, one small red sailing boat",
        "16:9",
    ),
    Example(
        "harbor",
        "Watercolor of a quiet fishing harbor in the morning mist, soft washes, white paper edge",
        "4:3",
    ),
    Example(
        "teapot",
        "Studio photo of a celadon teapot on blue linen, soft window light, 35mm",
        "1:1",
    ),
    Example(
        "paper-city",
        "A paper-cut city in autumn, layered card in warm colors, tiny trams, isometric",
        "4:3",
    ),
    Example(
        "polaroid",
        "Polaroid of a fox in fresh snow at the edge of a forest, faded colors",
        "9:16",
    ),
)
