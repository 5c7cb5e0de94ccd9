"""Every route × every method × every actor answers as policy.txt says; T059.

A new route needs a line there, a line needs a route. The message of the failing test has the lines
as they would have to be: read them before they go in.
"""

import pytest
from django.template.response import SimpleTemplateResponse
from rest_framework.permissions import IsAuthenticated

from commerce.selectors import orders, staff_orders
from core.http.permissions import Capability
from tests.access import table
from tests.access.routes import all_routes
from tests.access.world import ACTORS, BODIES, DOOR, LET_IN, PERSONAL, World, outcome_of

pytestmark = [pytest.mark.req("AUTH-05"), pytest.mark.req("AUTH-09")]


def answers_of(area: str, *, only: str = "") -> table.Table:
    world = World()
    answers = {}
    for route in all_routes():
        if route.area == area and only in ("", route.path):
            url = world.url_of(route)
            for method in table.METHODS:
                body = BODIES.get(route.path)
                answers[route.path, method] = [
                    outcome_of(actor.ask(area, method, url, body)) for actor in world.actors
                ]
    return answers


@pytest.mark.django_db
@pytest.mark.parametrize("area", ["api", "desk", "page"])
def test_everybody_gets_what_the_policy_says(area, monkeypatch):
    if area == "desk":  # half of the time; tests.staff looks at its pages as every role
        monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    promised = table.read()
    given = answers_of(area)
    wrong = {key: said for key, said in given.items() if promised.get(key) != said}
    assert not wrong, "\n".join(["not as in policy.txt:", *table.lines_of(wrong)])


def noticed(area, path):
    """The methods of a route that are not answered as the policy says."""
    given = answers_of(area, only=path)
    return [method for (_path, method), said in given.items() if said != table.read()[path, method]]


@pytest.mark.django_db
def test_control_a_forgotten_owner_is_noticed(monkeypatch):
    def anybodys(*, user_id, order_id):
        return orders.order_by_id(order_id)

    monkeypatch.setattr(orders, "order_for", anybodys)
    assert noticed("api", "/api/v1/orders/<uuid:order_id>") == ["GET"]


@pytest.mark.django_db
def test_control_a_forgotten_capability_is_noticed(monkeypatch):
    monkeypatch.setattr(Capability, "has_permission", IsAuthenticated.has_permission)
    assert noticed("api", "/api/v1/admin/users") == table.METHODS


@pytest.mark.django_db
def test_control_a_forgotten_branch_is_noticed(monkeypatch):
    monkeypatch.setattr(staff_orders, "orders_seen_by", lambda orders, user: orders)
    path = "/admin/commerce/order/<path:object_id>/change/"
    assert noticed("desk", path) == ["GET", "POST"]


def test_every_route_has_a_line_and_every_line_a_route():
    routed = {(route.path, method) for route in all_routes() for method in table.METHODS}
    lined = set(table.read())
    assert (sorted(routed - lined), sorted(lined - routed)) == ([], [])


def rows_of_policy():
    """Every line as (what it is about, {actor: answer})."""
    for (path, method), answers in table.read().items():
        yield f"{method} {path}", path, dict(zip(ACTORS, answers, strict=True))


def broken(promise):
    return [about for about, path, said in rows_of_policy() if not promise(path, said)]


# They let people in or out, so they answer everybody.
DOORS = {"/admin/login/", "/admin/logout/"}
# Whoever saved a view may drop it; nobody's role includes that.
SAVERS = {"/admin/saved-views/<int:view_id>/"}


def test_policy_knows_only_plain_answers():
    """The tests' shop has no keys for providers, so sign-in there is not available."""
    known = {LET_IN, DOOR, "401", "403", "404", "405"}

    def promise(path, said):
        provider = "/google" in path or "/github" in path
        return set(said.values()) <= (known | {"503"} if provider else known)

    assert broken(promise) == []


def test_roles_include_the_ones_before():
    """Who is let in lets in everybody above; the owner of a thing is not a role."""

    def promise(path, said):
        if path in DOORS or path in SAVERS:
            return True
        order = ["stranger", "employee", "manager", "admin"]
        let_in = [said[actor] == LET_IN for actor in order]
        return let_in == sorted(let_in)

    assert broken(promise) == []


def test_nobody_is_asked_to_sign_in_where_somebody_would_be_refused():
    """What not everybody may do is 401 on the API and the door elsewhere, never 403 or 404."""

    def promise(path, said):
        if path == "/admin/<url>":  # an address that is none
            return said["nobody"] == DOOR
        return said["nobody"] in (LET_IN, "405", "503", "401" if path.startswith("/api/") else DOOR)

    assert broken(promise) == []


def test_what_is_the_owners_is_not_there_for_others():
    def promise(path, said):
        personal = PERSONAL & set(table.parameters_of(path))
        others = set(ACTORS) - {"owner", "nobody"}
        return not personal or {said[actor] for actor in others} <= {"404", "405"}

    assert broken(promise) == []


def test_staff_without_their_second_factor_are_customers():
    assert broken(lambda path, said: said["no-factor"] == said["stranger"]) == []


def test_ties_take_nothing_away_but_what_is_elsewhere():
    def promise(path, said):
        same = said["emp-X"] == said["employee"]
        return same and said["emp-Y"] in (said["employee"], "404")

    assert broken(promise) == []


def test_customers_and_strangers_never_see_the_desk():
    def promise(path, said):
        outside = {said["nobody"], said["owner"], said["stranger"], said["no-factor"]}
        return not path.startswith("/admin/") or path in DOORS or outside == {DOOR}

    assert broken(promise) == []
