"""What every door asks for: a capability of the table, a token where a cookie speaks; T079."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from rest_framework.permissions import AllowAny, IsAuthenticated

from accounts.models import User
from core import policy
from core.http.permissions import Capability
from core.roles import Role
from tests.access import table
from tests.access.routes import all_routes
from tests.access.world import BODIES, LET_IN, World, undone

pytestmark = pytest.mark.req("AUTH-05")


def api_views():
    """Every view of the API with the route it answers."""
    for route in all_routes():
        if route.area == "api":
            yield route, route.view.cls


def test_api_asks_for_capabilities_that_the_table_has():
    """Anybody, anybody signed in, or a capability: no endpoint has rules of its own about roles."""
    known = policy.capabilities_of(Role.ADMIN)
    odd = [
        (route.path, permission.__name__)
        for route, view in api_views()
        for permission in view.permission_classes
        if permission not in (AllowAny, IsAuthenticated)
        and not (issubclass(permission, Capability) and permission.name in known)
    ]
    assert odd == []


def test_capabilities_speak_of_models_that_exist():
    from django.apps import apps

    for capability in policy.capabilities_of(Role.ADMIN):
        app, name = capability.split(".")
        action, model = name.split("_")
        assert action in policy.FULL
        assert apps.get_model(app, model) is not None


def test_no_page_is_exempt_from_csrf():
    exempt = [
        route.path
        for route in all_routes()
        if route.area != "api" and getattr(route.view, "csrf_exempt", False)
    ]
    assert exempt == []


def test_endpoints_that_ask_for_no_token_know_no_session():
    """DRF asks for one where a session speaks; elsewhere a cookie must be able to do nothing."""
    public = {route.path for route, view in api_views() if view.authentication_classes == []}
    assert {path for path in public if path.split("/")[3] != "auth"} <= {
        "/api/v1/docs",
        "/api/v1/health",
        "/api/v1/health/live",
        "/api/v1/health/ready",
        "/api/v1/schema",
    }


@pytest.mark.django_db
def test_unsafe_requests_of_a_session_without_a_token_are_refused():
    world = World()
    admin = world.actor("admin")
    promised, refused, let_in = table.read(), [], []
    for route in all_routes():
        sessionless = route.area == "api" and route.view.cls.authentication_classes == []
        for method in table.METHODS[1:]:
            answers = promised[route.path, method]
            if sessionless or LET_IN not in answers:
                continue
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            client.cookies.load(admin.cookies)
            with undone():
                answer = client.generic(method, world.url_of(route), b"{}", "application/json")
            (refused if answer.status_code == 403 else let_in).append((method, route.path))
    assert let_in == []
    assert ("POST", "/account/logout/") in refused
    assert ("PATCH", "/api/v1/users/me") in refused


@pytest.mark.django_db
def test_session_with_its_token_is_let_in():
    world = World()
    client = Client(enforce_csrf_checks=True)
    client.cookies.load(world.owner.cookies)
    token = client.get(reverse("accounts:account")).context["csrf_token"]
    said = {"data": {"full_name": "Ada"}, "content_type": "application/json"}
    answer = client.patch("/api/v1/users/me", headers={"X-CSRFToken": str(token)}, **said)
    assert (answer.status_code, User.objects.get(pk=world.owner.user.pk).full_name) == (200, "Ada")
    assert settings.CSRF_COOKIE_NAME in client.cookies


def test_bodies_belong_to_routes():
    assert set(BODIES) <= {route.path for route in all_routes()}
