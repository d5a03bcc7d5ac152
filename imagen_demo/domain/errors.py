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

Whoever meets one raises it; the handlers of `ui` and `endpoints` turn it into words for those who
asked. Anything else that is raised is a bug and stays one. `advice` words what to do, `vendor` has
the service's name, `wording` that of dates.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from errno import EACCES, EDQUOT, ENAMETOOLONG, ENOSPC, EPERM, EROFS
from typing import Literal

from imagen_demo.domain.advice import Action, Door
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.domain.wording import opening

PLAYED_BY_SANDBOX = f"(Played by the sandbox; {VENDOR.name} was not asked.)"

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


NOT_ENCRYPTED = " (not encrypted)"
"""What marks a link that anybody on its way can read and change."""


def is_web_address(url: str) -> bool:
    """Whether a link leads to a page or a file of the web, and to no script or data."""
    return url.startswith(("https://", "http://"))


def is_encrypted(url: str) -> bool:
    """Whether nobody on a link's way can read or change what it leads to."""
    return url.startswith("https://")


class Charged(StrEnum):
    """Whether a failure cost anything."""

    NO = "no"
    POSSIBLY = "possibly"
    YES = "yes"


class ImagenDemoError(Exception):
    """A failure that a visitor is told about.

    Attributes:
        message: What happened, in one sentence.
        action: The one thing to do next.
        about: What the action's words leave open, by name.
        advice: What to do where it is said in words of this one case; else empty.
        charged: Whether it cost anything.
        detail: The service's own words, unescaped and untrusted; empty if it gave none.
        reference: The id that AI/ML API's support finds the request by; empty if none.
        picture_urls: Links to pictures that were paid for and could not be fetched.
        from_sandbox: The sandbox played this failure; nothing is wrong with AI/ML API.
    """

    message = "Something went wrong."
    action = Action.TRY_SOON
    charged = Charged.NO

    def __init__(  # noqa: PLR0913 - each is one thing that the visitor is told
        self,
        message: str = "",
        *,
        action: Action | None = None,
        about: Mapping[str, object] | None = None,
        advice: str = "",
        charged: Charged | None = None,
        detail: str = "",
        reference: str = "",
        picture_urls: tuple[str, ...] = (),
    ) -> None:
        """Give only what differs from the class: its own words are the rule."""
        self.message = message or self.message
        self.action = action or self.action
        self.about = about or {}
        self.advice = advice
        self.charged = self.charged if charged is None else charged
        self.detail = detail
        self.reference = reference
        self.picture_urls = picture_urls
        self.from_sandbox = False
        super().__init__(str(self))

    @property
    def cost(self) -> str:
        """What it cost, in one sentence; of what the sandbox plays, what it would cost."""
        played = self.from_sandbox
        return {
            Charged.NO: "Nothing was charged.",
            Charged.POSSIBLY: f"It {'might' if played else 'may still'} have been charged.",
            Charged.YES: f"It {'would have been' if played else 'was'} charged.",
        }[self.charged]

    def advice_at(self, door: Door) -> str:
        """What to do next, in the words of a door."""
        return self.advice or door.advise(self.action, self.about)

    def told_at(self, door: Door) -> str:
        """Message, the service's own words, cost, advice and reference, in this order."""
        said = f"The service said: “{self.detail}”." if self.detail else ""
        reference = f"Request {self.reference} for support." if self.reference else ""
        played = PLAYED_BY_SANDBOX if self.from_sandbox else ""
        advice = self.advice_at(door)
        links = (f"{url}{'' if is_encrypted(url) else NOT_ENCRYPTED}" for url in self.picture_urls)
        parts = (self.message, said, self.cost, advice, *links, reference, played)
        return " ".join(part for part in parts if part)

    def reword(self, message: str, action: Action, **about: object) -> None:
        """Tell the same failure in other words, which leave the service's own out."""
        self.message, self.action, self.about = message, action, about
        self.advice = self.detail = ""
        self.args = (str(self),)

    def __str__(self) -> str:
        """All that is told, in the words for programs."""
        return self.told_at(Door.PROGRAM)


class ConfigurationError(ImagenDemoError):
    """A setting is wrong; the message names the variable and never repeats a secret."""

    message = "A setting is wrong."
    action = Action.CORRECT_SETTING

    def __str__(self) -> str:
        """One sentence for the terminal: there is no visitor to reassure about cost."""
        return f"{self.message} {self.advice_at(Door.PROGRAM)}"


class InvalidRequest(ImagenDemoError):  # noqa: N818 - the tree above reads as states, not errors
    """A field is wrong; raised before anything is sent.

    Attributes:
        field: The field's name, as in the API.
    """

    action = Action.CHANGE

    def __init__(
        self,
        field: str,
        message: str,
        *,
        action: Action | None = None,
        about: Mapping[str, object] | None = None,
        advice: str = "",
    ) -> None:
        """`field` is the name that widget, dataclass and API share."""
        self.field = field
        super().__init__(message, action=action, about=about, advice=advice)


