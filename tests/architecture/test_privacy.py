"""T099: every table and column of the schema says whose it is; a new one nobody declared fails."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models
from django.db.models.fields.related import RelatedField
from django.test.utils import isolate_apps

from accounts.models import User
from core import privacy
from core.privacy import USER, Fate, Table

pytestmark = pytest.mark.req("AUTH-12")

TELLING = (models.CharField, models.TextField, models.JSONField)


def every_model():
    return apps.get_models(include_auto_created=True)


def columns_of(model):
    return {field.name: field for field in model._meta.concrete_fields}


def way_to_user(model, seen=()):
    """The first path of foreign keys that leads from a model to the user, as words; or ""."""
    for field in model._meta.concrete_fields:
        target = field.related_model if isinstance(field, RelatedField) else None
        if target is User:
            return field.name
        if target is not None and target not in (*seen, model):
            further = way_to_user(target, (*seen, model))
            if further:
                return f"{field.name} → {further}"
    return ""


def looks(model, name):
    field = columns_of(model)[name]
    return "holds text" if isinstance(field, TELLING) else type(field).__name__


def faults_of(model, table: Table | None):
    """Return what is wrong with the declaration of a model, in words."""
    way = way_to_user(model)
    if table is None:
        telling = [name for name in columns_of(model) if looks(model, name) == "holds text"]
        return [f"{model._meta.label}: not declared (to the user: {way or '–'}; text: {telling})"]
    faults = [
        f"{table.model}.{name}: not declared ({looks(model, name)})"
        for name in columns_of(model).keys() - set(table.columns)
    ]
    faults += [
        f"{table.model}.{name}: declared, but gone"
        for name in set(table.columns) - columns_of(model).keys()
    ]
    if len(table.columns) != len(set(table.columns)):
        faults.append(f"{table.model}: a column of two kinds")
    if way and table.whose != USER:
        faults.append(f"{table.model}: declared nobody's, but leads to the user by {way}")
    if not table.why:
        faults.append(f"{table.model}: why?")
    return faults + faults_of_export(table) + faults_of_fate(model, table)


def faults_of_export(table):
    if table.whose != USER:
        return []
    if bool(table.section) == bool(table.unexported):
        return [f"{table.model}: either a section of the export or why there is none"]
    if table.section and table.section not in privacy.sections():
        return [f"{table.model}: no section “{table.section}”"]
    return []


def faults_of_fate(model, table):
    """What the foreign key to the user does must be what was declared."""
    fates = {models.CASCADE: Fate.DELETED, models.SET_NULL: Fate.DETACHED}
    return [
        f"{table.model}.{field.name}: {field.remote_field.on_delete.__name__}, not “{table.fate}”"
        for field in model._meta.concrete_fields
        if isinstance(field, RelatedField)
        and field.related_model is User
        and fates.get(field.remote_field.on_delete) != table.fate
    ]


def test_every_column_of_every_table_is_declared():
    declared = privacy.tables()

    faults = [
        fault
        for model in every_model()
        for fault in faults_of(model, declared.get(model._meta.label))
    ]

    assert faults == []


def test_nothing_is_declared_that_is_gone():
    there = {model._meta.label for model in every_model()}

    assert set(privacy.tables()) - there == set()


def test_every_section_of_the_export_belongs_to_a_table():
    used = {table.section for table in privacy.tables().values()}
    # Read out of the sessions' data, which nobody else could read.
    assert set(privacy.sections()) - used == {"unfinished_checkouts"}


@isolate_apps("accounts")
def test_control_a_new_table_of_the_user_is_noticed():
    class Diary(models.Model):  # noqa: DJ008
        user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    class Page(models.Model):  # noqa: DJ008
        diary = models.ForeignKey(Diary, on_delete=models.CASCADE)
        words = models.TextField()

        class Meta:
            app_label = "accounts"

    assert faults_of(Page, None) == [
        "accounts.Page: not declared (to the user: diary → user; text: ['words'])"
    ]
    nobodys = Table("accounts.Page", "why", Fate.KEPT, other=frozenset({"id", "diary"}))
    assert faults_of(Page, nobodys) == [
        "accounts.Page.words: not declared (holds text)",
        "accounts.Page: declared nobody's, but leads to the user by diary → user",
    ]


@isolate_apps("accounts")
def test_control_a_declaration_that_is_not_true_is_noticed():
    class Note(models.Model):  # noqa: DJ008
        user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
        words = models.TextField()

        class Meta:
            app_label = "accounts"

    columns = {"personal": frozenset({"words"}), "references": frozenset({"id", "user"})}

    def faults(**declared):
        return faults_of(Note, Table("accounts.Note", "why", **{"whose": USER} | declared))

    told = {"unexported": "because", **columns}
    assert faults(fate=Fate.DETACHED, **told) == []
    assert faults(fate=Fate.DELETED, **told) == [
        "accounts.Note.user: SET_NULL, not “deleted with the person”"
    ]
    assert faults(fate=Fate.DETACHED, **columns) == [
        "accounts.Note: either a section of the export or why there is none"
    ]
    assert faults(fate=Fate.DETACHED, section="diaries", **columns) == [
        "accounts.Note: no section “diaries”"
    ]
    assert faults(fate=Fate.DETACHED, **told, other=frozenset({"colour"})) == [
        "accounts.Note.colour: declared, but gone"
    ]
    assert faults(fate=Fate.DETACHED, **told, hidden=frozenset({"words"})) == [
        "accounts.Note: a column of two kinds"
    ]


def test_control_a_text_without_any_tie_is_noticed():
    book = apps.get_model("catalog.Book")
    table = privacy.tables()["catalog.Book"]
    shorter = SimpleNamespace(
        **vars(table) | {"columns": [name for name in table.columns if name != "description"]}
    )

    assert faults_of(book, shorter) == ["catalog.Book.description: not declared (holds text)"]
