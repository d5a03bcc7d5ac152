"""What came back: pictures, the prompts they were drawn from, and what they cost.

`aimlapi/client` brings a generation home; `pictures/metadata` writes what is known of it into each
of its pictures.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.request import GenerationRequest

MAX_PICTURE_BYTES = 32 * 1024**2
"""Largest file of a picture: more than any of the API's has."""

MAX_REWRITTEN = 4_000
"""Characters of a rewritten prompt that are kept: ten times the longest one documented."""

MAX_QUOTED = 16_000
"""Characters of an answer that is quoted; four pictures' entries with long prompts have fewer."""

MAX_AMOUNT = 1e15
"""Tokens or dollars from which on a figure is nonsense."""

MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
"""Of a picture's file, by how its name ends."""

DrawnBy = Literal["imagen", "sandbox"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What one generation cost, as far as the service said.

    Attributes:
        tokens_used: Tokens (the API also calls them credits).
        usd_spent: US dollars.
    """

    tokens_used: int | None = None
    usd_spent: float | None = None

    @property
    def tokens_counted(self) -> int:
        """The larger of both, in tokens at the documented rate; 0 if nothing was said."""
        return max(self.tokens_used or 0, round((self.usd_spent or 0) * TOKENS_PER_USD))


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left on a key's account.

    Attributes:
        usd: US dollars; below zero on an overdrawn account.
        from_sandbox: It is the sandbox's, and no real account.
    """

    usd: float
    from_sandbox: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's file, known to be one: the very bytes that the service sent, or these inscribed.

    Attributes:
        suffix: `.png`, `.jpg` or `.webp`, by the bytes and not by what the service called them.
        width: Pixels.
        height: Pixels.
        rewritten_prompt: The prompt as the model rewrote it; None if it gave none back.
    """

    data: bytes
    suffix: str
    width: int
    height: int
    rewritten_prompt: str | None

    @property
    def data_url(self) -> str:
        """The picture itself as an address, for a page that cannot point to a file."""
        return f"data:{MEDIA_TYPES[self.suffix]};base64,{b64encode(self.data).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One answered request.

    Attributes:
        pictures: At least one, at most `request.num_images`.
        charged: How many pictures were charged: those that arrived, and those lost on the way;
            never more than were asked for, whatever the service sends.
        missing: That pictures are fewer than asked for, in a sentence; empty if they are not.
        usage: What all of them cost together.
        seconds: From the click's request to the last picture's last byte.
        inference_id: The service's own id of this generation; empty if it gave none.
        drawn_by: `imagen` or `sandbox`.
        response: The service's JSON, long data in it shortened; empty if it cannot be quoted.
        lost: What became of each picture that was charged and did not arrive.
    """

    request: GenerationRequest
    pictures: tuple[Picture, ...]
    charged: int
    missing: tuple[str, ...]
    usage: Usage
    seconds: float
    inference_id: str
    drawn_by: DrawnBy
    response: str = ""
    lost: tuple[ImagenDemoError, ...] = ()


OnPicture = Callable[[int, Generation], None]
"""Told of each picture as it arrives: its place among those asked for, from 0, and the generation
so far, with just this picture in it."""
