"""The tables are what the models say."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.architecture.tree import APPS

pytestmark = pytest.mark.req("BASE-02")


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)

    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.django_db
def test_migrations_of_each_app_are_one_line():
    loader = MigrationLoader(connection)

    assert loader.detect_conflicts() == {}
    assert {app: len(loader.graph.root_nodes(app)) for app in [*APPS, "core"]} == dict.fromkeys(
        [*APPS, "core"], 1
    )
