"""What other places show of a link to the page: its name, its line and its card.

`gradio_patches` puts it into Gradio's page, `launch` opens the card's route.
"""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from imagen_demo.markup import templates

LINE = "Type a line, see what Google\N{RIGHT SINGLE QUOTATION MARK}s model makes of it."
"""What the demo is, under its name."""

_GRADIOS = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')
_TEMPLATES = templates(Path(__file__).parent / "templates")
_OURS = _TEMPLATES.get_template("link_preview.html").render(line=LINE)


def described(page: str) -> str:
    """Let a page's template name this demo, and not Gradio, to whoever shows a link to it.

    The first word counts there, so it loses Gradio's lines and gets ours; as it was if it has no
    head for them.
    """
    head = "<head>"
    return _GRADIOS.sub("", page).replace(head, f"{head}\n{_OURS}\n", 1) if head in page else page


def card_route(card: Path) -> Route:
    """The address of the card, which is a PNG file."""

    def answer(_: Request) -> FileResponse:
        return FileResponse(card)

    return Route("/card.png", answer)
