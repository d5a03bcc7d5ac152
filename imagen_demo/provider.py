"""Who answers: AI/ML API for a visitor's or the host's key, else the sandbox on this machine.

`app.py` makes one from the settings; the page only sees its `generate`. Both ways go through the
same `ImagenClient` over real HTTP.
"""

import threading
from typing import Literal

from imagen_demo.client import ImagenClient
from imagen_demo.errors import ImagenDemoError, InvalidRequest
from imagen_demo.generation import Generation
from imagen_demo.key import clean_key
from imagen_demo.request import GenerationRequest
from imagen_demo.sandbox.server import Sandbox
from imagen_demo.settings import SandboxMode, Settings

SANDBOX_LATENCY = 1.5
"""Seconds the demo's own sandbox takes: enough to see the page wait, too short to be a bore."""

_TEST_KEY_PREFIX = "sandbox-"
_NO_KEY = "sandbox-visitor"


class Provider:
    """Sends each request to whoever is to answer it; starts the sandbox when first needed."""

    def __init__(self, settings: Settings, *, sandbox_latency: float = SANDBOX_LATENCY) -> None:
        """`sandbox_latency` is in seconds."""
        self._settings = settings
        self._sandbox_latency = sandbox_latency
        self._imagen = ImagenClient(settings.base_url, timeouts=settings.timeouts)
        self._sandbox: tuple[Sandbox, ImagenClient] | None = None
        self._starting = threading.Lock()

    @property
    def without_key(self) -> Literal["sandbox", "host", "nobody", "always sandbox"]:
        """Who answers a visitor without a key, for the page's words."""
        if self._settings.sandbox is SandboxMode.ONLY:
            return "always sandbox"
        if self._settings.host_key:
            return "host"
        return "nobody" if self._settings.sandbox is SandboxMode.OFF else "sandbox"

    def generate(self, request: GenerationRequest, *, visitor_key: str) -> Generation:
        """Answer a request with whichever key there is, the visitor's before the host's.

        Raises:
            InvalidRequest: The key cannot be one, or one is needed and none is there.
            ImagenDemoError: Whatever `ImagenClient.generate` raises.
        """
        key = clean_key(visitor_key)
        if self._is_for_sandbox(key):
            return self._from_sandbox(request, key)
        paying_key = key or self._settings.host_key
        if not paying_key:
            raise InvalidRequest(
                "api_key",
                "This demo draws with your own AI/ML API key.",
                advice="Paste it into API key; a new one comes from aimlapi.com/app/keys.",
            )
        return self._imagen.generate(request, key=paying_key)

    def close(self) -> None:
        """Close connections, and the sandbox if it was started."""
        self._imagen.close()
        with self._starting:
            if self._sandbox:
                server, client = self._sandbox
                client.close()
                server.close()
                self._sandbox = None

    def _is_for_sandbox(self, key: str) -> bool:
        """Test keys are the sandbox's own: AI/ML API has no use for them."""
        if self._settings.sandbox is SandboxMode.OFF:
            return False
        is_test = key.startswith(_TEST_KEY_PREFIX)
        no_key = not key and not self._settings.host_key
        return self._settings.sandbox is SandboxMode.ONLY or is_test or no_key

    def _from_sandbox(self, request: GenerationRequest, key: str) -> Generation:
        is_test = key.startswith(_TEST_KEY_PREFIX)
        try:
            # A real key stays here: the sandbox draws for anyone, and has no business with it.
            return self._sandbox_client().generate(request, key=key if is_test else _NO_KEY)
        except ImagenDemoError as error:
            error.from_sandbox = True
            raise

    def _sandbox_client(self) -> ImagenClient:
        with self._starting:
            if self._sandbox is None:
                server = Sandbox.start(latency=self._sandbox_latency)
                client = ImagenClient(
                    server.url, timeouts=self._settings.timeouts, drawn_by="sandbox"
                )
                self._sandbox = server, client
            return self._sandbox[1]
