"""The host's page, as HTML: templates of its own, without scripts but one that refreshes figures.

`routes` sends it.
"""

from datetime import UTC, datetime
from pathlib import Path

from imagen_demo.domain.wording import opening, pictures
from imagen_demo.host.overview import Overview, in_dollars
from imagen_demo.markup import templates
from imagen_demo.service.switches import DAILY_TOKENS, EXAMPLE, KEY_OFF, VISITOR_LIMIT, Turned

_ENVIRONMENT = templates(Path(__file__).parent / "templates")


def page(overview: Overview, *, said: str = "") -> str:
    """Everything; `said` is what became of the last form that was sent."""
    return _fill("host.html", now=overview, said=said)


def figures(overview: Overview) -> str:
    """The part that is refreshed."""
    return _fill("figures.html", now=overview)


def form(*, said: str = "", place: str = "host") -> str:
    """What a stranger gets; `said` is why the last try failed, `place` where it is sent to."""
    return _fill("password.html", said=said, place=place)


def _fill(name: str, **more: object) -> str:
    return _ENVIRONMENT.get_template(name).render(
        **more, dollars=in_dollars, gb=_gb, seconds=_seconds, switch=_switch, until=_until
    )


def _gb(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 10**9:.1f} GB"


def _seconds(taken: float | None) -> str:
    return "none yet" if taken is None else f"{taken:.1f} s"


def _until(turned: Turned) -> str:
    return opening(datetime.fromtimestamp(turned.until, UTC), datetime.now(UTC))


def described(name: str, turned: Turned) -> str:
    """Say what is turned and how long, in a few words."""
    return f"{_switch(name, turned)} until {_until(turned)}"


def _switch(name: str, turned: Turned) -> str:
    """Say what is turned, in a few words."""
    if name == KEY_OFF:
        return "The host's key is off"
    if name == DAILY_TOKENS:
        if not turned.value:
            return "The budget is closed"
        return f"The day's budget is {in_dollars(turned.value)}"
    if name.startswith(EXAMPLE):
        return f"An example of the day: {name.removeprefix(EXAMPLE)}"
    whose = name.removeprefix(VISITOR_LIMIT).removeprefix(":")
    return f"{pictures(turned.value)} for {f'visitor {whose}' if whose else 'each visitor'}"
