"""/auth/verify-email, /auth/resend-verification: proving an address."""

from collections.abc import Callable
from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.profile import UserOutput
from accounts.api.public import PublicView
from accounts.services import one_time_tokens, verification
from accounts.validators import LONGEST_EMAIL
from core.http import client
from core.http.serializers import StrictSerializer


class LinkTokenInput(StrictSerializer):
    """What stands at the end of a mailed link."""

    token = serializers.CharField(max_length=one_time_tokens.LONGEST)


class AddressInput(StrictSerializer):
    """An e-mail address, whosever it may be."""

    email = serializers.EmailField(max_length=LONGEST_EMAIL)


class MailUnderWayOutput(serializers.Serializer[Any]):
    """The same sentence, whether the address is known or not."""

    message = serializers.CharField()


def mail_asked_for(request: Request, ask: Callable[..., object]) -> Response:
    """Hand the address of the body to the service that mails it, and answer `mail_under_way`."""
    given = AddressInput(data=request.data)
    given.is_valid(raise_exception=True)
    ask(**given.validated_data, address=client.address_of(request))
    return mail_under_way()


def mail_under_way() -> Response:
    """Return the answer to whoever asked for a mail: 202, and nothing about what was found."""
    sentence = _("If this address can use it, a mail with a link is on its way.")
    return Response({"message": sentence}, status=202)


@method_decorator(never_cache, name="dispatch")
class VerifyEmailView(PublicView):
    """Confirms an address. Everybody signed in to its account before has to sign in again."""

    @extend_schema(
        operation_id="auth_verify_email",
        tags=["auth"],
        request=LinkTokenInput,
        responses=UserOutput,
    )
    def post(self, request: Request) -> Response:
        """Spend the token of a mailed link; 400 `LINK_INVALID` when it is over."""
        given = LinkTokenInput(data=request.data)
        given.is_valid(raise_exception=True)
        user = verification.verify_email(secret=given.validated_data["token"])
        return Response(UserOutput(user).data)


@method_decorator(never_cache, name="dispatch")
class ResendVerificationView(PublicView):
    """Another link, for an address that still has to be confirmed."""

    @extend_schema(
        operation_id="auth_resend_verification",
        tags=["auth"],
        request=AddressInput,
        responses={202: MailUnderWayOutput},
    )
    def post(self, request: Request) -> Response:
        """Mail the link again, to an address that waits for one."""
        return mail_asked_for(request, verification.ask_for_link)
