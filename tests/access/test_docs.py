"""docs/access.md says what the code does."""

from pathlib import Path

import pytest

from core import policy
from core.roles import Role
from tests.access import table
from tests.access.world import ACTORS, PERSONAL

pytestmark = pytest.mark.req("AUTH-05")
PAGE = Path(__file__).parent.parent.parent / "docs" / "access.md"


def capability_lines():
    """The table of docs/access.md as `core.policy` has it."""
    models = {}
    for capability in policy.capabilities_of(Role.ADMIN):
        role = next(role for role in Role if capability in policy.capabilities_of(role))
        app, name = capability.split(".")
        action, model = name.split("_")
        models.setdefault(f"{app}.{model}", {})[action] = role.value
    return [
        f"| {model} | {' | '.join(least.get(action, '–') for action in policy.FULL)} |"
        for model, least in sorted(models.items())
    ]


def test_table_of_capabilities_is_the_codes():
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    shown = [line for line in lines if "." in line.split("|")[1]]
    assert shown == capability_lines()


def test_page_names_every_column_and_personal_parameter():
    said = PAGE.read_text()
    assert [name for name in [*ACTORS, *PERSONAL] if f"`{name}`" not in said] == []
    assert table.FILE.name in said
