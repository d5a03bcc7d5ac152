"""How long the service takes, from how many requests stayed within which seconds.

`overview` asks. A share of a crowd is known to within the bounds of `service/figures`, no closer.
"""

from collections.abc import Mapping
from math import inf

from imagen_demo.service.figures import BOUNDS


def quantile(within: Mapping[float, int], share: float) -> float | None:
    """The seconds within which a share of the requests was drawn, between two bounds by ratio.

    Args:
        within: How many were drawn within each bound and not the one before.
        share: 0.5 is the median.

    Returns:
        None if there was none; the highest bound but one for what took longer.
    """
    wanted = share * sum(within.values())
    if not wanted:
        return None
    below = seen = 0.0
    for bound in BOUNDS:
        here = within.get(bound, 0)
        if seen + here >= wanted:
            return below if bound == inf else below + (bound - below) * (wanted - seen) / here
        below, seen = bound, seen + here
    return below
