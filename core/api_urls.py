"""Health, schema, docs and the audit trail, below /api/v1/."""

from django.urls import path

from core.api import audit, health, schema

urlpatterns = [
    path("admin/audit", audit.AuditView.as_view(), name="api-admin-audit"),
    path("health", health.HealthView.as_view(), name="api-health"),
    path("health/live", health.LiveView.as_view(), name="api-health-live"),
    path("health/ready", health.ReadyView.as_view(), name="api-health-ready"),
    path("schema", schema.SchemaView.as_view(), name="api-schema"),
    path("docs", schema.DocsView.as_view(), name="api-docs"),
]
