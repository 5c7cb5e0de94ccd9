"""/users/me/export, and deleting oneself."""

from django.contrib import auth
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sessions
from accounts.api.fields import PasswordField
from accounts.api.profile import MeView
from accounts.errors import ProofTooOld
from accounts.selectors import sessions as sign_ins
from accounts.selectors import users
from accounts.services import data_export, erasure, tokens
from core.http.serializers import StrictSerializer


class DeletionInput(StrictSerializer):
    """The password, from accounts that have one."""

    password = PasswordField(required=False)


class AccountView(MeView):
    """The signed-in user, who may leave."""

    @extend_schema(
        operation_id="me_destroy",
        tags=["users"],
        request=DeletionInput,
        responses={
            204: None,
            409: OpenApiResponse(description="ORDER_OPEN, or LAST_ADMINISTRATOR"),
        },
    )
    def delete(self, request: Request) -> Response:
        """Delete the account at once; the body is `{"password": …}`.

        401 `INVALID_CREDENTIALS` where the password is not right. Accounts without one have to
        have signed in within the last ten minutes (403 `REAUTHENTICATION_REQUIRED`). Orders stay
        for the books, without the person.
        """
        given = DeletionInput(data=request.data)
        given.is_valid(raise_exception=True)
        erasure.delete_account(
            user=users.signed_in(request.user),
            password=given.validated_data.get("password", ""),
            has_fresh_proof=_has_fresh_proof(request),
        )
        if not isinstance(request.auth, tokens.Claims):
            auth.logout(request._request)
        return Response(status=204)


@method_decorator(never_cache, name="dispatch")
class ExportView(APIView):
    """Everything the shop holds about the signed-in user."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="me_export", tags=["users"], responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> HttpResponse:
        """Return the file: an object with a section for each kind of thing that is held.

        With a browser's session a proof of the last ten minutes is asked for (403
        `REAUTHENTICATION_REQUIRED`): whoever finds one open must not carry everything away.
        """
        is_browser = not isinstance(request.auth, tokens.Claims)
        if is_browser and not sessions.has_fresh_proof(request.session):
            raise ProofTooOld
        file = data_export.export_person(user=users.signed_in(request.user))
        return HttpResponse(
            file.content,
            content_type="application/json",
            headers={"Content-Disposition": file.disposition},
        )


def _has_fresh_proof(request: Request) -> bool:
    if isinstance(request.auth, tokens.Claims):
        return sign_ins.is_family_younger_than(
            sessions.FRESH_SECONDS, family_id=request.auth.family_id
        )
    return sessions.has_fresh_proof(request.session)
