"""The sandbox in the place of AI/ML API, writing down who is to pay for what.

`scale_fleet` runs it as a process of its own: `python -m tools.scale_stand_in PORT FILE SECONDS`.
"""

import json
import sys
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagen_demo.sandbox.server import HOST, build_app


class Recording:
    """Adds a line to a file for each generation asked for, answered in the end or not.

    A service may charge from the moment it was asked; so may this one, to be on the safe side.
    """

    def __init__(self, app: ASGIApp, file: Path) -> None:
        """Wrap `app`; `file` need not exist yet."""
        self._app = app
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        whole = await Request(scope, receive).body()
        given = json.loads(whole)
        line = {
            "authorization": dict(scope["headers"]).get(b"authorization", b"").decode(),
            "prompt": given["prompt"],
            "pictures": given.get("num_images", 1),
        }
        with self._file.open("a", encoding="utf-8") as record:
            record.write(json.dumps(line) + "\n")
        replay: list[Message] = [{"type": "http.request", "body": whole, "more_body": False}]

        async def again() -> Message:
            return replay.pop() if replay else await receive()

        await self._app(scope, again, send)


if __name__ == "__main__":
    port, file, seconds = sys.argv[1:]
    app = Recording(build_app(latency=float(seconds)), Path(file))
    uvicorn.run(app, host=HOST, port=int(port), log_level="warning")
