"""Draws the page's icon and its social card, for `ui/card.py`: `python -m scripts.draw_assets`."""

from pathlib import Path

from imagen_demo.sandbox.painter.mark import draw_card, draw_mark
from imagen_demo.ui.card import LINE

UI = Path(__file__).parent.parent / "imagen_demo" / "ui"
ICON_SIZE = 256
"""Pixels; browsers scale it down to 16."""


def main() -> None:
    """Write both."""
    draw_mark(ICON_SIZE).save(UI / "icon.png", "PNG", optimize=True)
    draw_card("Imagen 4", LINE).save(UI / "card.png", "PNG", optimize=True)


if __name__ == "__main__":
    main()
