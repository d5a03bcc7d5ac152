"""Puts everything together, once, and serves it so that nothing leaks and nobody waits in a row.

`app.py` and the tests build their demos here, so that what is tested is what runs.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi.exceptions import RequestValidationError
from gradio.route_utils import get_root_url
from gradio.utils import get_upload_folder
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from imagen_demo import NAMED
from imagen_demo.domain.pricing import Prices
from imagen_demo.endpoints.answer import Answering
from imagen_demo.endpoints.rest import Rest
from imagen_demo.host.door import Door
from imagen_demo.host.sources import host_routes, sources_of
from imagen_demo.logs import speak_json
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.disk_space import DiskSpace
from imagen_demo.pictures.examples import GALLERY
from imagen_demo.pictures.retention import Retention
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.server.access import Access
from imagen_demo.server.body_limits import LARGEST_PICTURE
from imagen_demo.server.client_address import client_of
from imagen_demo.server.gradio_patches import (
    calls_of,
    let_queue_rest,
    outermost,
    patch_process,
)
from imagen_demo.server.link_preview import LINE, card_route
from imagen_demo.server.middleware import steps, surround
from imagen_demo.server.observed import Observed
from imagen_demo.server.picture_caching import GONE, say_that_it_is_gone
from imagen_demo.server.ready_answers import UNCHANGING, Contents
from imagen_demo.server.shutdown import Shutdown
from imagen_demo.server.sub_path import SubPath
from imagen_demo.service.figures import Figures
from imagen_demo.service.generate import VISITORS_AT_ONCE, Drawing, Service
from imagen_demo.service.provider import Provider
from imagen_demo.service.provider_settings import Payer
from imagen_demo.service.shared_counters import shared
from imagen_demo.service.stage import Stage
from imagen_demo.service.switches import Switches, said
from imagen_demo.settings import LogStyle, Settings
from imagen_demo.stage.room import Room, stage_routes
from imagen_demo.stage.slides import Pictures
from imagen_demo.ui.layout import build_page
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.page_data import head
from imagen_demo.ui.theme import build_theme

log = logging.getLogger("imagen_demo")

_SESSIONS = 500
"""Open pages that Gradio remembers. The one that was silent for longest goes first, and loses the
sum of its visit, no more."""

_STATIC = Path(__file__).parent / "ui/static"
_STYLES = [
    _STATIC / f"css/{name}.css"
    for name in ("page", "ask", "options", "messages", "create", "compare", "library")
]
_ICON = _STATIC / "img/icon.png"
_CARD = _STATIC / "img/card.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The parts of a demo, put together and not served yet.

    Attributes:
        page: The page, with the REST endpoint beside it.
        contents: What it is made of, and what of that changes while it is served.
        answering: Answers programs, through whichever door.
        retention: Deletes pictures whose time is over.
        shutdown: Says when the demo is on its way out, and waits for what is being drawn.
        observed: What is known of it while it is served.
        switches: What the host turns meanwhile.
        routes: What is answered beside the page.
    """

    settings: Settings
    page: gr.Blocks
    contents: Contents
    answering: Answering
    retention: Retention
    shutdown: Shutdown
    observed: Observed
    switches: Switches
    routes: Sequence[BaseRoute]

    def serve(self, **more: Any) -> str:  # noqa: ANN401 - Gradio's own options
        """Serve it and return its address; see `serve`."""
        return serve(
            self.page,
            self.settings.access,
            self.shutdown,
            contents=self.contents,
            observed=self.observed,
            routes=[*self.routes, *self._mcp_routes()],
            **more,
        )

    def run(self) -> None:
        """Serve it as a process of its own does: with a log, background tasks and a gentle end."""
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
        if self.settings.log is LogStyle.JSON:
            speak_json(prompts=self.settings.log_prompts)
        log.setLevel(logging.INFO)
        address, service = self.settings.address, self.answering.drawing.service
        # `gradio app.py` runs it again when code changes, in another thread and on the same port.
        if threading.current_thread() is threading.main_thread():
            address.refuse_taken()
            log.info("%s at %s", NAMED, address.url)
            for trouble in filter(None, (each() for each in self.observed.troubles)):
                log.warning("not ready: %s", trouble)
        service.watch()
        self.answering.drawing.figures.watch()
        self.switches.watch()
        self.answering.drawing.stage.watch()
        self.retention.watch()
        self.shutdown.at_sigterm()
        # Gradio's own words speak of public links, which are not how this demo is shared.
        self.serve(server_port=address.port, quiet=True)

    def _mcp_routes(self) -> Sequence[BaseRoute]:
        if not self.settings.mcp:
            return []
        # What it imports takes its time, and need not be there for those who do not want it.
        from imagen_demo.endpoints.mcp import mcp_routes  # noqa: PLC0415

        return mcp_routes(self.answering, self.shutdown.notice)


