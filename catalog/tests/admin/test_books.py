"""Books on the staff desk: saved whole, withdrawn and put back, nothing lost when refused."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Book, BookSearchDocument
from catalog.tests.factories import (
    BookFactory,
    ContributorFactory,
    GenreFactory,
    InventoryFactory,
    PublisherFactory,
    WorkFactory,
)
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = pytest.mark.django_db
ADD = "/admin/catalog/book/add/"
LIST = "/admin/catalog/book/"


def change(book):
    return reverse("admin:catalog_book_change", args=[book.pk])


def listed(client, **query):
    return {book.title for book in client.get(LIST, query).context["cl"].result_list}


def new_book(client, **changes):
    author, genre = ContributorFactory(name="Jane Austen"), GenreFactory(name="Classics")
    said = {
        "isbn13": "978-0-14-143951-8",
        "title": "Pride and Prejudice",
        "price": "49.90",
        "first_published_year": "1813",
        "credits__TOTAL_FORMS": 1,
        "credits__0__contributor": author.pk,
        "credits__0__role": "AUTHOR",
        "credits__0__position": 0,
        "genre_links__TOTAL_FORMS": 1,
        "genre_links__0__genre": genre.pk,
    }
    return client.post(ADD, filled(client.get(ADD), **said | changes))


@pytest.mark.req("CATL-01")
def test_new_book_is_saved_whole_found_and_audited(manager):
    assert new_book(manager).status_code == 302
    book = Book.objects.get()
    assert (book.isbn13, book.price, book.work.first_published_year) == (
        "9780141439518",
        Decimal("49.90"),
        1813,
    )
    assert [credit.contributor.name for credit in book.credits.all()] == ["Jane Austen"]
    assert [genre.name for genre in book.genres.all()] == ["Classics"]
    assert listed(manager, q="austen prej") == {"Pride and Prejudice"}
    entry = AuditEntry.objects.get(action="book.created")
    assert (entry.entity_id, entry.actor_id) == (str(book.pk), manager.user.pk)


@pytest.mark.req("CATL-01")
def test_changed_book_keeps_its_rest_and_is_found_by_its_new_title(manager):
    new_book(manager)
    book = Book.objects.get()
    page = manager.get(change(book))
    data = filled(page, title="Emma", price="", publisher=PublisherFactory(name="Penguin").pk)
    assert manager.post(change(book), data).status_code == 302
    book.refresh_from_db()
    assert (book.title, book.price, book.publisher.name) == ("Emma", None, "Penguin")
    assert book.work.first_published_year == 1813
    assert [credit.contributor.name for credit in book.credits.all()] == ["Jane Austen"]
    assert (listed(manager, q="emma"), listed(manager, q="prejudice")) == ({"Emma"}, set())
    entry = AuditEntry.objects.get(action="book.updated")
    assert entry.old_value["title"] == "Pride and Prejudice"
    assert sorted(entry.new_value) == ["price", "publisher_id", "title"]


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"isbn13": "978-0-14-143951-9"}, "isbn13"),
        ({"isbn13": "not a number"}, "isbn13"),
        ({"price": "-1"}, "price"),
        ({"price": "12.345"}, "price"),
        ({"price": "a lot"}, "price"),
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "NUL\x00"}, "title"),
        ({"pages": "-5"}, "pages"),
        ({"language": "klingon"}, "language"),
        ({"published_on": "yesterday"}, "published_on"),
    ],
)
def test_bad_input_comes_back_with_its_sentence_and_nothing_is_stored(manager, said, field):
    response = new_book(manager, **said)
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == [field]
    assert form["first_published_year"].value() == "1813"
    assert form[field].value() == next(iter(said.values()))
    assert (Book.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.req("CATL-01")
def test_second_book_with_an_isbn_is_refused_with_the_form_as_it_was(manager):
    BookFactory(isbn13="9780141439518")
    response = new_book(manager)
    assert response.status_code == 409
    assert "There is a book with the ISBN 9780141439518 already." in response.content.decode()
    assert response.context["adminform"].form["title"].value() == "Pride and Prejudice"
    credits_ = response.context["inline_admin_formsets"][0].formset
    assert credits_.forms[0]["role"].value() == "AUTHOR"
    assert (Book.objects.count(), AuditEntry.objects.count()) == (1, 0)


@pytest.mark.req("CATL-01")
def test_withdrawn_book_leaves_the_list_and_comes_back(manager):
    book = BookFactory(title="Emma")
    url = reverse("admin:catalog_book_withdraw", args=[book.pk])
    assert manager.get(url).status_code == 200
    book.refresh_from_db()
    assert book.deleted_at is None  # asking does nothing
    assert manager.post(url, {"_form_submitted": "on"}).status_code == 302
    book.refresh_from_db()
    assert book.deleted_at is not None
    assert (listed(manager), listed(manager, withdrawn="yes")) == (set(), {"Emma"})
    page = manager.get(change(book))
    assert page.status_code == 200
    assert manager.post(change(book), {}).status_code == 403
    back = reverse("admin:catalog_book_put_back", args=[book.pk])
    assert back in page.content.decode()
    answer = manager.post(back, {"_form_submitted": "on"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == change(book)
    assert listed(manager) == {"Emma"}
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["book.withdrawn", "book.restored"]


@pytest.mark.req("CATL-01")
def test_many_books_are_withdrawn_and_put_back_at_once(manager):
    books = [BookFactory(), BookFactory(), BookFactory()]
    ticked = {"_selected_action": [book.pk for book in books[:2]]}
    manager.post(LIST, ticked | {"action": "withdraw_selected"})
    assert Book.objects.listed().count() == 1
    manager.post(f"{LIST}?withdrawn=all", ticked | {"action": "put_back_selected"})
    assert Book.objects.listed().count() == 3
    assert AuditEntry.objects.count() == 4


@pytest.mark.req("AUTH-05")
def test_employee_reads_and_cannot_withdraw(desk):
    employee = desk("EMPLOYEE")
    book = BookFactory()
    url = reverse("admin:catalog_book_withdraw", args=[book.pk])
    assert employee.get(change(book)).status_code == 200
    assert url not in employee.get(change(book)).content.decode()
    assert employee.post(url, {"_form_submitted": "on"}).status_code == 403
    employee.post(LIST, {"action": "withdraw_selected", "_selected_action": [book.pk]})
    book.refresh_from_db()
    assert book.deleted_at is None


@pytest.mark.req("AUTH-05")
def test_employee_reads_the_facts_in_words(desk):
    work = WorkFactory(first_published_year=1969)
    book = BookFactory(
        work=work,
        language="de",
        published_on=dt.date(2003, 1, 1),
        published_precision="YEAR",
        attributes={"Binding": "Sewn", "Weight": "<b>"},
    )
    page = desk("EMPLOYEE").get(change(book)).content.decode()
    for shown in ("<div>Binding: Sewn</div>", "<div>Weight: &lt;b&gt;</div>", "German", "1969"):
        assert shown in page
    assert "1 January 2003" not in page
    assert "/admin/catalog/cover/add/" not in page
    assert f'src="/covers/{book.pk}.svg' in page


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(
    "said", ["9780141439518", "978-0-14-143951-8", "0141439513", "0-14-143951-3", "978014143"]
)
def test_any_spelling_of_an_isbn_finds_the_book(manager, said):
    BookFactory(title="Emma", isbn13="9780141439518")
    BookFactory()
    assert listed(manager, q=said) == {"Emma"}


@pytest.mark.req("CATL-01")
def test_filters_narrow_by_genre_below_stock_and_price(manager):
    top = GenreFactory(name="Fiction")
    below = GenreFactory(name="Crime", parent=top)
    BookFactory(title="Crime", genres=[below], language="he")
    BookFactory(title="Unpriced", price=None, format="EBOOK")
    InventoryFactory(book=BookFactory(title="Stocked"), quantity=3)
    assert listed(manager, genre=top.pk) == {"Crime"}
    assert listed(manager, priced="no") == {"Unpriced"}
    assert listed(manager, format__exact="EBOOK") == {"Unpriced"}
    assert listed(manager, language="he") == {"Crime"}
    assert listed(manager, is_in_stock__exact="1") == {"Stocked"}
    assert BookSearchDocument.objects.count() == 0


@pytest.mark.req("CATL-01")
def test_facts_without_a_column_are_lines(manager):
    new_book(manager, attributes="Dimensions: 198 × 129 mm\n\n Binding :  glued: by hand ")
    book = Book.objects.get()
    assert book.attributes == {"Dimensions": "198 × 129 mm", "Binding": "glued: by hand"}
    form = manager.get(change(book))
    shown = form.context["adminform"].form["attributes"].value()
    assert sorted(shown.splitlines()) == ["Binding: glued: by hand", "Dimensions: 198 × 129 mm"]
    manager.post(change(book), filled(form))
    book.refresh_from_db()
    assert book.version == 1


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Dimensions", "“Dimensions” is not “name: text”."),
        (": 198", "“: 198” is not “name: text”."),
        ("Binding:", "“Binding:” is not “name: text”."),
        ("A: 1\nA: 2", "“A” is there twice."),
        (f"{'x' * 61}: y", "Give each fact a name of at most 60 characters, without a colon."),
        ("\n".join(f"{n}: x" for n in range(51)), "At most 50 facts."),
    ],
)
def test_lines_that_are_no_facts_come_back(manager, said, sentence):
    response = new_book(manager, attributes=said)
    form = response.context["adminform"].form
    assert (dict(form.errors), form["attributes"].value()) == ({"attributes": [sentence]}, said)
    assert Book.objects.count() == 0


@pytest.mark.req("CATL-10")
def test_dates_of_sale_are_set_on_the_form_and_narrow_the_list(manager):
    new_book(manager, published_on="2127-03-03", on_sale_on="2127-02-01", is_preorder_allowed="on")
    book = Book.objects.get()
    assert (book.on_sale_on.isoformat(), book.is_preorder_allowed) == ("2127-02-01", True)
    BookFactory(title="Silent", published_on="2127-03-03")
    BookFactory(title="Old", published_on="1999-03-03", on_sale_on="1999-03-03")
    both = {"Pride and Prejudice", "Silent"}
    assert listed(manager, coming="out") == both
    assert listed(manager, coming="preorder") == {"Pride and Prejudice"}
    assert listed(manager, coming="embargo") == {"Pride and Prejudice"}


@pytest.mark.req("CATL-01")
def test_stale_form_is_shown_again_and_overwrites_only_knowingly(manager):
    book = BookFactory(title="Emma", authors=["Jane Austen"])
    page = manager.get(change(book))
    assert re.findall(r'<input type="hidden" name="version_read" value="(\d+)"', page.text) == ["1"]
    mine = filled(page, title="Mine", price="1.00")
    manager.post(change(book), filled(manager.get(change(book)), title="Theirs"))

    refused = manager.post(change(book), mine)

    assert refused.status_code == 412
    said = refused.content.decode()
    assert "Somebody else changed this after you opened it." in said
    assert "Saving again puts this in its place." in said
    assert re.findall(r'<input type="hidden" name="version_read" value="(\d+)"', said) == ["2"]
    form = refused.context["adminform"].form
    assert (form["title"].value(), form["price"].value()) == ("Mine", "1.00")
    book.refresh_from_db()
    assert (book.title, book.version) == ("Theirs", 2)
    assert AuditEntry.objects.count() == 1

    assert manager.post(change(book), filled(refused)).status_code == 302
    book.refresh_from_db()
    assert (book.title, book.price, book.version) == ("Mine", Decimal("1.00"), 3)
