"""Books: lists, one book, one book by ISBN, and writing them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.book_filters import BookFilters, read_query
from catalog.api.book_writes import BookInput, NewBookInput
from catalog.api.reading import CatalogueView
from catalog.enums import ContributorRole, DatePrecision, SaleState
from catalog.errors import BookWithdrawn
from catalog.selectors import book_pages, book_records
from catalog.selectors.book_pages import BookPage
from catalog.selectors.book_records import BookRecord
from catalog.services import books
from core.http.lists import list_response
from core.http.permissions import needs
from core.http.preconditions import IF_MATCH, STALE, expected_versions, tagged
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import BuiltOnce


class CreditOutput(BuiltOnce, serializers.Serializer[Any]):
    """Somebody on the title page."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ContributorRole.choices)


class GenreLinkOutput(BuiltOnce, serializers.Serializer[Any]):
    """A genre's name."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()


class SeriesOutput(BuiltOnce, serializers.Serializer[Any]):
    """A book's place in a series; the number is text ("2.5", "1-3"), empty when unknown."""

    name = serializers.CharField()
    number = serializers.CharField()


class RatingOutput(BuiltOnce, serializers.Serializer[Any]):
    """What readers think on average, null before the first review."""

    average = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField()


class BookOutput(BuiltOnce, serializers.Serializer[BookRecord]):
    """A book as lists, carts and wishlists give it."""

    id = serializers.IntegerField()
    isbn13 = serializers.CharField()
    isbn10 = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    subtitle = serializers.CharField()
    slug = serializers.CharField()
    authors = CreditOutput(source="credits", many=True)
    genres = GenreLinkOutput(many=True)
    series = serializers.SerializerMethodField()
    publisher = serializers.CharField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    published_precision = serializers.ChoiceField(choices=DatePrecision.choices)
    language = serializers.CharField()
    format = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)
    description = serializers.CharField()
    price = serializers.DecimalField(10, 2, allow_null=True)
    currency = serializers.SerializerMethodField()
    cover_url = serializers.CharField(source="cover_path")
    stock_quantity = serializers.IntegerField()
    in_stock = serializers.BooleanField(source="is_in_stock")
    is_for_sale = serializers.BooleanField()
    sale_state = serializers.ChoiceField(choices=SaleState.choices)
    on_sale_on = serializers.DateField(allow_null=True)
    is_preorder_allowed = serializers.BooleanField()
    rating = serializers.SerializerMethodField()
    url = serializers.CharField(source="path")

    @extend_schema_field(SeriesOutput(allow_null=True))
    def get_series(self, book: BookRecord) -> dict[str, str] | None:
        """Return the book's place in its series, None outside one."""
        return {"name": book.series, "number": book.series_number} if book.series else None

    def get_currency(self, book: BookRecord) -> str:
        """Return the currency of every price in the shop."""
        return settings.STORE_CURRENCY

    @extend_schema_field(RatingOutput)
    def get_rating(self, book: BookRecord) -> dict[str, Any]:
        """Return the rating of a book that nobody has reviewed."""
        return {"average": None, "count": 0}


