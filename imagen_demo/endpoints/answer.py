"""What a program gets: its pictures as files, and one receipt of them.

`rest` and `mcp` ask for it, each in its own manner; `service/generate` draws.
"""

from dataclasses import dataclass
from pathlib import Path

from imagen_demo.domain.advice import Door
from imagen_demo.domain.errors import Charged, ImagenDemoError
from imagen_demo.domain.receipt import Receipt
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.service.generate import Drawing, SpenderOf
from imagen_demo.service.result import Drawn


class PicturesLost(ImagenDemoError):  # noqa: N818 - as in `domain/errors`
    """No disk took what was drawn, and a program has no page to show it on instead."""

    charged = Charged.POSSIBLY

    def __str__(self) -> str:
        """The message alone, which says of each picture what it cost and what to do."""
        return self.message


@dataclass(frozen=True, slots=True)
class Answer:
    """The pictures that a disk took, in their order, and what there is to say of all."""

    files: list[Path]
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers programs, bound to whoever draws and to how callers are told apart."""

    drawing: Drawing
    spender_of: SpenderOf

    def answer(
        self,
        request: GenerationRequest,
        *,
        api_key: str,
        caller: object,
    ) -> Answer:
        """Draw, and return when every picture is there.

        Args:
            request: What to draw.
            api_key: The caller's own key; empty if they gave none.
            caller: Their HTTP request, as `spender_of` knows it.

        Raises:
            PicturesLost: They were drawn, and no disk took any of them.
            ImagenDemoError: Whatever `Drawing.whole` raises.
        """
        result = self.drawing.whole(request, api_key=api_key, spender=self.spender_of(caller))
        here = {each.path: each.recipe for each in result.pictures if each.path}
        lost = dict.fromkeys(_lost(each) for each in result.pictures if not each.path)
        if not here:
            raise PicturesLost(" ".join(lost))
        receipt = Receipt.of(
            [*here.values()],
            (*result.missing_at(Door.PROGRAM), *lost),
            kept=all(each.kept for each in result.pictures),
        )
        return Answer([*here], receipt)


def _lost(drawn: Drawn) -> str:
    """What a program is told of a picture that no disk took."""
    cost = "" if drawn.recipe.drawn_by == "sandbox" else ", and may have been charged"
    return f"{drawn.unkept}. A picture was drawn{cost}, and is lost. Tell the demo's host."
