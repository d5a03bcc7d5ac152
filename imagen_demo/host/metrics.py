"""/metrics, for Prometheus: what this process counted since it began, and how it stands.

`launch` adds it where the host wants it. Each process has its own; Prometheus adds them up. Names
and units are as its conventions have them [Prometheus documentation, Metric and label naming].
"""

import time
from collections.abc import Iterator
from math import inf

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector
from prometheus_client import generate_latest as written
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from imagen_demo import __version__
from imagen_demo.domain.errors import OverBudget
from imagen_demo.host.overview import Sources
from imagen_demo.service.figures import BOUNDS, Count

_COUNTERS = {
    "request": ("requests", "Requests to draw, by what came of them.", ("model", "outcome")),
    "pictures": ("pictures", "Pictures that were drawn.", ("model",)),
    "tokens": ("tokens", "Tokens that the service says they cost.", ("model",)),
    "refused": ("refusals", "Requests beyond what the host allows.", ("reason",)),
}
"""By their kind among the figures."""

_DOLLARS = ("dollars", "Dollars that the service says they cost.", ("model", "drawn_by"))

_LOOK_AT_DISK = 60.0
"""Seconds between two looks at the whole album."""


class Metrics:
    """Answers at /metrics."""

    def __init__(self, sources: Sources) -> None:
        """Nothing is looked at yet."""
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._registry.register(_Demo(sources))

    def routes(self) -> list[Route]:
        """What to add to the app."""
        return [Route("/metrics", self.answer)]

    def answer(self, _: Request) -> Response:
        """Say everything; in a thread, since disk and Redis are asked."""
        return Response(written(self._registry), media_type=CONTENT_TYPE_LATEST)


class _Demo(Collector):
    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._kept = (0, 0)
        self._kept_until = 0.0

    def collect(self) -> Iterator[Metric]:
        """Look at everything once."""
        sources = self._sources
        yield InfoMetricFamily("imagen_demo", "Which demo this is.", {"version": __version__})
        yield from _counted(sources)
        try:
            today = sources.today()
        except OverBudget:  # then there is no figure that would be true
            pass
        else:
            left = max(0, today.allowed - today.spent)
            yield _gauge("budget_tokens", "Tokens that the host pays for today.", today.allowed)
            yield _gauge("budget_left_tokens", "Those that are left.", left)
        pictures, size = self._album()
        yield _gauge("kept_pictures", "Pictures in the folder, a minute ago at most.", pictures)
        yield _gauge("kept_bytes", "What they take, recipes beside them too.", size)
        yield _gauge("open_pages", "Browsers that have the page open.", sources.open_pages())
        lifecycle = sources.lifecycle
        if lifecycle is not None and lifecycle.looked_at is not None:
            age = time.time() - lifecycle.looked_at
            yield _gauge("deprecations_age_seconds", "Since the list was last read.", age)

    def _album(self) -> tuple[int, int]:
        if time.monotonic() >= self._kept_until:
            self._kept = self._sources.kept()
            self._kept_until = time.monotonic() + _LOOK_AT_DISK
        return self._kept


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"imagen_demo_{name}", says, value)


def _counted(sources: Sources) -> Iterator[Metric]:
    total = sources.figures.total()
    for kind, said in _COUNTERS.items():
        yield _counter(said, ((each.of, n) for each, n in total.items() if each.kind == kind))
    dollars = ((each.of, n / 10**6) for each, n in total.items() if each.kind == "micro-dollars")
    yield _counter(_DOLLARS, dollars)
    so_far, buckets = 0, []
    for bound in BOUNDS:
        so_far += total[Count("seconds", (f"{bound:g}",))]
        buckets.append(("+Inf" if bound == inf else f"{bound:g}", so_far))
    seconds = HistogramMetricFamily("imagen_demo_drawn_seconds", "How long a request took.")
    seconds.add_metric([], buckets, total[Count("milliseconds")] / 1000)
    yield seconds


def _counter(
    said: tuple[str, str, tuple[str, ...]], found: Iterator[tuple[tuple[str, ...], float]]
) -> Metric:
    name, says, labels = said
    family = CounterMetricFamily(f"imagen_demo_{name}", says, labels=labels)
    for of, n in found:
        family.add_metric(of, n)
    return family
