"""What the steps of `middleware` notice of a demo's life, for its host.

`launch` hands it in; `health` tells, and the host's page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imagen_demo.server.sub_path import SubPath

Trouble = Callable[[], str]
"""Says in a few words why the demo cannot do its work just now; empty if it can."""


@dataclass(slots=True)
class Observed:
    """What is known of the demo while it is served.

    Attributes:
        troubles: What keeps it from doing its work; each may take its time to say so.
        sub_path: Notices a path of which the demo was not told.
        open_pages: How many browsers have the page open, of this process.
    """

    troubles: Sequence[Trouble] = ()
    sub_path: SubPath = field(default_factory=SubPath)
    open_pages: int = 0
