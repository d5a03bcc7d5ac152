"""Stops the demo without losing what was paid for: pictures on their way are awaited and kept.

`launch` asks for it and says what to wait for, `middleware` refuses whatever is new meanwhile.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from imagen_demo.server.routes import has_body, is_mcp

log = logging.getLogger("imagen_demo")

_NOTICE = "This demo is about to stop. Nothing was charged."

_PATIENCE = 30.0
"""Seconds; as long as most hosts wait between SIGTERM and SIGKILL, or can be told to."""

_QUIET = 1.0
"""Seconds without work that count as the end: a click may be in Gradio's queue, and a page that
got its picture fetches the file."""


class Shutdown:
    """Whether the demo is on its way out."""

    def __init__(
        self, is_busy: Callable[[], bool] = bool, at_the_end: Callable[[], object] = bool
    ) -> None:
        """It is not; `is_busy` says what must be over before the end, at which one more is done."""
        self.begun = False
        self._at_the_end = at_the_end
        self._is_busy = is_busy

    def at_sigterm(self) -> None:
        """Stop gently when the host asks for it; the main thread has nothing else to do then."""
        # `gradio app.py` runs the file in another thread, where no signal can be taken: it ends at
        # once there, as what is edited does.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._stop)

    def notice(self) -> str | None:
        """What whoever asks for something new is told; None until it begins."""
        return _NOTICE if self.begun else None

    def refusal(self, request: Request) -> Response | None:
        """The answer to a request for something new, once it has begun."""
        # An MCP client that is given its pictures asks what the tool is, and loses them if that is
        # refused. So that door refuses for itself what is new.
        too_late = self.begun and has_body(request) and not is_mcp(request)
        return PlainTextResponse(_NOTICE, 503) if too_late else None

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whoever says it twice means now
        self.begun = True
        log.info("stopping, as soon as what is being drawn is here")
        now = quiet_since = time.monotonic()
        end = now + _PATIENCE
        while now < end and now - quiet_since < _QUIET:
            time.sleep(0.05)
            now = time.monotonic()
            if self._is_busy():
                quiet_since = now
        self._at_the_end()
        logging.shutdown()
        sys.stdout.flush()
        # Not sys.exit, which would wait for threads that still wait for the service.
        os._exit(1 if self._is_busy() else 0)
