"""/auth/google, /auth/github and /auth/oauth/exchange: sign-in by a provider, for apps.

A browser goes there and back; the app gets a one-time code and exchanges it for a token pair.
"""

from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.public import PublicView
from accounts.api.tokens import TokenPairOutput
from accounts.enums import Provider
from accounts.gateways import providers_states
from accounts.gateways.providers import Arrival
from accounts.services import one_time_tokens, provider_sign_in
from core.errors import DomainError
from core.http import client
from core.http.serializers import StrictSerializer

DOOR = "api"
_BACK_TO_APP = OpenApiResponse(description="To the app's address, with `code` or `error`")
_TO_CONSENT = OpenApiResponse(description="To the provider's consent screen")


class DepartureInput(StrictSerializer):
    """Where the app wants its code, and how it will prove that the code is its own (RFC 7636)."""

    redirect_uri = serializers.CharField(required=False)
    code_challenge = serializers.RegexField(r"\A[A-Za-z0-9_-]{43}\Z", required=False)
    code_challenge_method = serializers.ChoiceField(["S256"], required=False)

    def validate_redirect_uri(self, value: str) -> str:
        """Only the addresses in OAUTH_APP_REDIRECTS, to the letter."""
        if value not in settings.OAUTH_APP_REDIRECTS:
            raise serializers.ValidationError(_("This address may not receive codes."))
        return value


class CodeOutput(serializers.Serializer[Any]):
    """A code that is good once, for a minute."""

    code = serializers.CharField()


class ExchangeInput(StrictSerializer):
    """The code, and the verifier if a challenge was given."""

    code = serializers.CharField(max_length=one_time_tokens.LONGEST)
    code_verifier = serializers.RegexField(r"\A[A-Za-z0-9._~-]{43,128}\Z", required=False)


class _ProviderView(PublicView):
    """A public step of the way to a provider and back; the browser's session remembers."""

    provider: ClassVar[Provider]

    def callback(self, request: Request) -> str:
        """Return the address that the provider sends people back to."""
        return request.build_absolute_uri(reverse(f"api-{self.provider.value}-callback"))


class _DepartureView(_ProviderView):
    def get(self, request: Request) -> Response:
        """Send the browser to the consent screen."""
        given = DepartureInput(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        departure = provider_sign_in.depart(
            provider=self.provider,
            callback=self.callback(request),
            address=client.address_of(request),
        )
        luggage = {
            name: given.validated_data.get(name, "") for name in ("redirect_uri", "code_challenge")
        }
        providers_states.remember(request._request, departure, door=DOOR, luggage=luggage)
        return Response(status=302, headers={"Location": departure.url})


class _ArrivalView(_ProviderView):
    def get(self, request: Request) -> Response:
        """Hand the app its one-time code: in its address, or here if it named none."""
        query = request.query_params.dict()
        memory = providers_states.recall(
            request._request, self.provider, door=DOOR, state=query.get("state", "")
        )
        arrival = Arrival(
            self.provider, self.callback(request), query, memory.nonce, memory.code_verifier
        )
        app, code_challenge = memory.luggage["redirect_uri"], memory.luggage["code_challenge"]
        try:
            code = provider_sign_in.code_from(
                arrival=arrival, code_challenge=code_challenge, address=client.address_of(request)
            )
        except DomainError as error:
            if not app:
                raise
            return _to_app(app, error=error.code)
        return _to_app(app, code=code) if app else Response(CodeOutput({"code": code}).data)


_DEPARTURE: dict[str, Any] = {
    "tags": ["auth"],
    "parameters": [DepartureInput],
    "responses": {302: _TO_CONSENT},
}
_ARRIVAL: dict[str, Any] = {
    "tags": ["auth"],
    "parameters": [OpenApiParameter(each, str) for each in ("state", "code", "error", "iss")],
    "responses": {
        200: CodeOutput,
        302: _BACK_TO_APP,
        403: OpenApiResponse(description="The account is switched off"),
        409: OpenApiResponse(description="The provider has not verified the address"),
    },
}


@extend_schema_view(get=extend_schema(operation_id="auth_google", **_DEPARTURE))
@method_decorator(never_cache, name="dispatch")
class GoogleView(_DepartureView):
    """The way to Google."""

    provider = Provider.GOOGLE


@extend_schema_view(get=extend_schema(operation_id="auth_google_callback", **_ARRIVAL))
@method_decorator(never_cache, name="dispatch")
class GoogleCallbackView(_ArrivalView):
    """The way back from Google."""

    provider = Provider.GOOGLE


@extend_schema_view(get=extend_schema(operation_id="auth_github", **_DEPARTURE))
@method_decorator(never_cache, name="dispatch")
class GitHubView(_DepartureView):
    """The way to GitHub."""

    provider = Provider.GITHUB


@extend_schema_view(get=extend_schema(operation_id="auth_github_callback", **_ARRIVAL))
@method_decorator(never_cache, name="dispatch")
class GitHubCallbackView(_ArrivalView):
    """The way back from GitHub."""

    provider = Provider.GITHUB


@method_decorator(never_cache, name="dispatch")
class ExchangeView(PublicView):
    """The end of the way: what the app's code buys."""

    @extend_schema(
        operation_id="auth_oauth_exchange",
        tags=["auth"],
        request=ExchangeInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Exchange a one-time code for the same token pair that a login gives.

        The first try spends it; afterwards, after a minute and with a wrong verifier it is 400
        `LINK_INVALID`. With a second factor the answer is 401 `SECOND_FACTOR_REQUIRED`, as at
        login.
        """
        given = ExchangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = provider_sign_in.exchange_code(
            **given.validated_data,
            address=client.address_of(request),
            device=client.device_of(request),
        )
        return Response(TokenPairOutput(pair).data)


def _to_app(address: str, **parameters: str) -> Response:
    """Return the redirect to an address of OAUTH_APP_REDIRECTS, of whatever scheme."""
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, urlencode(parameters)]))
    return Response(status=302, headers={"Location": urlunsplit(parts._replace(query=query))})
