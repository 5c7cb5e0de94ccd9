"""Health for people, load balancers and orchestrators: no credentials, no secrets, no session."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import health
from core.http.envelope import Envelope
from core.http.problems import error_body


class HealthOutput(serializers.Serializer[Any]):
    """What answered; each check is `ok` or `failing`."""

    status = serializers.ChoiceField(choices=[health.OK, health.FAILING])
    checks = serializers.DictField(child=serializers.CharField())
    version = serializers.CharField()


class _HealthView(APIView):
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def answer(self, found: health.Health) -> Response:
        """Return 200, or 503 with the same body under the error's details."""
        body = {
            "status": health.OK if found.is_ok else health.FAILING,
            "checks": found.checks,
            "version": settings.VERSION,
        }
        if found.is_ok:
            return self._uncached(Envelope(data=body), 200)
        failing = ", ".join(name for name, state in found.checks.items() if state != health.OK)
        message = _("Not working: {parts}.").format(parts=failing)
        return self._uncached(error_body("SERVICE_UNAVAILABLE", message, body), 503)

    def _uncached(self, body: Envelope, status: int) -> Response:
        headers = {"Cache-Control": "no-store"}
        if status != 200:
            headers["Retry-After"] = "5"
        return Response(body, status=status, headers=headers)


class HealthView(_HealthView):
    """Every part: database, cache, job queue with a living worker."""

    @extend_schema(operation_id="health", tags=["health"], responses=HealthOutput)
    def get(self, request: Request) -> Response:
        """200 when every part answers, 503 naming those that do not."""
        return self.answer(health.check_everything())


class ReadyView(_HealthView):
    """Whether this process should get requests: database and migrations."""

    @extend_schema(operation_id="health_ready", tags=["health"], responses=HealthOutput)
    def get(self, request: Request) -> Response:
        """200 once the database answers and is migrated."""
        return self.answer(health.check_readiness())


class LiveView(_HealthView):
    """Whether the process answers at all; asks nobody else."""

    @extend_schema(operation_id="health_live", tags=["health"], responses=HealthOutput)
    def get(self, request: Request) -> Response:
        """200 for as long as requests are heard."""
        return self.answer(health.Health({"process": health.OK}))
