"""Authors."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.reading import CatalogueView
from catalog.selectors import contributors
from core.http.lists import list_response, read_list
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import StrictSerializer


class AuthorFilters(StrictSerializer):
    """What the list of authors may be asked for."""

    q = serializers.CharField(required=False, help_text="Beginnings of names")


class AuthorOutput(serializers.Serializer[Any]):
    """Somebody who makes books; `book_count` counts works in the shop, however many editions."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    book_count = serializers.IntegerField()
    url = serializers.CharField(source="path")


class AuthorDetailOutput(AuthorOutput):
    """The same with a short life."""

    biography = serializers.CharField()


class AuthorsView(CatalogueView):
    """The list of authors."""

    @extend_schema(
        operation_id="authors",
        tags=["authors"],
        parameters=[AuthorFilters, *PAGE_PARAMETERS],
        responses=AuthorOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Find people with books in the shop, by surname."""
        wanted, window = read_list(request.query_params, AuthorFilters)
        page = contributors.authors(wanted.get("q", ""), window)
        return list_response(request, page, AuthorOutput)


class AuthorView(CatalogueView):
    """One author."""

    @extend_schema(operation_id="author", tags=["authors"], responses=AuthorDetailOutput)
    def get(self, request: Request, author_id: int) -> Response:
        """Read an author; `/books?author=` has the books."""
        return Response(AuthorDetailOutput(contributors.author(author_id)).data)
