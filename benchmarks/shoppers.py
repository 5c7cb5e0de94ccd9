"""People who buy: users with an access token, as the API would have given them."""

from dataclasses import dataclass

from accounts.models import User
from accounts.services import tokens
from catalog.models import Book
from commerce.models import Cart, CartLine


@dataclass(frozen=True)
class Shopper:
    """A user and the bearer token that signs them in (15 minutes)."""

    user: User
    token: str


def signed_in(count: int, *, group: str) -> list[Shopper]:
    """Return `count` shoppers of a group with fresh tokens and empty carts."""
    users = _users(count, group)
    Cart.objects.filter(user__in=users, status="ACTIVE").delete()
    return signed_in_as(users)


def signed_in_as(users: list[User]) -> list[Shopper]:
    """Return users with fresh tokens; their carts stay as they are."""
    return [Shopper(user, tokens.issue_pair(user=user).access) for user in users]


def with_carts(baskets: list[list[int]], *, group: str) -> list[User]:
    """Return a user for each basket (book ids) whose cart holds it: two bulk inserts."""
    users = _users(len(baskets), group)
    Cart.objects.filter(user__in=users, status="ACTIVE").delete()
    prices = dict(Book.objects.values_list("pk", "price"))
    carts = Cart.objects.bulk_create(Cart(user=user) for user in users)
    CartLine.objects.bulk_create(
        CartLine(cart=cart, book_id=book_id, quantity=1, unit_price_seen=prices[book_id])
        for cart, basket in zip(carts, baskets, strict=True)
        for book_id in basket
    )
    return users


def _users(count: int, group: str) -> list[User]:
    """Users without a password: hashing one costs a third of a second and is not measured."""
    emails = [f"{group}-{number}@bench.example.com" for number in range(count)]
    User.objects.bulk_create(
        [User(email=email, full_name="Ada Reader", is_verified=True) for email in emails],
        ignore_conflicts=True,
    )
    found = {user.email: user for user in User.objects.filter(email__in=emails)}
    return [found[email] for email in emails]
