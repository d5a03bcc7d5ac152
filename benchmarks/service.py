"""A service with AI/ML API's contract and one ready picture, since drawing is not measured here.

`processes` runs it: `python -m benchmarks.service --latency 3` prints its address. What a reply
says comes from the sandbox; the picture, as large as a real one, is made once at the start.
"""

import argparse
import asyncio
import json
import socket
from collections.abc import Mapping
from io import BytesIO

import numpy as np
import uvicorn
from PIL import Image
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from imagen_demo.sandbox.replies import generate
from imagen_demo.sandbox.server import HOST

WIDTH, HEIGHT = 1408, 768
"""What Imagen 4 draws at 16:9 [Google's documentation]."""

_GRAIN = 1.5
"""Spread of the noise, in steps of 255, at which the file has the 1.3 to 1.8 MB of a real one."""

_PICTURE = "/generations/picture.png"


def make_picture() -> bytes:
    """Return a PNG with a sky's gradient under a film's grain, the same each time."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    levels = np.stack([40 + down / 5, 90 + across / 12, 200 - down / 6], axis=-1)
    grain = np.random.default_rng(4).normal(0, _GRAIN, levels.shape)
    file = BytesIO()
    Image.fromarray((levels + grain).clip(0, 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


class Service:
    """The routes, as bare ASGI: what it costs is paid on the cores that are measured."""

    def __init__(self, latency: float) -> None:
        """`latency` is what a generation takes, in seconds."""
        self._latency = latency
        self._picture = make_picture()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        route = scope["method"], scope["path"]
        if route == ("POST", "/v1/images/generations"):
            await self._generate(scope, receive, send)
        elif route == ("GET", _PICTURE):
            await _respond(send, 200, self._picture, {"content-type": "image/png"})
        else:  # the list of deprecations among them: nobody is to watch it here
            await _respond(send, 404, b"{}", {})

    async def _generate(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        key = headers.get(b"authorization", b"").decode().removeprefix("Bearer ")
        reply = generate(await Request(scope, receive).json(), key, fresh_seed=1)
        url = f"http://{headers[b'host'].decode()}{_PICTURE}"
        if isinstance(reply.body, dict) and reply.orders:
            # Each picture has a link of its own, as at the real service.
            reply.body["data"] = [
                {**entry, "url": f"{url}?{number}"} for number, entry in enumerate(reply.entries)
            ]
            await asyncio.sleep(self._latency)
        headed = {"content-type": "application/json", **reply.headers}
        await _respond(send, reply.status, json.dumps(reply.body).encode(), headed)


async def _respond(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    said = {**headers, "content-length": str(len(body))}
    pairs = [(name.encode(), value.encode()) for name, value in said.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=0, help="0 lets the system choose")
    options.add_argument("--latency", type=float, default=3, help="seconds a generation takes")
    given = options.parse_args()
    # asyncio switches Nagle's delay off (40 ms an answer) only for sockets that name TCP outright.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, given.port))
    listening.listen(socket.SOMAXCONN)
    app = Service(given.latency)
    print(f"http://{HOST}:{listening.getsockname()[1]}", flush=True)
    # Longer than a demo may leave a connection unused between two parts of the benchmark.
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="off", timeout_keep_alive=600
    )
    asyncio.run(uvicorn.Server(config).serve([listening]))


if __name__ == "__main__":
    main()
