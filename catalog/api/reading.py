"""What all public reads of the catalogue share: nobody signs in, and an ETag spares the body."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.views import APIView


@method_decorator(conditional_page, name="dispatch")
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class CatalogueView(APIView):
    """Open to all for reading; writing takes whatever a subclass asks for.

    Reads look at no credentials, so a spent token never stands between a reader and the books.
    Answers carry an ETag of their body: prices and stock are in it, so it is always checked
    with us (`no-cache`), and 304 says that nothing changed.
    """

    def get_authenticators(self) -> Any:
        """Look for credentials only where something is written."""
        return [] if self._is_open() else super().get_authenticators()

    def get_permissions(self) -> Any:
        """Let everybody read."""
        return [AllowAny()] if self._is_open() else super().get_permissions()

    def _is_open(self) -> bool:
        # While the schema is described there is no request yet.
        method = getattr(self.request, "method", None) or "GET"
        # Who asks for what nobody can do here is told so (405), not asked who they are.
        return method in SAFE_METHODS or not hasattr(self, method.lower())
