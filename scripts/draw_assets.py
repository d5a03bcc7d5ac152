"""Draws the project's mark and its social card into `assets/`: `python -m scripts.draw_assets`."""

from pathlib import Path

from imagen_demo.sandbox.painter.mark import draw_card, draw_mark

ASSETS = Path(__file__).parent.parent / "assets"
MARK_SIZE = 256


def main() -> None:
    """Write both."""
    ASSETS.mkdir(exist_ok=True)
    draw_mark(MARK_SIZE).save(ASSETS / "favicon.png", "PNG", optimize=True)
    draw_card().save(ASSETS / "card.png", "PNG", optimize=True)


if __name__ == "__main__":
    main()
