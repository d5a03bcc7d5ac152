"""How long a share of the requests took, from counts within bounds."""

from math import inf

import pytest

from imagen_demo.host.quantiles import quantile


@pytest.mark.parametrize(
    ("within", "share", "seconds"),
    [
        ({}, 0.5, None),
        ({8: 10}, 0.5, 6.5),
        ({8: 10}, 1, 8),
        ({5: 1, 8: 1}, 0.5, 5),
        ({5: 9, 30: 1}, 0.5, 3 + 2 * 5 / 9),
        ({5: 9, 30: 1}, 0.95, 25),
        ({inf: 3}, 0.5, 180),
    ],
)
def test_it_lies_between_two_bounds_by_ratio(
    within: dict[float, int], share: float, seconds: float | None
) -> None:
    assert quantile(within, share) == (seconds if seconds is None else pytest.approx(seconds))
