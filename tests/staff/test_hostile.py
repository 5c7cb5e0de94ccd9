"""Whatever is sent to the staff desk, it never answers 5xx; T065 and T069 for its forms.

Every form of every model, with every field tampered with; every list, dialog and lookup.
"""

import re
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.urls import reverse

from core.admin import inlines
from core.roles import Role
from tests.access.world import undone
from tests.staff import rows
from tests.staff.forms import filled
from tests.staff.test_access import LABELS, admin_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01")]

HOSTILE = [
    "abc",
    "-1",
    "9" * 30,
    "9" * 5_000,
    "1e999",
    "NaN",
    "\0",
    "a\0b",
    "\udcff".encode("utf-8", "surrogatepass"),
    "𝔘" * 3_000,
    "[" * 5_000,
    '{"a": ' * 2_000,
    "'\"<>{{7*7}}${7*7}%s",
    "\r\nSet-Cookie: a=b",
    "0001-01-01",
    "2026-99-99",
    "99:99",
]
# Those that have broken something somewhere; each field is tried with them alone too.
NASTIEST = ["9" * 30, "\0"]
HOSTILE_IDS = [
    "abc",
    "0",
    "-1",
    "9" * 30,
    "1e9",
    "_5F",
    "_00",
    "%00",
    "%ED%A0%80",
    "a/../b",
    "00000000-0000-7000-8000-00000000000g",
    "00000000-0000-7000-8000-000000000000",
]


@pytest.fixture
def administrator(desk):
    client = desk(Role.ADMIN)
    client.raise_request_exception = False
    rows.everything()
    rows.whole_book()
    return client


def row_of(label):
    return admin_of(label).model._default_manager.first()


def answers(send, tries):
    """Return those of `tries` that ended with 5xx; each is undone."""
    failed = []
    for name, said in tries:
        with undone():
            status = send(said).status_code
        if status >= 500:
            failed.append((name, str(said)[:200], status))
    return failed


def tampered(form):
    """Yield forms with all fields wrong in the same way."""
    fields = [name for name in form if not name.endswith("_FORMS")]
    for value in HOSTILE:
        yield "all", form | dict.fromkeys(fields, value)


def tampered_singly(form):
    """Yield forms with one wrong field each; of inlines those of the first row."""
    for name in form:
        if not re.search(r"-[1-9]\d*-", name):
            yield name, form | {name: "9" * 30}


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("kind", ["add", "change"])
def test_forms_take_anything(administrator, label, kind):
    path = url(label, kind, *([row_of(label).pk] if kind == "change" else []))
    shown = administrator.get(path)
    # Nobody fills it in; or it goes in steps and is tried by itself.
    if shown.status_code == 403 or "adminform" not in shown.context:
        return
    form = filled(shown)
    tries = [*tampered(form), *(tampered_singly(form) if kind == "change" else [])]
    assert answers(lambda said: administrator.post(path, said), tries) == []


@pytest.mark.parametrize("label", LABELS)
def test_rows_are_asked_for_by_anything(administrator, label):
    pages = ["change", "delete", "history"]
    pages += list(admin_of(label).actions_detail or ())
    failed = []
    for page in pages:
        pattern = url(label, page, "the-id")
        for method in (administrator.get, administrator.post):
            tries = [(page, pattern.replace("the-id", each)) for each in HOSTILE_IDS]
            failed += answers(lambda path, method=method: method(path), tries)
    assert failed == []


@pytest.mark.parametrize("label", LABELS)
def test_lists_take_anything(administrator, label):
    listed = administrator.get(url(label, "changelist"))
    names = ["q", "o", "p", "all", "e", "_popup", "_to_field", "_facets", "_changelist_filters"]
    for spec in listed.context["cl"].filter_specs:
        names += spec.expected_parameters()
    tries = [("all", dict.fromkeys(names, value)) for value in HOSTILE]
    tries += [(name, {name: value}) for name in names for value in NASTIEST]
    tries += [(name, {name: "x"}) for name in ("password", "user__password__startswith")]
    path = url(label, "changelist")
    assert answers(lambda said: administrator.get(path, said), tries) == []


