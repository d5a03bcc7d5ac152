"""MCP, the door for assistants: the endpoint `/generate` as their tool `generate_image`.

`launch` opens it beside the page if `settings` says so, `answer` draws, and `domain/catalog` has
the words for its parameters. This module alone needs the package `mcp`.

Gradio's own MCP server is not used: it decodes each picture and encodes it again, which loses the
recipe, and gives no picture at all where there is a list of them [gradio/mcp.py].
"""

import json
import logging
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from imagen_demo.domain.catalog import OPTIONS
from imagen_demo.domain.errors import ImagenDemoError, InvalidRequest
from imagen_demo.domain.generation import MEDIA_TYPES
from imagen_demo.domain.option import Option
from imagen_demo.domain.receipt import Receipt
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.endpoints.answer import Answering
from imagen_demo.service.generate import VISITORS_AT_ONCE

log = logging.getLogger("imagen_demo")

PATHS = ("/gradio_api/mcp", "/gradio_api/mcp/")
"""Where Gradio has its own, so where clients look; it leaves answers there uncompressed."""

_DESCRIPTION = """\
Generate pictures with Google's Imagen 4 from a text prompt.

Answers with the pictures themselves and a receipt: model, prompt, rewritten_prompt (what the model
made of the prompt), seed, width and height in pixels, tokens_used, usd_spent, seconds and
inference_id. drawn_by is "imagen", or "sandbox": then a stand-in drew a picture for trying things
out, and nothing was spent.

Every picture costs money, and a call takes 5 to 45 seconds. A failure says in words what happened,
whether it was charged and what to do next; ask the user before repeating a call that may have been
charged. Write the prompt in English and describe what is to be seen.\
"""

_FAULT = (
    "Something is wrong with this demo itself. It may still have been charged. "
    "Tell the demo's host."
)


class McpEndpoint:
    """The ASGI app that answers MCP clients, over streamable HTTP and without sessions.

    Without sessions any of several processes can answer, and nobody can fill the memory with them.
    """

    def __init__(self, answering: Answering, refusal: Callable[[], str | None]) -> None:
        """`refusal` says why nothing new is drawn just now; None if it is."""
        self._answering = answering
        self._refusal = refusal
        self._tool = _tool()
        self._waiting = CapacityLimiter(VISITORS_AT_ONCE)
        self._server: Server[Any, Request] = Server("imagen-demo")
        self._server.request_handlers[types.ListToolsRequest] = self._list_tools
        self._server.request_handlers[types.CallToolRequest] = self._call_tool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; where it comes from is `server/middleware`'s to judge."""
        # One for each: it keeps nothing from one request to the next, so nothing needs to be
        # started with the app or stopped with it.
        clients = StreamableHTTPSessionManager(self._server, stateless=True)
        async with clients.run():
            await clients.handle_request(scope, receive, send)

    async def _list_tools(self, _: types.ListToolsRequest) -> types.ServerResult:
        return types.ServerResult(types.ListToolsResult(tools=[self._tool]))

    async def _call_tool(self, asked: types.CallToolRequest) -> types.ServerResult:
        request = self._server.request_context.request
        arguments = asked.params.arguments or {}
        if refusal := self._refusal():
            return _failed(refusal)
        if asked.params.name != self._tool.name:
            return _failed(f"The only tool here is {self._tool.name}.")
        if not arguments.keys() <= (known := self._tool.inputSchema["properties"]).keys():
            # Not quoted: a key may have been given in the wrong place.
            use_only = f"Use only: {', '.join(known)}."
            return _failed(InvalidRequest("", "One of the options is unknown.", advice=use_only))
        try:
            result = await run_sync(
                partial(self._draw, request, {"prompt": "", **arguments}), limiter=self._waiting
            )
        except ImagenDemoError as error:
            return _failed(error)
        except Exception:
            # The package would tell the client, and nobody else.
            log.exception("The MCP door met a fault.")
            return _failed(_FAULT)
        return types.ServerResult(result)

    def _draw(self, request: Request | None, arguments: dict[str, Any]) -> types.CallToolResult:
        key = request.headers.get("x-aimlapi-key", "") if request else ""
        answer = self._answering.answer(GenerationRequest(**arguments), api_key=key, caller=request)
        receipt = answer.receipt.to_json()
        said = types.TextContent(type="text", text=json.dumps(receipt, ensure_ascii=False))
        pictures = [_content_of(each) for each in answer.files]
        return types.CallToolResult(content=[*pictures, said], structuredContent=receipt)


def _is_private(record: logging.LogRecord) -> bool:
    """Whether a line of the root logger's may be written: the package quotes malformed calls."""
    return not str(record.msg).startswith(("Failed to validate", "Message that failed validation"))


def mcp_routes(answering: Answering, refusal: Callable[[], str | None]) -> list[Route]:
    """Return the routes that a demo's app must have to answer MCP clients.

    Args:
        answering: Draws.
        refusal: Says why nothing new is drawn just now; None if it is.
    """
    logging.getLogger().addFilter(_is_private)
    door = McpEndpoint(answering, refusal)
    # No GET: nothing is sent to a client unasked [MCP specification, streamable HTTP].
    return [Route(path, door, methods=["POST"]) for path in PATHS]


def _tool() -> types.Tool:
    return types.Tool(
        name="generate_image",
        title="Imagen 4",
        description=_DESCRIPTION,
        inputSchema=_input_schema(),
        outputSchema=TypeAdapter(Receipt).json_schema(),
        annotations=types.ToolAnnotations(
            readOnlyHint=False, destructiveHint=False, idempotentHint=False, openWorldHint=True
        ),
    )


def _input_schema() -> dict[str, Any]:
    """The request's own fields and types, with the catalog's limits and words."""
    schema = TypeAdapter(GenerationRequest).json_schema()
    return {
        "type": "object",
        "properties": {
            name: {**typed, **_limits(OPTIONS[name]), "description": OPTIONS[name].description}
            for name, typed in schema["properties"].items()
        },
        "required": schema["required"],
        "additionalProperties": False,
    }


def _limits(option: Option) -> dict[str, object]:
    if option.limits:
        low, high = option.limits
        return {"minimum": low, "maximum": high}
    return {"enum": list(option.choices)} if option.choices else {}


def _content_of(path: Path) -> types.ImageContent:
    """A picture's file as it lies, its recipe included."""
    data = b64encode(path.read_bytes()).decode()
    return types.ImageContent(type="image", data=data, mimeType=MEDIA_TYPES[path.suffix])


def _failed(said: object) -> types.ServerResult:
    words = types.TextContent(type="text", text=str(said))
    return types.ServerResult(types.CallToolResult(content=[words], isError=True))
