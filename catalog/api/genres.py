"""Genres: the tree, one of them, and its books."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.book_filters import GenreBookFilters, read_query
from catalog.api.books import BookOutput
from catalog.api.reading import CatalogueView
from catalog.selectors import book_records
from catalog.selectors import genres as genre_selectors
from catalog.selectors.genres import GenreNode
from catalog.services import genres
from core.http.lists import NoFilters, list_response, many
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import StrictSerializer

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


class GenreInput(StrictSerializer):
    """A genre; without a slug its name makes one, without a parent it stands at the top."""

    name = serializers.CharField(max_length=100)
    slug = serializers.SlugField(max_length=100, required=False)
    parent_id = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)


class GenreChangesInput(GenreInput):
    """What is to change; `is_withdrawn` false puts a withdrawn genre back first."""

    name = serializers.CharField(max_length=100, required=False)
    is_withdrawn = serializers.BooleanField(required=False)

    def validate_is_withdrawn(self, said: bool) -> bool:
        """Refuse true: the answer could not show what is not there."""
        if said:
            raise serializers.ValidationError(_("Send DELETE to withdraw a genre."))
        return said


class GenresView(CatalogueView):
    """The tree of genres."""

    permission_classes = [needs("catalog.add_genre")]

    @extend_schema(operation_id="genres", tags=["genres"], responses=GenreOutput(many=True))
    def get(self, request: Request) -> Response:
        """Read the whole tree: the top genres with everything below them.

        A tree has no pages, so there are no parameters; unknown ones are 400.
        """
        NoFilters(data=request.query_params.dict()).is_valid(raise_exception=True)
        return Response(many(GenreOutput, genre_selectors.genre_tree()))

    @extend_schema(
        operation_id="genres_create",
        tags=["genres"],
        request=GenreInput,
        responses={201: GenreOutput},
    )
    def post(self, request: Request) -> Response:
        """Add a genre; 404 `GENRE_NOT_FOUND` for the parent."""
        given = GenreInput(data=request.data)
        given.is_valid(raise_exception=True)
        added = genres.create_genre(**given.validated_data, actor_id=request.user.pk)
        return Response(_described(added.pk), status=201)


class GenreView(CatalogueView):
    """One genre."""

    permission_classes = [needs("catalog.change_genre")]

    @extend_schema(operation_id="genre", tags=["genres"], responses=GenreOutput)
    def get(self, request: Request, genre_id: int) -> Response:
        """Read a genre with everything below it."""
        return Response(_described(genre_id))

    @extend_schema(
        operation_id="genre_change",
        tags=["genres"],
        request=GenreChangesInput,
        responses=GenreOutput,
    )
    def patch(self, request: Request, genre_id: int) -> Response:
        """Rename, move, reorder or put back a genre; 409 `GENRE_CYCLE` below itself."""
        given = GenreChangesInput(data=request.data)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        restored = changes.pop("is_withdrawn", None) is False
        genres.change_genre(
            genre_id=genre_id,
            changes=cast("genres.GenreChanges", changes),
            is_restored=restored,
            actor_id=request.user.pk,
        )
        return Response(_described(genre_id))

    @extend_schema(operation_id="genre_withdraw", tags=["genres"], responses={204: None})
    def delete(self, request: Request, genre_id: int) -> Response:
        """Withdraw a genre; 409 `GENRE_NOT_EMPTY` while there are genres below it."""
        genres.withdraw_genre(genre_id=genre_id, actor_id=request.user.pk)
        return Response(status=204)


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
        genre = (str(genre_selectors.genre_link(genre_id).id),)
        query, window = read_query(request.query_params, GenreBookFilters, genre=genre)
        return list_response(request, book_records.book_records(query, window), BookOutput)


def _described(genre_id: int) -> Any:
    return GenreOutput(genre_selectors.genre_page(genre_id).genre).data
