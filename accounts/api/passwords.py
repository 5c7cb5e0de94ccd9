"""/auth/password-reset, /auth/password-reset/confirm, /auth/change-password."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.fields import PasswordField
from accounts.api.profile import UserOutput
from accounts.api.public import PublicView
from accounts.api.tokens import TokenPairOutput
from accounts.api.verification import AddressInput, MailUnderWayOutput, mail_asked_for
from accounts.selectors import users
from accounts.services import one_time_tokens, passwords
from core.http import client
from core.http.serializers import StrictSerializer


class ResetInput(StrictSerializer):
    """What stands at the end of a mailed link, and the password to be."""

    token = serializers.CharField(max_length=one_time_tokens.LONGEST)
    new_password = PasswordField()


class ChangePasswordInput(StrictSerializer):
    """The password of now, and the one to be."""

    current_password = PasswordField()
    new_password = PasswordField()


@method_decorator(never_cache, name="dispatch")
class PasswordResetView(PublicView):
    """For whoever has forgotten the password."""

    @extend_schema(
        operation_id="auth_password_reset",
        tags=["auth"],
        request=AddressInput,
        responses={202: MailUnderWayOutput},
    )
    def post(self, request: Request) -> Response:
        """Mail a link to choose a new password, if the address has an account."""
        return mail_asked_for(request, passwords.ask_for_reset)


@method_decorator(never_cache, name="dispatch")
class PasswordResetConfirmView(PublicView):
    """Every sign-in of the account ends with it; log in with the new password."""

    @extend_schema(
        operation_id="auth_password_reset_confirm",
        tags=["auth"],
        request=ResetInput,
        responses=UserOutput,
    )
    def post(self, request: Request) -> Response:
        """Store the new password.

        400 `LINK_INVALID` for a token that was used or is over; a password that is refused (400
        `VALIDATION_ERROR`) does not spend it.
        """
        given = ResetInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = passwords.reset_password(
            secret=given.validated_data["token"],
            new_password=given.validated_data["new_password"],
            address=client.address_of(request),
        )
        return Response(UserOutput(user).data)


@method_decorator(never_cache, name="dispatch")
class ChangePasswordView(APIView):
    """Every other sign-in of the account ends with it."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="auth_change_password",
        tags=["auth"],
        request=ChangePasswordInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Store another password and return a new token pair.

        401 `INVALID_CREDENTIALS` where the current password is not right.
        """
        given = ChangePasswordInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = passwords.exchange_change(
            user=users.signed_in(request.user),
            **given.validated_data,
            device=client.device_of(request),
        )
        return Response(TokenPairOutput(pair).data)
