"""All HTML of ours is in templates that escape what they are given, and none of them opts out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import imagen_demo
from imagen_demo.ui.render import TEMPLATES, frame, macros
from tests.stand_ins import NASTY, Page

CODE = Path(imagen_demo.__file__).parent
FOUND = sorted(CODE.glob("*/templates/**/*.html"))
MACRO = re.compile(r"{%-? macro (\w+)\(")
TAG = re.compile(r"(?<!\?P)</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)

TAGS_IN_CODE = {
    "sandbox/replies.py": "what a broken gateway answers, played",
    "sandbox/server.py": "what lies at a picture's address and is none, played",
    "server/link_preview.py": "the place in Gradio's page where ours goes",
    "server/security_headers.py": "looks for the scripts of Gradio's page",
}
"""Files whose strings have a tag, and why."""


def strings(source: str) -> Iterator[str]:
    """Every string of a module that is no docstring, with `x` for what is put into it."""
    tree = ast.parse(source)
    remarks, parts = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            remarks.add(node.value)
        if isinstance(node, ast.JoinedStr):
            parts.update(node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(each.value) if isinstance(each, ast.Constant) else "x" for each in node.values
            )
        elif isinstance(node, ast.Constant) and node not in remarks | parts:
            if isinstance(node.value, str):
                yield node.value
            elif isinstance(node.value, bytes):
                yield node.value.decode("latin-1")


def has_tag(source: str) -> bool:
    return any(TAG.search(each) for each in strings(source))


def test_no_string_of_the_code_has_a_tag_without_a_reason() -> None:
    code = {str(each.relative_to(CODE)): each.read_text("utf-8") for each in CODE.rglob("*.py")}
    assert {name for name, source in code.items() if has_tag(source)} == set(TAGS_IN_CODE)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        *(('x = "<p>"', True), ('x = "a <b>c"', True), ("x = '<a href=\"y\">'", True)),
        *(("x = f'<{tag}>'", True), ("x = f'<p class={kind}>'", True), ('x = b"</P>"', True)),
        *(('x = "a < b > c"', False), ('"""A <p>."""', False), ('x = r"(?P<name>.)"', False)),
        *(('def f():\n    """A <p>."""\n    return "a"', False), ("x = f'{a}<{b}'", False)),
    ],
)
def test_a_tag_in_a_string_is_found(source: str, *, found: bool) -> None:
    assert has_tag(source) is found


@pytest.mark.parametrize("path", FOUND, ids=lambda each: str(each.relative_to(CODE)))
def test_no_template_lets_anything_in_as_it_is(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|filter\s+safe\b|\bautoescape\b|Markup|__html__", source)
    # An attribute without quotes would end at the first space of what is put into it.
    assert not re.search(r"\w=\s*(?:{{|\${)", source)


def test_there_are_templates() -> None:
    names = {each.stem for each in FOUND}
    assert names >= {"messages", "notices", "create", "compare", "library", "sheet", "login"}


def test_what_a_template_is_given_stays_text() -> None:
    page = Page(macros("messages").status(NASTY))
    assert page.tags == [("p", {"role": "status"})]
    assert page.text == NASTY
    shown = Page(
        macros("create").pictures([{"caption": NASTY, "address": "a", "file": {"name": "a"}}], 1)
    )
    assert shown.given("alt") == [NASTY]


def test_what_a_template_is_not_given_is_no_empty_word() -> None:
    with pytest.raises(UndefinedError, match="sentence"):
        macros("messages").status()
    with pytest.raises(UndefinedError, match="model"):
        macros("messages").waiting("Drawing", seconds=(1, 2), sandbox=False)
    with pytest.raises(UndefinedError, match="aspect_ratio"):
        macros("shared").asked_for("A fox")
    with pytest.raises(UndefinedError, match="why_not_rewritten"):
        macros("create").rewrite({}, "", {}, None)


def test_every_macro_is_called() -> None:
    code = "".join(each.read_text("utf-8") for each in CODE.glob("ui/**/*.py"))
    templates = [each.read_text("utf-8") for each in TEMPLATES.glob("*.html")]
    called = "".join(MACRO.sub("", each) for each in templates)
    for source in templates:
        for name in MACRO.findall(source):
            by_code = not name.startswith("_") and re.search(rf"\.{name}\(", code)
            assert by_code or re.search(rf"\b{name}\(", called), name


def test_a_frame_is_put_together_by_the_browser_alone() -> None:
    for each in TEMPLATES.glob("frames/*.html"):
        source = frame(each.stem)
        assert not re.search("{[{%#]", source)
        assert "`" not in source, "which would end it"
        assert source == source.strip() != ""
