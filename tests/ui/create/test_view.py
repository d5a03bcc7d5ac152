"""What a picture can teach: the rewrite's words marked, its cost, its request and its response."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imagen_demo.domain.catalog import DEFAULT_MODEL, MAX_WORDS_REWRITTEN, MODELS
from imagen_demo.domain.code_snippets import curl, javascript, python
from imagen_demo.domain.generation import MAX_REWRITTEN, Usage
from imagen_demo.domain.receipt import Receipt, Total
from imagen_demo.domain.recipe import Recipe
from imagen_demo.ui.create import view as create_view
from tests.stand_ins import NASTY, Page, recipe_of, rewrite_in

NANO = "google/gemini-nano-banana-2.1"
LIMIT = 400
LONG = "A red fox, painted with great care. " * 20
NONE_YET, THREE = Total(), Total(3, 0, 252_000, 30.5)
HOSTILE = [NASTY, '"><button data-use="x">', "${document.cookie}", "{{}}", "</dd></dl></section>"]
hostile = pytest.mark.parametrize("words", HOSTILE)


def compared(recipe: Recipe) -> list[str]:
    """Prompt and rewritten prompt as they are marked: `[shared]`, `(the one's alone)`."""
    source = create_view.rewrite(recipe)
    marks = {"mark": "[]", "ins": "()", "del": "()"}

    def marked(found: re.Match[str]) -> str:
        return marks[found[2]][bool(found[1])]

    return [
        re.sub(r"<(/?)(\w+)>", marked, each) for each in re.findall(r"<dd[^>]*>(.*?)</dd>", source)
    ]


def buttons(source: str) -> list[dict[str, str | None]]:
    return [attributes for tag, attributes in Page(source).tags if tag == "button"]


def shape(source: str) -> list[tuple[str, list[str]]]:
    """Tags and the names of their attributes."""
    return [(tag, list(attributes)) for tag, attributes in Page(source).tags]


# What the rewrite did.


@pytest.mark.parametrize(
    ("prompt", "rewritten", "marked"),
    [
        ("A fox", "A red fox", ["[A] [fox]", "[A]( red )[fox]"]),
        ("A fox", "Two owls", ["(A fox)", "(Two owls)"]),
        ("A fox", "A fox", ["[A fox]", "[A fox]"]),
        (
            "fox in snow",
            "A FOX asleep in snow",
            ["[fox] [in snow]", "(A )[FOX]( asleep )[in snow]"],
        ),
        (
            "A sign in light",
            "A sign, in light.",
            ["[A sign] [in light]", "[A sign](, )[in light](.)"],
        ),
    ],
)
def test_the_words_of_both_are_marked_in_both(
    prompt: str, rewritten: str, marked: list[str]
) -> None:
    assert compared(recipe_of(prompt, rewritten=rewritten)) == marked


@pytest.mark.parametrize("rewritten", ["A red fox", "Two  owls", LONG, *HOSTILE])
def test_the_marked_pieces_are_prompt_and_rewrite_word_for_word(rewritten: str) -> None:
    for recipe in (recipe_of("A fox", rewritten=rewritten), recipe_of(rewritten[:300] or "A fox")):
        page = Page(create_view.rewrite(recipe))
        assert page.inside("dd") == [recipe.request.prompt, recipe.rewritten_prompt]
        assert Page(create_view.words(recipe)).text == recipe.rewritten_prompt


def test_what_was_left_out_is_struck_in_the_prompt_and_what_was_added_in_the_rewrite() -> None:
    page = Page(create_view.rewrite(recipe_of("fox, small", rewritten="fox asleep")))
    assert (page.inside("del"), page.inside("ins")) == ([", small"], [" asleep"])


@pytest.mark.parametrize(
    ("prompt", "rewritten", "said"),
    [
        ("A fox", "A red fox", "Underlined: your words, all of them. The rest was added."),
        ("A small fox", "A red fox", "Underlined: 2 of your 3 words. The rest was added."),
        ("!?", "A red fox", "Your prompt has no words; all of this was added."),
        ("A fox", "Two owls", "Underlined: 0 of your 2 words. The rest was added."),
        ("A fox", "A fox", "Underlined: your words, all of them. Nothing was added."),
        ("A fox", "a FOX!", "Underlined: your words, all of them. Nothing was added."),
        ("A fox", "A, fox.", "Underlined: your words, all of them. Nothing was added."),
        ("A small fox", "A fox", "Underlined: 2 of your 3 words. Nothing was added."),
        ("A fox", "A fox 🦊", "Underlined: your words, all of them. The rest was added."),
        ("A fox", "...", "Underlined: 0 of your 2 words. Nothing was added."),
    ],
)
def test_the_words_that_were_kept_are_counted(prompt: str, rewritten: str, said: str) -> None:
    assert said in Page(create_view.rewrite(recipe_of(prompt, rewritten=rewritten))).text


def test_texts_that_were_not_compared_are_not_said_to_share_nothing() -> None:
    recipe = recipe_of("狐" * LIMIT, rewritten="狐" * MAX_REWRITTEN)
    page = Page(create_view.rewrite(recipe))
    assert "Too much of the same to compare word by word." in page.text
    assert "Underlined" not in page.text
    assert "added" not in page.text
    assert page.inside("dd") == [recipe.request.prompt, recipe.rewritten_prompt]
    assert page.inside("button") == ["Use this prompt", "Lock this rewrite"]
    assert Page(create_view.words(recipe)).text == recipe.rewritten_prompt


def test_a_model_without_a_seed_cannot_be_locked() -> None:
    page = Page(create_view.rewrite(recipe_of(model="google/gemini-nano-banana-2.1")))
    assert page.inside("button") == ["Use this prompt"]


def test_the_panel_says_who_rewrote() -> None:
    assert "Imagen 4 used" in Page(create_view.rewrite(recipe_of())).inside("dt")
    played = Page(create_view.rewrite(recipe_of(drawn_by="sandbox")))
    assert "The sandbox used" in played.inside("dt")
    assert "Imagen" not in played.text


def test_a_long_rewrite_can_be_scrolled_by_keyboard() -> None:
    (listed,) = [attrs for tag, attrs in Page(create_view.rewrite(recipe_of())).tags if tag == "dl"]
    assert listed["tabindex"] == "0"
    assert listed["aria-label"]


def test_texts_of_every_script_run_in_their_own_direction() -> None:
    for source in (create_view.rewrite(recipe_of()), create_view.words(recipe_of())):
        assert set(Page(source).given("dir")) == {"auto"}


@pytest.mark.parametrize("place", ["", "picture 2 of 4"])
def test_the_heading_says_which_of_several_pictures_it_is(place: str) -> None:
    for recipe in (recipe_of(), recipe_of(rewritten=None)):
        page = Page(create_view.rewrite(recipe, place))
        assert page.inside("h2") == [f"Rewritten prompt {place}".strip()]
        assert len(page.inside("small")) == bool(place)


def test_before_the_first_picture_and_after_it_the_panels_are_called_the_same() -> None:
    for before, after in (
        (create_view.NO_REWRITE, create_view.rewrite(recipe_of())),
        (create_view.NO_USAGE, create_view.usage(Receipt.of([recipe_of()]), NONE_YET)),
    ):
        first, then = Page(before).tags[0], Page(after).tags[0]
        then[1].pop("data-caption", None)
        assert first == then
        assert first[1]["role"] == "group"
        assert Page(before).inside("h2") == [first[1]["aria-label"]]


# Why there is none.

_WORDS_30 = "fox " * MAX_WORDS_REWRITTEN
NONE: list[tuple[str, dict[str, Any], str]] = [
    ("A fox", {}, "The service gave no rewritten prompt back."),
    ("A fox", {"enhance_prompt": False}, "Rewriting was off: the prompt was drawn as it is."),
    (_WORDS_30, {}, "Prompts of 30 words or more are drawn as they are."),
    (_WORDS_30[:-5], {}, "The service gave no rewritten prompt back."),
    (_WORDS_30, {"enhance_prompt": False}, "Rewriting was off"),
    ("A fox", {"model": NANO}, "Nano Banana 2.1 does not rewrite prompts."),
]


@pytest.mark.parametrize("rewritten", [None, ""])
@pytest.mark.parametrize(("prompt", "asked", "reason"), NONE)
def test_without_a_rewrite_panel_and_column_say_why(
    prompt: str, asked: dict[str, Any], reason: str, rewritten: str | None
) -> None:
    recipe = recipe_of(prompt, rewritten=rewritten, **asked)
    for source in (create_view.rewrite(recipe), create_view.words(recipe)):
        assert reason in Page(source).text
        assert not Page(source).inside("dd", "mark", "ins", "button")


def test_a_column_shows_the_rewrite_alone_with_the_visitors_words_marked_in_it() -> None:
    page = Page(create_view.words(recipe_of("A fox", rewritten="A red fox")))
    assert (page.inside("mark"), page.inside("ins")) == (["A", "fox"], [" red "])
    assert page.inside("p") == ["A red fox"]
    assert not page.inside("button", "del", "dd")


# What can be done with it.


def test_a_rewrite_can_become_the_prompt_and_be_locked() -> None:
    use, lock = buttons(create_view.rewrite(recipe_of("A fox", rewritten="A red fox")))
    assert (use["data-use"], use["data-model"]) == ("A red fox", DEFAULT_MODEL)
    assert "data-lock" not in use
    assert lock == {**use, "data-lock": None}
    assert use["type"] == "button"
    page = Page(create_view.rewrite(recipe_of()))
    assert page.inside("button") == ["Use this prompt", "Lock this rewrite"]


@pytest.mark.parametrize("model", [each for each in MODELS if "imagen" in each])
def test_a_rewrite_goes_back_to_the_model_that_wrote_it(model: str) -> None:
    page = Page(create_view.rewrite(recipe_of(model=model)))
    assert page.given("data-model") == [model, model]


@pytest.mark.parametrize("length", [LIMIT - 1, LIMIT])
def test_a_rewrite_that_fits_is_offered_whole_and_without_a_word(length: int) -> None:
    rewritten = LONG[: length - 1] + "x"
    page = Page(create_view.rewrite(recipe_of(rewritten=rewritten)))
    assert page.given("data-use") == [rewritten] * 2
    assert "characters" not in page.text


@pytest.mark.parametrize(
    "rewritten",
    [
        LONG,
        "x" * (LIMIT + 1),
        "x" * MAX_REWRITTEN,
        "一只红狐狸。" * 100,
        "🦊" * 500,
        "{`$<&\"'>}" * 100,
        ("A fox, " * 100).strip(),
    ],
    ids=["sentences", "one more", "most", "chinese", "emoji", "nasty", "one sentence"],
)
def test_a_rewrite_that_is_too_long_is_offered_as_far_as_the_model_reads(rewritten: str) -> None:
    page = Page(create_view.rewrite(recipe_of(rewritten=rewritten)))
    assert MODELS[DEFAULT_MODEL].prompt_limit == LIMIT
    offered = page.given("data-use")[0]
    assert offered
    assert page.given("data-use") == [offered] * 2
    assert LIMIT / 3 <= len(offered) <= LIMIT
    assert rewritten.startswith(offered)
    (end,) = page.inside("bdi")
    assert end
    assert offered.endswith(end)
    assert (
        f"Imagen 4 reads {LIMIT} characters; this has {len(rewritten)}. Both take the first "
        f"{len(offered)}, up to “{end}”."
    ) in page.text
    assert page.inside("dd")[1] == rewritten, "what is shown is never cut"


def test_what_is_offered_can_be_asked_for() -> None:
    for rewritten in (LONG, "一只红狐狸。" * 100, NASTY * 9):
        offered = Page(create_view.rewrite(recipe_of(rewritten=rewritten))).given("data-use")[0]
        assert offered
        assert recipe_of(offered).request.prompt == offered


def test_a_model_without_a_documented_limit_is_offered_all_of_it() -> None:
    rewritten = LONG * 3
    page = Page(create_view.rewrite(recipe_of(rewritten=rewritten, model=NANO)))
    assert MODELS[NANO].prompt_limit is None
    assert set(page.given("data-use")) == {rewritten}


# Foreign words.


@hostile
def test_no_foreign_word_gets_out_of_the_rewrite(words: str) -> None:
    plain = recipe_of("An ox", rewritten="Two fine owls")
    foreign = recipe_of(words, rewritten=f"Two {words} owls")
    page = Page(create_view.rewrite(foreign, words))
    tags = {"mark", "del", "ins", "small"}
    assert [each for each in shape(create_view.rewrite(foreign, words)) if each[0] not in tags] == [
        each for each in shape(create_view.rewrite(plain)) if each[0] not in tags
    ]
    assert page.given("data-use") == [f"Two {words} owls"] * 2
    assert rewrite_in(create_view.rewrite(foreign)) == f"Two {words} owls"
    assert page.inside("small") == [words]
    assert {tag for tag, _ in Page(create_view.words(foreign)).tags} <= {"p", "mark", "ins"}


@hostile
def test_no_foreign_word_gets_out_of_the_usage(words: str) -> None:
    receipt = Receipt.of([recipe_of()])
    foreign = replace(
        receipt, prompt=words, rewritten_prompt=words, inference_id=words, missing=[words]
    )
    assert shape(create_view.usage(foreign, THREE)) == shape(create_view.usage(receipt, THREE))
    page = Page(create_view.usage(foreign, THREE))
    assert page.given("data-copy") == [foreign.to_text(THREE)]
    assert f"Request {words}" in page.inside("p")


# What it cost.

RECEIPT = replace(Receipt.of([recipe_of()]), width=1408, height=768)
PLAYED = replace(RECEIPT, drawn_by="sandbox")


def test_usage_shows_tokens_dollars_seconds_and_size() -> None:
    said = Page(create_view.usage(RECEIPT, NONE_YET)).text
    for part in ("84,000 tokens", "$0.042", "9.9 seconds", "1408\N{MULTIPLICATION SIGN}768 pixels"):
        assert part in said
    assert "sandbox" not in said
    assert "seed" not in said


def test_usage_shows_a_seed_that_counted() -> None:
    assert "seed 0" in Page(create_view.usage(replace(RECEIPT, seed=0), NONE_YET)).text


def test_what_the_sandbox_draws_has_a_price_and_is_free() -> None:
    said = Page(create_view.usage(PLAYED, NONE_YET)).text
    assert "Imagen 4\N{RIGHT SINGLE QUOTATION MARK}s price. The sandbox is free." in said
    unknown = Page(create_view.usage(replace(PLAYED, tokens_used=None), NONE_YET)).text
    assert "The sandbox is free." in unknown
    assert "price" not in unknown


def test_usage_tells_nothing_said_from_nothing_spent() -> None:
    unsaid = Page(
        create_view.usage(replace(RECEIPT, tokens_used=None, usd_spent=None), NONE_YET)
    ).text
    assert "not reported" in unsaid
    assert "$" not in unsaid
    free = Page(create_view.usage(replace(RECEIPT, tokens_used=0, usd_spent=0.0), NONE_YET)).text
    assert "0 tokens $0.00" in free


def test_usage_names_the_request_if_the_service_did() -> None:
    assert "Request gen:1" in Page(create_view.usage(RECEIPT, NONE_YET)).inside("p")
    nameless = replace(RECEIPT, inference_id="")
    assert "Request" not in Page(create_view.usage(nameless, NONE_YET)).text


def test_usage_adds_what_the_visit_came_to_once_something_was_drawn() -> None:
    said = Page(create_view.usage(RECEIPT, THREE)).text
    assert "this visit: 3 pictures, 252,000 tokens ($0.126), 30.5 seconds of drawing" in said
    assert "this visit" not in Page(create_view.usage(RECEIPT, NONE_YET)).text


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (Total(3, 3, 0, 30.5), "this visit: 3 pictures, cost not reported, 30.5 seconds"),
        (Total(3, 1, 168_000, 30.5), "this visit: 3 pictures, at least 168,000 tokens ($0.084),"),
    ],
)
def test_usage_does_not_take_an_unknown_cost_for_none(total: Total, said: str) -> None:
    assert said in Page(create_view.usage(RECEIPT, total)).text


def test_usage_of_several_pictures_is_for_all_of_them_together() -> None:
    assert "together" not in Page(create_view.usage(RECEIPT, NONE_YET)).text
    four = create_view.usage(replace(RECEIPT, num_images=4, tokens_used=336_000), NONE_YET)
    assert "For 4 pictures together." in Page(four).text


@pytest.mark.parametrize("total", [NONE_YET, THREE])
@pytest.mark.parametrize(
    "receipt",
    [
        *(RECEIPT, PLAYED, replace(RECEIPT, seed=7), replace(RECEIPT, missing=["One was lost."])),
        replace(RECEIPT, tokens_used=None, usd_spent=None, rewritten_prompt=None),
    ],
)
def test_what_is_copied_is_the_receipt_as_text(receipt: Receipt, total: Total) -> None:
    page = Page(create_view.usage(receipt, total))
    assert page.given("data-copy") == [receipt.to_text(total)]
    assert page.inside("button") == ["Copy receipt"]
    # Where the page says what became of it, right behind the button.
    after = page.tags[[tag for tag, _ in page.tags].index("button") + 1]
    assert after == ("span", {"class": "quiet", "role": "status"})


# How it was asked for, and answered.


@pytest.mark.parametrize(
    "recipe",
    [
        recipe_of(),
        recipe_of(NASTY, rewritten=None, seed=7, enhance_prompt=False),
        recipe_of(model=NANO, resolution="2K"),
    ],
    ids=["plain", "nasty", "successor"],
)
def test_code_is_the_pictures_own_request_in_three_languages(recipe: Recipe) -> None:
    request = recipe.request
    code = create_view.code(recipe)
    assert code["python"] == python(request)
    assert code["javascript"] == javascript(request)
    assert code["curl"] == curl(request)


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"url": "https://cdn.example/a.png", "prompt": f"Füchse, 狐 {NASTY}"}]},
        *({}, [], None, "text", 7, [[[]]]),
    ],
    ids=repr,
)
def test_a_response_is_laid_out_and_says_the_same(answer: object) -> None:
    recipe = replace(recipe_of(), response=json.dumps(answer, ensure_ascii=False))
    response = create_view.code(recipe)["response"]
    assert response == json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def test_a_response_is_laid_out_line_by_line_in_letters_that_can_be_read() -> None:
    recipe = replace(recipe_of(), response='{"data":[{"prompt":"Ein F\\u00fcchslein"}]}')
    assert '\n      "prompt": "Ein Füchslein"\n' in create_view.code(recipe)["response"]


@pytest.mark.parametrize("response", ["no JSON", "{", NASTY, "[" * 10_000, "7" * 10_000, "<b>"])
def test_an_odd_response_stands_as_it_is(response: str) -> None:
    assert create_view.code(replace(recipe_of(), response=response))["response"] == response


@pytest.mark.parametrize("response", ['"\\ud83e"', '{"\\udd8a": 1}', '["\\ud800\\ud800"]'])
def test_a_response_with_half_a_character_can_still_be_sent_to_a_browser(response: str) -> None:
    assert create_view.code(replace(recipe_of(), response=response))["response"].encode()


def test_a_response_that_would_grow_beyond_all_measure_is_not_laid_out() -> None:
    depth = 900
    response = "[" * depth + ",".join("0" * 7_000) + "]" * depth
    shown = create_view.code(replace(recipe_of(), response=response))["response"]
    assert json.loads(shown) == json.loads(response)
    assert len(shown) < 10 * len(response)


def test_a_picture_without_a_response_says_so() -> None:
    response = create_view.code(recipe_of())["response"]
    assert json.loads(response) == "This picture carries no response."


def test_before_the_first_picture_code_says_when_there_is_some_as_a_remark() -> None:
    code = create_view.NO_CODE
    assert code["python"].startswith("# ")
    assert code["javascript"].startswith("// ")
    assert code["curl"].startswith("# ")
    assert "once you generate or open a picture" in json.loads(code["response"])


def test_usage_of_a_recipe_without_any_figures_is_no_failure() -> None:
    receipt = Receipt.of([recipe_of(rewritten=None, usage=Usage())])
    assert "not reported" in Page(create_view.usage(receipt, NONE_YET)).text


@pytest.mark.parametrize(
    ("count", "ratio", "columns"),
    [
        *((0, "1:1", 1), (1, "9:16", 1), (4, "9:16", 4), (4, "3:4", 4), (4, "16:9", 2)),
        *((2, "16:9", 2), (3, "1:1", 3), (4, "1:1", 2), (3, "16:9", 2)),
    ],
)
def test_several_pictures_stand_where_they_are_largest(
    count: int, ratio: str, columns: int
) -> None:
    shots = [create_view.Shot(Path(f"{place}.png"), "A fox") for place in range(count)]
    assert f'style="--columns: {columns}"' in create_view.pictures(shots, ratio)
