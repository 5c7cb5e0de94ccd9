"""Pages that only tell something, and what machines ask of a site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog.selectors import branches

ROBOTS = """\
User-agent: *
Disallow: /account/
Disallow: /admin/
Disallow: /api/
Disallow: /cart/
Disallow: /checkout/
Disallow: /orders/
Disallow: /search/
"""


@require_safe
def delivery(request: HttpRequest) -> HttpResponse:
    """What delivery costs, and where books can be collected."""
    return render(
        request,
        "pages/delivery.html",
        {
            "branches": branches.shops(),
            "fee": settings.DELIVERY_FEE,
            "free_from": settings.FREE_DELIVERY_MINIMUM,
        },
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "pages/accessibility.html")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """Which pages crawlers should leave alone."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
