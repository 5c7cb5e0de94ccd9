"""Who asks, and for what: nine actors, and an object for every parameter of every route."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils.http import urlencode

from accounts.models import Address
from accounts.services import tokens
from accounts.sessions import PROVED_AT
from accounts.tests.factories import AdminFactory, EmployeeFactory, ManagerFactory, UserFactory
from accounts.tests.second_factors import give_passkey
from catalog.covers import files
from catalog.enums import CoverState
from catalog.models import Cover, GenreCode, ImportRun, Inventory
from catalog.services import branch_staff
from catalog.tests.factories import BranchFactory
from commerce.enums import CartStatus
from commerce.models import CartLine
from commerce.services import carts
from core.models import SavedView
from tests.access.routes import PARAMETER, Route
from tests.staff import rows

# The columns of policy.txt. What is personal belongs to `owner`; the order is picked at branch X.
ACTORS = [
    "nobody",
    "owner",
    "stranger",
    "emp-X",
    "emp-Y",
    "employee",
    "manager",
    "admin",
    "no-factor",
]
# Bodies without which a service would not be asked for the object at all. Whether somebody's object
# is theirs to change shows only when nothing else is wrong.
POSTAL = {
    "recipient": "Ada Reader",
    "line1": "12 Book Lane",
    "city": "Haifa",
    "postcode": "3303118",
    "country": "IL",
}
BODIES = {
    "/account/addresses/<uuid:address_id>/": POSTAL,
    "/account/security/passkeys/<int:passkey_id>/": {"name": "Key"},
    "/api/v1/addresses/<uuid:address_id>": {"city": "Haifa"},
    "/api/v1/admin/inventory/<int:inventory_id>": {"quantity": 1},
    "/api/v1/admin/stock-requests/<int:request_id>/review": {"decision": "REJECTED"},
    "/api/v1/books/<int:book_id>/stock": {"quantity": 1},
    "/api/v1/cart/items/<int:line_id>": {"quantity": 1},
    "/cart/lines/<int:line_id>/": {"quantity": 1},
}
# What an address needs to be asked for anything.
QUERIES = {
    "/admin/autocomplete/": "?app_label=catalog&model_name=branchstaff&field_name=user",
}
# Parameters that name something of the owner's: nobody else may learn that it is there.
PERSONAL = {
    "address_id",
    "connection_id",
    "line_id",
    "number",
    "order_id",
    "passkey_id",
    "sign_in_id",
}
# Sent to the door, let through; else the status.
DOOR, LET_IN = "door", "ok"


@dataclass
class Actor:
    """Somebody with a session and a token, or nobody."""

    name: str
    user: Any = None
    cookies: dict[str, str] = field(default_factory=dict)
    bearer: str = ""

    def ask(
        self,
        area: str,
        method: str,
        url: str,
        body: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        undo: bool = True,
    ) -> Any:
        """Send a request; whatever it changes in the database is undone unless the test does so."""
        client = Client(raise_request_exception=False)
        client.cookies.load(self.cookies)
        content: dict[str, Any] = {"headers": dict(headers or {})}
        if area == "api" and self.bearer:
            content["headers"]["Authorization"] = f"Bearer {self.bearer}"
        if method != "GET":
            content["content_type"] = _JSON if area == "api" else _FORM
            content["data"] = json.dumps(body or {}) if area == "api" else urlencode(body or {})
        lacks_factor = self.name == "no-factor"
        around = undone() if undo else nullcontext()
        with override_settings(STAFF_SECOND_FACTOR_REQUIRED=lacks_factor), around:
            return client.generic(method, url, **content)


_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens to the database inside."""
    savepoint = transaction.atomic()
    savepoint._from_testcase = True  # so that durable transactions may begin inside
    with savepoint:
        yield
        transaction.set_rollback(True)


