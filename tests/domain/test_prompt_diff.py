"""The words that a prompt and its rewrite share, script by script, and texts cut to a length."""

# ruff: noqa: RUF001 - punctuation and letters of other scripts are what is tested

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.domain.generation import MAX_REWRITTEN
from imagen_demo.domain.prompt_diff import MAX_WORK, Diff, Piece, diff, has_words, trimmed
from imagen_demo.domain.request import clean_prompt

ENGLISH = [
    (
        "[Racoon] eating [ice]-[cream]",
        (
            "A mischievous [racoon], with beady eyes and a striped tail, is caught mid-lick, "
            "enjoying a stolen [ice] [cream] cone."
        ),
    ),
    ("[A red fox]", "[A red fox]"),
    ("[A] [fox]", "[A] red [fox]"),
    ("[A] red [fox]", "[A] [fox]"),
    ("a fox", "one bear"),
    ("[fox]", "[fox] fox"),
    ("fox", "foxes"),
    ("[fox] 7", "[fox] 77"),
    ("[4K fox]", "[4K fox] at f/2"),
    ("[A fox\nin snow]", "[A fox\nin snow]"),
    ("[A fox]\n[in snow]", "[A fox] [in snow]"),
]
PUNCTUATION = [
    ("[fox], [bear]", "[fox] [bear]"),
    ("[fox] [bear]", "[fox], [bear]"),
    ("[fox, bear]", "[fox, bear]"),
    ("[fox]  [bear]", "[fox] [bear]"),
    ("[fox]. [A bear]", "[fox]; [a bear]"),
    ("[fox].", "[fox]."),
    ('"[fox]"', '"[fox]"'),
    ('[a "fox" sits]', '[a "fox" sits]'),
    ("[f/2 lens]", "[f/2 lens]"),
    ("[a]_[b]", "[a] [b]"),
    ("[one]—[two]", "[one] - [two]"),
    ("<b>", "&lt;"),
    ("...", "..."),
]
CAPITALS = [
    ("[RED Fox]", "[red fOX]"),
    ("[Straße]", "[STRASSE]"),
    ("[ΟΔΟΣ]", "[οδος]"),
    ("[Лиса в снегу]", "[ЛИСА В СНЕГУ]"),
    ("[Éclair]", "[éclair]"),
    ("Éclair", "Eclair"),
]
APOSTROPHES_AND_HYPHENS = [
    ("[don't run]", "[don't run]"),
    ("[don’t run]", "[don’t run]"),
    ("[don]'[t run]", "[don]’[t run]"),
    ("[the fox]'[s tail]", "[the fox]’[s tail]"),
    ("[ice-cream]", "[ice-cream]"),
    ("[ice]-[cream]", "[ice] [cream]"),
    ("icecream", "ice-cream"),
    ("[mid-lick]", "caught [mid-lick]"),
    ("[well]-[lit] fox", "[well] [lit]"),
]
SCRIPTS = [
    # Chinese, Japanese, Thai: one character each; Korean, Hindi, Arabic: words.
    ("[狐狸在雪中]", "一只红[狐狸]坐[在雪中]。"),
    ("[红狐狸]", "[红]色的[狐狸]"),
    ("[狐狸]，[雪]", "[狐狸]、[雪]"),
    ("[狐狸，雪]。", "[狐狸，雪]。"),
    ("[一只 fox 在]看", "[一只 fox 在]雪中"),
    ("一只[fox]在", "a [fox]"),
    ("[𠮷野]家", "大[𠮷野]"),
    ("[𠮷]𡈽", "[𠮷]𠀋"),
    ("[雪の中]の[狐]", "深い[雪の中]に座る[狐]"),
    ("[アイス]を", "[アイス]クリーム"),
    ("[人々]", "[人々]と"),
    ("[눈 속의] [여우]", "깊은 [눈 속의] 붉은 [여우]"),
    ("눈속", "눈"),
    ("[हिन्दी में] लोमड़ी", "[हिन्दी में] एक"),
    ("कि", "की"),
    ("की", "क"),
    ("[लोमड़ी]", "एक लाल [लोमड़ी]।"),
    ("[แมวดำ]", "[แมว]สี[ดำ]"),
    ("[น้ำ]ตก", "สาย[น้ำ]"),
    ("ก้", "ก่"),
    ("[ثعلب] [في الثلج]", "[ثعلب] أحمر [في الثلج]"),
    ("cafe\u0301", "cafe"),
    ("[cafe\u0301]", "the [CAFE\u0301]"),
]
EMOJI = [
    ("[🦊]", "[🦊]🐻"),
    ("[🦊🐻]", "[🦊🐻]"),
    ("[🦊🐻]", "[🦊]🌲[🐻]"),
    ("[🦊] [🐻]", "[🦊🐻]"),
    ("a [🦊]", "the [🦊]"),
    ("[fox🦊]", "red [fox🦊]"),
    ("[👩\u200d🚀]", "an [👩\u200d🚀] waves"),
    ("👩\u200d🚀", "👩"),
    ("👩\u200d🚀", "🚀"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👦"),
    ("[👨\u200d👩\u200d👧\u200d👦🦊]", "[👨\u200d👩\u200d👧\u200d👦🦊]"),
    ("[👍🏽]", "[👍🏽]!"),
    ("👍🏽", "👍🏿"),
    ("👍🏽", "👍"),
    ("👩🏽\u200d🚀", "👩🏿\u200d🚀"),
    ("[👩🏽\u200d🚀]", "[👩🏽\u200d🚀]"),
    ("[🇺🇦]", "[🇺🇦]🇫🇷"),
    ("🇺🇦", "🇺🇸"),
    ("🇺🇦🇸🇪", "🇦🇸"),
    ("[🇺🇦🇫🇷]", "🇸🇪[🇺🇦🇫🇷]"),
    ("🇺", "🇺🇦"),
    ("[1️⃣] fox", "[1️⃣] bear"),
    ("1️⃣", "1"),
    ("1️⃣", "2️⃣"),
    ("[❤️]", "[❤️]!"),
    ("❤️", "❤"),
]
ORDER = [
    ("[fox] and bear", "bear and [fox]"),
    ("[a red fox] in snow", "in snow [a red fox]"),
    ("in snow [a red fox]", "[a red fox] in snow"),
    ("[one] [two] [three]", "[one] 1 [two] 2 [three]"),
    ("[fox] [fox]", "[fox], [fox], fox"),
    ("狐[在雪中]", "[在雪中]狐"),
]


def bare(text: str) -> str:
    """A text of the tables without the brackets around what is shared."""
    return text.replace("[", "").replace("]", "")


def marked(pieces: list[Piece]) -> str:
    """A text taken apart, as in the tables."""
    return "".join(f"[{piece.text}]" if piece.shared else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("prompt", "rewritten"),
    [*ENGLISH, *PUNCTUATION, *CAPITALS, *APOSTROPHES_AND_HYPHENS, *SCRIPTS, *EMOJI, *ORDER],
    ids=ascii,
)
def test_the_words_that_both_texts_have_in_this_order_are_shared(
    prompt: str, rewritten: str
) -> None:
    found = diff(bare(prompt), bare(rewritten))
    assert (marked(found.prompt), marked(found.rewritten)) == (prompt, rewritten)


@pytest.mark.parametrize(
    ("prompt", "rewritten", "kept", "words"),
    [
        ("Racoon eating ice-cream", "A racoon enjoys ice cream", 3, 4),
        ("A fox", "A red fox in deep snow", 2, 2),
        ("A fox", "Bears", 0, 2),
        ("A fox!", "", 0, 2),
        ("", "A fox", 0, 0),
        ("?! ...", "?! ...", 0, 0),
        ("don't", "don’t", 2, 2),
        ("fox fox fox", "fox", 1, 3),
        ("fox", "fox fox fox", 1, 1),
        ("狐狸在雪中", "红狐狸", 2, 5),
        ("눈 속의 여우", "깊은 눈 속의 붉은 여우", 3, 3),
        ("हिन्दी में", "हिन्दी", 1, 2),
        ("แมวดำ", "แมว", 3, 5),
        ("👩\u200d🚀 🇺🇦 👍🏽 1️⃣", "🇺🇦 1️⃣", 2, 4),
    ],
    ids=ascii,
)
def test_the_prompts_words_are_counted_and_those_that_were_kept(
    prompt: str, rewritten: str, kept: int, words: int
) -> None:
    found = diff(prompt, rewritten)
    assert (found.kept, found.words) == (kept, words)


@pytest.mark.parametrize(
    ("prompt", "rewritten"), [("", ""), ("A fox", ""), ("", "A fox"), (" ", "\n"), ("—", "—")]
)
def test_texts_of_which_one_has_no_words_share_nothing(prompt: str, rewritten: str) -> None:
    found = diff(prompt, rewritten)
    assert (marked(found.prompt), marked(found.rewritten)) == (prompt, rewritten)
    assert len(found.prompt) == bool(prompt)
    assert len(found.rewritten) == bool(rewritten)


def test_texts_that_repeat_themselves_beyond_all_sense_are_not_compared() -> None:
    prompt, times = "fox " * 100, MAX_WORK // 100 // 100
    assert diff(prompt, "fox " * times).kept == 100
    assert diff(prompt, "fox " * (times + 1)) == Diff(
        prompt=[Piece(prompt, shared=False)],
        rewritten=[Piece("fox " * (times + 1), shared=False)],
        kept=None,
        words=100,
    )
    assert diff("狐" * 200_000, "狐" * 200_000).kept is None
    assert diff("狐" * 200_000, "狸" * 200_000).kept == 0  # compared, and nothing found


def test_a_word_that_a_long_text_repeats_is_still_shared() -> None:
    assert diff("A fox", "Red snow, " + "fox and bear, " * 150).kept == 1


def test_the_longest_prompt_of_imagen_is_compared_with_the_longest_rewrite() -> None:
    prompt = "".join(chr(0x4E00 + number % 150) for number in range(400))
    rewritten = "".join(chr(0x4E00 + number % 400) for number in range(MAX_REWRITTEN))
    kept = diff(prompt, rewritten).kept
    assert kept
    assert kept > 150


SCRAPS = st.lists(
    st.sampled_from(
        [
            *("fox", "Fox", "FOX", "red", "RED", "ß", "SS", "İ", "ﬁ", "7", "'", "’", "-", "["),
            *("狐", "狸", "雪", "。", "の", "々", "눈", "속", "कि", "แ", "🦊", "👩", "🚀"),
            *(" ", "  ", ", ", "\n", "\u093f", "\u0e49", "\u0301", "\u200d", "\ufe0f", "\u20e3"),
            *("\U0001f3fd", "\U0001f3ff", "\U0001f1fa", "\U0001f1e6"),
        ]
    ),
    max_size=30,
).map("".join)
TEXTS = SCRAPS | st.text()


def shared(pieces: list[Piece]) -> str:
    """All that is shared, in order."""
    return "".join(piece.text for piece in pieces if piece.shared)


@given(TEXTS, TEXTS)
@settings(deadline=None, max_examples=300)
def test_any_two_texts_are_taken_apart_without_loss(prompt: str, rewritten: str) -> None:
    found = diff(prompt, rewritten)
    for pieces, text in ((found.prompt, prompt), (found.rewritten, rewritten)):
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)
        kinds = [piece.shared for piece in pieces]
        assert all(kind != following for kind, following in pairwise(kinds))
    assert shared(found.prompt).casefold() == shared(found.rewritten).casefold()
    assert found.kept is not None
    assert 0 <= found.kept <= found.words
    assert bool(found.kept) == bool(shared(found.prompt))


