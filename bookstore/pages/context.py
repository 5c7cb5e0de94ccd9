"""What every page's template knows. Nothing here asks the database before a template needs it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

from accounts.gateways import providers
from bookstore.pages.preferences import theme_of
from commerce.selectors import carts


def shop(request: HttpRequest) -> dict[str, object]:
    """The shop's name and currency, the reader's theme, the copies in the cart (on demand).

    `sign_in_providers`: who may vouch for people here (`components/providers.html`).
    """
    return {
        "store_name": settings.STORE_NAME,
        "store_currency": settings.STORE_CURRENCY,
        "is_demo": settings.DEMO,
        "theme": theme_of(request),
        "cart_copies": _copies_in_cart(request),
        "sign_in_providers": providers.offered(),
    }


def _copies_in_cart(request: HttpRequest) -> Callable[[], int]:
    def count() -> int:
        user = getattr(request, "user", None)
        return carts.copies_in_cart(user.pk) if user and user.is_authenticated else 0

    return count
