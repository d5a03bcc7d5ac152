"""Who may import whom: the direction of the design, held by reading every import statement."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "imagen_demo"
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py"))

# What each part may import of the package. `*` stands for the part itself.
MAY_IMPORT = {
    "catalog": set(),
    "errors": set(),
    "key": {"errors"},
    "request": {"catalog", "errors"},
    "generation": {"request", "catalog", "errors"},
    "guard": {"errors"},
    "transport": {"guard", "errors"},
    "download": {"transport", "guard", "errors"},
    "payload": set(),
    "refusals": {"catalog", "errors"},
    "client": {
        "transport",
        "download",
        "payload",
        "refusals",
        "request",
        "generation",
        "errors",
    },
    "settings": {"key", "transport", "guard", "errors"},
    "provider": {"settings", "client", "sandbox", "key", "request", "generation", "errors"},
    "album": {"generation"},
    "examples": set(),
    "ui": {"ui", "request", "generation", "catalog", "album", "examples", "errors"},
    "sandbox": {"sandbox"},
}

ONLY_IN = {
    "gradio": {"ui"},
    "requests": {"transport"},
    "urllib3": {"transport", "guard"},
    "PIL": {"generation", "sandbox/painter", "sandbox/figures"},
    "uvicorn": {"sandbox/server", "sandbox/__main__"},
}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def part_of(module: str) -> str:
    return module.removeprefix("imagen_demo/").removesuffix(".py").split("/")[0]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_part_may(module: str) -> None:
    part = part_of(module)
    if part == "__init__":
        assert imports_of(ROOT / module) == set()
        return
    inside = {name for name in imports_of(ROOT / module) if name.startswith("imagen_demo")}
    assert {name.split(".")[1] for name in inside} <= MAY_IMPORT[part]


@pytest.mark.parametrize("module", MODULES)
def test_a_library_is_imported_only_where_it_belongs(module: str) -> None:
    name = module.removeprefix("imagen_demo/").removesuffix(".py")
    for imported in imports_of(ROOT / module):
        allowed = ONLY_IN.get(imported.split(".")[0])
        assert allowed is None or name in allowed or part_of(module) in allowed, imported


def test_only_settings_reads_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in [*PACKAGE.rglob("*.py"), ROOT / "app.py"]
        if {"environ", "getenv"} & names_in(path)
    }
    assert readers == {"imagen_demo/settings.py"}


def test_wiring_has_no_lambdas() -> None:
    lambdas = [
        f"{path}:{node.lineno}"
        for path in (PACKAGE / "ui").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Lambda)
    ]
    assert lambdas == []


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return attributes | imported
