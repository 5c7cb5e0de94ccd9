"""Pictures of covers: /covers and /books/{id}/cover."""

import uuid
from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.enums import CoverState
from catalog.gateways import pictures
from catalog.selectors import covers as cover_selectors
from catalog.services import cover_fetches, covers
from core.http import uploads
from core.http.parsers import GuardedFormParser, GuardedJSONParser
from core.http.permissions import needs
from core.http.preconditions import IF_MATCH, STALE, expected_versions
from core.http.serializers import StrictSerializer


class PictureInput(StrictSerializer):
    """A JPEG, PNG or WebP picture, by its content; its name counts for nothing."""

    file = serializers.FileField(allow_empty_file=True)


class ChosenCoverInput(StrictSerializer):
    """A picture that was sent before, or an https address to fetch one from."""

    cover = serializers.UUIDField(required=False)
    cover_url = serializers.RegexField(
        cover_fetches.ADDRESS, max_length=cover_fetches.LONGEST_ADDRESS, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take exactly one."""
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Send one of file, cover and cover_url."))
        return attrs


class CoverOutput(serializers.Serializer[Any]):
    """Where a picture stands; `cover_url` is what to show once it is READY."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=CoverState.choices)
    refusal = serializers.CharField(help_text="A code, empty unless it was REFUSED")
    book_id = serializers.IntegerField(allow_null=True)
    cover_url = serializers.CharField(allow_null=True)


_FORM = {"multipart/form-data": PictureInput}
_CHOICE = {"multipart/form-data": PictureInput, "application/json": ChosenCoverInput}


@uploads.takes_files(pictures.MOST_BYTES, pictures.too_large)
@method_decorator(never_cache, name="dispatch")
class CoversView(APIView):
    """Pictures that are on no book yet."""

    permission_classes = (needs("catalog.add_cover"),)
    parser_classes = (GuardedFormParser,)

    @extend_schema(
        operation_id="upload_cover", tags=["covers"], request=_FORM, responses={201: CoverOutput}
    )
    def post(self, request: Request) -> Response:
        """Keep a picture for a book; it is forgotten when it is on none after a day."""
        body = PictureInput(data=request.data)
        body.is_valid(raise_exception=True)
        cover = covers.take_picture(file=body.validated_data["file"], actor_id=request.user.pk)
        return _answer(cover.pk, status=201)


@method_decorator(never_cache, name="dispatch")
class CoverView(APIView):
    """One picture."""

    permission_classes = (needs("catalog.view_cover"),)

    @extend_schema(operation_id="cover", tags=["covers"], responses=CoverOutput)
    def get(self, request: Request, cover_id: uuid.UUID) -> Response:
        """Read whether a picture is ready."""
        return _answer(cover_id)


@uploads.takes_files(pictures.MOST_BYTES, pictures.too_large)
@method_decorator(never_cache, name="dispatch")
class BookCoverView(APIView):
    """The picture on a book."""

    permission_classes = (needs("catalog.change_cover"),)
    parser_classes = (GuardedJSONParser, GuardedFormParser)

    @extend_schema(
        operation_id="set_book_cover",
        tags=["covers"],
        parameters=[IF_MATCH],
        request=_CHOICE,
        responses={200: CoverOutput, **STALE},
    )
    def put(self, request: Request, book_id: int) -> Response:
        """Put a picture on a book: a file, one that was sent before, or one to be fetched."""
        body = (PictureInput if request.FILES else ChosenCoverInput)(data=request.data)
        body.is_valid(raise_exception=True)
        cover = cover_fetches.set_cover(
            book_id=book_id,
            choice=cover_fetches.Choice(**body.validated_data),
            actor_id=request.user.pk,
            expected_versions=expected_versions(request),
        )
        return _answer(cover.pk)

    @extend_schema(
        operation_id="remove_book_cover",
        tags=["covers"],
        parameters=[IF_MATCH],
        responses={204: None, **STALE},
    )
    def delete(self, request: Request, book_id: int) -> Response:
        """Take the picture off a book, which has its drawn cover again."""
        covers.remove_from_book(
            book_id=book_id,
            actor_id=request.user.pk,
            expected_versions=expected_versions(request),
        )
        return Response(status=204)


def _answer(cover_id: uuid.UUID, status: int = 200) -> Response:
    return Response(CoverOutput(cover_selectors.cover_by_id(cover_id)).data, status=status)