def build(
    settings: Settings,
    *,
    service: Service | None = None,
    without_key: Payer | None = None,
    gallery: Path = GALLERY,
) -> Demo:
    """Put a demo together.

    Args:
        settings: What the host decides.
        service: Answers requests; a `Provider` of the settings if left out.
        without_key: Who answers when the visitor gives no key, for the page's words; as the service
            says if left out.
        gallery: The folder of the examples.

    Raises:
        ConfigurationError: Pictures cannot be kept where the settings say.
    """
    patch_process()
    redis = shared(settings.allowance.storage)
    switches = Switches(redis)
    service = service or Provider(settings, switches=switches)
    folder = Path(get_upload_folder())  # Gradio's, which serves what lies there, and deletes it
    album, thumbnails = Album(settings.folder), Thumbnails(folder / "imagen-demo-tiles")
    stage = Stage(album, redis)
    drawing = Drawing(
        service,
        album,
        prices=Prices(),
        temporary=Temporary(folder),
        room=DiskSpace(album, thumbnails.forget),
        figures=Figures(redis),
        stage=stage,
    )
    spender_of = partial(client_of, trusted_proxies=settings.access.trusted_proxies)
    answering = Answering(drawing, spender_of)
    shutdown = Shutdown(drawing.is_busy, drawing.figures.close)
    without_key = without_key or service.without_key
    page, current = build_page(
        drawing,
        thumbnails,
        spender_of=spender_of,
        endpoint=Rest(answering).generate_image,
        without_key=without_key,
        gallery=gallery,
        line=LINE,
        log_out=bool(settings.access.accounts),
        host_says=lambda: said(switches.known()),
        of_the_day=switches.examples,
    )
    observed = Observed(drawing.troubles(), SubPath(page.root_path))
    pictures = Pictures(album, gallery, drawing.temporary)
    door = Door(settings.host_password, spender_of) if settings.host_password else None
    address_of = partial(get_root_url, route_path="/stage", root_path=page.root_path or None)
    is_hosted = door is not None or bool(settings.access.accounts)
    room = Room(stage, pictures, thumbnails, door, address_of) if is_hosted else None
    retention = Retention(album, settings.limits, thumbnails.forget)
    return Demo(
        settings=settings,
        page=page,
        contents=Contents(
            current.version,
            current.refresh,
            pictures=frozenset({gallery, thumbnails.folder}),
            head=head(Pricing(drawing.prices, without_key)),
        ),
        answering=answering,
        retention=retention,
        shutdown=shutdown,
        observed=observed,
        switches=switches,
        routes=[
            *host_routes(
                sources_of(drawing, switches, observed, settings, gallery),
                door,
                metrics=settings.metrics,
            ),
            *stage_routes(pictures, room),
        ],
    )


def serve(  # noqa: PLR0913 - each is a part of a demo
    page: gr.Blocks,
    access: Access,
    shutdown: Shutdown,
    *,
    contents: Contents = UNCHANGING,
    observed: Observed | None = None,
    routes: Sequence[BaseRoute] = (),
    **more: Any,  # noqa: ANN401 - Gradio's own options
) -> str:
    """Serve a page and return its address; host and port come from Gradio's own environment.

    Args:
        page: Any that Gradio can serve.
        access: Who may come in, and from where.
        shutdown: Says when the demo is on its way out.
        contents: What the page is made of.
        observed: What is known, and learned, of the demo while it is served.
        routes: More that is answered beside it.
        more: Further options of `gr.Blocks.launch`.
    """
    patch_process()
    # Every visitor's request waits at the service, not for another visitor; and nobody may
    # slip past the queue by posting to /run/.
    page.queue(default_concurrency_limit=None, api_open=False)
    let_queue_rest(page)
    calls = calls_of(page)  # of this queue: the one before is gone
    middleware = steps(
        access,
        shutdown,
        calls,
        contents,
        observed=observed,
        reloads=page.dev_mode,
    )
    _, local_url, _ = page.launch(
        theme=build_theme(),
        css_paths=_STYLES,
        favicon_path=_ICON,
        head=contents.head,
        max_threads=VISITORS_AT_ONCE,
        state_session_capacity=_SESSIONS,
        run_history=False,  # it would write the key to the browser's storage in plain text
        app_kwargs={
            "lifespan": outermost(partial(surround, middleware=middleware)),
            "exception_handlers": {
                RequestValidationError: _say_what_does_not_fit,
                **dict.fromkeys(GONE, say_that_it_is_gone),
            },
            "routes": [card_route(_CARD), *routes],
        },
        mcp_server=False,  # Gradio's own; `endpoints/mcp` says why not
        enable_monitoring=False,
        ssr_mode=False,
        _frontend=False,  # it asks its own page whether it is there, and advises a public link
        footer_links=[],  # Gradio's API panel records the page's own calls, a key among them
        max_file_size=LARGEST_PICTURE,
        **more,
    )
    return local_url


def _say_what_does_not_fit(_: Request, error: Exception) -> JSONResponse:
    """Answer as FastAPI does, but without repeating what was sent, which may hold a key."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    said = [{name: each[name] for name in ("type", "loc", "msg")} for each in found]
    return JSONResponse({"detail": said}, 422)
