"""A receipt sums up one request, a visit all of them; as data, as JSON and as plain text."""

import json
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.generation import DrawnBy, Usage
from imagen_demo.domain.receipt import Receipt, Total, Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest

NANO = "google/gemini-nano-banana-2.1"
RECIPE = Recipe(
    request=GenerationRequest(prompt="A fox"),
    rewritten_prompt="A red fox in deep snow",
    width=1408,
    height=768,
    usage=Usage(84_000, 0.042),
    seconds=3.25,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    inference_id="01ABC:def-2.x_y",
    drawn_by="imagen",
    response='{"data": []}',
)
PLAIN = """\
Model: Imagen 4
Prompt: A fox
Rewritten prompt: A red fox in deep snow
Cost: 84,000 tokens / $0.042
Time: 3.2 seconds
Size: 1408 x 768 pixels
Request: 01ABC:def-2.x_y
Drawn: 2026-01-02 03:04 UTC
"""


def request_of(**said: object) -> GenerationRequest:
    return GenerationRequest(**{"prompt": "A fox", **said})  # type: ignore[arg-type]


def text(*recipes: Recipe, missing: Sequence[str] = (), total: Total | None = None) -> str:
    """The receipt's text; after this request alone, unless a total says otherwise."""
    receipt = Receipt.of(recipes or [RECIPE], missing)
    return receipt.to_text(Total().plus(receipt) if total is None else total)


def lines(said: str) -> dict[str, str]:
    assert said.endswith("\n")
    return dict(line.split(": ", 1) for line in said.splitlines())


def receipt_of(
    *,
    tokens: int | None = 84_000,
    seconds: float = 3.25,
    pictures: int = 1,
    drawn_by: DrawnBy = "imagen",
    asked: int | None = None,
) -> Receipt:
    request = request_of(num_images=asked or pictures)
    usd = None if tokens is None else tokens / 2_000_000
    one = replace(RECIPE, request=request, usage=Usage(tokens, usd), drawn_by=drawn_by)
    return Receipt.of([replace(one, seconds=seconds)] * pictures)


# One request.


def test_a_receipt_sums_up_the_pictures_of_one_request() -> None:
    request = request_of(num_images=4, seed=7, enhance_prompt=False, aspect_ratio="16:9")
    first = replace(RECIPE, request=request)
    second = replace(
        first,
        rewritten_prompt=None,
        width=1,
        height=1,
        usage=Usage(1, 1.0),
        seconds=9.5,
        created_at=RECIPE.created_at + timedelta(seconds=6),
        inference_id="other",
        drawn_by="sandbox",
    )
    third = replace(first, rewritten_prompt="Another fox", seconds=0.5)
    receipt = Receipt.of((first, second, third), ("One was blocked.",))
    assert receipt == Receipt(
        model="google/imagen-4.0-generate-001",
        prompt="A fox",
        rewritten_prompt="A red fox in deep snow",
        aspect_ratio="16:9",
        num_images=4,
        seed=7,
        enhance_prompt=False,
        width=1408,
        height=768,
        tokens_used=84_000,
        usd_spent=0.042,
        seconds=9.5,
        created_at="2026-01-02T03:04:05+00:00",
        inference_id="01ABC:def-2.x_y",
        drawn_by="imagen",
        missing=["One was blocked."],
        kept=True,
        rewritten_prompts=["A red fox in deep snow", None, "Another fox"],
    )


def test_a_receipt_of_one_picture_misses_nothing() -> None:
    receipt = Receipt.of([RECIPE])
    assert (receipt.missing, receipt.rewritten_prompts) == ([], ["A red fox in deep snow"])
    assert receipt.seconds == RECIPE.seconds


SEEDS: tuple[tuple[dict[str, object], int | None], ...] = (
    ({"seed": 7}, None),
    ({"seed": 7, "enhance_prompt": False}, 7),
    ({"seed": 0, "enhance_prompt": False}, 0),
    ({"enhance_prompt": False}, None),
    ({}, None),
)


