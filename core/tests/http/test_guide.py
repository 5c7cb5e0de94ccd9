"""The staff's guide: the files of docs/staff at the desk, for staff alone, every link alive."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.http import guide
from core.roles import Role

pytestmark = [pytest.mark.req("OPS-05"), pytest.mark.django_db]
NAMES = [each.name for each in guide.pages()]


@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_picture_of_the_guide_is_there(desk, name):
    employee = desk(Role.EMPLOYEE)
    page = employee.get(reverse("admin:guide", args=[name]))
    assert page.status_code == 200
    html = page.content.decode()
    article = html[html.index("<article") : html.index("</article>")]
    assert "<h1" not in article
    links = re.findall(r'(?:href|src)="([^"]+)"', article)
    assert [link for link in links if employee.get(link).status_code != 200] == []


def test_guide_begins_with_the_welcome_and_follows_its_order():
    files = {path.stem for path in Path(settings.STAFF_GUIDE).glob("*.md")}
    assert (NAMES[:3], set(NAMES)) == (["welcome", "today", "books"], files)


def test_picture_of_the_guide_is_an_image(desk):
    answer = desk(Role.EMPLOYEE).get(reverse("admin:guide_image", args=["today"]))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("path", ["guide/no-such/", "guide/images/no-such.png"])
def test_unknown_pages_and_pictures_are_not_found(desk, path):
    assert desk(Role.EMPLOYEE).get(f"/admin/{path}").status_code == 404


@pytest.mark.parametrize("path", ["guide/", "guide/welcome/", "guide/images/today.png"])
def test_guide_is_for_staff(desk, path):
    for client in (Client(), desk(Role.CUSTOMER)):
        answer = client.get(f"/admin/{path}")
        assert (answer.status_code, "/login/" in answer.headers["Location"]) == (302, True)
