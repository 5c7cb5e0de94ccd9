"""/addresses: where somebody has books sent."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Address
from accounts.selectors import addresses as selectors
from accounts.selectors import users
from accounts.services import addresses
from core.addresses import LONGEST, PostalAddress, Preferences
from core.http.lists import list_response, read_list
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import BuiltOnce, StrictSerializer
from core.pagination import paginate


def _needed(name: str) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST[name])


def _optional(name: str) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST[name], allow_blank=True, required=False)


class PreferencesInput(StrictSerializer):
    """What the driver is asked to do; the first two exclude each other."""

    leave_at_door = serializers.BooleanField(required=False)
    signature_required = serializers.BooleanField(required=False)
    safe_place = _optional("safe_place")
    note = _optional("note")


class PostalAddressInput(StrictSerializer):
    """Where a delivery goes; the country is the store's where none is given."""

    recipient = _needed("recipient")
    line1 = _needed("line1")
    line2 = _optional("line2")
    city = _needed("city")
    postcode = _needed("postcode")
    country = serializers.CharField(
        max_length=10, required=False, help_text="ISO 3166-1 alpha-2, like IL"
    )
    phone = _optional("phone")
    delivery_preferences = PreferencesInput(required=False)


class SavedAddressInput(PostalAddressInput):
    """A saved address; the first is the default whatever is said."""

    is_default = serializers.BooleanField(required=False)


class PreferencesOutput(BuiltOnce, serializers.Serializer[Preferences]):
    """What the driver is asked to do."""

    leave_at_door = serializers.BooleanField()
    signature_required = serializers.BooleanField()
    safe_place = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class AddressOutput(BuiltOnce, serializers.ModelSerializer[Address]):
    """A saved address."""

    delivery_preferences = PreferencesOutput(source="preferences")

    class Meta:
        model = Address
        fields = [
            "id",
            "recipient",
            "line1",
            "line2",
            "city",
            "postcode",
            "country",
            "phone",
            "is_default",
            "delivery_preferences",
        ]
        read_only_fields = fields


def postal_address(given: Mapping[str, Any]) -> PostalAddress:
    """Return a validated `PostalAddressInput` in the services' words."""
    fields = _in_services_words(given)
    wishes = Preferences(**fields.pop("preferences", {}))
    return PostalAddress(**{"country": settings.STORE_COUNTRY, **fields, "preferences": wishes})


def _in_services_words(given: Mapping[str, Any]) -> dict[str, Any]:
    names = {"delivery_preferences": "preferences"}
    return {names.get(name, name): value for name, value in given.items() if name != "is_default"}


@method_decorator(never_cache, name="dispatch")
class AddressesView(APIView):
    """The signed-in user's addresses."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="addresses_list",
        tags=["addresses"],
        parameters=PAGE_PARAMETERS,
        responses=AddressOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return the user's addresses, the default first."""
        _filters, window = read_list(request.query_params)
        own = selectors.addresses_of(users.signed_in(request.user).pk)
        return list_response(request, paginate(own, window), AddressOutput)

    @extend_schema(
        operation_id="addresses_create",
        tags=["addresses"],
        request=SavedAddressInput,
        responses={201: AddressOutput},
    )
    def post(self, request: Request) -> Response:
        """Save an address; 409 `TOO_MANY_ADDRESSES` beyond fifty."""
        given = SavedAddressInput(data=request.data)
        given.is_valid(raise_exception=True)
        added = addresses.add_address(
            user_id=users.signed_in(request.user).pk,
            address=postal_address(given.validated_data),
            is_default=given.validated_data.get("is_default", False),
        )
        return Response(AddressOutput(added).data, status=201)


@method_decorator(never_cache, name="dispatch")
class AddressView(APIView):
    """One of them."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="addresses_retrieve", tags=["addresses"], responses=AddressOutput)
    def get(self, request: Request, address_id: uuid.UUID) -> Response:
        """Return an address of the user."""
        user = users.signed_in(request.user)
        found = selectors.address_for(user_id=user.pk, address_id=address_id)
        return Response(AddressOutput(found).data)

    @extend_schema(
        operation_id="addresses_update",
        tags=["addresses"],
        request=SavedAddressInput,
        responses=AddressOutput,
    )
    def patch(self, request: Request, address_id: uuid.UUID) -> Response:
        """Change the given fields; preferences that are not named stay."""
        given = SavedAddressInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = addresses.change_address(
            user_id=users.signed_in(request.user).pk,
            address_id=address_id,
            changes=_in_services_words(given.validated_data),
            is_default=given.validated_data.get("is_default"),
        )
        return Response(AddressOutput(changed).data)

    @extend_schema(operation_id="addresses_destroy", tags=["addresses"], responses={204: None})
    def delete(self, request: Request, address_id: uuid.UUID) -> Response:
        """Forget an address; orders that went there stay as they are."""
        addresses.remove_address(user_id=users.signed_in(request.user).pk, address_id=address_id)
        return Response(status=204)
