"""A small API and two pages that show how the kernel treats what views do."""

import time
from typing import Any

from django.core.exceptions import ObjectNotUpdated
from django.db import IntegrityError, OperationalError
from django.http import HttpResponse  # noqa: TID251  # these are views
from django.urls import include, path
from psycopg import errors as pg
from rest_framework import permissions, serializers, throttling
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Gone, RateLimited
from core.http.serializers import StrictSerializer
from core.request_context import current_request_id
from core.services import audit, ratelimit


class EchoInput(StrictSerializer):
    name = serializers.CharField(max_length=20)
    amount = serializers.DecimalField(max_digits=8, decimal_places=2, required=False)


class EchoView(APIView):
    """Answers with what it understood."""

    authentication_classes = []
    permission_classes = []

    def get(self, request: Any) -> Response:
        return Response({"query": dict(request.query_params), "request_id": current_request_id()})

    def post(self, request: Any) -> Response:
        found = EchoInput(data=request.data)
        found.is_valid(raise_exception=True)
        return Response(found.validated_data, status=201)


class PrivateView(APIView):
    """Needs somebody signed in, by token or by session."""

    permission_classes = [permissions.IsAuthenticated]

    def post(self, request: Any) -> Response:
        return Response({"id": str(request.user.pk)})


class AuditedView(EchoView):
    def post(self, request: Any) -> Response:
        audit.record_change(action="test.done", entity_type="test", entity_id=1, actor_id=None)
        return Response({})


class LimitedView(EchoView):
    limit = ratelimit.Limit("test", attempts=2, seconds=60)

    def post(self, request: Any) -> Response:
        ratelimit.count_attempt(self.limit, "somebody")
        return Response({})


class OncePerDay(throttling.AnonRateThrottle):
    rate = "1/day"

    def allow_request(self, request: Any, view: Any) -> bool:
        self.num_requests, self.duration = 1, 86_400
        self.history, self.now = [time.time()], time.time()
        return self.throttle_failure()


class ThrottledView(EchoView):
    throttle_classes = [OncePerDay]


class RaisingView(EchoView):
    """Raises what its route says."""

    raises: Exception = RuntimeError("secret detail of reader@example.com")

    def get(self, request: Any) -> Response:
        raise self.raises


def _database_error(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    error = kind(str(cause))
    error.__cause__ = cause
    return error


AWAY = _database_error(pg.AdminShutdown("terminating connection"))
CROWDED = _database_error(pg.LockNotAvailable("lock timeout"))
ORPHANED = _database_error(pg.ForeignKeyViolation("violates foreign key"), IntegrityError)
VANISHED = ObjectNotUpdated("did not affect any rows")
DOUBLED = _database_error(pg.UniqueViolation("violates unique constraint"), IntegrityError)


def page(request: Any) -> HttpResponse:
    return HttpResponse(request.POST.get("name", "nobody"))


def raising_page(request: Any, what: str) -> HttpResponse:
    raise {
        "crash": RuntimeError("secret detail of reader@example.com"),
        "away": AWAY,
        "crowded": CROWDED,
        "limited": RateLimited(retry_after=7),
        "gone": Gone(),
    }[what]


api = [
    path("", include("core.api_urls")),
    path("echo", EchoView.as_view()),
    path("private", PrivateView.as_view()),
    path("audited", AuditedView.as_view()),
    path("limited", LimitedView.as_view()),
    path("throttled", ThrottledView.as_view()),
    path("crash", RaisingView.as_view()),
    path("away", RaisingView.as_view(raises=AWAY)),
    path("crowded", RaisingView.as_view(raises=CROWDED)),
    path("orphaned", RaisingView.as_view(raises=ORPHANED)),
    path("vanished", RaisingView.as_view(raises=VANISHED)),
    path("doubled", RaisingView.as_view(raises=DOUBLED)),
    path("gone", RaisingView.as_view(raises=Gone())),
]
urlpatterns = [
    path("api/v1/", include(api)),
    path("page/", page),
    path("page/<what>/", raising_page),
]

handler400 = "core.http.pages.bad_request"
handler403 = "core.http.pages.permission_denied"
handler404 = "core.http.pages.page_not_found"
handler500 = "core.http.pages.server_error"
