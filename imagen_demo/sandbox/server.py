"""The sandbox behind a socket on loopback: inside the demo on a port of its own, or alone.

`replies` decides what to answer; this adds the waiting, the links, the pictures (by `painter`)
and the ids that a real service would.
"""

import base64
import hashlib
import json
import re
import secrets
import socket
import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from imagen_demo.sandbox.contract import IMAGEN_MODELS, SLOW_KEY, SLOW_SECONDS, Json, Refusal
from imagen_demo.sandbox.painter import paint
from imagen_demo.sandbox.replies import (
    Order,
    Reply,
    billing,
    deprecations,
    generate,
    problem,
)

HOST = "127.0.0.1"
MAX_LINKS = 4096
"""Picture links that stay alive; the oldest die first."""


def build_app(*, latency: float, imagen: str = "") -> Starlette:
    """Return the sandbox as an ASGI app.

    Args:
        latency: Seconds that each generation takes.
        imagen: How Imagen 4 stands: one of `IMAGEN_STATUSES`, or empty for in service.
    """
    service = _Service(latency, imagen)
    return Starlette(
        routes=[
            Route("/v1/images/generations", service.generations, methods=["POST"]),
            Route("/v2/billing", service.billing),
            Route("/v1/models/deprecations", service.deprecations),
            Route("/generations/sandbox/{name}.png", service.picture),
        ],
        exception_handlers={HTTPException: _not_found},
    )


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox in a thread of this process."""

    url: str
    _server: uvicorn.Server
    _thread: threading.Thread

    @classmethod
    def start(cls, *, latency: float, port: int = 0, imagen: str = "") -> Self:
        """Listen on loopback; port 0 lets the system choose. Requests are answered right away.

        `latency` and `imagen` are those of `build_app`.

        Raises:
            OSError: The port is taken.
        """
        listening = _listen(port)
        config = uvicorn.Config(
            build_app(latency=latency, imagen=imagen),
            log_level="warning",
            access_log=False,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, args=([listening],), name="sandbox", daemon=True
        )
        thread.start()
        return cls(f"http://{HOST}:{listening.getsockname()[1]}", server, thread)

    def close(self) -> None:
        """Stop listening, hang up on whoever still waits, and end the thread."""
        for connection in tuple(self._server.server_state.connections):
            connection.loop.call_soon_threadsafe(connection.transport.abort)
        self._server.force_exit = True
        self._server.should_exit = True
        self._thread.join(timeout=5)


class _Service:
    """The routes, and the links they have handed out."""

    def __init__(self, latency: float, imagen: str) -> None:
        self._latency = latency
        self._withdrawn = IMAGEN_MODELS if imagen == "withdrawn" else frozenset()
        self._imagen = imagen
        self._orders: OrderedDict[str, Order] = OrderedDict()
        # One picture at a time: painting side by side in one process is no faster, and starves
        # the page that is served beside it.
        self._easel = anyio.CapacityLimiter(1)

    async def generations(self, request: Request) -> Response:
        key = _key(request)
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            body = None
        reply = generate(body, key, fresh_seed=secrets.randbits(32), withdrawn=self._withdrawn)
        latency = self._latency if reply.orders else 0
        await _wait(request, SLOW_SECONDS if key == SLOW_KEY else latency)
        data = [
            entry | await self._hand_out(order, request, as_link=reply.as_links)
            for order, entry in zip(reply.orders, reply.entries, strict=True)
        ]
        if isinstance(reply.body, dict) and reply.body.get("data") == []:
            reply.body["data"] = data
        return _respond(request, reply)

    async def _hand_out(self, order: Order, request: Request, *, as_link: bool) -> Json:
        if not as_link:
            data = await self._drawn(order)
            return {"b64_json": base64.b64encode(data).decode()}
        name = uuid.uuid4().hex
        self._orders[name] = order
        while len(self._orders) > MAX_LINKS:
            self._orders.popitem(last=False)
        return {"url": str(request.url_for("picture", name=name))}

    async def picture(self, request: Request) -> Response:
        order = self._orders.get(request.path_params["name"])
        if order is None:
            raise HTTPException(404)
        data = await self._drawn(order)
        return Response(data, media_type="text/html" if order.garbage else "image/png")

    async def _drawn(self, order: Order) -> bytes:
        return await anyio.to_thread.run_sync(_draw, order, limiter=self._easel)

    async def billing(self, request: Request) -> Response:
        return _respond(request, billing(_key(request)))

    async def deprecations(self, request: Request) -> Response:
        wanted = request.query_params
        data = deprecations(
            imagen=self._imagen, status=wanted.get("status"), since=wanted.get("since", "")
        )
        tag = f'"{hashlib.sha256(json.dumps(data).encode()).hexdigest()[:16]}"'
        headers = {"etag": tag, "cache-control": "public, max-age=300"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        body: Json = {"object": "list", "generated_at": _now(), "data": data}
        return _respond(request, Reply(200, body, headers=headers))


async def _wait(request: Request, seconds: float) -> None:
    """Wait, but not for somebody who has hung up."""
    with anyio.move_on_after(seconds):
        while (await request.receive())["type"] != "http.disconnect":
            pass


def _listen(port: int) -> socket.socket:
    # asyncio switches Nagle's delay off (40 ms an answer) only for sockets that name TCP outright.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(socket.SOMAXCONN)
    return listening


def _draw(order: Order) -> bytes:
    if order.garbage:
        return b"<html><body>This is no picture.</body></html>"
    return paint(order.prompt, seed=order.seed, width=order.width, height=order.height)


def _key(request: Request) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _respond(request: Request, reply: Reply) -> Response:
    """Send a reply as JSON, with the ids that the service puts on every answer."""
    request_id = uuid.uuid4().hex
    headers = {"x-inference-id": request_id, **reply.headers}
    client_id = request.headers.get("x-client-request-id", "")
    if re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", client_id):  # others are dropped silently
        headers["x-client-request-id"] = client_id
    if isinstance(reply.body, str):
        return Response(reply.body, reply.status, {**headers, "content-type": "text/html"})
    body: Mapping[str, object] = reply.body
    if "error" in body:
        path = request.url.path
        body = {**body, "instance": f"{path}?", "requestId": request_id, "timestamp": _now()}
    headers.setdefault("content-type", "application/json; charset=utf-8")
    return Response(json.dumps(body), reply.status, headers)


async def _not_found(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        refusal = Refusal(405, "MethodNotAllowedException", "Method not allowed.")
    else:
        refusal = Refusal(404, "NotFoundException", "Cannot find that.")
    return _respond(request, problem(refusal))
