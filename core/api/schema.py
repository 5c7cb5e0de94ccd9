"""The API's description and its browsable pages, served from here alone."""

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class SchemaView(SpectacularAPIView):
    """OpenAPI 3.1 of every endpoint, as plain JSON (no envelope: tools read it as it is)."""

    authentication_classes: list[Any] = []
    renderer_classes: list[Any] = [OpenApiJsonRenderer2]


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI with its files from this server and its script apart, as the strict CSP asks."""

    authentication_classes: list[Any] = []
    template_name = "core/docs.html"
    url_name = "api-schema"
