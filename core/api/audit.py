"""/admin/audit: who changed what, for managers."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.lists import list_response, read_list
from core.http.permissions import needs
from core.http.schema import PAGE_PARAMETERS
from core.http.serializers import StrictSerializer
from core.models import AuditEntry
from core.selectors import audit


class DayField(serializers.DateField):
    """A day that has a day before and after it, as every day of a shop has."""

    default_error_messages = {"far": _("This day is too far away.")}

    def to_internal_value(self, value: Any) -> dt.date:
        """Return the day."""
        day = super().to_internal_value(value)
        if not dt.MINYEAR < day.year < dt.MAXYEAR:
            self.fail("far")
        return day


class AuditFilters(StrictSerializer):
    """All of them narrow; both days are included, in the shop's time zone."""

    entity_type = serializers.CharField(max_length=40, required=False)
    entity_id = serializers.CharField(max_length=64, required=False)
    action = serializers.CharField(max_length=60, required=False)
    actor = serializers.UUIDField(required=False)
    date_from = DayField(required=False)
    date_to = DayField(required=False)


class ActorOutput(serializers.Serializer[Any]):
    """Who did it; the address is null once the account is gone."""

    id = serializers.UUIDField()
    email = serializers.EmailField(allow_null=True)


class DifferenceOutput(serializers.Serializer[audit.Difference]):
    """A field before and after; null where it said nothing."""

    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class AuditEntryOutput(serializers.ModelSerializer[AuditEntry]):
    """One change. `changes` is the difference of the old and the new value."""

    actor = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()

    class Meta:
        model = AuditEntry
        fields = [
            *("id", "entity_type", "entity_id", "action", "actor", "old_value", "new_value"),
            *("changes", "context", "request_id", "created_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(ActorOutput(allow_null=True))
    def get_actor(self, entry: Any) -> dict[str, Any] | None:
        """Return who did it, None for the shop itself."""
        if entry.actor_id is None:
            return None
        return {"id": str(entry.actor_id), "email": entry.actor_address}

    @extend_schema_field(DifferenceOutput(many=True))
    def get_changes(self, entry: AuditEntry) -> list[dict[str, Any]]:
        """Return what differs, field by field."""
        return [asdict(each) for each in audit.differences(entry)]


@method_decorator(never_cache, name="dispatch")
class AuditView(APIView):
    """The audit trail."""

    permission_classes = [needs("core.view_auditentry")]

    @extend_schema(
        operation_id="admin_audit",
        tags=["admin"],
        parameters=[AuditFilters, *PAGE_PARAMETERS],
        responses=AuditEntryOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List who changed what, the newest first."""
        filters, window = read_list(request.query_params, AuditFilters)
        return list_response(request, audit.entries(window, **filters), AuditEntryOutput)
