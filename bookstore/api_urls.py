"""Every address of the API, below /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.api_urls")),
    path("", include("accounts.api_urls")),
    path("", include("commerce.api_urls")),
    path("", include("catalog.api_urls")),
]
