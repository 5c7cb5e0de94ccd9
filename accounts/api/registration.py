"""POST /auth/register."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import PasswordField
from accounts.api.profile import UserOutput
from accounts.api.public import PublicView
from accounts.services import registration
from accounts.validators import LONGEST_EMAIL, LONGEST_NAME
from core.http import client
from core.http.serializers import StrictSerializer


class RegistrationInput(StrictSerializer):
    """A new account."""

    email = serializers.EmailField(max_length=LONGEST_EMAIL)
    password = PasswordField()
    full_name = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, required=False)


@method_decorator(never_cache, name="dispatch")
class RegisterView(PublicView):
    """Anybody may register; the answer is the same for an address that is known."""

    @extend_schema(
        operation_id="auth_register",
        tags=["auth"],
        request=RegistrationInput,
        responses={201: UserOutput},
    )
    def post(self, request: Request) -> Response:
        """Make an account."""
        given = RegistrationInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = registration.register_user(
            **given.validated_data, address=client.address_of(request)
        )
        return Response(UserOutput(user).data, status=201)
