"""Which promise has which tests: `python -m tests.coverage_table`."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["core", "accounts", "catalog", "commerce", "engagement", "bookstore", "tests"]


def promises() -> dict[str, str]:
    """Return every requirement's id and title, in their order."""
    lines = (ROOT / "tests" / "requirements.txt").read_text().splitlines()
    pairs = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return dict(pairs)


def proofs() -> dict[str, set[str]]:
    """Return the test files that name each id in a `req` marker."""
    found: dict[str, set[str]] = defaultdict(set)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("test_*.py")):
            for name in _marked(ast.parse(path.read_text())):
                found[name].add(str(path.relative_to(ROOT)))
    return found


def _marked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.req"):
            yield from (str(ast.literal_eval(argument)) for argument in node.args)


def main() -> None:
    """Print one line for each promise, and how many have a test."""
    found = proofs()
    titles = promises()
    for name, title in titles.items():
        files = len(found[name])
        print(f"{name}  {files or '-':>2}  {title}")  # noqa: T201  # a command's output
    kept = sum(1 for name in titles if found[name])
    print(f"\n{kept} of {len(titles)} promises have a test.")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
