"""What a generation came to, and a whole visit: tokens, dollars, seconds, size, seed, request id.

`ui` shows it, `/generate` answers with it; it is added up from `recipe`s.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Self

from imagen_demo.domain import wording
from imagen_demo.domain.generation import DrawnBy
from imagen_demo.domain.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Total:
    """What several generations came to, as far as the service reported it.

    Attributes:
        unreported: Pictures whose cost the service did not say.
        tokens: Tokens of the others.
        seconds: From each request to its last picture, added up.
    """

    pictures: int = 0
    unreported: int = 0
    tokens: int = 0
    seconds: float = 0

    def plus(self, receipt: "Receipt") -> Self:
        """Return the total with one more receipt in it."""
        pictures = len(receipt.rewritten_prompts)
        return replace(
            self,
            pictures=self.pictures + pictures,
            unreported=self.unreported + (pictures if receipt.tokens_used is None else 0),
            tokens=self.tokens + (receipt.tokens_used or 0),
            seconds=self.seconds + receipt.seconds,
        )

    @property
    def price(self) -> str:
        """Pictures, tokens and dollars in words."""
        pictures = wording.pictures(self.pictures)
        if self.unreported == self.pictures:
            return f"{pictures}, cost not reported"
        at_least = "at least " if self.unreported else ""
        return f"{pictures}, {at_least}{wording.price(self.tokens)}"

    def __str__(self) -> str:
        """The same, and the time that it took."""
        return f"{self.price}, {self.seconds:.1f} seconds of drawing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a visitor keeps of a generation besides the pictures; plain enough for JSON.

    Attributes:
        seed: What the pictures can be made again with; None while rewriting is on, since it has
            no effect then.
        missing: Why pictures are fewer than asked for, one sentence a reason.
        kept: Whether the demo keeps every picture; if not, they are to be saved within the hour.
    """

    model: str
    prompt: str
    rewritten_prompt: str | None
    aspect_ratio: str
    num_images: int
    seed: int | None
    enhance_prompt: bool
    width: int
    height: int
    tokens_used: int | None
    usd_spent: float | None
    seconds: float
    created_at: str
    inference_id: str
    drawn_by: DrawnBy
    missing: list[str]
    kept: bool
    rewritten_prompts: list[str | None]

    @classmethod
    def of(
        cls, recipes: Sequence[Recipe], missing: Sequence[str] = (), *, kept: bool = True
    ) -> Self:
        """Sum up the pictures of one request, told by the first of them."""
        first = recipes[0]
        return cls(
            model=first.request.model,
            prompt=first.request.prompt,
            rewritten_prompt=first.rewritten_prompt,
            aspect_ratio=first.request.aspect_ratio,
            num_images=first.request.num_images,
            seed=first.seed,
            enhance_prompt=first.request.enhance_prompt,
            width=first.width,
            height=first.height,
            tokens_used=first.usage.tokens_used,
            usd_spent=first.usage.usd_spent,
            seconds=max(each.seconds for each in recipes),
            created_at=first.created_at.isoformat(),
            inference_id=first.inference_id,
            drawn_by=first.drawn_by,
            missing=list(missing),
            kept=kept,
            rewritten_prompts=[each.rewritten_prompt for each in recipes],
        )

    def to_json(self) -> dict[str, object]:
        """The same names as JSON's keys."""
        return asdict(self)

    def to_text(self, total: Total) -> str:
        """The same for an e-mail or a notebook, with what the visit came to if it is more."""
        lines = {
            "Model": wording.drawn_by(self.model, self.drawn_by),
            "Prompt": self.prompt,
            **self._rewrites(),
            "Cost": self._cost(),
            "Time": f"{self.seconds:.1f} seconds",
            "Size": f"{self.width} x {self.height} pixels",
            "Seed": None if self.seed is None else str(self.seed),
            "Request": self.inference_id,
            "Drawn": wording.minute(datetime.fromisoformat(self.created_at)),
            "Missing": " ".join(self.missing),
            "Reported this visit": str(total)
            if total.pictures > len(self.rewritten_prompts)
            else None,
        }
        return "\n".join(f"{name}: {value}" for name, value in lines.items() if value) + "\n"

    def _rewrites(self) -> dict[str, str]:
        one = len(self.rewritten_prompts) == 1
        # On one line, whatever the service put into it.
        texts = [" ".join((each or "").split()) for each in self.rewritten_prompts]
        return {
            "Rewritten prompt" if one else f"Rewritten prompt {number}": text
            for number, text in enumerate(texts, start=1)
        }

    def _cost(self) -> str:
        tokens = None if self.tokens_used is None else wording.tokens(self.tokens_used)
        price = None if self.usd_spent is None else wording.dollars(self.usd_spent)
        said = " / ".join(filter(None, (tokens, price)))
        together = f" for {self.num_images} pictures together" if self.num_images > 1 else ""
        if self.drawn_by == "sandbox":
            return f"none; the model's price is {said}{together}" if said else "none"
        return f"{said}{together}" if said else "not reported"


class Visit:
    """What was reported since the page was opened, by who drew: the sandbox spends nothing.

    Both tabs may draw at once, so receipts are added to it where it is, never to a copy.
    """

    def __init__(self) -> None:
        """Nothing was drawn yet."""
        self._receipts: list[Receipt] = []

    def add(self, receipt: Receipt) -> None:
        """Count one more receipt; safe for many threads, as appending to a list is."""
        # Their number is all that is needed of the texts, which are private.
        silent: list[str | None] = [None] * len(receipt.rewritten_prompts)
        self._receipts.append(
            replace(receipt, prompt="", rewritten_prompt=None, rewritten_prompts=silent, missing=[])
        )

    def of(self, drawn_by: DrawnBy) -> Total:
        """Return what one of them came to."""
        total = Total()
        for receipt in self._receipts:
            if receipt.drawn_by == drawn_by:
                total = total.plus(receipt)
        return total
