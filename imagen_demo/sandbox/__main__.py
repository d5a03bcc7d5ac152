"""Runs the sandbox alone: `python -m imagen_demo.sandbox --port 8399 --latency 1.0`."""

import argparse

import uvicorn

from imagen_demo.sandbox.contract import IMAGEN_STATUSES
from imagen_demo.sandbox.server import HOST, build_app


def main() -> None:
    """Serve on loopback until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m imagen_demo.sandbox",
        description="A stand-in of AI/ML API for Imagen 4, on this machine only.",
    )
    parser.add_argument("--port", type=int, default=8399, help="port on 127.0.0.1 (8399)")
    parser.add_argument(
        "--latency", type=float, default=1.0, help="seconds each generation takes (1.0)"
    )
    parser.add_argument(
        "--imagen", choices=IMAGEN_STATUSES, default="", help="how Imagen 4 stands (in service)"
    )
    given = parser.parse_args()
    uvicorn.run(
        build_app(latency=given.latency, imagen=given.imagen),
        host=HOST,
        port=given.port,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
