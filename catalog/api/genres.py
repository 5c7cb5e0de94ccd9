"""Genres: the tree, one of them, and its books."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.book_filters import GenreBookFilters, read_query
from catalog.api.books import BookOutput
from catalog.api.reading import CatalogueView
from catalog.selectors import book_records, genres
from catalog.selectors.genres import GenreNode
from core.http.lists import list_response, many, read_list
from core.http.schema import PAGE_PARAMETERS

_MORE_GENRES = {"type": "array", "items": {"$ref": "#/components/schemas/Genre"}}


class GenreOutput(serializers.Serializer[GenreNode]):
    """A genre with all below it; `book_count` counts their books too, each once."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    parent = serializers.IntegerField(  # type: ignore[assignment]
        source="parent_id", allow_null=True
    )
    book_count = serializers.IntegerField()
    children = serializers.SerializerMethodField()
    url = serializers.CharField(source="path")

    class Meta:
        ref_name = "Genre"

    @extend_schema_field(_MORE_GENRES)
    def get_children(self, genre: GenreNode) -> list[dict[str, Any]]:
        """Return the genres right below, each with its own."""
        return [self.to_representation(child) for child in genre.children]


class GenresView(CatalogueView):
    """The tree of genres."""

    @extend_schema(operation_id="genres", tags=["genres"], responses=GenreOutput(many=True))
    def get(self, request: Request) -> Response:
        """Read the whole tree: the top genres with everything below them."""
        read_list(request.query_params)
        return Response(many(GenreOutput, genres.genre_tree()))


class GenreView(CatalogueView):
    """One genre."""

    @extend_schema(operation_id="genre", tags=["genres"], responses=GenreOutput)
    def get(self, request: Request, genre_id: int) -> Response:
        """Read a genre with everything below it."""
        return Response(GenreOutput(genres.genre_page(genre_id).genre).data)


class GenreBooksView(CatalogueView):
    """The books of a genre."""

    @extend_schema(
        operation_id="genre_books",
        tags=["genres"],
        parameters=[GenreBookFilters, *PAGE_PARAMETERS],
        responses=BookOutput(many=True),
    )
    def get(self, request: Request, genre_id: int) -> Response:
        """Find books in a genre and all genres below it."""
        genre = (str(genres.genre_link(genre_id).id),)
        query, window = read_query(request.query_params, GenreBookFilters, genre=genre)
        return list_response(request, book_records.book_records(query, window), BookOutput)
