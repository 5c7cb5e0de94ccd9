"""POST /auth/change-email."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.fields import PasswordField
from accounts.api.verification import MailUnderWayOutput, mail_under_way
from accounts.selectors import users
from accounts.services import email_changes
from accounts.validators import LONGEST_EMAIL
from core.http.serializers import StrictSerializer


class ChangeEmailInput(StrictSerializer):
    """The new address, and the password to show who asks."""

    password = PasswordField()
    email = serializers.EmailField(max_length=LONGEST_EMAIL)


@method_decorator(never_cache, name="dispatch")
class ChangeEmailView(APIView):
    """The address changes once the link mailed to it is opened by whoever asked, signed in."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="auth_change_email",
        tags=["auth"],
        request=ChangeEmailInput,
        responses={202: MailUnderWayOutput},
    )
    def post(self, request: Request) -> Response:
        """Mail a link to the new address and a notice to the old one.

        401 `INVALID_CREDENTIALS` where the password is not right. Nothing tells whether somebody
        has the address already.
        """
        given = ChangeEmailInput(data=request.data)
        given.is_valid(raise_exception=True)
        email_changes.ask_for_change(user=users.signed_in(request.user), **given.validated_data)
        return mail_under_way()