@given(TEXTS)
@settings(deadline=None, max_examples=200)
def test_a_text_shares_every_word_with_itself(text: str) -> None:
    found = diff(text, text)
    assert found.prompt == found.rewritten
    assert found.kept == found.words
    assert sum(piece.shared for piece in found.prompt) == bool(found.words)
    for piece in found.prompt:
        assert piece.shared or not diff(piece.text, "").words


@pytest.mark.parametrize(
    "text", ["fox", "7", " fox!", "...a", "狐", "눈", "कि", "🦊", "👩\u200d🚀", "1️⃣", "🇺🇦", "❤️", "é"]
)
def test_a_text_with_a_word_emoji_or_number_in_it_has_words(text: str) -> None:
    assert has_words(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "...", ",", "!?", "—", "。", "_", "'", "“ ”", "()"]
)
def test_spaces_and_punctuation_alone_have_no_words(text: str) -> None:
    assert not has_words(text)


@given(TEXTS, TEXTS)
@settings(deadline=None, max_examples=300)
def test_words_were_added_if_the_rewrite_has_more_than_were_kept(
    prompt: str, rewritten: str
) -> None:
    found = diff(prompt, rewritten)
    added = any(not piece.shared and has_words(piece.text) for piece in found.rewritten)
    assert found.kept is not None
    assert added == (found.kept < diff(rewritten, "").words)


