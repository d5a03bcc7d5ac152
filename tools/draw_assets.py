"""Draws the icon and the social card of `server/link_preview`: `python -m tools.draw_assets`."""

from pathlib import Path

from imagen_demo.sandbox.painter.branding import draw_card, draw_icon
from imagen_demo.server.link_preview import LINE

UI = Path(__file__).parent.parent / "imagen_demo/ui/static/img"
ICON_SIZE = 256
"""Pixels; browsers scale it down to 16."""


def main() -> None:
    """Write both."""
    # 256 colours are enough for it, and a quarter of the bytes that every visitor fetches.
    draw_icon(ICON_SIZE).quantize(256).save(UI / "icon.png", "PNG", optimize=True)
    draw_card("Imagen 4", LINE).save(UI / "card.png", "PNG", optimize=True)


if __name__ == "__main__":
    main()