@pytest.mark.parametrize(("said", "seed"), SEEDS, ids=repr)
def test_a_seed_is_on_a_receipt_only_where_it_has_an_effect(
    said: dict[str, object], seed: int | None
) -> None:
    recipe = replace(RECIPE, request=request_of(**said))
    assert Receipt.of([recipe]).seed == seed
    assert lines(text(recipe)).get("Seed") == (None if seed is None else str(seed))


def test_a_receipt_is_plain_json() -> None:
    receipt = Receipt.of([RECIPE, replace(RECIPE, usage=Usage())], ["x"])
    assert json.loads(json.dumps(receipt.to_json())) == asdict(receipt)
    assert set(receipt.to_json()) == {each.name for each in fields(Receipt)}


def test_a_receipt_does_not_repeat_what_the_service_answered() -> None:
    assert "response" not in Receipt.of([RECIPE]).to_json()


# Its text.


def test_the_text_has_one_line_for_each_thing_to_keep() -> None:
    assert text() == PLAIN


@pytest.mark.parametrize("model", MODELS)
def test_the_text_calls_each_model_by_its_name(model: str) -> None:
    assert lines(text(replace(RECIPE, request=request_of(model=model))))["Model"] == (
        MODELS[model].label
    )


def test_the_text_says_that_the_sandbox_played_the_model_for_free() -> None:
    played = PLAIN.replace("Imagen 4\n", "Imagen 4, played by the sandbox\n")
    free = "Cost: none; the model's price is 84,000 tokens"
    said = text(replace(RECIPE, drawn_by="sandbox"))
    assert said == played.replace("Cost: 84,000 tokens", free)
    assert "\nCost: none\n" in text(replace(RECIPE, drawn_by="sandbox", usage=Usage()))


def test_a_rewritten_prompt_stays_on_its_line() -> None:
    said = text(replace(RECIPE, rewritten_prompt="A fox\nCost: nothing\r\n\u2028 at all"))
    assert said == PLAIN.replace("A red fox in deep snow", "A fox Cost: nothing at all")


def test_each_of_several_pictures_has_its_rewritten_prompt_in_the_text() -> None:
    recipes = [replace(RECIPE, rewritten_prompt=each) for each in ("A fox", None, "A bear")]
    lines = Receipt.of(recipes).to_text(Total()).split("\n")
    said = [each for each in lines if each.startswith("Rewritten")]
    assert said == ["Rewritten prompt 1: A fox", "Rewritten prompt 3: A bear"]


@pytest.mark.parametrize("rewritten", [None, ""])
def test_a_text_without_a_rewritten_prompt_has_no_line_for_it(rewritten: str | None) -> None:
    said = text(replace(RECIPE, rewritten_prompt=rewritten))
    assert said == PLAIN.replace("Rewritten prompt: A red fox in deep snow\n", "")


def test_a_text_without_a_request_id_has_no_line_for_it() -> None:
    said = text(replace(RECIPE, inference_id=""))
    assert said == PLAIN.replace("Request: 01ABC:def-2.x_y\n", "")


@pytest.mark.parametrize(
    ("usage", "one", "three"),
    [
        (Usage(84_000, 0.042), "84,000 tokens / $0.042", " for 3 pictures together"),
        (Usage(3_000_000, 1.5), "3,000,000 tokens / $1.50", " for 3 pictures together"),
        (Usage(0, 0.0), "0 tokens / $0.00", " for 3 pictures together"),
        (Usage(84_000, None), "84,000 tokens", " for 3 pictures together"),
        (Usage(None, 0.042), "$0.042", " for 3 pictures together"),
        (Usage(), "not reported", ""),
    ],
    ids=repr,
)
def test_the_text_says_what_was_reported_of_the_cost(usage: Usage, one: str, three: str) -> None:
    recipe = replace(RECIPE, usage=usage)
    assert lines(text(recipe))["Cost"] == one
    several = replace(recipe, request=request_of(num_images=3))
    assert lines(text(several, several, several))["Cost"] == one + three
    assert lines(text(several))["Cost"] == one + three  # two of them are missing


