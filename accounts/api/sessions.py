"""/auth/sessions: where somebody is signed in, and signing out there."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.selectors import sessions as selectors
from accounts.selectors import users
from accounts.services import sessions, tokens
from core.http.lists import list_response, read_list
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import InstantField
from core.pagination import page_of


class SignInOutput(serializers.Serializer[selectors.SignIn]):
    """A place. `device` is empty where a client does not say what it is."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in selectors.Kind])
    device = serializers.CharField(allow_blank=True)
    created_at = InstantField()
    seen_at = InstantField()
    is_current = serializers.BooleanField()


@method_decorator(never_cache, name="dispatch")
class SessionsView(APIView):
    """Browsers and API clients of the signed-in user."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="auth_sessions_list",
        tags=["auth"],
        parameters=PAGE_PARAMETERS,
        responses=SignInOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """Return where the user is signed in, this place first."""
        _filters, window = read_list(request.query_params)
        user = users.signed_in(request.user)
        found = selectors.sign_ins_of(user.pk, here=_here(request))
        return list_response(request, page_of(found, window), SignInOutput)


@method_decorator(never_cache, name="dispatch")
class SessionView(APIView):
    """One of them."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="auth_sessions_destroy", tags=["auth"], responses={204: None})
    def delete(self, request: Request, sign_in_id: str) -> Response:
        """Sign out there, at once; 404 for what has ended."""
        sessions.sign_out_of(user=users.signed_in(request.user), sign_in_id=sign_in_id)
        return Response(status=204)


def _here(request: Request) -> selectors.Here:
    shown: Any = request.auth
    if isinstance(shown, tokens.Claims):
        return selectors.Here(family_id=shown.family_id)
    return selectors.Here(session_key=request.session.session_key or "")
