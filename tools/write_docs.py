"""Writes what README.md and docs/ take from the code and from measurements: `make docs`.

Such a part stands between two comments, the first of which names it. `make bench` writes its
figures in the same way; `tests/docs` fails where a page is not as it would be written.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.figures import RESULTS, Figure, table
from imagen_demo.environment import VARIABLES, Variable

ROOT = Path(__file__).parent.parent

MATTER_MOST = (
    "AIMLAPI_API_KEY",
    "IMAGEN_DEMO_DAILY_TOKENS",
    "IMAGEN_DEMO_AUTH",
    "IMAGEN_DEMO_KEEP_GB",
    "IMAGEN_DEMO_TRUSTED_PROXIES",
)
"""What hosts who read no further should know: who pays, how much, who comes in, what is kept, and
how visitors are told apart."""

HEADLINES = ("added to the service's own time", "100 at once")
"""How the figures begin that the README repeats."""

_PART = re.compile(r"(<!-- written by make \w+: (\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """All pages that people read of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def parts_of(page: str) -> list[str]:
    """Name the parts of a page that are written here."""
    return [part[2] for part in _PART.finditer(page)]


def written(page: str) -> str:
    """Give a page with those parts as they should be."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}{part[3]}", page)


def main() -> None:
    """Write every page of which something is to be written."""
    for path in pages():
        page = path.read_text(encoding="utf-8")
        if parts_of(page):
            path.write_text(written(page), encoding="utf-8")


def _settings(rows: tuple[Variable, ...] = VARIABLES) -> str:
    lines = [
        f"| `{each.name}` | {f'`{each.default}`' if each.default else 'none'} | {each.does} |"
        for each in rows
    ]
    return "\n".join(("| variable | default | what it does |", "|---|---|---|", *lines))


def _settings_that_matter() -> str:
    by_name = {each.name: each for each in VARIABLES}
    return _settings(tuple(by_name[name] for name in MATTER_MOST))


def _results() -> dict[str, Any]:
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


def _figures() -> list[Figure]:
    return [Figure.of_json(each) for each in _results()["figures"]]


def _speed() -> str:
    results = _results()
    day = date.fromisoformat(results["date"])
    machine = f"{results['cores']} cores, Python {results['python']}, Gradio {results['gradio']}"
    return f"Measured on {day.day} {day:%B %Y}, {machine}:\n\n{table(_figures())}"


def _headlines() -> str:
    lines = []
    for begins in HEADLINES:
        (figure,) = (each for each in _figures() if each.what.startswith(begins))
        what, ours, usual, *_ = figure.row()
        lines.append(f"- {what}: **{ours}**; a usual demo: {usual}")
    return "\n".join(lines)


PARTS = {
    "settings": _settings,
    "settings_that_matter": _settings_that_matter,
    "speed": _speed,
    "headlines": _headlines,
}

if __name__ == "__main__":
    main()
