"""`python -m benchmarks`: measure everything, print the table, write it and `results.json`.

Timings are no test: the exit status is 0 whatever they are, and what misses its aim is named.
"""

import argparse
import signal
import sys
from collections.abc import Callable
from time import monotonic

from benchmarks.crowds import crowds
from benchmarks.endurance import endurance
from benchmarks.figures import RESULTS, Figure, report, table
from benchmarks.opening import opening
from benchmarks.sessions import sessions
from benchmarks.waits import four_pictures, one_visitor, start
from tools import write_docs

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "opening": opening,
    "sessions": sessions,
    "one": one_visitor,
    "four": four_pictures,
    "crowds": crowds,
    "endurance": endurance,
    "start": start,
}


def main() -> None:
    """Run what was asked for; only a whole run is written down."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--only", choices=PARTS, help="one part, which is printed but not kept")
    only = options.parse_args().only
    if sys.platform != "linux":
        sys.exit("The benchmarks read /proc, so they run on Linux only.")
    # As at Ctrl-C: the processes that were started end with this one.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    figures: list[Figure] = []
    begun = monotonic()
    for name, measure in PARTS.items():
        if only in {None, name}:
            print(f"{name} ...", file=sys.stderr, flush=True)
            figures += measure()
    print(table(figures))
    missed = [sentence for each in figures for sentence in each.missed()]
    print("\nMissed:" if missed else "\nEvery aim is met.", *missed, sep="\n- ")
    print(f"\n{monotonic() - begun:.0f} s", file=sys.stderr)
    if only is None:
        RESULTS.write_text(report(figures) + "\n", encoding="utf-8")
        write_docs.main()


if __name__ == "__main__":
    main()
