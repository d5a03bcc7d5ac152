"""A visitor's own stage: what the page asks for when somebody presses "Present".

`static/present.js` asks. Whoever knows a picture's name may see it, as everywhere; which ones are a
visitor's is told to nobody who does not know the visitor's secret, which no address has in it.
"""

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from imagen_demo.stage.slides import Pictures, fill, slide

_MOST = 300
"""Pictures that one round has, the newest ones."""

_COLUMNS = 5

_NEVER_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page says of its visitor.

    Attributes:
        visitor: The secret that only this browser knows.
        shown: Where the picture lies that the page shows; empty for none.
    """

    visitor: str = ""
    shown: str = ""


_ASKED = TypeAdapter(_Asked)


class Present:
    """Answers below /stage what needs no host."""

    def __init__(self, pictures: Pictures) -> None:
        """`pictures` are those that may be shown."""
        self._pictures = pictures
        self._frame = fill("present.html")

    def routes(self) -> list[BaseRoute]:
        """What to add to the app."""
        return [
            Route("/stage/present", self.frame),
            Route("/stage/own", self.own, methods=["POST"]),
            Route("/stage/slide", self.slide),
        ]

    def frame(self, _: Request) -> Response:
        """What stands around the pictures: the same for everybody."""
        return HTMLResponse(self._frame, headers={"Cache-Control": "no-cache"})

    async def own(self, request: Request) -> Response:
        """Name the visitor's pictures, newest first, and which of them the page shows now."""
        try:
            asked = _ASKED.validate_json(await request.body())
        except ValidationError:
            return PlainTextResponse("That is not what the page asks.", 400)
        return JSONResponse(await run_in_threadpool(self._own, asked), headers=_NEVER_KEPT)

    def slide(self, request: Request) -> Response:
        """Show one picture, or with labels several as a comparison."""
        asked = request.query_params.getlist("picture")[:_COLUMNS]
        labels = request.query_params.getlist("label")[: len(asked)]
        html = slide(self._pictures, asked, labels, by="You wrote") if asked else ""
        if not html:
            return PlainTextResponse("It is no longer here.", 404, headers=_NEVER_KEPT)
        return HTMLResponse(html, headers=_NEVER_KEPT)

    def _own(self, asked: _Asked) -> dict[str, object]:
        names = self._pictures.of(asked.visitor, _MOST)
        path = self._pictures.find(asked.shown) if asked.shown else None
        shown = self._pictures.name(path) if path else ""
        if shown and shown not in names:
            names = [shown, *names]
        return {"pictures": names, "start": names.index(shown) if shown else 0}