def test_the_text_of_several_pictures_says_when_the_last_was_there() -> None:
    first = replace(RECIPE, request=request_of(num_images=3))
    said = text(first, replace(first, seconds=12.34), replace(first, seconds=0.1))
    assert lines(said)["Time"] == "12.3 seconds"
    assert "visit" not in said


def test_the_text_says_why_pictures_are_missing() -> None:
    two = replace(RECIPE, request=request_of(num_images=3))
    said = text(two, two, missing=("2 of 3 pictures.", "One was blocked."))
    assert lines(said)["Missing"] == "2 of 3 pictures. One was blocked."


def test_a_seed_in_the_text_stands_between_size_and_request() -> None:
    said = text(replace(RECIPE, request=request_of(seed=0, enhance_prompt=False)))
    assert said == PLAIN.replace("pixels\n", "pixels\nSeed: 0\n")


@pytest.mark.parametrize(
    ("pictures", "total", "said"),
    [
        (1, Total(1, 0, 84_000, 3.25), None),
        (1, Total(), None),  # say the visit was forgotten in between
        (4, Total(4, 0, 336_000, 9), None),
        (4, Total(3, 0, 252_000, 9), None),
        (
            1,
            Total(2, 0, 168_000, 7.5),
            "2 pictures, 168,000 tokens ($0.084), 7.5 seconds of drawing",
        ),
        (
            4,
            Total(5, 0, 378_000, 12),
            "5 pictures, 378,000 tokens ($0.189), 12.0 seconds of drawing",
        ),
        (1, Total(2), "2 pictures, 0 tokens ($0.00), 0.0 seconds of drawing"),
        (1, Total(2, 2, 0, 1.5), "2 pictures, cost not reported, 1.5 seconds of drawing"),
        (
            1,
            Total(2, 1, 84_000, 1.5),
            "2 pictures, at least 84,000 tokens ($0.042), 1.5 seconds of drawing",
        ),
    ],
)
def test_the_text_tells_of_the_visit_if_that_is_more(
    pictures: int, total: Total, said: str | None
) -> None:
    recipe = replace(RECIPE, request=request_of(num_images=pictures))
    found = lines(text(*[recipe] * pictures, total=total))
    assert found.get("Reported this visit") == said
    assert said is None or list(found)[-1] == "Reported this visit"


# A whole visit.


@pytest.mark.parametrize(
    ("total", "price", "whole"),
    [
        (Total(1, 0, 84_000, 3.25), "1 picture, 84,000 tokens ($0.042)", "3.2 seconds of drawing"),
        (Total(2, 0, 3_000_000, 60), "2 pictures, 3,000,000 tokens ($1.50)", "60.0 seconds of"),
        (Total(1), "1 picture, 0 tokens ($0.00)", "0.0 seconds of drawing"),
        (Total(1, 1, 0, 2), "1 picture, cost not reported", "2.0 seconds of drawing"),
        (Total(4, 4, 0, 2), "4 pictures, cost not reported", "2.0 seconds of drawing"),
        (Total(4, 3, 84_000, 2), "4 pictures, at least 84,000 tokens ($0.042)", "2.0 seconds of"),
        (Total(5, 1, 0, 2), "5 pictures, at least 0 tokens ($0.00)", "2.0 seconds of"),
    ],
)
def test_a_total_is_said_in_words(total: Total, price: str, whole: str) -> None:
    assert total.price == price
    assert str(total).startswith(f"{price}, {whole}")


