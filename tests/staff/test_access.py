"""Each role sees, adds, changes and deletes what the table says; nobody else gets in."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from core.roles import Role
from tests.staff import rows

# model: (least role that views, adds, changes, deletes); None: nobody through a form.
POLICY = {
    "accounts.user": (Role.MANAGER, Role.ADMIN, Role.ADMIN, None),
    "catalog.book": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, None),
    "catalog.branch": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, None),
    "catalog.contributor": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
    "catalog.cover": (Role.EMPLOYEE, Role.MANAGER, None, Role.MANAGER),
    "catalog.genre": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, None),
    "catalog.genrecode": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
    "catalog.importrun": (Role.MANAGER, Role.MANAGER, None, None),
    "catalog.inventory": (Role.EMPLOYEE, Role.MANAGER, None, None),
    "catalog.priceedit": (Role.MANAGER, Role.MANAGER, None, None),
    "catalog.publisher": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
    "catalog.series": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
    "catalog.stockmovement": (Role.EMPLOYEE, None, None, None),
    "catalog.stockrequest": (Role.EMPLOYEE, Role.EMPLOYEE, None, None),
    "catalog.work": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
    "commerce.deliveryslot": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
    "commerce.order": (Role.EMPLOYEE, None, None, None),
    "commerce.payment": (Role.MANAGER, None, None, None),
    "core.auditentry": (Role.MANAGER, None, None, None),
    "engagement.staffpick": (Role.EMPLOYEE, Role.MANAGER, Role.MANAGER, Role.MANAGER),
}
STAFF = [Role.EMPLOYEE, Role.MANAGER, Role.ADMIN]
LABELS = sorted(POLICY)


def may(role, least):
    return least is not None and role.includes(least)


def admin_of(label):
    return next(
        each for model, each in admin.site._registry.items() if model._meta.label_lower == label
    )


def url(label, page, *args):
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


@pytest.mark.req("AUTH-05")
def test_the_table_names_every_model_of_the_desk():
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert registered == set(POLICY)


@pytest.mark.req("AUTH-05")
@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF)
def test_role_gets_just_the_pages_of_the_table(desk, role):
    rows.everything()
    client = desk(role)
    answers, promised = {}, {}
    for label in LABELS:
        viewed, added, changed, deleted = POLICY[label]
        pk = admin_of(label).model._default_manager.first().pk
        answers[label] = (
            client.get(url(label, "changelist")).status_code,
            client.get(url(label, "add")).status_code,
            client.get(url(label, "change", pk)).status_code,
            client.post(url(label, "change", pk), {}).status_code,
            client.get(url(label, "delete", pk)).status_code,
        )
        promised[label] = (
            200 if may(role, viewed) else 403,
            200 if may(role, added) else 403,
            200 if may(role, viewed) else 403,
            200 if may(role, changed) else 403,
            200 if may(role, deleted) else 403,
        )
    assert answers == promised


@pytest.mark.req("AUTH-05")
@pytest.mark.django_db
@pytest.mark.parametrize("label", LABELS)
def test_strangers_and_customers_are_sent_to_the_door(desk, label):
    for client in (Client(), desk(Role.CUSTOMER)):
        response = client.get(url(label, "changelist"))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("admin:login"))


@pytest.mark.req("AUTH-05")
@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF)
def test_first_page_and_navigation_show_a_role_just_its_own(desk, role):
    response = desk(role).get(reverse("admin:index"))
    shown = {
        str(item["link"]) for group in response.context["desk_groups"] for item in group["items"]
    }
    page = response.content.decode()
    lists = {url(label, "changelist") for label in LABELS}
    own = {url(label, "changelist") for label in LABELS if may(role, POLICY[label][0])}
    foreign = lists - own
    assert shown & lists == own
    assert [link for link in foreign if f'"{link}"' in page] == []


@pytest.mark.req("AUTH-05")
@pytest.mark.django_db
def test_palette_finds_nothing_a_role_may_not_see(desk):
    rows.everything()
    search = reverse("admin:search")
    assert (
        b"employee@example.com" not in desk(Role.EMPLOYEE).get(search, {"s": "employee@"}).content
    )
    assert b"employee@example.com" in desk(Role.ADMIN).get(search, {"s": "employee@"}).content


@pytest.mark.req("AUTH-05")
@pytest.mark.django_db
def test_losing_a_role_closes_the_desk_at_once(desk):
    client = desk(Role.EMPLOYEE)
    client.user.role = Role.CUSTOMER
    client.user.save()
    assert client.get(reverse("admin:index")).status_code == 302
