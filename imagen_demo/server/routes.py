"""Which of the app's routes a request is for, and whether it brings anything along.

Every step of `middleware` that must know asks here.
"""

from starlette.requests import Request

API = "/gradio_api"
"""What Gradio's own routes begin with."""

_MCP = f"{API}/mcp"
_UPLOAD = f"{API}/upload"

_WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}


def route_of(request: Request) -> str:
    """The path as the app's routes see it, wherever the app is mounted [as in Starlette]."""
    path, root = str(request.scope["path"]), str(request.scope.get("root_path", ""))
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path


def has_body(request: Request) -> bool:
    """Whether it may carry something, and so ask for something to be done."""
    return request.method not in _WITHOUT_BODY


def is_mcp(request: Request) -> bool:
    """Whether it is for the door for assistants."""
    return route_of(request).rstrip("/") == _MCP


def is_upload(request: Request) -> bool:
    """Whether it is for the one route that takes files."""
    return route_of(request).rstrip("/").endswith(_UPLOAD)
