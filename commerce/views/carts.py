"""The cart's pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.selectors import users
from catalog.selectors import books as book_selectors
from commerce.forms.carts import AddBookForm, QuantityForm
from commerce.selectors import carts as cart_selectors
from commerce.services import carts
from core.errors import DomainError, Invalid
from core.http.pages import form_status, see_other, with_next


@login_required
@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    """What is in the cart, at today's prices, and what changed."""
    return _cart_page(request)


@require_POST
def cart_lines(request: HttpRequest) -> HttpResponse:
    """Put a book in; strangers sign in first and come back to the book."""
    form = AddBookForm(request.POST)
    if not form.is_valid():
        return _refused(request, _error_of(form))
    book_id = form.cleaned_data["book_id"]
    if not request.user.is_authenticated:
        cards = book_selectors.cards_by_ids([book_id])
        back = cards[0].path if cards else reverse("commerce:cart")
        messages.info(request, _("Sign in or register first; you then come back to the book."))
        return see_other(with_next(reverse("accounts:login"), back))
    try:
        carts.add_book(
            user=users.signed_in(request.user),
            book_id=book_id,
            quantity=form.cleaned_data["quantity"],
        )
    except DomainError as error:
        return _cart_page(request, error)
    copies = cart_selectors.copies_in_cart(users.signed_in(request.user).pk)
    text = ngettext("Added. Your cart has {n} book.", "Added. Your cart has {n} books.", copies)
    messages.success(request, text.format(n=copies))
    return see_other(reverse("commerce:cart"))


@login_required
@require_POST
def cart_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Change a line's copies, or take it out (button `remove`)."""
    user = users.signed_in(request.user)
    try:
        if "remove" in request.POST:
            carts.remove_line(user=user, line_id=line_id)
            messages.success(request, _("Taken out of your cart."))
        else:
            form = QuantityForm(request.POST)
            if not form.is_valid():
                raise _error_of(form)
            quantity = form.cleaned_data["quantity"]
            carts.set_quantity(user=user, line_id=line_id, quantity=quantity)
            messages.success(request, _("Your cart is up to date."))
    except DomainError as error:
        return _cart_page(request, error)
    return see_other(reverse("commerce:cart"))


def _error_of(form: AddBookForm | QuantityForm) -> Invalid:
    return Invalid(fields={name: list(errors) for name, errors in form.errors.items()})


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    if request.user.is_authenticated:
        return _cart_page(request, error)
    raise error


def _cart_page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    context = {"cart": cart_selectors.cart_of(users.signed_in(request.user).pk), "error": error}
    status = form_status(error) if error else 200
    return render(request, "commerce/cart.html", context, status=status)
