"""Imports at the desk: hand in, look, apply, watch, stop; PROOFS T073, T076."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.enums import ImportState
from catalog.models import Book, ImportRejection, ImportRun
from catalog.services.imports import uploads
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
ADD = reverse("admin:catalog_importrun_add")
ROWS = [
    {"isbn13": "9780140449136", "title": "Crime and Punishment"},
    {"isbn13": "=1+1", "title": "Hostile"},
]


def handed_in(client, rows=ROWS, **said):
    content = "\n".join(map(json.dumps, rows)).encode()
    file = SimpleUploadedFile("../../autumn list.csv", content)
    return client.post(ADD, {"file": file} | said)


def page(run, name="change"):
    return reverse(f"admin:catalog_importrun_{name}", args=[run.pk])


def act(client, run, action):
    address = reverse(f"admin:catalog_importrun_{action}", args=[run.pk])
    return client.post(address, {"_form_submitted": "on"}, follow=True)


@pytest.fixture
def checked(manager):
    handed_in(manager)
    run = ImportRun.objects.get()
    uploads.work_on(run_id=run.pk)
    run.refresh_from_db()
    return run


def test_a_file_that_is_handed_in_waits_for_its_check(manager):
    response = handed_in(manager, fills_gaps_only="on")
    run = ImportRun.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, page(run))
    assert (run.filename, run.format, run.fills_gaps_only) == ("autumn list.csv", "jsonl", True)
    assert (run.state, run.actor_id) == (ImportState.UPLOADED, manager.user.pk)
    shown = manager.get(page(run))
    assert b"Waiting to be checked" in shown.content
    assert b'http-equiv="refresh"' in shown.content


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "This field is required."),
        (SimpleUploadedFile("a.xlsx", b""), "The file is empty."),
        (SimpleUploadedFile("a.csv", b"%PDF-1.7"), "This is a PDF."),
    ],
)
def test_a_file_that_is_refused_comes_back_with_the_reason(manager, file, sentence):
    response = manager.post(ADD, {"file": file} if file else {})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert ImportRun.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(manager, settings):
    settings.IMPORT_MOST_BYTES = 10
    response = handed_in(manager)
    assert (response.status_code, ImportRun.objects.count()) == (422, 0)
    assert "The file is larger than 0 MB." in response.content.decode()


def test_forms_with_files_may_be_larger_here(manager):
    rows = [ROWS[0] | {"description": "x" * 2_000_000}]
    assert handed_in(manager, rows).status_code == 303


def test_codes_are_told_in_words_and_unknown_ones_as_they_are(manager, checked):
    checked.counts |= {"reasons": {"NEW_CODE": 2}, "repairs": {"ISBN_PADDED": 3}}
    checked.save(update_fields=["counts"])
    shown = manager.get(page(checked)).content.decode()
    assert '?code=NEW_CODE">NEW_CODE</a><span>2</span>' in shown
    assert "<span>Leading zeros of the ISBN put back</span><span>3</span>" in shown
    chosen = manager.get(page(checked, "rejections")).content.decode()
    assert '<option value="NEW_CODE">NEW_CODE (2)</option>' in chosen


def test_a_checked_file_shows_what_it_would_change_and_is_applied(manager, checked):
    shown = manager.get(page(checked)).content.decode()
    assert "Checked, not applied yet" in shown
    assert "Crime and Punishment" in shown
    assert '?code=ISBN_INVALID">Wrong ISBN</a>' in shown
    assert 'http-equiv="refresh"' not in shown
    assert "The import has begun." in act(manager, checked, "apply").content.decode()
    uploads.work_on(run_id=checked.pk)
    assert Book.objects.get().title == "Crime and Punishment"
    assert b"Done" in manager.get(page(checked)).content


def test_changes_are_shown_old_and_new(manager, checked):
    uploads.apply(run_id=checked.pk, actor_id=manager.user.pk)
    uploads.work_on(run_id=checked.pk)
    handed_in(manager, [ROWS[0] | {"title": "Crime & Punishment"}])
    run = ImportRun.objects.latest("pk")
    uploads.work_on(run_id=run.pk)
    shown = manager.get(page(run)).content.decode()
    assert "Crime and Punishment" in shown
    assert "Crime &amp; Punishment" in shown


def test_buttons_are_those_that_follow_from_the_state(manager, checked):
    def offered():
        shown = manager.get(page(checked)).content.decode()
        return {
            name
            for name in ("apply", "cancel", "go_on")
            if reverse(f"admin:catalog_importrun_{name}", args=[checked.pk]) in shown
        }

    expected = {
        ImportState.CHECKED: {"apply", "cancel"},
        ImportState.APPLYING: {"cancel"},
        ImportState.FAILED: {"go_on"},
        ImportState.DONE: set(),
        ImportState.CANCELLED: set(),
    }
    found = {}
    for state in expected:
        ImportRun.objects.update(state=state)
        found[state] = offered()
    assert found == expected


def test_a_step_that_does_not_follow_says_so_and_does_nothing(manager, checked):
    said = act(manager, checked, "go_on").content.decode()
    assert "This cannot be done with the import as it is now." in said
    assert "The import is cancelled." in act(manager, checked, "cancel").content.decode()
    act(manager, checked, "apply")
    checked.refresh_from_db()
    assert checked.state == ImportState.CANCELLED


def test_progress_asks_for_itself_until_the_end(manager, checked):
    ImportRun.objects.update(state=ImportState.APPLYING, rows_done=1)
    under_way = manager.get(page(checked, "progress"))
    assert b"hx-get" in under_way.content
    assert b"1 row so far, 50 %" in under_way.content
    assert "HX-Refresh" not in under_way.headers
    ImportRun.objects.update(state=ImportState.DONE)
    over = manager.get(page(checked, "progress"))
    assert b"hx-get" not in over.content
    assert over.headers["HX-Refresh"] == "true"


def test_rejected_rows_are_listed_by_reason_and_downloaded(manager, checked):
    ImportRejection.objects.create(run=checked, row=9, code="TITLE_MISSING", reason="No title.")
    address = page(checked, "rejections")
    assert [row.row for row in manager.get(address).context["page"]] == [2, 9]
    chosen = manager.get(address, {"code": "TITLE_MISSING"})
    assert [row.row for row in chosen.context["page"]] == [9]
    assert "rejections.csv?code=TITLE_MISSING" in chosen.content.decode()
    file = manager.get(page(checked, "rejections_csv"))
    assert "attachment" in file.headers["Content-Disposition"]
    told = b"".join(file.streaming_content).decode("utf-8-sig")
    assert [row[:3] for row in csv.reader(io.StringIO(told))] == [
        ["row", "isbn", "code"],
        ["2", "'=1+1", "ISBN_INVALID"],
        ["9", "", "TITLE_MISSING"],
    ]


def test_pages_ask_the_same_questions_of_one_and_many_rows(manager, checked):
    def questions():
        with CaptureQueriesContext(connection) as seen:
            for name in ("change", "progress", "rejections"):
                assert manager.get(page(checked, name)).status_code == 200
        return len(seen)

    questions()
    at_one = questions()
    ImportRejection.objects.bulk_create(
        ImportRejection(run=checked, row=100 + number, code="X", reason="y") for number in range(50)
    )
    assert questions() == at_one


@pytest.mark.parametrize("name", ["change", "progress", "rejections", "rejections_csv"])
def test_employees_see_no_imports(desk, checked, name):
    assert desk(Role.EMPLOYEE).get(page(checked, name)).status_code == 403


def test_employees_hand_in_nothing(desk):
    assert handed_in(desk(Role.EMPLOYEE)).status_code == 403
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize("query", ["page=x", "page=999999", "code=" + "x" * 5_000])
def test_rejected_rows_take_any_address(manager, checked, query):
    for name in ("rejections", "rejections_csv"):
        response = manager.get(f"{page(checked, name)}?{query}")
        assert response.status_code == 200
