"""A demo in a network of its own, and a stranger who wants it to fetch a public address.

`test_api_calls` runs it in a new network namespace, where that address is this script's own, and
reads what it prints: what the doors answered, what the address was asked for, and which files were
kept.
"""

import fcntl
import json
import os
import socket
import struct
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import requests

from imagen_demo.settings import Settings
from tests.demos import sandbox_demo
from tests.server.test_api_calls import FILE, doors, nested, post

PUBLIC = "93.184.215.14"
"""Of the open internet everywhere but here."""

_SET_ADDRESS, _SET_FLAGS, _UP = 0x8916, 0x8914, 0x1  # <linux/sockios.h>, <net/if.h>


def give(interface: bytes, address: str) -> None:
    """Give an address to the loopback interface, under a name of its own, and take it up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        wanted = struct.pack(
            "16sH2s4s8x", interface, socket.AF_INET, b"", socket.inet_aton(address)
        )
        fcntl.ioctl(control, _SET_ADDRESS, wanted)
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sH", interface, _UP))


class Somewhere(BaseHTTPRequestHandler):
    """Answers anything with a file, and remembers what it was asked for."""

    asked: list[str] = []  # noqa: RUF012 - one for all connections

    def do_GET(self) -> None:
        """Be asked."""
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a stranger's file")

    do_HEAD = do_GET  # noqa: N815 - names the standard library looks for

    def log_message(self, *_: object) -> None:
        """Leave the output to what is found."""


def main() -> None:
    give(b"lo", "127.0.0.1")
    give(b"lo:1", PUBLIC)
    server = ThreadingHTTPServer((PUBLIC, 80), Somewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://{PUBLIC}/huge"
    with urllib.request.urlopen(address, timeout=10) as answer:
        reachable = answer.read() == b"a stranger's file"
    Somewhere.asked.clear()
    answers = []
    with sandbox_demo(Settings(mcp=True)) as url:
        here = url.rstrip("/")
        for depth, given in nested({"path": address, "meta": FILE}).items():
            for name, (door, body) in doors(here, given).items():
                answers.append((f"{name}, {depth}", post(here, door, body).status_code))
        for route in ("file=", "file/", "proxy="):
            for method in ("GET", "HEAD"):
                asked = requests.request(method, f"{url}gradio_api/{route}{address}", timeout=20)
                answers.append((f"{method} {route}", asked.status_code))
        for door in ("run/generate", "api/generate"):
            answers += [
                (door, post(here, door, {"data": [given]}).status_code)
                for given in nested({"path": address, "meta": FILE}).values()
            ]
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    kept = [str(each) for each in folder.rglob("huge*")]
    json.dump(
        {"reachable": reachable, "answers": answers, "asked": Somewhere.asked, "kept": kept},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
