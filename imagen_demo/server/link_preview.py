"""What other places show of a link to the page: its name, its line and its card; and its icon.

Gradio's page speaks of Gradio there, in a part that no option of `launch` reaches (6.31), and the
first word counts. So its template loses those lines and gets ours.
"""

import logging
import re
from functools import cache
from pathlib import Path

from gradio.routes import templates
from jinja2 import ChoiceLoader, DictLoader
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

LINE = "Type a line, see what Google\N{RIGHT SINGLE QUOTATION MARK}s model makes of it."
"""What the demo is, under its name."""

_IMAGES = Path(__file__).parent.parent / "ui/static/img"
ICON = _IMAGES / "icon.png"
_CARD = _IMAGES / "card.png"

log = logging.getLogger("imagen_demo")

_PAGE = "frontend/index.html"
_GRADIOS = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')
# Places that show a card ask for it by its whole address.
_OURS = f"""
<meta name="description" content="{LINE}" />
<meta property="og:type" content="website" />
<meta property="og:title" content="{{{{ config['title'] }}}}" />
<meta property="og:description" content="{LINE}" />
<meta property="og:image" content="{{{{ config['root'] }}}}/card.png" />
<meta property="og:image:alt" content="Imagen 4, beside a painted raccoon that eats ice-cream" />
<meta name="twitter:card" content="summary_large_image" />
"""


@cache  # the template is one for all demos of a process
def describe_pages() -> None:
    """Let Gradio's pages name this demo, and not Gradio, to whoever shows a link to them."""
    loader = templates.env.loader
    if loader is None:
        return
    source, _, _ = loader.get_source(templates.env, _PAGE)
    page = _GRADIOS.sub("", source).replace("<head>", f"<head>{_OURS}", 1)
    if _OURS not in page:
        log.warning("Gradio's page has another head than it had: links to it show no card")
        return
    templates.env.loader = ChoiceLoader([DictLoader({_PAGE: page}), loader])


def card_route() -> Route:
    """The card's own address."""

    def card(_: Request) -> FileResponse:
        return FileResponse(_CARD)

    return Route("/card.png", card)
