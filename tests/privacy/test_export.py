"""T099: the export holds everything of one person, and nothing of anybody else."""

import datetime as dt
import json

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import data_export
from accounts.tests.factories import ManagerFactory, UserFactory
from catalog.tests.factories import BranchFactory
from commerce.tests.factories import WarehouseFactory, stocked_book
from core import privacy
from core.errors import RateLimited
from core.models import AuditEntry
from core.services import audit
from tests.privacy.lives import browser_session_of, buy, live_a_life

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-12")]


@pytest.fixture
def lives():
    """Two people with everything, who share a shop and nothing else."""
    branch = WarehouseFactory()
    book = stocked_book(branch, 50)
    ada = UserFactory(email="ada.canary@example.com", full_name="Ada Canary")
    bob = ManagerFactory(email="bob.sparrow@example.com", full_name="Bob Sparrow")
    live_a_life(ada, "Canary", book, branch)
    live_a_life(bob, "Sparrow", book, BranchFactory())
    return User.objects.get(pk=ada.pk), User.objects.get(pk=bob.pk)


def exported(user):
    file = data_export.export_person(user=user)
    return json.loads(file.content)["data"], file.content.decode()


def leaves(found):
    if isinstance(found, dict):
        for value in found.values():
            yield from leaves(value)
    elif isinstance(found, list):
        for value in found:
            yield from leaves(value)
    else:
        yield found


def is_told(value, told):
    """Whether a column's value stands in the file; moments to the second."""
    if isinstance(value, dt.datetime):
        return any(leaf.startswith(f"{value:%Y-%m-%dT%H:%M:%S}") for leaf in told)
    return str(value) in told


def rows_of(user, table):
    """The user's rows of a table, by whatever path leads to them."""
    model = apps.get_model(table.model)
    for path in (
        "user_id",
        "owner_id",
        "order__user_id",
        "cart__user_id",
        "account__user_id",
        "pk",
    ):
        fields = model._meta.fields
        names = {field.name for field in fields} | {field.attname for field in fields}
        if path == "pk" or path.split("__")[0] in names:
            return model._default_manager.filter(**{path: user.pk})
    raise AssertionError(table.model)


def test_export_holds_every_personal_column_of_every_table(lives):
    ada, _bob = lives
    data, _text = exported(ada)
    seen = set()
    for table in privacy.tables().values():
        if not table.section or table.model in {"core.AuditEntry", "engagement.StaffPick"}:
            continue
        told = [str(leaf) for leaf in leaves(data[table.section])]
        for row in rows_of(ada, table):
            for column in table.personal:
                value = getattr(row, column)
                if value in (None, "", {}):
                    continue
                if hasattr(value, "_meta"):  # a row of the shop's: shown by its name
                    value = getattr(value, "name", None) or value.pk
                wanted = list(leaves(value)) if isinstance(value, (dict, list)) else [value]
                for each in wanted:
                    assert is_told(each, told), f"{table.model}.{column}"
                seen.add(table.model)

    assert {table.model for table in privacy.tables().values() if table.section} - seen == {
        "core.AuditEntry",
        "engagement.StaffPick",
    }


def test_export_holds_no_secret(lives):
    ada, _bob = lives
    _data, text = exported(ada)
    hidden = [
        str(leaf)
        for table in privacy.tables().values()
        if table.hidden and table.whose == privacy.USER
        for row in rows_of(ada, table)
        for column in table.hidden
        for leaf in leaves(getattr(row, column))
        # The name that somebody gave to a passkey lies among its secrets.
        if leaf not in ("Canary phone", "", None)
    ]

    assert len(hidden) >= 7
    assert [secret for secret in hidden if secret in text] == []


def test_export_holds_nothing_of_others(lives):
    ada, bob = lives
    audit.record_change(
        action="user.role_changed",
        entity_type="user",
        entity_id=ada.pk,
        actor_id=bob.pk,
        old={"role": "CUSTOMER"},
        new={"role": "EMPLOYEE"},
    )
    audit.record_change(
        action="branch_staff.changed",
        entity_type="branch",
        entity_id=1,
        actor_id=bob.pk,
        old={"user_ids": []},
        new={"user_ids": [str(ada.pk)]},
    )

    of_ada, text_of_ada = exported(ada)
    of_bob, text_of_bob = exported(bob)

    assert "Sparrow" not in text_of_ada
    assert str(bob.pk) not in text_of_ada
    assert "Canary" not in text_of_bob
    assert str(ada.pk) not in text_of_bob
    about_ada = [row for row in of_ada["activity"] if row["action"] == "user.role_changed"]
    by_bob = [row for row in of_bob["activity"] if row["action"] == "user.role_changed"]
    assert [(row["by"], row["new_value"]) for row in about_ada] == [("staff", {"role": "EMPLOYEE"})]
    (row,) = by_bob
    assert (row["by"], row.keys() & {"entity_id", "old_value", "new_value"}) == ("you", set())


def test_export_of_somebody_new_says_that_there_is_nothing():
    data, _text = exported(UserFactory(email="new@example.com", full_name=""))

    assert data.pop("exported_at")
    assert data.pop("profile")["email"] == "new@example.com"
    assert [row["action"] for row in data.pop("activity")] == ["user.data_exported"]
    assert data == {section: [] for section in privacy.sections().keys() - {"profile", "activity"}}


def statements_of(user):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        data_export.export_person(user=user)
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_export_asks_as_often_for_much_as_for_little(lives):
    ada, _bob = lives
    book = stocked_book(BranchFactory(), 0)
    few = statements_of(ada)
    for number in range(3):
        buy(ada, apps.get_model("catalog.Book").objects.exclude(pk=book.pk).first())
        browser_session_of(ada, number=number)
        AuditEntry.objects.create(entity_type="x", entity_id="1", action="x.y", actor_id=ada.pk)

    assert len(statements_of(ada)) == len(few) == len(privacy.sections()) + 1


def test_export_leaves_an_audit_row_and_is_limited(rate_limits):
    user = UserFactory()
    for _ in range(data_export.EXPORTS.attempts):
        data_export.export_person(user=user)

    with pytest.raises(RateLimited):
        data_export.export_person(user=user)

    assert {
        (entry.action, entry.entity_id, entry.actor_id) for entry in AuditEntry.objects.all()
    } == {("user.data_exported", str(user.pk), user.pk)}
    assert AuditEntry.objects.count() == data_export.EXPORTS.attempts
