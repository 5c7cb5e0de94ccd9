"""A catalogue of books that are hard to write down."""

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from catalog.enums import BookFormat, ContributorRole, DatePrecision
from catalog.models import Book, BookContributor, GenreCode
from catalog.selectors import exports
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    ContributorFactory,
    GenreFactory,
    InventoryFactory,
    PublisherFactory,
    SeriesFactory,
    WorkFactory,
)

LINES = (
    "=1+1", "+A1", "-A1", "@SUM(A1)", "' =1+1", "'=1", "Ann; =1+1", "a, \"b\" & 'c'",
    "AT&amp;T &lt;b&gt; &#59;", "Ã© and â€œ as they are", "שלום עולם (ABC) 123", "日本語の本",
    "Crime <and> punishment]]>", "<![CDATA[x]]>", "1984", "007", "1e5", "TRUE", "#N/A soon",
    "Émile Zola; Œuvres", "a|b\\n", '{"a": 1}', "[]", "null", "Smith, John", "𝕬 wide",
    "The Hunger Games (The Hunger Games, #1)", "e\u200fmark", "_x0041_",
)  # fmt: skip
LONG = ("word " * 100)[:499] + "."
# What an import of any publisher's message takes for damage, and undoes.
DAMAGED = {"AT&amp;T &lt;b&gt; &#59;", "Ã© and â€œ as they are", "<![CDATA[x]]>"}
DAMAGED |= {"Crime <and> punishment]]>"}
TEXTS = (*LINES, LONG, "One\nTwo\r\nThree\n\n- a list\n= of things\n;=1", "Tab\there; \t=2")


def awkward_books(number=40, *, damaged=True):
    """Books with and without every fact, with texts that are taken for something else.

    Without `damaged` none of them looks as if a feed had broken it.
    """
    lines = LINES if damaged else [line for line in LINES if line not in DAMAGED]
    texts = TEXTS if damaged else [*lines, LONG, "One\nTwo\n\nThree"]
    chance = random.Random(4)
    genres = [GenreFactory(slug=f"genre-{place}") for place in range(4)]
    GenreCode.objects.create(code="FBC", genre=genres[0])
    GenreCode.objects.create(code="FB", genre=genres[0])
    GenreCode.objects.create(code="WB", genre=genres[1])
    genres.append(GenreFactory(slug="withdrawn", deleted_at=timezone.now()))
    branches = [BranchFactory(name="=Haifa"), BranchFactory(name="Mall", is_warehouse=True)]
    works = [WorkFactory(title=line, first_published_year=chance.choice([None, -750, 1866]))
             for line in lines[:10]]  # fmt: skip
    for place in range(number):
        line = lines[place % len(lines)]
        book = BookFactory(
            title=LONG if place == 0 else line,
            subtitle=chance.choice(["", *lines]),
            work=works[place % len(works)],
            description=chance.choice(["", *texts]),
            price=chance.choice([None, Decimal("0.00"), Decimal("12.90"), Decimal("99999999.99")]),
            publisher=chance.choice([None, PublisherFactory(name=chance.choice(lines))]),
            series=chance.choice([None, SeriesFactory(name=chance.choice(lines))]),
            language=chance.choice(["", "en", "he", "fr"]),
            format=chance.choice(["", *BookFormat]),
            pages=chance.choice([None, 1, 480]),
            attributes=chance.choice([{}, {"Dimensions": "198 × 129 mm", "=A": "=1+1"}]),
            on_sale_on=chance.choice([None, dt.date(2026, 12, 1)]),
        )
        _date(book, chance)
        if book.series:
            book.series_number = chance.choice(["", "1", "2.5", "-3", "=4", "1-3"])
        book.save()
        _credits(book, chance)
        for genre in chance.sample(genres, chance.choice([0, 1, 2])):
            book.genre_links.create(genre=genre)
        if chance.random() < 0.5:
            InventoryFactory(book=book, branch=chance.choice(branches), quantity=3)


def _date(book, chance):
    book.published_precision = chance.choice(list(DatePrecision))
    first = {"month": 1, "day": 1}
    if book.published_precision == DatePrecision.MONTH:
        first = {"month": 11, "day": 1}
    elif book.published_precision == DatePrecision.DAY:
        first = {"month": 11, "day": 21}
    if chance.random() < 0.8:
        book.published_on = dt.date(chance.choice([999, 1866, 2026]), **first)
    else:
        book.published_precision = DatePrecision.DAY


def _credits(book, chance):
    people = [
        ContributorFactory(name=name) for name in chance.sample(NAMES, chance.choice([0, 1, 3]))
    ]
    for position, person in enumerate(people):
        role = chance.choice(list(ContributorRole)) if position else ContributorRole.AUTHOR
        BookContributor.objects.create(book=book, contributor=person, role=role, position=position)
    if people:
        book.sort_author = people[0].sort_name
        book.save(update_fields=["sort_author"])


NAMES = ("Jane Austen", "Le Guin, Ursula", "=Bo", "Ann; Bo", "Cat (EDITOR)", "דנה כהן", "D & E;F")


def facts():
    """Return what is known of each book, whatever their ids and those of their works."""
    records = [each for batch in exports.record_batches(Book.objects.all()) for each in batch]
    works = {}
    for record in records:
        works.setdefault(record.work_id, []).append(record.isbn13)
    return {
        record.isbn13: {
            name: getattr(record, name)
            for name in record.__slots__
            if name not in {"work_id", "stock"}
        }
        | {"subjects": {each.slug for each in record.subjects}, "editions": works[record.work_id]}
        for record in records
    }
