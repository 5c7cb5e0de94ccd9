"""/admin/users: managers look, administrators give roles and switch people on and off."""

import uuid

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.profile import UserOutput
from accounts.models import User
from accounts.selectors import users as user_selectors
from accounts.services import users
from accounts.validators import LONGEST_EMAIL
from core.http.lists import list_response, read_list
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import StrictSerializer
from core.roles import Role


class StaffUserOutput(UserOutput):
    """A user as staff sees them."""

    class Meta(UserOutput.Meta):
        fields = [*UserOutput.Meta.fields, "is_active"]
        read_only_fields = fields


class UserFilters(StrictSerializer):
    """`q` is the beginning of an address or a name."""

    q = serializers.CharField(max_length=LONGEST_EMAIL, required=False)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)


class AccessInput(StrictSerializer):
    """What is left out stays as it is."""

    role = serializers.ChoiceField(choices=Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)

    def validate_role(self, said: str) -> Role:
        """Return it as a role."""
        return Role(said)


@method_decorator(never_cache, name="dispatch")
class AdminUsersView(APIView):
    """Everybody with an account."""

    permission_classes = [needs("accounts.view_user")]

    @extend_schema(
        operation_id="admin_users",
        tags=["admin"],
        parameters=[UserFilters, *PAGE_PARAMETERS],
        responses=StaffUserOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List users, the newest first."""
        filters, window = read_list(request.query_params, UserFilters)
        page = user_selectors.user_list(window, **filters)
        return list_response(request, page, StaffUserOutput)


@method_decorator(never_cache, name="dispatch")
class AdminUserView(APIView):
    """One user."""

    permission_classes = [needs("accounts.change_user")]

    @extend_schema(
        operation_id="admin_user_update",
        tags=["admin"],
        request=AccessInput,
        responses=StaffUserOutput,
    )
    def patch(self, request: Request, user_id: uuid.UUID) -> Response:
        """Give a role, switch on or off; every session and token of theirs ends at once.

        409 `LAST_ADMINISTRATOR` rather than leave the shop without one.
        """
        given = AccessInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = users.change_access(
            user_id=user_id, **given.validated_data, actor_id=_actor_of(request).pk
        )
        return Response(StaffUserOutput(user).data)


def _actor_of(request: Request) -> User:
    return user_selectors.signed_in(request.user)
