"""Who may import whom: the direction of the design, held by reading every import statement."""

import ast
import sys
from functools import cache
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
    "environment": {"errors"},
    "access": {"guard", "errors"},
    "request": {"catalog", "errors"},
    "generation": {"request", "catalog", "errors"},
    "guard": {"connections", "errors"},
    "recipe": {"request", "generation", "catalog", "payload", "errors"},
    "receipt": {"recipe", "generation", "catalog", "prices"},
    "rewrite": set(),
    "snippets": {"request"},
    "comparison": {"request", "catalog", "errors"},
    "inscription": {"recipe", "generation", "errors"},
    "prices": {"catalog", "request", "generation"},
    "lifecycle": {"errors"},
    "budget": {"errors"},
    "addresses": set(),
    "journal": set(),
    "retries": set(),
    "connections": set(),
    "transport": {"connections", "guard", "retries", "errors"},
    "download": {"transport", "guard", "generation", "errors"},
    "payload": set(),
    "refusals": {"catalog", "lifecycle", "errors"},
    "client": {
        "transport",
        "download",
        "payload",
        "refusals",
        "lifecycle",
        "request",
        "generation",
        "catalog",
        "errors",
    },
    "settings": {
        "access",
        "budget",
        "environment",
        "key",
        "transport",
        "guard",
        "retention",
        "errors",
    },
    "provider": {
        "budget",
        "prices",
        "refusals",
        "settings",
        "client",
        "sandbox",
        "key",
        "lifecycle",
        "request",
        "generation",
        "errors",
    },
    "file_names": {"recipe"},
    "album": {"file_names", "recipe", "generation", "errors"},
    "room": {"album", "inscription", "recipe", "generation", "errors"},
    "retention": {"album"},
    "tiles": set(),
    "examples": {"inscription", "recipe", "generation"},
    "sheet": {"comparison", "recipe", "generation", "catalog", "prices"},
    "ui": {
        "ui",
        "request",
        "generation",
        "recipe",
        "receipt",
        "rewrite",
        "snippets",
        "comparison",
        "inscription",
        "catalog",
        "prices",
        "addresses",
        "journal",
        "settings",
        "lifecycle",
        "album",
        "file_names",
        "room",
        "tiles",
        "examples",
        "sheet",
        "payload",
        "key",
        "access",
        "errors",
    },
    "sandbox": {"sandbox"},
}

# Every library there is, and who imports it.
ONLY_IN = {
    "gradio": {"ui"},
    "mcp": {"ui/mcp_door"},
    "pydantic": {"recipe", "ui"},
    "requests": {"transport"},
    "limits": {"budget", "settings", "ui/login"},
    "urllib3": {"transport", "retries", "guard", "connections"},
    "PIL": {"generation", "inscription", "tiles", "sandbox/painter"},
    "numpy": {"sandbox/painter"},
    "starlette": {"ui", "sandbox/server"},
    "jinja2": {"ui/card"},
    "python_multipart": {"ui/bodies"},
    "anyio": {"ui", "sandbox/server"},
    "uvicorn": {"sandbox/server", "sandbox/__main__", "journal", "ui/header_timeout"},
    "fastapi": {"ui/launch"},
}


@cache
def imports_of(path: Path) -> frozenset[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return frozenset(found)


def libraries_of(path: Path) -> set[str]:
    """Name what a module imports from neither Python itself nor the package."""
    known = sys.stdlib_module_names | {"imagen_demo"}
    return {name.split(".")[0] for name in imports_of(path)} - known


def used_by(part: str) -> set[str]:
    """Name the parts of the package that a part imports."""
    return {
        name.split(".")[1]
        for module in MODULES
        if part_of(module) == part
        for name in imports_of(ROOT / module)
        if name.startswith("imagen_demo.")
    }


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
    for imported in libraries_of(ROOT / module):
        assert {name, part_of(module), name.rpartition("/")[0]} & ONLY_IN.get(imported, set()), (
            imported
        )


def test_every_part_and_every_library_of_the_tables_exists() -> None:
    assert MAY_IMPORT.keys() | {"__init__"} == {part_of(module) for module in MODULES}
    unused = {part: allowed - used_by(part) for part, allowed in MAY_IMPORT.items()}
    assert {part: names for part, names in unused.items() if names} == {}
    names = {module.removeprefix("imagen_demo/").removesuffix(".py") for module in MODULES}
    folders = {name.rpartition("/")[0] for name in names}
    for library, places in ONLY_IN.items():
        assert places <= names | folders
        users = {module for module in MODULES if library in libraries_of(ROOT / module)}
        assert users, library


def test_the_retries_know_urllib3_and_nothing_else() -> None:
    assert libraries_of(PACKAGE / "retries.py") == {"urllib3"}
    assert used_by("retries") == set()


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
