"""Every failure a visitor can meet: what happened, whether it cost anything, what to do next.

    ImagenDemoError
    ├ ConfigurationError      a bad setting; stops the start, naming the variable
    ├ InvalidRequest          a field is wrong; nothing was sent
    ├ OverBudget              the host's own limit is used up
    ├ NotKept                 no disk would take what is drawn, so it is not asked for
    ├ ServiceUnreachable      no connection, or it broke
    │ └ ServiceTimeout        no answer in time: perhaps charged, so never sent again by itself
    ├ ServiceRefused          the service answered with a status that is no success
    │ ├ RequestRejected       400 and its kin
    │ ├ KeyRejected           401
    │ ├ AccessDenied          402, 403
    │ ├ ModelWithdrawn        404, 410
    │ ├ RateLimited           429
    │ └ ServiceFailed         5xx
    ├ Blocked                 the safety filter kept every picture back
    └ UnusableReply           a success without a usable picture

`aimlapi/client`, `aimlapi/picture_download`, `request` and `pictures/disk_space` raise them;
`ui/create/handlers` alone turns them into words on the page. Anything else that is raised is a bug
and stays one. This module imports nothing of ours.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from errno import EACCES, EDQUOT, ENAMETOOLONG, ENOSPC, EPERM, EROFS

PLAYED_BY_SANDBOX = "(Played by the sandbox; AI/ML API was not asked.)"

_NO_WAY_OUT = "Ask for fewer, or tell the demo's host."

# A gateway stopped waiting; whoever works behind it may have finished.
_PERHAPS_DONE = {502, 504, 524}

_DISK_SAYS = {
    ENOSPC: "This demo's disk is full",
    EDQUOT: "This demo's disk is full",
    EACCES: "This demo may not write to its disk",
    EPERM: "This demo may not write to its disk",
    EROFS: "This demo's disk is read-only",
    ENAMETOOLONG: "The file's name is too long for this demo's disk",
}


class Charged(StrEnum):
    """Whether a failure cost anything."""

    NO = "no"
    POSSIBLY = "possibly"
    YES = "yes"


class ImagenDemoError(Exception):
    """A failure that a visitor is told about.

    Attributes:
        message: What happened, in one sentence.
        advice: The one thing to do next.
        charged: Whether it cost anything.
        detail: The service's own words, unescaped and untrusted; empty if it gave none.
        reference: The id that AI/ML API's support finds the request by; empty if none.
        picture_urls: Links to pictures that were paid for and could not be fetched.
        from_sandbox: The sandbox played this failure; nothing is wrong with AI/ML API.
    """

    message = "Something went wrong."
    advice = "Try again in a minute."
    charged = Charged.NO

    def __init__(  # noqa: PLR0913 - each is one thing that the visitor is told
        self,
        message: str = "",
        *,
        advice: str = "",
        charged: Charged | None = None,
        detail: str = "",
        reference: str = "",
        picture_urls: tuple[str, ...] = (),
    ) -> None:
        """Give only what differs from the class: its own words are the rule."""
        self.message = message or self.message
        self.advice = advice or self.advice
        self.charged = self.charged if charged is None else charged
        self.detail = detail
        self.reference = reference
        self.picture_urls = picture_urls
        self.from_sandbox = False
        super().__init__(str(self))

    @property
    def cost(self) -> str:
        """What it cost, in one sentence."""
        return {
            Charged.NO: "Nothing was charged.",
            Charged.POSSIBLY: "It may still have been charged.",
            Charged.YES: "It was charged.",
        }[self.charged]

    def __str__(self) -> str:
        """Message, the service's own words, cost, advice and reference, in this order."""
        said = f"The service said: “{self.detail}”." if self.detail else ""
        reference = f"Request {self.reference} for support." if self.reference else ""
        played = PLAYED_BY_SANDBOX if self.from_sandbox else ""
        parts = (self.message, said, self.cost, self.advice, *self.picture_urls, reference, played)
        return " ".join(part for part in parts if part)


class ConfigurationError(ImagenDemoError):
    """A setting is wrong; the message names the variable and never repeats a secret."""

    message = "A setting is wrong."
    advice = "Correct it and start again."

    def __str__(self) -> str:
        """One sentence for the terminal: there is no visitor to reassure about cost."""
        return f"{self.message} {self.advice}"


class InvalidRequest(ImagenDemoError):  # noqa: N818 - the tree above reads as states, not errors
    """A field is wrong; raised before anything is sent.

    Attributes:
        field: The field's name, as in the API.
    """

    advice = "Change it and try again."

    def __init__(self, field: str, message: str, *, advice: str = "") -> None:
        """`field` is the name that widget, dataclass and API share."""
        self.field = field
        super().__init__(message, advice=advice)


