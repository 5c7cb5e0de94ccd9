"""/users/me: what people see and say about themselves."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.selectors import users
from accounts.services import profile
from accounts.validators import LONGEST_NAME
from core.http.serializers import InstantField, StrictSerializer


class UserOutput(serializers.ModelSerializer[User]):
    """A user as they see themselves."""

    created_at = InstantField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "email", "full_name", "role", "is_verified", "created_at"]
        read_only_fields = fields


class ProfileInput(StrictSerializer):
    """What may be changed without proving the password again."""

    full_name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, required=False)


@method_decorator(never_cache, name="dispatch")
class MeView(APIView):
    """The signed-in user."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="me_retrieve", tags=["users"], responses=UserOutput)
    def get(self, request: Request) -> Response:
        """Return the signed-in user."""
        return Response(UserOutput(users.signed_in(request.user)).data)

    @extend_schema(
        operation_id="me_update", tags=["users"], request=ProfileInput, responses=UserOutput
    )
    def patch(self, request: Request) -> Response:
        """Change the name."""
        given = ProfileInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = users.signed_in(request.user)
        if "full_name" in given.validated_data:
            user = profile.change_name(user=user, full_name=given.validated_data["full_name"])
        return Response(UserOutput(user).data)
