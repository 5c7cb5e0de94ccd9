"""The checkout: where and when, then pay and check."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.selectors import addresses as address_selectors
from accounts.selectors import users
from accounts.services import addresses
from commerce.enums import DECISION
from commerce.errors import CartEmpty
from commerce.forms.checkout import DeliveryForm, PaymentForm, initial_for, request_fields
from commerce.selectors import carts as cart_selectors
from commerce.selectors import delivery_slots
from commerce.selectors import orders as order_selectors
from commerce.services import checkout
from commerce.services.checkout import CheckoutRequest
from core.errors import DomainError, PaymentDeclined
from core.http.pages import form_status, see_other


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest) -> HttpResponse:
    """Step one: an address or a branch, and perhaps a time. Kept in the session."""
    user = users.signed_in(request.user)
    cart = cart_selectors.cart_of(user.pk)
    if not cart.lines:
        return redirect("commerce:cart")
    saved = list(address_selectors.addresses_of(user.pk))
    form = DeliveryForm(
        request.POST if request.method == "POST" else None,
        initial=initial_for(user, request.session.get(DECISION, {}), saved),
        slots=delivery_slots.offered_slots(),
        saved=saved,
    )
    shown: dict[str, Any] = {"form": form, "cart": cart}
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            request.session[DECISION] = _decided(user, form)
            return see_other(reverse("commerce:checkout-payment"))
        except DomainError as error:
            shown["error"], status = error, form_status(error)
    return render(request, "commerce/checkout.html", shown, status=status)


def _decided(user: User, form: DeliveryForm) -> dict[str, Any]:
    if not form.is_to_be_saved:
        return form.decision(None)
    return form.decision(addresses.add_address(user_id=user.pk, address=form.postal).pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest) -> HttpResponse:
    """Step two: the sums, the card, the button. A refusal shows this page again."""
    decision = request.session.get(DECISION)
    form = PaymentForm(request.POST if request.method == "POST" else None)
    if not decision:
        return _to_order(request, form) or redirect("commerce:checkout")
    if request.method != "POST":
        return _payment_page(request, decision, form)
    if not form.is_valid():
        return _payment_page(request, decision, form, status=422)
    try:
        order = checkout.check_out(
            user=users.signed_in(request.user),
            request=CheckoutRequest(**request_fields(decision), **form.payment()),
        )
    except CartEmpty:
        return _to_order(request, form) or redirect("commerce:cart")
    except DomainError as error:
        return _payment_page(request, decision, form, error=error, status=form_status(error))
    del request.session[DECISION]
    request.session["placed_order"] = order.number
    return see_other(order.get_absolute_url())


def _to_order(request: HttpRequest, form: PaymentForm) -> HttpResponse | None:
    """Lead a second press of the button to the order of the first; None if there was none."""
    cart_id = form.cleaned_data["cart_id"] if form.is_valid() else None
    if cart_id is None:
        return None
    order = order_selectors.living_order_of_cart(
        user_id=users.signed_in(request.user).pk, cart_id=cart_id
    )
    return see_other(order.get_absolute_url()) if order else None


def _payment_page(
    request: HttpRequest,
    decision: dict[str, Any],
    form: PaymentForm,
    *,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the sums of the cart as it is now (after a decline it is back)."""
    preview_request = CheckoutRequest(**request_fields(decision))
    try:
        preview = checkout.preview_order(
            user=users.signed_in(request.user), request=preview_request
        )
    except CartEmpty:
        return redirect("commerce:cart")
    context = {
        "form": form,
        "preview": preview,
        "address": preview_request.address,
        "error": error,
        "prices_include_tax": settings.PRICES_INCLUDE_TAX,
        "is_declined": isinstance(error, PaymentDeclined),
    }
    return render(request, "commerce/payment.html", context, status=status)
