"""Who answers: AI/ML API for a visitor's or the host's key, else the sandbox on this machine.

`launch` makes one from the settings; the page only sees its methods. Both ways go through the
same `ImagenClient` over real HTTP.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imagen_demo.aimlapi.client import ImagenClient
from imagen_demo.aimlapi.deprecations import Lifecycle
from imagen_demo.aimlapi.error_mapping import tell_as_listed
from imagen_demo.domain.advice import Action
from imagen_demo.domain.errors import (
    AccessDenied,
    ImagenDemoError,
    InvalidRequest,
    KeyRejected,
    ModelWithdrawn,
    RateLimited,
)
from imagen_demo.domain.generation import Balance, Generation, OnPicture
from imagen_demo.domain.model_status import Standing
from imagen_demo.domain.pricing import Prices, believed, may_cost
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.service.api_key import clean_key
from imagen_demo.service.budget import Budget, Spending
from imagen_demo.service.provider_settings import Payer, ProviderSettings, SandboxMode
from imagen_demo.service.sandbox_limit import SandboxLimit
from imagen_demo.service.switches import Switches

if TYPE_CHECKING:
    from imagen_demo.sandbox.server import Sandbox

log = logging.getLogger("imagen_demo")

SANDBOX_LATENCY = 1.5
"""Seconds the demo's own sandbox takes: enough to see the page wait, too short to be a bore."""

MAX_PLAYED = 24
"""Requests with test keys at once: a few, of the many that may wait side by side."""

MAX_PAID_PROMPT = 4_000
"""Characters of a prompt that the host pays for, where the model itself sets no limit."""

_HOST_KEY_FAILS = "This demo's own key does not work just now."

_TEST_KEY_PREFIX = "sandbox-"
_NO_KEY = "sandbox-visitor"


