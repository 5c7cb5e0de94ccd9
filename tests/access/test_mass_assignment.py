"""Fields that nobody was offered change nothing, on any body of the API and on any form; T061."""

import pytest
from django.db.models import Model
from drf_spectacular.generators import SchemaGenerator

from accounts.models import Address, User
from commerce.models import Cart, CartLine, Order
from core.roles import Role
from tests.access import table
from tests.access.routes import PARAMETER, all_routes
from tests.access.world import ACTORS, BODIES, LET_IN, POSTAL, World, undone

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]

# What people would like to be or to pay.
WISHES = {
    "branch": 1,
    "created_at": "2020-01-01T00:00:00Z",
    "id": "00000000-0000-7000-8000-000000000000",
    "is_active": True,
    "is_staff": True,
    "is_superuser": True,
    "is_verified": True,
    "price": "0.01",
    "role": "ADMIN",
    "second_factor_at": "2020-01-01T00:00:00Z",
    "status": "DELIVERED",
    "token_version": 0,
    "total": "0.01",
    "unit_price": "0.01",
    "user": "00000000-0000-7000-8000-000000000000",
    "user_id": "00000000-0000-7000-8000-000000000000",
}
# Where such a field is the very point.
OFFERED = {
    ("/api/v1/admin/branches", "POST"): {"is_active"},
    ("/api/v1/admin/branches/<int:branch_id>", "PATCH"): {"is_active"},
    ("/api/v1/admin/delivery-slots", "POST"): {"is_active"},
    ("/api/v1/admin/delivery-slots/<int:slot_id>", "PATCH"): {"is_active"},
    ("/api/v1/admin/users/<uuid:user_id>", "PATCH"): {"role", "is_active"},
    ("/api/v1/books", "POST"): {"price"},
    ("/api/v1/books/<int:book_id>", "PATCH"): {"price"},
    ("/api/v1/books/<int:book_id>", "PUT"): {"price"},
}
FORMS = {
    "/account/": {"full_name": "Ada"},
    "/account/addresses/<uuid:address_id>/": POSTAL,
    "/account/addresses/new/": POSTAL,
    "/account/register/": {
        "email": "new@example.com",
        "password": "a-long-passphrase",
        "full_name": "New",
    },
    "/cart/lines/": {"quantity": 1},
    "/checkout/": {"fulfilment": "PICKUP"} | POSTAL,
    **BODIES,
}


@pytest.fixture
def world():
    return World()


def bodies_of_the_api():
    """Yield (path as a route has it, method, names of the body's fields) for every JSON body."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    routes = {PARAMETER.sub(r"{\1}", route.path): route.path for route in all_routes()}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                named = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
                fields = set(schema["components"]["schemas"][named]["properties"])
                yield routes[path], method.upper(), fields


def first_let_in(world, path, method):
    """Return the least of those whom the policy lets in."""
    order = ["owner", "employee", "manager", "admin"]
    answers = dict(zip(ACTORS, table.read()[path, method], strict=True))
    return world.actor(next(name for name in order if answers[name] == LET_IN))


def kept(world):
    """What must stay as it is: who people are, whose things are, what they cost."""

    def rows(model: type[Model], *columns):
        return list(model._default_manager.order_by("pk").values_list("pk", *columns))

    flags = ["role", "is_superuser", "is_active", "is_verified", "second_factor_at", "created_at"]
    ids = [actor.user.pk for actor in world.actors if actor.user]
    return [
        list(User.objects.filter(pk__in=ids).order_by("pk").values_list("pk", *flags)),
        rows(Order, "user", "status", "branch", "subtotal", "total"),
        list(Address.objects.values_list("user").distinct()),
        rows(Cart, "user", "status"),
        rows(CartLine, "cart"),
    ]


def routes_by_path():
    return {route.path: route for route in all_routes()}


def test_every_json_body_refuses_what_it_does_not_offer(world):
    routes, wrong, seen = routes_by_path(), [], 0
    for path, method, offered in bodies_of_the_api():
        seen += 1
        may = OFFERED.get((path, method), set())
        assert offered & set(WISHES) == may, path
        wishes = {name: said for name, said in WISHES.items() if name not in may}
        body = BODIES.get(path, {}) | wishes
        actor = first_let_in(world, path, method)
        before = kept(world)
        with undone():
            url = world.url_of(routes[path])
            answer = actor.ask("api", method, url, body, undo=False)
            same = kept(world) == before
        refused = set(answer.json()["error"]["details"]) if answer.status_code == 400 else set()
        if not (same and set(wishes) <= refused):
            wrong.append((method, path, answer.status_code, sorted(set(wishes) - refused)))
    assert wrong == []
    assert seen > 15


def test_endpoints_without_a_body_ignore_one(world):
    routes = routes_by_path()
    with_body = {(path, method) for path, method, _fields in bodies_of_the_api()}
    changed = []
    for path, method in table.read():
        if method == "GET" or routes[path].area != "api" or (path, method) in with_body:
            continue
        if LET_IN not in table.read()[path, method]:
            continue
        before = kept(world)[0]
        with undone():
            url = world.url_of(routes[path])
            first_let_in(world, path, method).ask("api", method, url, WISHES, undo=False)
            if kept(world)[0] != before:
                changed.append((method, path))
    assert changed == []


def test_forms_ignore_what_they_do_not_offer(world):
    changed, new_user = [], None
    for route in all_routes():
        answers = table.read()[route.path, "POST"]
        if route.area != "page" or LET_IN not in answers:
            continue
        before = kept(world)
        plain = with_wishes = None
        for wishes in ({}, WISHES):
            with undone():
                said = FORMS.get(route.path, {}) | {"book_id": world.book.pk} | wishes
                actor = world.actor("nobody" if "register" in route.path else "owner")
                actor.ask("page", "POST", world.url_of(route), said, undo=False)
                after = kept(world)
                new_user = User.objects.filter(email="new@example.com").first() or new_user
            plain, with_wishes = (after, None) if not wishes else (plain, after)
        if with_wishes != plain:
            changed.append(route.path)
        assert kept(world) == before
    assert changed == []
    assert (new_user.role, new_user.is_superuser, new_user.is_verified) == (
        Role.CUSTOMER,
        False,
        False,
    )


def test_registering_with_wishes_makes_nobody(api):
    said = {"email": "new@example.com", "password": "a-long-passphrase"}
    for name, wish in WISHES.items():
        answer = api.post("auth/register", said | {name: wish})
        assert (answer.status_code, list(answer.json()["error"]["details"])) == (400, [name])
    assert User.objects.count() == 0
