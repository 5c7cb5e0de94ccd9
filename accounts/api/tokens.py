"""/auth/login, /auth/refresh, /auth/logout, /auth/logout-all: the life of a token pair."""

from typing import Any

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
from accounts.selectors import users
from accounts.services import sign_in, tokens
from accounts.validators import LONGEST_EMAIL
from core.http import client
from core.http.serializers import StrictSerializer


class LoginInput(StrictSerializer):
    """Who, and the proof."""

    email = serializers.EmailField(max_length=LONGEST_EMAIL)
    password = PasswordField()


class RefreshInput(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField()


class TokenPairOutput(serializers.Serializer[Any]):
    """A new pair; `access_expires_in` is in seconds."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    access_expires_in = serializers.IntegerField()
    user = UserOutput()


@method_decorator(never_cache, name="dispatch")
class LoginView(PublicView):
    """The password's way in."""

    @extend_schema(
        operation_id="auth_login",
        tags=["auth"],
        request=LoginInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Exchange e-mail address and password for a token pair.

        Whatever is wrong is 401 `INVALID_CREDENTIALS`. With a second factor a good password is
        answered by 401 `SECOND_FACTOR_REQUIRED`: send `details.challenge` and a code to
        /auth/login/second-factor within five minutes.
        """
        given = LoginInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = sign_in.exchange_password(
            **given.validated_data,
            address=client.address_of(request),
            device=client.device_of(request),
        )
        return Response(TokenPairOutput(pair).data)


@method_decorator(never_cache, name="dispatch")
class RefreshView(PublicView):
    """A refresh token is good once; keep one refresh in flight."""

    @extend_schema(
        operation_id="auth_refresh",
        tags=["auth"],
        request=RefreshInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for the next pair.

        One that was used before is 401 `TOKEN_REUSED`, and its whole sign-in is over, access
        tokens included; `TOKEN_INVALID` and `TOKEN_EXPIRED` ask for a new login too.
        """
        given = RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = tokens.refresh_pair(**given.validated_data, address=client.address_of(request))
        return Response(TokenPairOutput(pair).data)


@method_decorator(never_cache, name="dispatch")
class LogoutView(PublicView):
    """Ends one sign-in."""

    @extend_schema(
        operation_id="auth_logout", tags=["auth"], request=RefreshInput, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """End the sign-in that a refresh token belongs to; doing it again changes nothing."""
        given = RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        tokens.revoke_family(**given.validated_data)
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class LogoutAllView(APIView):
    """Ends every sign-in of the user, browsers included."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="auth_logout_all", tags=["auth"], request=None, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Revoke every token and session of the signed-in user."""
        user = users.signed_in(request.user)
        tokens.revoke_all(user=user, actor_id=user.pk)
        return Response(status=204)
