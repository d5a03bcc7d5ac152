"""What a picture was made with and what came of it, as data and as JSON; never the key.

`pictures/metadata` writes it into the picture's file and reads it back; `ui` shows it as a receipt.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
)

from imagen_demo import NAMED
from imagen_demo.domain.catalog import MAX_WORDS_REWRITTEN, MODELS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.generation import (
    MAX_AMOUNT,
    MAX_QUOTED,
    MAX_REWRITTEN,
    DrawnBy,
    Generation,
    Usage,
)
from imagen_demo.domain.request import GenerationRequest

VERSION = 1
"""Raised when an older demo could misread a recipe."""

_REQUEST_FIELDS = {each.name for each in fields(GenerationRequest)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What one picture was made with.

    Attributes:
        request: What was sent, every option in it.
        width: Pixels.
        height: Pixels.
        usage: What the whole request cost, all of its pictures together.
        seconds: From the request to this picture's last byte.
        created_at: When that byte was here; UTC.
        inference_id: The service's own id of the request; empty if it gave none.
        response: What the service answered, as JSON with long data shortened; empty if unknown.
        made_with: The demo that wrote it, and its version; empty in older ones.
    """

    request: GenerationRequest
    rewritten_prompt: str | None
    width: int
    height: int
    usage: Usage
    seconds: float
    created_at: datetime
    inference_id: str
    drawn_by: DrawnBy
    response: str = ""
    made_with: str = ""

    @classmethod
    def of(cls, generation: Generation) -> Self:
        """Note down, now, how the generation's first picture came to be."""
        picture = generation.pictures[0]
        return cls(
            request=generation.request,
            rewritten_prompt=picture.rewritten_prompt,
            width=picture.width,
            height=picture.height,
            usage=generation.usage,
            seconds=round(generation.seconds, 2),
            created_at=datetime.now(UTC).replace(microsecond=0),
            inference_id=generation.inference_id,
            drawn_by=generation.drawn_by,
            response=generation.response,
            made_with=NAMED,
        )

    @property
    def seed(self) -> int | None:
        """What the picture can be made again with; None if it was rewritten, despite a seed."""
        return None if self.request.enhance_prompt else self.request.seed

    @property
    def used_prompt(self) -> str:
        """What it was drawn from: the rewritten prompt, or the prompt if there is none."""
        return self.rewritten_prompt or self.request.prompt

    @property
    def why_not_rewritten(self) -> str:
        """Why there is no rewritten prompt; only of use where there is none."""
        model = MODELS[self.request.model]
        if "enhance_prompt" not in model.options:
            return f"{model.label} does not rewrite prompts."
        if not self.request.enhance_prompt:
            return "Rewriting was off: the prompt was drawn as it is."
        if len(self.request.prompt.split()) >= MAX_WORDS_REWRITTEN:
            return f"Prompts of {MAX_WORDS_REWRITTEN} words or more are drawn as they are."
        return "The service gave no rewritten prompt back."

    def to_json(self) -> dict[str, object]:
        """The request's fields as sent, and what came of them, under the API's own names."""
        return {
            "version": VERSION,
            **self.request.to_json(),
            "rewritten_prompt": self.rewritten_prompt,
            **asdict(self.usage),
            "seconds": self.seconds,
            "created_at": self.created_at.isoformat(),
            "inference_id": self.inference_id,
            "drawn_by": self.drawn_by,
            "response": self.response,
            "made_with": self.made_with,
        }

    def to_text(self) -> str:
        """The same as JSON, as it stands in the file."""
        return json.dumps(self.to_json(), ensure_ascii=False)


_AMOUNT = Annotated[float, Field(ge=0, lt=MAX_AMOUNT, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What a recipe says beyond the request."""

    rewritten_prompt: Annotated[str, StringConstraints(max_length=MAX_REWRITTEN)] | None
    tokens_used: Annotated[int, Field(ge=0, lt=MAX_AMOUNT)] | None
    usd_spent: _AMOUNT | None
    seconds: _AMOUNT
    # Before pydantic, to which a text of digits is a date, too.
    created_at: Annotated[AwareDatetime, BeforeValidator(datetime.fromisoformat)]
    inference_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{0,128}\z")]
    drawn_by: DrawnBy
    # A text, not JSON in JSON: whatever the service sent must not make the recipe unreadable.
    response: Annotated[str, StringConstraints(max_length=MAX_QUOTED)] = ""
    made_with: Annotated[str, StringConstraints(pattern=r"^[\w. +-]{0,64}\z")] = ""


_OBJECT = TypeAdapter(dict[str, JsonValue])
_OUTCOME = TypeAdapter(_Outcome)


def parse_recipe(written: str | bytes, width: int, height: int) -> Recipe | None:
    """Read a recipe's JSON; whoever wrote it, every value of it is checked.

    Args:
        written: The JSON.
        width: The picture's own, in pixels; the JSON does not repeat it.
        height: Likewise.

    Returns:
        None if this version cannot follow it, say because it does not know the model.
    """
    try:
        said: dict[str, Any] = _OBJECT.validate_json(written)
        version = said.pop("version", None)
        if version != VERSION or type(version) is not int:  # True is 1 to Python
            return None
        asked = {name: value for name, value in said.items() if name in _REQUEST_FIELDS}
        request = GenerationRequest(**asked)
        rest = {name: value for name, value in said.items() if name not in _REQUEST_FIELDS}
        # From JSON, since only there a date may be a text.
        outcome = _OUTCOME.validate_json(json.dumps(rest), strict=True)
        created_at = outcome.created_at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, InvalidRequest):  # pydantic's is a ValueError
        return None
    return Recipe(
        request=request,
        rewritten_prompt=outcome.rewritten_prompt,
        width=width,
        height=height,
        usage=Usage(outcome.tokens_used, outcome.usd_spent),
        seconds=outcome.seconds,
        created_at=created_at,
        inference_id=outcome.inference_id,
        drawn_by=outcome.drawn_by,
        response=outcome.response,
        made_with=outcome.made_with,
    )
