"""People, publishers and series on the staff desk: books follow a new name."""

import pytest

from catalog.models import Contributor, Publisher
from catalog.services import search_index
from catalog.tests.factories import BookFactory, ContributorFactory, PublisherFactory
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01")]
PEOPLE = "/admin/catalog/contributor/"
HOUSES = "/admin/catalog/publisher/"


def test_renamed_author_moves_the_books_in_order_and_search(manager):
    book = BookFactory(authors=["Jane Austin"])
    search_index.index_books([book.pk])
    person = Contributor.objects.get()
    url = f"{PEOPLE}{person.pk}/change/"
    data = filled(manager.get(url), name="  Jane   Austen ", sort_name="")
    assert manager.post(url, data).status_code == 302
    book.refresh_from_db()
    person.refresh_from_db()
    assert (person.name, person.slug, person.sort_name) == (
        "Jane Austen",
        "jane-austen",
        "austen jane",
    )
    assert (book.sort_author, book.version) == ("austen jane", 2)
    found = manager.get("/admin/catalog/book/", {"q": "austen"}).context["cl"].result_list
    assert [each.pk for each in found] == [book.pk]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value["name"]) == ("contributor.changed", "Jane Austin")


def test_people_are_found_by_the_beginnings_of_their_names(manager):
    ContributorFactory(name="Gabriel García Márquez")
    ContributorFactory(name="Margaret Atwood")
    shown = manager.get(PEOPLE, {"q": "marq gab"}).context["cl"].result_list
    assert [person.name for person in shown] == ["Gabriel García Márquez"]


def test_publisher_with_books_cannot_be_deleted(manager):
    kept = BookFactory(publisher=PublisherFactory(name="Kept")).publisher
    gone = PublisherFactory(name="Gone")
    manager.post(f"{HOUSES}{kept.pk}/delete/", {"post": "yes"})
    manager.post(f"{HOUSES}{gone.pk}/delete/", {"post": "yes"})
    assert [house.name for house in Publisher.objects.all()] == ["Kept"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old_value["name"]) == ("publisher.deleted", "Gone")


def test_deleting_many_at_once_audits_each(manager):
    ids = [PublisherFactory().pk, PublisherFactory().pk]
    said = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
    manager.post(HOUSES, said)
    assert Publisher.objects.count() == 0
    assert AuditEntry.objects.filter(action="publisher.deleted").count() == 2


def test_unchanged_form_leaves_no_audit_row(manager):
    house = PublisherFactory()
    url = f"{HOUSES}{house.pk}/change/"
    assert manager.post(url, filled(manager.get(url))).status_code == 302
    assert AuditEntry.objects.count() == 0