def sign_in(name: str, user: Any) -> Actor:
    """Return an actor who is signed in everywhere, having just shown their password."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[PROVED_AT] = int(time.time())
    session.save()
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}
    return Actor(name, user, cookies, tokens.issue_pair(user=user).access)


class World:
    """A shop with one thing of every kind, and everybody who may ask for it."""

    def __init__(self) -> None:
        rows.everything()
        with connection.cursor() as cursor:  # a worker, for the health of it
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        owner = UserFactory()
        self.book = rows.whole_book(title="Emma")
        self.order = rows.order(self.book, user=owner)
        self.request = rows.stock_request(self.order)
        GenreCode.objects.create(code="F", genre=self.book.genres.get())
        carts.add_book(user=owner, book_id=self.book.pk, quantity=1)
        give_passkey(owner)
        owner.refresh_from_db()
        here, elsewhere = self.order.branch, BranchFactory(is_warehouse=True)
        at_x, at_y = EmployeeFactory(), EmployeeFactory()
        branch_staff.set_staff(branch_id=here.pk, user_ids=[at_x.pk], actor_id=None)
        branch_staff.set_staff(branch_id=elsewhere.pk, user_ids=[at_y.pk], actor_id=None)
        people = {
            "owner": owner,
            "stranger": UserFactory(),
            "emp-X": at_x,
            "emp-Y": at_y,
            "employee": EmployeeFactory(),
            "manager": ManagerFactory(),
            "admin": AdminFactory(),
            "no-factor": AdminFactory(),
        }
        self.actors = [Actor("nobody"), *(sign_in(name, user) for name, user in people.items())]
        self.owner = self.actors[1]
        self._values = self._parameters(owner)

    def _parameters(self, owner: Any) -> dict[str, object]:
        credit, genre = self.book.credits.get(), self.book.genres.get()
        lines = CartLine.objects.filter(cart__user=owner, cart__status=CartStatus.ACTIVE)
        passkey = Authenticator.objects.get(user=owner, type=Authenticator.Type.WEBAUTHN)
        picture = _picture_on(self.book)
        account = SocialAccount.objects.create(user=owner, provider="google", uid=str(owner.pk))
        return {
            "address_id": Address.objects.create(user=owner, **POSTAL).pk,
            "app_label": "catalog",
            "author_id": credit.contributor_id,
            "book_id": self.book.pk,
            "branch_id": self.order.branch_id,
            "connection_id": account.pk,
            "cover_id": self.book.cover.pk,
            "contributor_id": credit.contributor_id,
            "genre_id": genre.pk,
            "inventory_id": Inventory.objects.get(book=self.book).pk,
            "isbn": self.book.isbn13,
            "key": picture,
            "kind": "webp",
            "line_id": lines.get().pk,
            "name": {"/admin/guide/images/": "today", "/admin/guide/": "today"},
            "number": self.order.number,
            "order_id": self.order.pk,
            "passkey_id": passkey.pk,
            "purpose": "sign-in",
            "request_id": self.request.pk,
            "run_id": ImportRun.objects.get().pk,
            "secret": "not-a-secret-of-ours",
            "sign_in_id": self._sign_in_id(),
            "slot_id": rows.slot().pk,
            "url": "no-such-page/",
            "user_id": owner.pk,
            "view_id": self._view_id(),
            "width": 240,
            "slug": {
                "/authors/": credit.contributor.slug,
                "/books/": self.book.slug,
                "/branches/": self.order.branch.slug,
                "/genres/": genre.slug,
            },
        }

    def _sign_in_id(self) -> object:
        answer = self.owner.ask("api", "GET", "/api/v1/auth/sessions")
        return answer.json()["data"][0]["id"]

    def _view_id(self) -> int:
        """A view that the manager saved."""
        manager = self.actor("manager").user
        return SavedView.objects.create(owner_id=manager.pk, page="catalog.book", name="Mine").pk

    def actor(self, name: str) -> Actor:
        """Return the actor of a column."""
        return next(actor for actor in self.actors if actor.name == name)

    def value_of(self, parameter: str) -> object:
        """Return what a parameter stands for in this shop."""
        return self._values[parameter]

    def url_of(self, route: Route) -> str:
        """Return the route's address for what belongs to `owner`, or to everybody.

        A parameter that is not known here is a KeyError: say above what it stands for.
        """
        values = {name: self._value_of(route, name) for name in PARAMETER.findall(route.path)}
        return route.url(values) + QUERIES.get(route.path, "")

    def _value_of(self, route: Route, name: str) -> object:
        if name == "object_id":
            return self._row_of(route.path)
        value = self._values[name]
        if isinstance(value, dict):
            return next(each for start, each in value.items() if route.path.startswith(start))
        return value

    def _row_of(self, path: str) -> object:
        app, model = path.split("/")[2:4]
        own = {
            "order": self.order,
            "book": self.book,
            "user": self.owner.user,
            "stockrequest": self.request,
        }
        if model in own:
            return own[model].pk
        if model in ("inventory", "stockmovement"):
            shelf = Inventory.objects.get(book=self.book)
            return shelf.pk if model == "inventory" else shelf.movements.get().pk
        kinds = {each._meta.label_lower: each for each in admin.site._registry}
        return kinds[f"{app}.{model}"]._default_manager.first().pk


def _picture_on(book: Any) -> uuid.UUID:
    cover = Cover.objects.create(book=book, state=CoverState.READY, width=600, height=900)
    default_storage.save(files.name_of(cover.key, "240.webp"), ContentFile(b"RIFF"))
    return cover.key


def outcome_of(answer: Any) -> str:
    """Return what an answer says about access: a refusal's status, the door, or let through."""
    if answer.status_code in (401, 403, 404, 405) or answer.status_code >= 500:
        return str(answer.status_code)
    leads_to = answer.headers.get("Location", "").partition("?")[0]
    return DOOR if leads_to in ("/account/login/", "/admin/login/") else LET_IN