@pytest.mark.parametrize(
    ("receipt", "total"),
    [
        (receipt_of(), Total(11, 0, 184_000, 8.25)),
        (receipt_of(pictures=4, tokens=336_000), Total(14, 0, 436_000, 8.25)),
        (receipt_of(pictures=2, asked=3, tokens=168_000), Total(12, 0, 268_000, 8.25)),
        (receipt_of(tokens=None), Total(11, 1, 100_000, 8.25)),
        (receipt_of(pictures=2, asked=3, tokens=None), Total(12, 2, 100_000, 8.25)),
        (receipt_of(tokens=0), Total(11, 0, 100_000, 8.25)),
        (receipt_of(seconds=0), Total(11, 0, 184_000, 5)),
    ],
)
def test_a_total_grows_by_what_arrived(receipt: Receipt, total: Total) -> None:
    before = Total(10, 0, 100_000, 5)
    assert before.plus(receipt) == total
    assert before == Total(10, 0, 100_000, 5)


def test_a_visit_begins_with_nothing() -> None:
    visit = Visit()
    assert (visit.of("imagen"), visit.of("sandbox")) == (Total(), Total())
    visit.add(receipt_of())
    assert (Visit().of("imagen"), Visit().of("sandbox")) == (Total(), Total())


def test_a_visit_says_at_least_once_a_cost_was_not_reported() -> None:
    visit = Visit()
    visit.add(receipt_of(pictures=2, tokens=None))
    assert visit.of("imagen").price == "2 pictures, cost not reported"
    visit.add(receipt_of(tokens=84_000))
    assert visit.of("imagen").price == "3 pictures, at least 84,000 tokens ($0.042)"
    visit.add(receipt_of(tokens=84_000, drawn_by="sandbox"))
    assert visit.of("sandbox").price == "1 picture, 84,000 tokens ($0.042)"


def test_a_total_does_not_change_while_a_visit_goes_on() -> None:
    visit = Visit()
    visit.add(receipt_of())
    before = visit.of("imagen")
    visit.add(receipt_of())
    assert (before.pictures, visit.of("imagen").pictures) == (1, 2)


def test_a_visit_keeps_no_prompts_and_leaves_the_receipt_its_own() -> None:
    request = request_of(prompt="A secret fox", num_images=2)
    recipe = replace(RECIPE, request=request, rewritten_prompt="A secret red fox")
    receipt = Receipt.of([recipe, recipe], ["The secret one was blocked."])
    visit, before = Visit(), asdict(receipt)
    visit.add(receipt)
    assert "secret" not in repr(vars(visit))
    assert asdict(receipt) == before
    assert visit.of("imagen") == Total().plus(receipt)


def test_receipts_that_are_added_at_once_are_all_counted() -> None:
    visit, threads, each = Visit(), 8, 200
    start = threading.Barrier(threads)

    def add(number: int) -> None:
        start.wait(10)
        for _ in range(each):
            visit.add(receipt_of(tokens=number, drawn_by="sandbox" if number % 2 else "imagen"))
            visit.of("imagen")

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(add, range(threads)))
    finally:
        sys.setswitchinterval(often)
    imagen, sandbox = visit.of("imagen"), visit.of("sandbox")
    assert imagen.pictures + sandbox.pictures == threads * each
    assert imagen.tokens + sandbox.tokens == sum(range(threads)) * each


_RECEIPTS = st.builds(
    receipt_of,
    tokens=st.none() | st.integers(0, 10**9),
    seconds=st.integers(0, 1_000).map(float),
    pictures=st.integers(1, 4),
    drawn_by=st.sampled_from(["imagen", "sandbox"]),
)


@given(st.lists(_RECEIPTS, max_size=8))
def test_a_visit_adds_up_each_side_on_its_own(receipts: list[Receipt]) -> None:
    visit = Visit()
    for receipt in receipts:
        visit.add(receipt)
    sides: tuple[DrawnBy, ...] = ("imagen", "sandbox")
    for side in sides:
        here = [each for each in receipts if each.drawn_by == side]
        silent = [each for each in here if each.tokens_used is None]
        assert visit.of(side) == Total(
            pictures=sum(len(each.rewritten_prompts) for each in here),
            unreported=sum(len(each.rewritten_prompts) for each in silent),
            tokens=sum(each.tokens_used or 0 for each in here),
            seconds=sum(each.seconds for each in here),
        )