class Provider:
    """Sends each request to whoever is to answer it; starts the sandbox when first needed."""

    def __init__(
        self,
        settings: ProviderSettings,
        *,
        switches: Switches | None = None,
        sandbox_latency: float = SANDBOX_LATENCY,
    ) -> None:
        """`switches` are what the host turns meanwhile; `sandbox_latency` is in seconds."""
        self._settings = settings
        self._switches = switches or Switches()
        self.budget = Budget(settings.allowance, self._switches)
        # The host's own: a visitor's key may be charged otherwise, and decides nothing here.
        self._charged = Prices()
        self._sandbox_limit = SandboxLimit(
            settings.sandbox_limit, key_helps=settings.sandbox is not SandboxMode.ONLY
        )
        self._sandbox_latency = sandbox_latency
        self._imagen = ImagenClient(settings.base_url, timeouts=settings.timeouts)
        self.lifecycle = Lifecycle(self._imagen.deprecations)
        self._sandbox: tuple[Sandbox, ImagenClient] | None = None
        self._starting = threading.Lock()
        self._stage = threading.BoundedSemaphore(MAX_PLAYED)

    @property
    def _host_key(self) -> str:
        """The host's key, unless it is switched off."""
        return "" if self._switches.key_is_off() else self._settings.host_key

    @property
    def without_key(self) -> Payer:
        """Who answers a visitor without a key, for the page's words."""
        if self._settings.sandbox is SandboxMode.ONLY:
            return "always sandbox"
        if self._is_for_sandbox(self._host_key):
            return "sandbox"
        return "host" if self._host_key else "nobody"

    def trouble(self) -> str:
        """Say in a few words why nothing can be counted; empty if it can."""
        return self.budget.trouble()

    def generate(
        self,
        request: GenerationRequest,
        *,
        api_key: str,
        on_picture: OnPicture,
        spender: str = "",
    ) -> Generation:
        """Answer a request with whichever key there is, the visitor's before the host's.

        Args:
            request: What to draw.
            api_key: The visitor's own key; empty if they gave none.
            on_picture: Told of each picture as it arrives (see `ImagenClient.generate`).
            spender: Whose share of the host's budget it is (see `generate.SpenderOf`).

        Raises:
            InvalidRequest: The key cannot be one, or one is needed and none is there.
            OverBudget: The host's key would pay, or the sandbox draw, and the host does not allow
                it.
            ImagenDemoError: Whatever `ImagenClient.generate` raises.
        """
        api_key = clean_key(api_key)
        host_key = "" if api_key else self._host_key  # asked once: it may be switched meanwhile
        if self._is_for_sandbox(api_key or host_key):
            if not self._settings.local:
                self._sandbox_limit.take(spender, request.num_images)
            with _played_by_sandbox(), self._place_on_stage(api_key):
                generation = self._sandbox_client().generate(
                    request,
                    api_key=_sandbox_key(api_key or host_key),
                    on_picture=on_picture,
                )
            for each in generation.lost:
                each.from_sandbox = True
            return generation
        if not api_key and not host_key:
            raise InvalidRequest(
                "api_key",
                f"This demo draws with your own {VENDOR.name} key.",
                advice=f"Paste it into API key; a new one comes from {VENDOR.key_page}.",
            )
        try:
            if api_key:
                return self._imagen.generate(request, api_key=api_key, on_picture=on_picture)
            return self._at_the_hosts_expense(host_key, request, on_picture, spender)
        except ModelWithdrawn as error:
            standing = self.standing(request.model)
            if standing:
                tell_as_listed(error, request.model, standing)
            raise
        except (KeyRejected, AccessDenied, RateLimited) as error:
            if not api_key:
                error.reword(_HOST_KEY_FAILS, Action.USE_OWN_KEY_OR_TELL_HOST)
            raise

    def _at_the_hosts_expense(
        self, host_key: str, request: GenerationRequest, on_picture: OnPicture, spender: str
    ) -> Generation:
        if len(request.prompt) > MAX_PAID_PROMPT:
            raise InvalidRequest(
                "prompt",
                f"This demo's host pays for prompts of up to {MAX_PAID_PROMPT} characters.",
                advice=f"Shorten it, or paste your own {VENDOR.name} key.",
            )
        with self.budget.spending(
            spender,
            pictures=request.num_images,
            tokens=self._charged.at_most(request),
            least=may_cost(request),
        ) as spending:
            generation = self._imagen.generate(request, api_key=host_key, on_picture=on_picture)
            self._charged.note(generation)
            _count(spending, generation)
            return generation

    @contextmanager
    def _place_on_stage(self, api_key: str) -> Iterator[None]:
        """Let only so many failures be played at once: they are free, and may last for minutes."""
        if not api_key.startswith(_TEST_KEY_PREFIX):
            yield
            return
        if not self._stage.acquire(blocking=False):
            raise InvalidRequest(
                "api_key",
                "Too many test keys are in use here at once.",
                advice="Try again in a few minutes.",
            )
        try:
            yield
        finally:
            self._stage.release()

    def standing(self, model: str) -> Standing | None:
        """Say whether a model is on its way out, as far as AI/ML API's list was read."""
        return self.lifecycle.standing(model)

    def is_free(self, api_key: str) -> bool:
        """Say whether the sandbox answers, and so nobody pays.

        Raises:
            InvalidRequest: The key cannot be one.
        """
        return self._is_for_sandbox(clean_key(api_key) or self._host_key)

    def check_key(self, api_key: str) -> Balance:
        """Ask what is left on the account of the visitor's own key; spends nothing.

        Raises:
            InvalidRequest: There is no key, or this demo would not use it.
            ImagenDemoError: The key does not work, or nobody answers.
        """
        api_key = clean_key(api_key)
        if not api_key:
            raise InvalidRequest(
                "api_key",
                "There is no key to check.",
                advice=f"Paste one; a new one comes from {VENDOR.key_page}.",
            )
        if not self._is_for_sandbox(api_key):
            return self._imagen.balance(api_key=api_key)
        if not api_key.startswith(_TEST_KEY_PREFIX):
            raise InvalidRequest(
                "api_key",
                "This demo draws with its sandbox alone and sends no key anywhere.",
                advice="Leave the key out.",
            )
        with _played_by_sandbox():
            return self._sandbox_client().balance(api_key=api_key)

    def watch(self) -> None:
        """Begin to follow AI/ML API's list of deprecations, unless the sandbox always answers."""
        if self._settings.sandbox is not SandboxMode.ONLY:
            self.lifecycle.watch()

    def close(self) -> None:
        """Close connections, and the sandbox if it was started."""
        self.lifecycle.close()
        self._imagen.close()
        with self._starting:
            if self._sandbox:
                server, client = self._sandbox
                client.close()
                server.close()
                self._sandbox = None

    def _is_for_sandbox(self, paying_key: str) -> bool:
        """Test keys are the sandbox's own: AI/ML API has no use for them."""
        if self._settings.sandbox is SandboxMode.OFF:
            return False
        is_test = paying_key.startswith(_TEST_KEY_PREFIX)
        return self._settings.sandbox is SandboxMode.ONLY or is_test or not paying_key

    def _sandbox_client(self) -> ImagenClient:
        with self._starting:
            if self._sandbox is None:
                # Its painter is the slowest of all imports, and a demo with a key needs none.
                from imagen_demo.sandbox.server import Sandbox  # noqa: PLC0415

                server = Sandbox.start(latency=self._sandbox_latency)
                client = ImagenClient(
                    server.url, timeouts=self._settings.timeouts, drawn_by="sandbox"
                )
                self._sandbox = server, client
            return self._sandbox[1]


def _count(spending: Spending, generation: Generation) -> None:
    """Count what was charged; what was set aside for those pictures, where that is not known."""
    reported, tokens = generation.usage.tokens_counted, believed(generation)
    a_picture = spending.tokens / spending.pictures
    spending.pictures = generation.charged
    spending.tokens = tokens or round(a_picture * generation.charged)
    if reported > tokens:
        said = "%s was charged %d tokens, which is beyond reason; %d are counted"
        log.warning(said, generation.request.model, reported, spending.tokens)


def _sandbox_key(api_key: str) -> str:
    """A real key stays here: the sandbox draws for anyone, and has no business with it."""
    return api_key if api_key.startswith(_TEST_KEY_PREFIX) else _NO_KEY


@contextmanager
def _played_by_sandbox() -> Iterator[None]:
    """Let a failure of the sandbox say whose it is."""
    try:
        yield
    except ImagenDemoError as error:
        error.from_sandbox = True
        raise
