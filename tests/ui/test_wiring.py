"""What the wiring is made of."""

import ast

from tests.demos import ROOT


def test_wiring_has_no_lambdas() -> None:
    """They have no names, neither in a traceback nor for Gradio."""
    lambdas = [
        f"{path}:{node.lineno}"
        for path in (ROOT / "imagen_demo" / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Lambda)
    ]
    assert lambdas == []
