"""What the host's page says, from the figures, the budget, the switches and the machine.

`page` makes HTML of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from imagen_demo.domain.catalog import MODELS, TOKENS_PER_USD
from imagen_demo.domain.errors import OverBudget
from imagen_demo.domain.model_status import Standing
from imagen_demo.domain.wording import dollars, minute
from imagen_demo.host.machine import machine, versions
from imagen_demo.host.quantiles import quantile
from imagen_demo.logs import DRAWN
from imagen_demo.service.budget import Today
from imagen_demo.service.figures import Count, Figures
from imagen_demo.service.switches import Switches, Turned

MANY_BROWSERS = 3
"""From so many at one address that are refused, it looks like a room."""

_VISITORS = 12
"""Of whom the page tells: those that draw most, or are refused most."""


class Watched(Protocol):
    """The list of deprecations, as it was last looked at."""

    looked_at: float | None
    trouble: str

    def standing(self, model: str) -> Standing | None:
        """What it says of a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where it all comes from.

    Attributes:
        figures: What was counted.
        switches: What is turned.
        today: How the day's budget stands; raises OverBudget if nobody can count.
        visitor_limit: Pictures a visitor, as the settings say it.
        lifecycle: The list of deprecations; None where nobody looks.
        folder: Where pictures are kept.
        kept: How many there are, and their bytes; reads the whole folder.
        examples: The gallery's files, by name.
        open_pages: How many browsers have the page open.
        sub_path: A path of which the demo was not told; empty if none was noticed.
        pays: Whether there is a host's key at all.
    """

    figures: Figures
    switches: Switches
    today: Callable[[], Today]
    visitor_limit: str
    lifecycle: Watched | None
    folder: Path
    kept: Callable[[], tuple[int, int]]
    examples: Callable[[], list[str]]
    open_pages: Callable[[], int]
    sub_path: Callable[[], str]
    pays: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who draws, by the name that the log gives.

    Attributes:
        browsers: How many browsers were refused there.
    """

    name: str
    pictures: int
    refused: int
    browsers: int


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalog, and what it did."""

    label: str
    pictures: int
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One look. Amounts are of the last 24 hours.

    Attributes:
        everybody: Whether the figures are those of all processes.
        today: How the day's budget stands; None if nobody can count.
        pictures: By the hour, this one last; so are the next two.
        times: Median and 95th percentile in seconds, of the last two hours and of the day.
        rooms: Visitors that look like a room behind one address.
    """

    everybody: bool
    today: Today | None
    pays: bool
    pictures: list[int]
    tokens: list[int]
    failures: list[int]
    usd: float
    kinds: list[tuple[str, int]]
    refusals: list[tuple[str, int]]
    times: tuple[tuple[float | None, float | None], tuple[float | None, float | None]]
    visitors: list[Visitor]
    rooms: list[Visitor]
    models: list[Model]
    disk_free: int | None
    memory: int | None
    open_pages: int
    versions: str
    deprecations: str
    sub_path: str
    turned: Mapping[str, Turned]
    visitor_limit: str
    examples: list[str]


def look(sources: Sources) -> Overview:
    """Look at everything once."""
    hours, everybody = sources.figures.day()
    day: Counter[Count] = Counter()
    for hour in hours:
        day.update(hour)
    try:
        today: Today | None = sources.today()
    except OverBudget:
        today = None
    visitors = _visitors(day)
    here = machine(sources.folder)
    micro = sum(n for each, n in day.items() if each.kind == "micro-dollars")
    return Overview(
        everybody=everybody,
        today=today,
        pays=sources.pays,
        pictures=[_sum(hour, "pictures") for hour in hours],
        tokens=[_sum(hour, "tokens") for hour in hours],
        failures=[sum(n for _, n in _kinds(hour)) for hour in hours],
        usd=micro / 10**6,
        kinds=_kinds(day),
        refusals=Counter(
            {each.of[0]: n for each, n in day.items() if each.kind == "refused"}
        ).most_common(),
        times=(_times(hours[-2:]), _times(hours)),
        visitors=visitors[:_VISITORS],
        rooms=[each for each in visitors if each.browsers >= MANY_BROWSERS],
        models=_models(day, sources.lifecycle),
        disk_free=here.disk_free,
        memory=here.memory,
        open_pages=sources.open_pages(),
        versions=versions(),
        deprecations=_deprecations(sources.lifecycle),
        sub_path=sources.sub_path(),
        turned=sources.switches.now(),
        visitor_limit=sources.visitor_limit,
        examples=sources.examples(),
    )


def _sum(counts: Mapping[Count, int], kind: str) -> int:
    return sum(n for each, n in counts.items() if each.kind == kind)


def _kinds(counts: Mapping[Count, int]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for each, n in counts.items():
        if each.kind == "request" and each.of[1] != DRAWN:
            found[each.of[1]] += n
    return found.most_common()


def _times(hours: Iterable[Mapping[Count, int]]) -> tuple[float | None, float | None]:
    within: Counter[float] = Counter()
    for hour in hours:
        for each, n in hour.items():
            if each.kind == "seconds":
                within[float(each.of[0])] += n
    return quantile(within, 0.5), quantile(within, 0.95)


def _visitors(day: Mapping[Count, int]) -> list[Visitor]:
    pictures: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    browsers: Counter[str] = Counter()
    for each, n in day.items():
        if each.kind == "visitor":
            pictures[each.of[0]] += n
        elif each.kind == "refused visitor":
            refused[each.of[0]] += n
        elif each.kind == "browser" and each.of[1]:
            browsers[each.of[0]] += 1
    names = sorted({*pictures, *refused}, key=lambda name: -pictures[name] - refused[name])
    return [Visitor(each, pictures[each], refused[each], browsers[each]) for each in names if each]


def _models(day: Mapping[Count, int], lifecycle: Watched | None) -> list[Model]:
    found = []
    for model in MODELS.values():
        standing = lifecycle.standing(model.id) if lifecycle else None
        drawn = sum(n for each, n in day.items() if each == Count("pictures", (model.id,)))
        found.append(Model(model.label, drawn, standing.status.value if standing else ""))
    return found


def _deprecations(lifecycle: Watched | None) -> str:
    if lifecycle is None:
        return "not asked for"
    read = lifecycle.looked_at and minute(datetime.fromtimestamp(lifecycle.looked_at, UTC))
    if lifecycle.trouble:
        return f"not read: {lifecycle.trouble}" + (f"; last read {read}" if read else "")
    return f"read {read}" if read else "not read yet"


def in_dollars(tokens: int) -> str:
    """What tokens are in dollars."""
    return dollars(round(tokens / TOKENS_PER_USD, 4))
