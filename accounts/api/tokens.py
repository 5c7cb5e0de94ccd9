"""/auth/login, /auth/refresh, /auth/logout, /auth/logout-all: the life of a token pair."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.profile import UserOutput
from accounts.selectors import users
from accounts.services import sign_in, tokens
from accounts.validators import LONGEST_EMAIL, LONGEST_PASSWORD
from core.http import client
from core.http.serializers import StrictSerializer


class LoginInput(StrictSerializer):
    """Who, and the proof."""

    email = serializers.EmailField(max_length=LONGEST_EMAIL)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)


class RefreshInput(StrictSerializer):
    """A refresh token."""

    refresh = serializers.CharField()


class TokenPairOutput(serializers.Serializer[Any]):
    """A new pair; `access_expires_in` is in seconds."""

    access = serializers.CharField()
    refresh = serializers.CharField()
    access_expires_in = serializers.IntegerField()
    user = UserOutput()


class _PublicView(APIView):
    """Reads neither cookies nor bearer tokens: what it needs is in the body."""

    authentication_classes = []
    permission_classes = [AllowAny]


@method_decorator(never_cache, name="dispatch")
class LoginView(_PublicView):
    """The password's way in."""

    @extend_schema(
        operation_id="auth_login",
        tags=["auth"],
        request=LoginInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Exchange e-mail address and password for a token pair."""
        given = LoginInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = sign_in.exchange_password(
            **given.validated_data,
            address=client.address_of(request),
            device=client.device_of(request),
        )
        return Response(TokenPairOutput(pair).data)


@method_decorator(never_cache, name="dispatch")
class RefreshView(_PublicView):
    """A refresh token is good once; keep one refresh in flight."""

    @extend_schema(
        operation_id="auth_refresh",
        tags=["auth"],
        request=RefreshInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for the next pair."""
        given = RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = tokens.refresh_pair(**given.validated_data, address=client.address_of(request))
        return Response(TokenPairOutput(pair).data)


class LogoutView(_PublicView):
    """Ends one sign-in."""

    @extend_schema(
        operation_id="auth_logout", tags=["auth"], request=RefreshInput, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Revoke the refresh token's family."""
        given = RefreshInput(data=request.data)
        given.is_valid(raise_exception=True)
        tokens.revoke_family(**given.validated_data)
        return Response(status=204)


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
