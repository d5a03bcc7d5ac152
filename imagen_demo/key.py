"""What a person pasted as an API key, made fit for a header or refused without repeating it.

`settings` asks for the host's key, `provider` for the visitor's.
"""

import re
from typing import Literal

from imagen_demo.errors import InvalidRequest

MAX_KEY_LENGTH = 256

Payer = Literal["sandbox", "host", "nobody", "always sandbox"]
"""Who answers a visitor that gives no key; the last one answers whatever they give."""

DRAWN_HERE: frozenset[Payer] = frozenset({"sandbox", "always sandbox"})
"""Those with whom a visitor without a key gets a picture for free."""


def clean_key(pasted: str) -> str:
    """Strip the space and the `Bearer` that often come along; any other shape of key is fine.

    Raises:
        InvalidRequest: It cannot be sent in a header; the message says nothing of its content.
    """
    key = re.sub(r"bearer(\s+|$)", "", pasted.strip(), count=1, flags=re.IGNORECASE)
    if len(key) > MAX_KEY_LENGTH or not all("!" <= char <= "~" for char in key):
        raise InvalidRequest(
            "api_key",
            "That is not an API key.",
            advice="Copy it again from aimlapi.com/app/keys, letters and digits only.",
        )
    return key
