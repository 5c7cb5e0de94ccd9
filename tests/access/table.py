"""policy.txt: a line for each route and its methods, a column for each actor."""

from pathlib import Path

from tests.access.routes import PARAMETER
from tests.access.world import ACTORS

FILE = Path(__file__).parent / "policy.txt"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

# (path, method) -> what each actor gets, in the order of ACTORS
type Table = dict[tuple[str, str], list[str]]


def read() -> Table:
    """Return the policy as it is checked in."""
    table: Table = {}
    for line in FILE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            path, methods, *answers = line.split()
            for method in methods.split(","):
                assert (path, method) not in table, f"twice: {line}"
                assert len(answers) == len(ACTORS), f"a column is missing: {line}"
                table[path, method] = answers
    return table


def parameters_of(path: str) -> list[str]:
    """Return the names of the parameters in a path."""
    return PARAMETER.findall(path)


def lines_of(table: Table) -> list[str]:
    """Return the lines that say `table`, methods with the same answers together."""
    merged: dict[tuple[str, str], list[str]] = {}
    for (path, method), answers in table.items():
        merged.setdefault((path, " ".join(answers)), []).append(method)
    width = max((len(path) for path, _ in merged), default=0)
    return [
        f"{path:<{width}}  {','.join(methods):<21} "
        + "".join(f"{answer:<10}" for answer in answers.split()).rstrip()
        for (path, answers), methods in merged.items()
    ]
