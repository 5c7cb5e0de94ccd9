"""A shopper's orders."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.selectors import users
from commerce.selectors import orders as order_selectors
from core.pagination import paginate, read_window


@login_required
@never_cache
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Everything the shopper ordered, newest first."""
    page = paginate(
        order_selectors.orders_of(users.signed_in(request.user).pk), read_window(request.GET)
    )
    return render(request, "commerce/orders.html", {"page": page})


@login_required
@never_cache
@require_GET
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order: where it stands, what it holds, where it goes."""
    found = order_selectors.order_for(user_id=users.signed_in(request.user).pk, number=number)
    context = {"order": found, "is_new": request.session.pop("placed_order", None) == number}
    return render(request, "commerce/order.html", context)