class BranchLinkOutput(BuiltOnce, serializers.Serializer[Any]):
    """A branch's name."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    is_warehouse = serializers.BooleanField()


class AvailabilityOutput(BuiltOnce, serializers.Serializer[Any]):
    """Copies in one active branch."""

    branch = BranchLinkOutput(source="*")
    quantity = serializers.IntegerField()


class EditionOutput(BuiltOnce, serializers.Serializer[Any]):
    """An edition of the same work."""

    id = serializers.IntegerField()
    isbn13 = serializers.CharField()
    title = serializers.CharField()
    format = serializers.CharField()
    language = serializers.CharField()
    publisher = serializers.CharField(allow_null=True)
    published_on = serializers.DateField(allow_null=True)
    published_precision = serializers.ChoiceField(choices=DatePrecision.choices)
    price = serializers.DecimalField(10, 2, allow_null=True)
    in_stock = serializers.BooleanField(source="is_in_stock")
    is_for_sale = serializers.BooleanField()
    url = serializers.CharField(source="path")


class BookDetailOutput(BookOutput):
    """A book with its stock in each active branch and every edition of its work."""

    availability = AvailabilityOutput(many=True)
    editions = EditionOutput(many=True)
    work_id = serializers.IntegerField()
    first_published_year = serializers.IntegerField(allow_null=True)
    attributes = serializers.DictField(child=serializers.CharField())
    version = serializers.IntegerField()


def book_body(page: BookPage) -> dict[str, Any]:
    """Return the detailed resource of a book."""
    return {
        **BookOutput(page.book).data,
        "availability": AvailabilityOutput(page.availability, many=True).data,
        "editions": EditionOutput(page.editions, many=True).data,
        "work_id": page.book.work_id,
        "first_published_year": page.first_published_year,
        "attributes": page.attributes,
        "version": page.book.version,
    }


def book_response(page: BookPage, **kwargs: Any) -> Response:
    """Return the detailed resource with the ETag that `If-Match` takes."""
    return tagged(Response(book_body(page), **kwargs), page.book.version)


class BooksView(CatalogueView):
    """The list of books."""

    permission_classes = (needs("catalog.add_book"),)

    @extend_schema(
        operation_id="books",
        tags=["books"],
        parameters=[BookFilters, *PAGE_PARAMETERS],
        responses=BookOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Find books by words and filters, in any order."""
        page = book_records.book_records(*read_query(request.query_params, BookFilters))
        return list_response(request, page, BookOutput)

    @extend_schema(
        operation_id="create_book",
        tags=["books"],
        request=NewBookInput,
        responses={201: BookDetailOutput},
    )
    def post(self, request: Request) -> Response:
        """Add a book. The ISBN of a withdrawn one brings that one back under its old id."""
        body = NewBookInput(data=request.data)
        body.is_valid(raise_exception=True)
        book = books.create_book(
            draft=body.draft(),
            stock_quantity=body.validated_data.get("stock_quantity"),
            cover=body.chosen_cover(),
            actor_id=request.user.pk,
        )
        location = {"Location": reverse("api-book", args=[book.pk])}
        return book_response(book_pages.book_page(book.pk), status=201, headers=location)


class BookView(CatalogueView):
    """One book."""

    permission_classes = (needs("catalog.change_book"),)

    @extend_schema(operation_id="book", tags=["books"], responses=BookDetailOutput)
    def get(self, request: Request, book_id: int) -> Response:
        """Read a book with its stock in every branch and its other editions."""
        return book_response(book_pages.book_page(book_id))

    @extend_schema(
        operation_id="replace_book",
        tags=["books"],
        parameters=[IF_MATCH],
        request=BookInput,
        responses={200: BookDetailOutput, **STALE},
    )
    def put(self, request: Request, book_id: int) -> Response:
        """Say everything about a book anew; its stock stays as it is."""
        return self._change(request, book_id, BookInput(data=request.data))

    @extend_schema(
        operation_id="change_book",
        tags=["books"],
        parameters=[IF_MATCH],
        request=BookInput,
        responses={200: BookDetailOutput, **STALE},
    )
    def patch(self, request: Request, book_id: int) -> Response:
        """Change only what is sent."""
        return self._change(request, book_id, BookInput(data=request.data, partial=True))

    @extend_schema(
        operation_id="withdraw_book",
        tags=["books"],
        parameters=[IF_MATCH],
        responses={204: None, **STALE},
    )
    def delete(self, request: Request, book_id: int) -> Response:
        """Withdraw a book; old orders keep showing it."""
        done = books.withdraw_book(
            book_id=book_id,
            actor_id=request.user.pk,
            expected_versions=expected_versions(request),
        )
        if not done:
            raise BookWithdrawn(book_id=book_id)
        return Response(status=204)

    def _change(self, request: Request, book_id: int, body: BookInput) -> Response:
        expected = expected_versions(request)
        body.is_valid(raise_exception=True)
        books.change_book(
            book_id=book_id,
            changes=body.facts(),
            cover=body.chosen_cover(),
            actor_id=request.user.pk,
            expected_versions=expected,
        )
        return book_response(book_pages.book_page(book_id))


class BookByIsbnView(CatalogueView):
    """One book by its number."""

    @extend_schema(operation_id="book_by_isbn", tags=["books"], responses=BookDetailOutput)
    def get(self, request: Request, isbn: str) -> Response:
        """Read a book by ISBN-10 or ISBN-13, with or without hyphens."""
        return book_response(book_pages.book_page_by_isbn(isbn))
