"""What was measured, what it should be, and both as a Markdown table or JSON.

`waits`, `opening`, `sessions`, `crowds` and `endurance` make figures, `__main__` prints them.
"""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Self

RESULTS = Path(__file__).with_name("results.json")
"""What the last whole run found."""

Unit = Literal["s", "ms", "MB", "KB", "requests"]

_DECIMALS = {"s": 2, "ms": 0, "MB": 0, "KB": 0, "requests": 0}
_FEW = 10
"""Of fewer milliseconds than these, the hundredths count."""

USUAL_OVER_OURS = "usual / ours"
OURS_OVER_USUAL = "ours / usual"
OVER_HELLO = "ours / hello world"
OVER_LATENCY = "ours / latency"
OVER_ONE = "four / one"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be.

    Attributes:
        of: The value itself, or the ratio beside it.
    """

    of: Literal["ours", "ratio"]
    bound: Literal["at most", "at least", "under"]
    value: float

    def holds(self, found: float) -> bool:
        """Whether a value is good enough."""
        if self.bound == "at least":
            return found >= self.value
        return found <= self.value if self.bound == "at most" else found < self.value


@dataclass(frozen=True, slots=True)
class Ratio:
    """A value in proportion to another of the same run; `of` says which."""

    value: float
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A line of the table.

    Attributes:
        what: What was measured.
        ours: Of this demo.
        usual: Of the usual demo, or of what else it is compared with; None if it is with nothing.
        is_computed: `usual` was not measured but follows from what was.
        aims: All of them should hold.
    """

    what: str
    unit: Unit
    ours: float
    usual: float | None = None
    is_computed: bool = False
    ratio: Ratio | None = None
    aims: tuple[Aim, ...] = ()

    def missed(self) -> list[str]:
        """The aims that do not hold, as sentences."""
        return [
            f"{self.what}: {said} was aimed at, it is {found}"
            for aim in self.aims
            if not aim.holds(self._value(aim))
            for said, found in [(self._said(aim), self._shown(aim))]
        ]

    def row(self) -> tuple[str, ...]:
        """The cells of the table."""
        usual = "" if self.usual is None else self._in_unit(self.usual)
        if self.is_computed and self.usual is not None:
            usual = f"about {self.usual:.0f} {self.unit}, computed"
        ratio = f"{self.ratio.value:.2f} ({self.ratio.of})" if self.ratio else ""
        aims = "; ".join(map(self._said, self.aims))
        return (
            self.what,
            self._in_unit(self.ours),
            usual,
            ratio,
            f"{aims}{' (MISSED)' if self.missed() else ''}",
        )

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            what=said["what"],
            unit=said["unit"],
            ours=said["ours"],
            usual=said["usual"],
            is_computed=said["usual_is_computed"],
            ratio=Ratio(said["ratio"], said["ratio_of"]) if said["ratio_of"] else None,
            aims=tuple(Aim(**each) for each in said["aims"]),
        )

    def to_json(self) -> dict[str, object]:
        """The same for programs, not rounded to what a person reads."""
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": round(self.ours, 4),
            "usual": None if self.usual is None else round(self.usual, 4),
            "usual_is_computed": self.is_computed,
            "ratio": round(self.ratio.value, 3) if self.ratio else None,
            "ratio_of": self.ratio.of if self.ratio else None,
            "aims": [{"of": aim.of, "bound": aim.bound, "value": aim.value} for aim in self.aims],
            "holds": not self.missed(),
        }

    def _value(self, aim: Aim) -> float:
        if aim.of == "ours":
            return self.ours
        if self.ratio is None:
            raise ValueError(f"{self.what} has no ratio to aim at")
        return self.ratio.value

    def _said(self, aim: Aim) -> str:
        value = f"{aim.value:g} {self.unit}" if aim.of == "ours" else f"{aim.value:g}"
        return f"{aim.of} {aim.bound} {value}"

    def _shown(self, aim: Aim) -> str:
        value = self._value(aim)
        return self._in_unit(value) if aim.of == "ours" else f"{value:.2f}"

    def _in_unit(self, value: float) -> str:
        is_small = self.unit == "ms" and value < _FEW
        return f"{value:.{2 if is_small else _DECIMALS[self.unit]}f} {self.unit}"


def table(figures: Sequence[Figure]) -> str:
    """All lines as a Markdown table that can be read as it is."""
    head = ("what", "ours", "usual demo", "ratio", "aim")
    rows = [head, *(each.row() for each in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| "
        + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def report(figures: Sequence[Figure]) -> str:
    """All lines as JSON, with what they depend on and nothing that names the machine."""
    return json.dumps(
        {
            "date": datetime.now(UTC).date().isoformat(),
            "python": platform.python_version(),
            "gradio": version("gradio"),
            "system": sys.platform,
            "cores": len(os.sched_getaffinity(0)),
            "figures": [each.to_json() for each in figures],
        },
        indent=2,
    )
