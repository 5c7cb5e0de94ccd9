"""/auth/login/second-factor: the second half of a sign-in."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.public import PublicView
from accounts.api.tokens import TokenPairOutput
from accounts.services import one_time_tokens, second_factor_answers
from accounts.validators import LONGEST_CODE
from core.http import client
from core.http.serializers import StrictSerializer


class SecondFactorInput(StrictSerializer):
    """The challenge that login gave, and a code: the app's, or a recovery code."""

    challenge = serializers.CharField(max_length=one_time_tokens.LONGEST)
    code = serializers.CharField(max_length=LONGEST_CODE)


@method_decorator(never_cache, name="dispatch")
class SecondFactorView(PublicView):
    """Answers the `SECOND_FACTOR_REQUIRED` of /auth/login."""

    @extend_schema(
        operation_id="auth_login_second_factor",
        tags=["auth"],
        request=SecondFactorInput,
        responses=TokenPairOutput,
    )
    def post(self, request: Request) -> Response:
        """Exchange a challenge and a code for a token pair.

        A wrong code is 401 `INVALID_CODE`; after five the challenge is worthless and login starts
        anew (401 `CHALLENGE_INVALID`).
        """
        given = SecondFactorInput(data=request.data)
        given.is_valid(raise_exception=True)
        pair = second_factor_answers.exchange_challenge(
            **given.validated_data,
            address=client.address_of(request),
            device=client.device_of(request),
        )
        return Response(TokenPairOutput(pair).data)
