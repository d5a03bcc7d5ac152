"""A browser demo of Google's Imagen 4, reached through AI/ML API.

The way of a prompt, whichever door it comes by (the page, REST, MCP):

    ui/create -> domain/request -> service/generate -> service/provider
        -> aimlapi/client -> domain/generation -> pictures/album -> ui/create

The rooms, each with its own rules of whom it may import (pyproject.toml holds them):

    domain     what is asked for and what came back; no HTTP, no Gradio, no disk
    aimlapi    AI/ML API over HTTP, and whom a picture's link may reach
    pictures   files: the recipe inside, the album, how long it is kept, small versions
    service    one request: who answers, who pays, what is kept
    endpoints  the doors for programs: REST and MCP
    server     what every HTTP request meets before any of that
    host       what the host sees of it all while it runs, and can turn
    stage      pictures for a projector: a visitor's own, and the room's
    ui         the page, by panel
    sandbox    a stand-in of AI/ML API that runs on this machine

Beside them: `settings` reads the environment, `launch` puts everything together, `logs` writes one
line a request, `markup` sets templates up, `command_line` is what a host types, and `check` what
`--check` does.
docs/architecture.md has the ways of a key and of a dropped file, too.
"""

__version__ = "1.0.0"
"""The only place that has it; CHANGELOG.md says what changed with it."""

NAMED = f"imagen-demo {__version__}"
"""How the demo calls itself: in its log, in a picture's recipe, to `--version` and `/readyz`."""
