"""Where the host's figures come from, and which routes the host wants: for `launch` to add.

A demo that answers by something else than a `Provider`, as some tests' do, has no host.
"""

from functools import partial
from pathlib import Path

from starlette.routing import Route

from imagen_demo.host.door import Door
from imagen_demo.host.metrics import Metrics
from imagen_demo.host.overview import Sources
from imagen_demo.host.routes import Host
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.examples import names
from imagen_demo.server.observed import Observed
from imagen_demo.service.generate import Drawing
from imagen_demo.service.over_limit import per_time
from imagen_demo.service.provider import Provider
from imagen_demo.service.provider_settings import ProviderSettings, SandboxMode
from imagen_demo.service.switches import Switches


def sources_of(
    drawing: Drawing,
    switches: Switches,
    observed: Observed,
    settings: ProviderSettings,
    gallery: Path,
) -> Sources | None:
    """Gather them; None where nobody could say how the day stands."""
    service = drawing.service
    if not isinstance(service, Provider):
        return None
    return Sources(
        figures=drawing.figures,
        switches=switches,
        today=service.budget.today,
        visitor_limit=per_time(settings.allowance.visitor_limit),
        lifecycle=service.lifecycle,
        folder=drawing.album.folder,
        kept=partial(_kept, drawing.album),
        examples=partial(names, gallery),
        open_pages=lambda: observed.open_pages,
        sub_path=lambda: observed.sub_path.found,
        pays=bool(settings.host_key) and settings.sandbox is not SandboxMode.ONLY,
    )


def host_routes(
    sources: Sources | None,
    door: Door | None,
    *,
    metrics: bool,
) -> list[Route]:
    """What is for the host alone; nothing unless the host wants it.

    Args:
        sources: Where it comes from.
        door: Before /host; None for no such page.
        metrics: Whether there is /metrics.
    """
    routes: list[Route] = []
    if sources and door:
        routes += Host(door, sources).routes()
    if sources and metrics:
        routes += Metrics(sources).routes()
    return routes


def _kept(album: Album) -> tuple[int, int]:
    """How many pictures an album has, and their bytes."""
    sizes = [each.size for each in album.oldest_first()]
    return len(sizes), sum(sizes)