class OverBudget(ImagenDemoError):  # noqa: N818
    """What the host allows is used up for now, of its key or of the sandbox.

    Attributes:
        opens_at: When there is more; None if nobody knows.
    """

    message = "This demo's own allowance is used up for now."
    advice = "Paste your own AI/ML API key: it works right away."

    def __init__(
        self, message: str = "", *, opens_at: datetime | None = None, key_helps: bool = True
    ) -> None:
        """`opens_at` is in UTC; `key_helps` says whether a visitor's own key is a way out."""
        self.opens_at = opens_at
        if opens_at is None:
            super().__init__(message, advice="" if key_helps else _NO_WAY_OUT)
            return
        minute = opens_at + timedelta(seconds=59)  # the first full one
        when = f"{minute:%H:%M} UTC"
        if opens_at - datetime.now(UTC) > timedelta(hours=12):
            when = f"{minute.day} {minute:%B, %H:%M} UTC"
        way_out = " Your own AI/ML API key works right away." if key_helps else ""
        super().__init__(message, advice=f"There is more from {when} on.{way_out}")


class NotKept(ImagenDemoError):  # noqa: N818
    """The disk would not take what is drawn; raised before anybody is asked to draw it."""

    message = "This demo cannot keep a picture just now, so nothing was drawn."
    advice = "Tell the demo's host."


def reason_of(error: OSError) -> str:
    """Why a disk took no file, for a visitor: a sentence that ends where another may follow."""
    said = error.strerror or type(error).__name__
    return _DISK_SAYS.get(error.errno or 0, f"This demo's disk says “{said}”")


class ServiceUnreachable(ImagenDemoError):  # noqa: N818
    """No connection, or it broke; `charged` says whether the request may have arrived."""

    message = "AI/ML API could not be reached."
    advice = "Check the network, then press Generate again."


class ServiceTimeout(ServiceUnreachable):
    """No answer within the read timeout; the picture may exist and may have been charged."""

    message = "AI/ML API did not answer in time."
    advice = "It was not asked for again by itself; press Generate if you want to."
    charged = Charged.POSSIBLY


class ServiceRefused(ImagenDemoError):  # noqa: N818
    """The service answered with a status that is no success. Failed requests cost nothing.

    Attributes:
        status: The HTTP status.
        inference_id: The service's own id of the request; empty if it gave none.
    """

    message = "AI/ML API refused this request."

    def __init__(  # noqa: PLR0913 - likewise
        self,
        status: int,
        *,
        message: str = "",
        advice: str = "",
        detail: str = "",
        reference: str = "",
        inference_id: str = "",
    ) -> None:
        """`detail` is the service's own explanation, `reference` the id we sent along."""
        self.status = status
        self.inference_id = inference_id
        super().__init__(message, advice=advice, detail=detail, reference=reference)
        if status in _PERHAPS_DONE:
            self.charged = Charged.POSSIBLY


class RequestRejected(ServiceRefused):
    """400: a field is wrong, and the detail names it; a safety refusal may look like this too."""

    message = "AI/ML API did not accept this request."
    advice = "Change what it names and try again."


class KeyRejected(ServiceRefused):
    """401: no key, or none that the service knows."""

    message = "AI/ML API does not know this key."
    advice = "Check it for a missing character, or make a new one at aimlapi.com/app/keys."


class AccessDenied(ServiceRefused):
    """403: out of credits, card not verified, or a limit of this key."""

    message = "AI/ML API does not let this key do that."
    advice = "Look at the key's limits at aimlapi.com/app/keys."


class ModelWithdrawn(ServiceRefused):
    """404: the model is gone.

    Attributes:
        successor: The id of the model to use instead; empty if there is none.
    """

    successor = ""

    message = "AI/ML API no longer offers this model."
    advice = "Choose another model under Options."


class RateLimited(ServiceRefused):
    """429, also after the retries."""

    message = "AI/ML API is getting too many requests from this key."
    advice = "Wait half a minute, then press Generate again."


class ServiceFailed(ServiceRefused):
    """5xx: a fault of the service or of the model behind it."""

    message = "AI/ML API has a problem of its own just now."
    advice = "Try again in a few minutes."


class Blocked(ImagenDemoError):  # noqa: N818
    """The safety filter kept every picture back: no fault of the visitor's, and free."""

    message = "The safety filter kept this picture back."
    advice = "Try other words, or see what the filter looks at under Options."


class UnusableReply(ImagenDemoError):  # noqa: N818
    """The service reported success and sent nothing that can be shown."""

    message = "AI/ML API answered, but not with a picture."
    advice = "Press Generate to try again."
    charged = Charged.POSSIBLY
