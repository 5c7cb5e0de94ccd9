"""The pages of branches: where they are, and when they are open."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from bookstore.pages.branches import special_days, state_of, week_of
from catalog.tests.factories import BranchFactory
from core.opening_hours import OpeningHours

pytestmark = pytest.mark.req("OPS-05")
HAIFA = ZoneInfo("Asia/Jerusalem")
HOURS = {
    "mon": [["09:00", "13:00"], ["16:00", "19:00"]],
    "tue": [["09:00", "19:00"]],
    "thu": [["10:00", "19:00"]],
    "fri": [],
    "special": {"2026-12-08": [["09:00", "14:00"]], "2026-12-25": []},
}


def at(day, hour):
    return dt.datetime(2026, 11, day, hour, tzinfo=HAIFA)  # the 23rd is a Monday


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (at(23, 10), "Open until 13:00"),
        (at(23, 14), "Closed now, opens at 16:00"),
        (at(23, 20), "Closed, opens tomorrow at 09:00"),
        (at(24, 20), "Closed, opens on Thursday at 10:00"),
        (at(25, 10), ""),
    ],
)
def test_state_is_said_in_words(now, words):
    hours = OpeningHours.read({**HOURS, "wed": []} if now.day != 25 else HOURS)
    assert state_of(hours, now) == words
    assert state_of(OpeningHours.read({"mon": []}), at(23, 10)) == "Closed"


def test_week_and_special_days_are_lines():
    hours = OpeningHours.read(HOURS)
    week = [(day.label, day.hours, day.is_today) for day in week_of(hours, dt.date(2026, 11, 24))]
    assert week == [
        ("Monday", "09:00–13:00, 16:00–19:00", False),
        ("Tuesday", "09:00–19:00", True),
        ("Thursday", "10:00–19:00", False),
        ("Friday", "Closed", False),
    ]
    special = special_days(hours, dt.date(2026, 11, 17))
    assert [(day.label, day.hours) for day in special] == [("Tuesday 8 December", "09:00–14:00")]


@pytest.mark.django_db
def test_index_shows_the_shops_but_not_the_warehouse(client, django_assert_num_queries):
    always = {day: ["00:00", "23:59"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    BranchFactory(name="Akko", phone="04-1234", opening_hours=always)
    BranchFactory(name="Haifa")
    BranchFactory(name="Depot", is_warehouse=True)
    BranchFactory(name="Off", is_active=False)
    BranchFactory(name="Gone", deleted_at=timezone.now())

    with django_assert_num_queries(1):
        page = client.get("/branches/").content.decode()
    assert re.findall(r'<h2><a href="([^"]+)">', page) == ["/branches/akko/", "/branches/haifa/"]
    assert '<a href="tel:04-1234">04-1234</a>' in page
    assert page.count('class="state') == 1
    assert '<a href="/branches/">Our branches</a>' in page[page.index("<footer") :]


@pytest.mark.django_db
def test_branch_without_any_is_told(client):
    assert "No branch is open at the moment." in client.get("/branches/").content.decode()


@pytest.mark.django_db
def test_branch_tells_people_and_machines_its_hours(client, django_assert_num_queries):
    branch = BranchFactory(name="Akko", phone="04-1234", opening_hours=HOURS)
    with django_assert_num_queries(1):
        page = client.get("/branches/akko/").content.decode()

    assert "<dt>Thursday" in page
    assert "<dd>10:00–19:00</dd>" in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page)[1])
    hours = data.pop("openingHoursSpecification")
    special = data.pop("specialOpeningHoursSpecification")
    assert data == {
        "@context": "https://schema.org",
        "@type": "BookStore",
        "@id": "http://testserver/branches/akko/",
        "url": "http://testserver/branches/akko/",
        "name": "Akko",
        "address": branch.address,
        "telephone": "04-1234",
    }
    assert [(each["dayOfWeek"], each["opens"], each["closes"]) for each in hours] == [
        ("https://schema.org/Monday", "09:00", "13:00"),
        ("https://schema.org/Monday", "16:00", "19:00"),
        ("https://schema.org/Tuesday", "09:00", "19:00"),
        ("https://schema.org/Thursday", "10:00", "19:00"),
    ]
    assert [(each["validFrom"], each["opens"], each["closes"]) for each in special] == [
        ("2026-12-08", "09:00", "14:00"),
        ("2026-12-25", "00:00", "00:00"),
    ]


@pytest.mark.django_db
def test_warehouse_and_closed_branches_have_no_page(client):
    BranchFactory(slug="depot", is_warehouse=True)
    BranchFactory(slug="gone", deleted_at=timezone.now())
    for slug in ("depot", "gone", "nowhere"):
        assert client.get(f"/branches/{slug}/").status_code == 404