@pytest.mark.parametrize("label", LABELS)
def test_actions_on_many_rows_take_anything(administrator, label):
    actions = [*(admin_of(label).actions or ()), "delete_selected", "no_such_action"]
    path, pk = url(label, "changelist"), row_of(label).pk
    tries = []
    for action in actions:
        for value in HOSTILE_IDS:
            tries += [
                (action, {"action": action, "_selected_action": [value, pk]}),
                (action, {"action": action, "_selected_action": [pk], "index": value}),
                (action, {"action": action, "select_across": value, "_selected_action": [value]}),
            ]
    assert answers(lambda said: administrator.post(path, said), tries) == []


def test_dialogs_take_anything(administrator):
    failed = []
    for label in LABELS:
        for name in admin_of(label).actions_detail or ():
            path = url(label, name, row_of(label).pk)
            fields = ["quantity", "reason", "password", "note"]
            tries = [
                (path, {"_form_submitted": "on"} | dict.fromkeys(fields, value))
                for value in HOSTILE
            ]
            failed += answers(lambda said, path=path: administrator.post(path, said), tries)
    assert failed == []


def test_price_edits_take_anything(administrator):
    book = row_of("catalog.book")
    good = {"ids": str(book.pk), "kind": "percent", "value": "5", "rounding": ".99"}
    fields = [*good, "list"]
    tries = [(name, good | {name: value}) for name in fields for value in HOSTILE]
    tries += [("all", dict.fromkeys(fields, value)) for value in HOSTILE]
    path = url("catalog.priceedit", "add")
    assert answers(lambda said: administrator.get(path, said), tries) == []
    where = f"{path}?{urlencode(good)}"
    sent = [(name, {name: value}) for name in ("fingerprint", "word") for value in HOSTILE]
    assert answers(lambda said: administrator.post(where, said), sent) == []


def test_lookups_take_anything(administrator):
    path = reverse("admin:autocomplete")
    asked = {"app_label": "catalog", "model_name": "book", "field_name": "publisher", "term": "a"}
    tries = [(name, asked | {name: value}) for name in asked for value in HOSTILE]
    tries += [("page", asked | {"page": value}) for value in [*HOSTILE, "last", "0"]]
    foreign = [
        ("accounts", "user", "password"),
        ("auth", "group", "permissions"),
        ("commerce", "order", "user"),
        ("commerce", "payment", "order"),
        ("catalog", "branchstaff", "user"),
        ("accounts", "browsersession", "user"),
    ]
    for app, model, field in foreign:
        named = {"app_label": app, "model_name": model, "field_name": field}
        tries.append((f"{app}.{model}.{field}", asked | named))
    assert answers(lambda said: administrator.get(path, said), tries) == []


def test_tampered_lookup_field_is_shown_again_as_empty(administrator):
    page = url("catalog.book", "change", row_of("catalog.book").pk)
    form = filled(administrator.get(page))
    for value in ("abc", "9" * 30):
        shown = administrator.post(
            page, form | {"publisher": value, "credits-0-contributor": value}
        )
        assert shown.status_code == 200
        assert list(shown.context["adminform"].form.errors) == ["publisher"]


def test_employee_looks_up_nobody(desk):
    rows.everything()
    asked = {"app_label": "catalog", "model_name": "branchstaff", "field_name": "user", "term": ""}
    assert desk(Role.EMPLOYEE).get(reverse("admin:autocomplete"), asked).status_code == 403
    assert desk(Role.MANAGER).get(reverse("admin:autocomplete"), asked).status_code == 200


def test_every_model_of_the_desk_is_tried():
    assert {model._meta.label_lower for model in admin.site._registry} == set(LABELS)


def test_form_renders_no_more_rows_than_anybody_fills_in(administrator):
    page = url("catalog.book", "change", row_of("catalog.book").pk)
    form = filled(administrator.get(page)) | {"title": "", "credits-TOTAL_FORMS": "9" * 9}

    shown = administrator.post(page, form)

    rendered = [len(each.formset.forms) for each in shown.context["inline_admin_formsets"]]
    assert (shown.status_code, max(rendered)) == (200, 2 * inlines.MOST_ROWS)