Limit = Literal["visitor", "day", "sandbox", "uncounted"]
"""What a visitor, all visitors or the sandbox's may have; `uncounted` where nobody can count."""


class OverBudget(ImagenDemoError):  # noqa: N818
    """What the host allows is used up for now, of its key or of the sandbox.

    Attributes:
        opens_at: When there is more; None if nobody knows.
        reason: Which limit it is, for the host.
    """

    message = "This demo's own allowance is used up for now."
    action = Action.USE_OWN_KEY

    def __init__(
        self,
        message: str = "",
        *,
        opens_at: datetime | None = None,
        key_helps: bool = True,
        reason: Limit = "uncounted",
    ) -> None:
        """`opens_at` is in UTC; `key_helps` says whether a visitor's own key is a way out."""
        self.opens_at = opens_at
        self.reason = reason
        if opens_at is None:
            super().__init__(message, action=None if key_helps else Action.ASK_FOR_FEWER)
            return
        wait = Action.WAIT_OR_USE_OWN_KEY if key_helps else Action.WAIT_UNTIL
        when = opening(opens_at, datetime.now(UTC))
        super().__init__(message, action=wait, about={"opens": when})


class NotKept(ImagenDemoError):  # noqa: N818
    """The disk would not take what is drawn; raised before anybody is asked to draw it."""

    message = "This demo cannot keep a picture just now, so nothing was drawn."
    action = Action.TELL_HOST


def reason_of(error: OSError) -> str:
    """Why a disk took no file, for a visitor: a sentence that ends where another may follow."""
    said = error.strerror or type(error).__name__
    return _DISK_SAYS.get(error.errno or 0, f"This demo's disk says “{said}”")


class ServiceUnreachable(ImagenDemoError):  # noqa: N818
    """No connection, or it broke; `charged` says whether the request may have arrived."""

    message = f"{VENDOR.name} could not be reached."
    action = Action.CHECK_NETWORK


class ServiceTimeout(ServiceUnreachable):
    """No answer within the read timeout; the picture may exist and may have been charged."""

    message = f"{VENDOR.name} did not answer in time."
    action = Action.RETRY_IF_WANTED
    charged = Charged.POSSIBLY


class ServiceRefused(ImagenDemoError):  # noqa: N818
    """The service answered with a status that is no success. Failed requests cost nothing.

    Attributes:
        status: The HTTP status.
        inference_id: The service's own id of the request; empty if it gave none.
    """

    message = f"{VENDOR.name} refused this request."

    def __init__(  # noqa: PLR0913 - likewise
        self,
        status: int,
        *,
        message: str = "",
        action: Action | None = None,
        about: Mapping[str, object] | None = None,
        detail: str = "",
        reference: str = "",
        inference_id: str = "",
    ) -> None:
        """`detail` is the service's own explanation, `reference` the id we sent along."""
        self.status = status
        self.inference_id = inference_id
        super().__init__(message, action=action, about=about, detail=detail, reference=reference)
        if status in _PERHAPS_DONE:
            self.charged = Charged.POSSIBLY


class RequestRejected(ServiceRefused):
    """400: a field is wrong, and the detail names it; a safety refusal may look like this too."""

    message = f"{VENDOR.name} did not accept this request."
    action = Action.CHANGE_NAMED


class KeyRejected(ServiceRefused):
    """401: no key, or none that the service knows."""

    message = f"{VENDOR.name} does not know this key."
    action = Action.CHECK_KEY


class AccessDenied(ServiceRefused):
    """403: out of credits, card not verified, or a limit of this key."""

    message = f"{VENDOR.name} does not let this key do that."
    action = Action.CHECK_KEY_LIMITS


class ModelWithdrawn(ServiceRefused):
    """404: the model is gone.

    Attributes:
        successor: The id of the model to use instead; empty if there is none.
    """

    successor = ""

    message = f"{VENDOR.name} no longer offers this model."
    action = Action.CHOOSE_MODEL


class RateLimited(ServiceRefused):
    """429, also after the retries."""

    message = f"{VENDOR.name} is getting too many requests from this key."
    action = Action.WAIT


class ServiceFailed(ServiceRefused):
    """5xx: a fault of the service or of the model behind it."""

    message = f"{VENDOR.name} has a problem of its own just now."
    action = Action.TRY_LATER


class Blocked(ImagenDemoError):  # noqa: N818
    """The safety filter kept every picture back: no fault of the visitor's, and free."""

    message = "The safety filter kept this picture back."
    action = Action.CHANGE_WORDS


class UnusableReply(ImagenDemoError):  # noqa: N818
    """The service reported success and sent nothing that can be shown."""

    message = f"{VENDOR.name} answered, but not with a picture."
    action = Action.RETRY
    charged = Charged.POSSIBLY
