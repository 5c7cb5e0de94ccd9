"""Where a request comes from."""

from django.http import HttpRequest

from core.services import ratelimit


def address_of(request: HttpRequest) -> str:
    """Return the client's address as rate limits count it (see `ratelimit.client_address`)."""
    return ratelimit.client_address(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )
