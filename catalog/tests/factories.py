"""Rows for tests. Stock comes through the stock service, so that the ledger always explains it."""

from decimal import Decimal

import factory
from stdnum import ean

from catalog import models, text
from catalog.enums import ContributorRole
from catalog.services import stock


def _isbn13(number):
    body = f"978{number:09d}"
    return body + ean.calc_check_digit(body)


class GenreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Genre

    name = factory.Sequence(lambda n: f"Genre {n}")
    slug = factory.LazyAttribute(lambda genre: text.slug_of(genre.name, otherwise="genre"))


class PublisherFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Publisher
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Publisher {n}")
    slug = factory.LazyAttribute(
        lambda publisher: text.slug_of(publisher.name, otherwise="publisher")
    )


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Series
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Series {n}")
    slug = factory.LazyAttribute(lambda series: text.slug_of(series.name, otherwise="series"))


class ContributorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Contributor
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Ada Author{n}")
    sort_name = factory.LazyAttribute(lambda person: text.sort_name_of(person.name))
    slug = factory.LazyAttribute(lambda person: text.slug_of(person.name, otherwise="person"))


class WorkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Work

    title = factory.Sequence(lambda n: f"Work {n}")


class BranchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Branch

    name = factory.Sequence(lambda n: f"Branch {n}")
    slug = factory.LazyAttribute(lambda branch: text.slug_of(branch.name, otherwise="branch"))
    address = "1 Main Street, Haifa"


class BookFactory(factory.django.DjangoModelFactory):
    """A listed book with a price, without stock, authors or genres unless given.

    `authors=["Name", …]` and `genres=[genre, …]` add them; the search document is not written
    (`catalog.services.search_index.index_books` does that).
    """

    class Meta:
        model = models.Book
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Book {n}")
    work = factory.SubFactory(WorkFactory, title=factory.SelfAttribute("..title"))
    isbn13 = factory.Sequence(_isbn13)
    sort_title = factory.LazyAttribute(lambda book: text.sort_title_of(book.title, book.language))
    slug = factory.LazyAttribute(lambda book: text.slug_of(book.title, otherwise="book"))
    price = Decimal("40.00")
    language = "en"

    @factory.post_generation
    def authors(self, create, names, **kwargs):
        for position, name in enumerate(names or []):
            person = ContributorFactory(name=name)
            models.BookContributor.objects.create(
                book=self, contributor=person, role=ContributorRole.AUTHOR, position=position
            )
            if position == 0:
                self.sort_author = person.sort_name
                self.save(update_fields=["sort_author"])

    @factory.post_generation
    def genres(self, create, genres, **kwargs):
        for genre in genres or []:
            models.BookGenre.objects.create(book=self, genre=genre)


class InventoryFactory(factory.django.DjangoModelFactory):
    """A branch's stock of a book, with its opening movement and the book's flag.

    The book given keeps its old `is_in_stock` in memory: refresh it when the test reads the flag.
    """

    class Meta:
        model = models.Inventory

    book = factory.SubFactory(BookFactory)
    branch = factory.SubFactory(BranchFactory)
    quantity = 5

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        book, branch = kwargs["book"], kwargs["branch"]
        stock.receive_opening_stock(rows=[(book.pk, branch.pk, kwargs["quantity"])])
        return model_class.objects.get(book=book, branch=branch)
