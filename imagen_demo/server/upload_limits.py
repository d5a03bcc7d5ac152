"""Who may send a picture just now: an upload takes its time, and room on everybody's disk.

`middleware` asks for a turn before `body_limits` reads.
"""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from shutil import disk_usage

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo.server.body_limits import LARGEST_PICTURE, no_room
from imagen_demo.server.refusals import Refused
from imagen_demo.server.routes import has_body, is_upload

_AT_ONCE = 16
_OF_ONE = 4

_SPARE = 256 * 1024**2
"""Bytes of the disk that uploads leave to whatever else is written there."""

_CROWDED = "Many pictures are being opened here just now. Try again in a moment."


class UploadLimits:
    """So many at once, of one visitor a few, while there is room.

    A turn lasts until the app has answered: the picture is on the disk twice by then.
    """

    def __init__(
        self,
        app: ASGIApp,
        client_of: Callable[[Request], str],
        folders: Collection[Path],
    ) -> None:
        """Nobody sends anything yet.

        Args:
            app: What takes the picture.
            client_of: Says who sends, in a form that may be kept.
            folders: Where bodies wait, and where Gradio keeps them.
        """
        self._app = app
        self._client_of = client_of
        self._folders = folders
        self._taken: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an upload through on its turn, and everything else.

        Raises:
            Refused: Too many send already, or the disk has no room for another.
        """
        request = Request(scope)
        if not has_body(request) or not is_upload(request):
            await self._app(scope, receive, send)
            return
        with self._turn(self._client_of(request)):
            await self._app(scope, receive, send)

    @contextmanager
    def _turn(self, client: str) -> Iterator[None]:
        others = self._taken.total()
        if others >= _AT_ONCE or self._taken[client] >= _OF_ONE:
            raise Refused(503, _CROWDED)
        if self._room() < _SPARE + 2 * LARGEST_PICTURE * (others + 1):
            raise no_room(OSError(ENOSPC, os.strerror(ENOSPC)))
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken -= Counter((client,))

    def _room(self) -> int:
        """Bytes that are left in the folder that has fewer."""
        return min(disk_usage(each).free for each in self._folders if each.exists())
