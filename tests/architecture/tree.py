"""The shop's own source files, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["accounts", "catalog", "commerce", "engagement"]
PACKAGES = ["core", *APPS, "bookstore", "tests", "benchmarks"]

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Return every Python file but migrations, by its path from the root."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name:
                found[name] = ast.parse(path.read_text())
    return found


def shop_modules() -> dict[str, ast.Module]:
    """Return the modules that run in the shop, not its tests."""
    return {
        name: tree
        for name, tree in modules().items()
        if "/tests/" not in name and not name.startswith(("tests/", "benchmarks/"))
    }


def in_layer(*layers: str) -> dict[str, ast.Module]:
    """Return the modules of some layers of every app: files or folders of that name."""
    return {
        name: tree
        for name, tree in shop_modules().items()
        if name.split("/")[1].removesuffix(".py") in layers
    }


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function, methods and inner ones included."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield every module that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def length(function: Function) -> int:
    """Return how many lines a function takes without its docstring, which may say all it must."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function):
        docstring = function.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def docstrings(tree: ast.AST) -> set[str]:
    """Return the texts that explain the code and are no part of it."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(tree) if isinstance(node, kinds))
    return {text for node in nodes if (text := ast.get_docstring(node, clean=False))}


def files(folder: str, pattern: str) -> list[Path]:
    """Return the files of a folder below the root."""
    return sorted((ROOT / folder).rglob(pattern))
