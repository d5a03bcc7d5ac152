"""What can be said of one field of a request; nobody else says it again.

`catalog` has the rows; `request`, `pricing`, the page and the endpoints derive from them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One field of a request: what it may be, what it is called, and who takes it.

    Attributes:
        name: What the API calls it.
        default: What the API does anyway; `dataclasses.MISSING` if it must be given.
        choices: What it may be; empty if limits or its type say that.
        limits: The lowest and the highest number it may be.
        words: How the page names the choices, in the page's order; empty if by themselves.
        label: What a visitor reads at its widget; empty if the options have none for it.
        sheet_label: What a picture's sheet calls it, if not the same.
        info: What a visitor reads below the label.
        help: What a program is told of it, `{values}` being what it may be.
        priced: Whether a picture's price depends on it.
        models: The ids of those that take it; None if every model does, and is always sent it.
    """

    name: str
    default: object
    choices: tuple[str, ...] = ()
    limits: tuple[int, int] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    sheet_label: str = ""
    info: str | None = None
    help: str = "{values}."
    priced: bool = False
    models: Collection[str] | None = None

    @property
    def is_switch(self) -> bool:
        """Whether it is a yes or no."""
        return isinstance(self.default, bool)

    @property
    def description(self) -> str:
        """What a program is told of it."""
        values = " or ".join((", ".join(self.choices[:-1]), *self.choices[-1:]))
        if self.limits:
            values = "{} to {}".format(*self.limits)
        return self.help.format(values=values)