@given(TEXTS)
@settings(deadline=None, max_examples=200)
def test_a_text_between_two_words_is_one_piece_beside_itself(text: str) -> None:
    framed = f"fox {text} fox"
    assert diff(framed, framed).prompt == [Piece(framed, shared=True)]


@given(TEXTS, TEXTS)
@settings(deadline=None, max_examples=150)
def test_it_is_the_prompts_words_that_are_counted(prompt: str, rewritten: str) -> None:
    assert diff(prompt, rewritten).words == diff(prompt, prompt).kept


@pytest.mark.parametrize(
    ("text", "limit", "left"),
    [
        ("A fox sits.", 11, "A fox sits."),
        ("A fox sits.", 400, "A fox sits."),
        ("", 5, ""),
        # Sentences.
        ("A fox. A bear sits here.", 15, "A fox."),
        ("A fox. A bear. A wolf sits.", 16, "A fox. A bear."),
        ("A fox. B", 6, "A fox."),
        ("A fox. A bear. B", 14, "A fox. A bear."),
        ("A fox. B", 7, "A fox."),
        ("A fox! A bear sits", 12, "A fox!"),
        ("A fox?! A bear sits", 12, "A fox?!"),
        ("A fox… A bear sits", 12, "A fox…"),
        ("A fox...\nA bear sits", 12, "A fox..."),
        ('He says "Run!" Then he runs', 18, 'He says "Run!"'),
        ("He says “Run!” Then he runs", 18, "He says “Run!”"),
        ("He says 'Run.' Then he runs", 18, "He says 'Run.'"),
        ("A fox (it sits.) Then it runs", 20, "A fox (it sits.)"),
        ("A fox [sic.] Then it runs", 16, "A fox [sic.]"),
        # Chinese and Japanese have no space after a sentence.
        ("狐狸在雪中。它在看", 8, "狐狸在雪中。"),
        ("狐狸在雪中！它在看", 6, "狐狸在雪中！"),
        ("他说：「跑吧！」然后跑了", 10, "他说：「跑吧！」"),
        ("他说：“跑吧？”然后跑了", 10, "他说：“跑吧？”"),
        ("（狐狸在雪中。）它在看", 9, "（狐狸在雪中。）"),
        # Points within a number or a name end no sentence.
        ("A fox of 3.5 kilos sits", 14, "A fox of 3.5"),
        ("A fox.png of a fox", 12, "A fox.png of"),
        # Words.
        ("A fox. B", 5, "A fox"),
        ("A fox sits", 5, "A fox"),
        ("A fox sits", 6, "A fox"),
        ("A fox sits", 9, "A fox"),
        ("A fox   sits", 7, "A fox"),
        ("A fox\nsits", 8, "A fox"),
        ("눈 속의 여우", 5, "눈 속의"),
        # An early sentence counts from a third of the limit on.
        ("Oh. A fox sits in the snow", 9, "Oh."),
        ("Oh. A fox sits in the snow", 10, "Oh. A fox"),
        # No space to cut at.
        ("狐狸在雪中坐", 3, "狐狸在"),
        ("Foxfoxfox", 4, "Foxf"),
        ("Fox", 1, "F"),
        ("Fox 狐狸在雪中坐着看月亮", 12, "Fox 狐狸在雪中坐着看"),
        ("👩‍🚀👩‍🚀", 4, "👩‍🚀"),
    ],
    ids=ascii,
)
def test_a_text_is_cut_where_a_sentence_or_a_word_ends(text: str, limit: int, left: str) -> None:
    assert trimmed(text, limit) == left


@given(
    SCRAPS | st.text() | st.text(alphabet=" .!?…\"'”。！」）ab狐\n"),
    st.integers(1, 40),
)
@settings(deadline=None, max_examples=400)
def test_what_is_left_of_any_text_is_its_beginning_and_fits(text: str, limit: int) -> None:
    left = trimmed(text, limit)
    assert text.startswith(left)
    assert len(left) <= limit
    if len(text) <= limit:
        assert left == text
    if text and not text[0].isspace():
        assert left
    assert trimmed(left, limit) == left


@given(SCRAPS)
@settings(deadline=None, max_examples=100)
def test_what_is_left_fits_into_a_request(text: str) -> None:
    prompt = clean_prompt(text)
    assert clean_prompt(trimmed(prompt, 12)) == trimmed(prompt, 12)
