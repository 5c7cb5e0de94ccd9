"""/addresses: one's own only, nothing but what the contract names (proof T061)."""

import uuid

import pytest
from django.test import Client

from accounts.models import Address
from accounts.services import addresses
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.postal import HOME, WORK
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-11")]
BODY = {"recipient": "Ada Reader", "line1": "12 Book Lane", "city": "Haifa", "postcode": "3303118"}
NOTHING = {"leave_at_door": False, "signature_required": False, "safe_place": "", "note": ""}


@pytest.fixture
def user(api):
    user = UserFactory()
    api.sign_in(user.email, PASSWORD)
    return user


@pytest.fixture
def saved(user):
    return addresses.add_address(user_id=user.pk, address=WORK)


@pytest.fixture
def theirs():
    return addresses.add_address(user_id=UserFactory().pk, address=HOME)


def rows():
    return list(Address.objects.order_by("pk").values())


def test_strangers_have_no_addresses(api, theirs):
    before = rows()

    for method, path in [
        ("GET", "addresses"),
        ("POST", "addresses"),
        ("GET", f"addresses/{theirs.pk}"),
        ("PATCH", f"addresses/{theirs.pk}"),
        ("DELETE", f"addresses/{theirs.pk}"),
    ]:
        answer = api.send(method, path, BODY)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "NOT_AUTHENTICATED")

    assert rows() == before


def test_saving_answers_201_with_the_address(api, user):
    answer = api.post("addresses", BODY)

    kept = Address.objects.get()
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    assert answer.json()["data"] == {
        "id": str(kept.pk),
        **BODY,
        "line2": "",
        "country": "IL",
        "phone": "",
        "is_default": True,
        "delivery_preferences": NOTHING,
    }
    assert kept.user == user
    assert api.get(f"addresses/{kept.pk}").json() == answer.json()


def test_saving_takes_everything_an_address_has(api, saved):
    wishes = {"leave_at_door": True, "safe_place": "Behind the flowerpots", "note": "Ring twice"}
    body = BODY | {
        "line2": "Flat 4",
        "country": "gb",
        "postcode": " sw1a  1aa",
        "phone": "+44 20 7946 0018",
        "is_default": True,
        "delivery_preferences": wishes,
    }

    answer = api.post("addresses", body)

    expected = body | {"country": "GB", "postcode": "SW1A 1AA"}
    shown = answer.json()["data"]
    assert shown == {
        **expected,
        "id": shown["id"],
        "delivery_preferences": NOTHING | wishes,
    }
    assert api.get(f"addresses/{saved.pk}").json()["data"]["is_default"] is False


def test_list_has_pages_and_shows_the_default_first(api, user, django_assert_num_queries):
    for number in range(3):
        api.post("addresses", BODY | {"line1": f"{number} Book Lane"})
    addresses.add_address(user_id=UserFactory().pk, address=HOME)

    with django_assert_num_queries(3):  # who asks, how many, which
        answer = api.get("addresses").json()

    assert [(a["line1"], a["is_default"]) for a in answer["data"]] == [
        ("0 Book Lane", True),
        ("2 Book Lane", False),
        ("1 Book Lane", False),
    ]
    assert answer["pagination"]["total"] == 3
    second = api.get("addresses", query={"page": 2, "size": 2}).json()
    assert [a["line1"] for a in second["data"]] == ["1 Book Lane"]
    assert api.get("addresses", query={"size": 101}).status_code == 400
    assert api.get("addresses", query={"user": "x"}).status_code == 400


def test_patch_changes_what_it_names(api, saved):
    before = api.get(f"addresses/{saved.pk}").json()["data"]

    answer = api.patch(
        f"addresses/{saved.pk}",
        {"city": "Akko", "delivery_preferences": {"note": "Ring once"}},
    )

    expected = before | {
        "city": "Akko",
        "delivery_preferences": before["delivery_preferences"] | {"note": "Ring once"},
    }
    assert (answer.status_code, answer.json()["data"]) == (200, expected)
    assert api.get(f"addresses/{saved.pk}").json()["data"] == expected
    assert api.patch(f"addresses/{saved.pk}", {}).json()["data"] == expected


def test_patch_moves_the_default_and_cannot_end_it(api, saved):
    other = api.post("addresses", BODY).json()["data"]["id"]

    assert api.patch(f"addresses/{other}", {"is_default": True}).json()["data"]["is_default"]
    assert Address.objects.get(is_default=True).pk == uuid.UUID(other)
    refused = api.patch(f"addresses/{other}", {"is_default": False})
    assert (refused.status_code, list(refused.json()["error"]["details"])) == (400, ["is_default"])
    assert api.patch(f"addresses/{saved.pk}", {"is_default": False}).status_code == 200
    assert Address.objects.get(is_default=True).pk == uuid.UUID(other)


def test_delete_is_204_and_final(api, saved):
    answer = api.delete(f"addresses/{saved.pk}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert Address.objects.count() == 0
    assert api.get(f"addresses/{saved.pk}").status_code == 404
    assert api.delete(f"addresses/{saved.pk}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"recipient": ""}, ["recipient"]),
        ({"recipient": None}, ["recipient"]),
        ({"line1": "x" * 201}, ["line1"]),
        ({"city": "Haifa\nSubject: x"}, ["city"]),
        ({"postcode": "\u001b[2J"}, ["postcode"]),
        ({"country": "XX"}, ["country"]),
        ({"country": "Israel"}, ["country"]),
        ({"phone": "call me"}, ["phone"]),
        ({"is_default": "perhaps"}, ["is_default"]),
        ({"delivery_preferences": []}, ["delivery_preferences"]),
        ({"delivery_preferences": {"owl": True}}, ["delivery_preferences"]),
        ({"delivery_preferences": {"leave_at_door": "maybe"}}, ["delivery_preferences"]),
        ({"delivery_preferences": {"note": "x" * 201}}, ["delivery_preferences"]),
        ({"delivery_preferences": {"safe_place": "a\u2028b"}}, ["delivery_preferences"]),
        (
            {"delivery_preferences": {"leave_at_door": True, "signature_required": True}},
            ["delivery_preferences"],
        ),
        ({"user": 1, "id": str(uuid.uuid4())}, ["id", "user"]),
        ({"user_id": 1, "created_at": "2020-01-01"}, ["created_at", "user_id"]),
        ({"is_staff": True, "role": "ADMIN"}, ["is_staff", "role"]),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_wrong_input_is_400_and_changes_nothing(api, saved, method, changes, details):
    before = rows()
    path = "addresses" if method == "POST" else f"addresses/{saved.pk}"
    body = BODY | changes if method == "POST" else changes

    answer = api.send(method, path, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "VALIDATION_ERROR"
    assert sorted(answer.json()["error"]["details"]) == details
    assert rows() == before


@pytest.mark.parametrize("missing", list(BODY))
def test_every_part_of_an_address_is_asked_for(api, user, missing):
    answer = api.post("addresses", {name: BODY[name] for name in BODY if name != missing})

    assert (answer.status_code, list(answer.json()["error"]["details"])) == (400, [missing])
    assert Address.objects.count() == 0


@pytest.mark.req("AUTH-09")
def test_anothers_address_and_nonsense_are_404(api, user, theirs):
    before = rows()

    for name in [theirs.pk, uuid.uuid4(), "1", "nonsense", "0" * 400]:
        for method in ("GET", "PATCH", "DELETE"):
            answer = api.send(method, f"addresses/{name}", {"city": "Akko"})
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")

    assert rows() == before


def test_fifty_first_address_is_409(api, saved):
    Address.objects.bulk_create(
        Address(user_id=saved.user_id, recipient=str(number)) for number in range(49)
    )

    answer = api.post("addresses", BODY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "TOO_MANY_ADDRESSES")
    assert Address.objects.count() == 50


@pytest.mark.req("BASE-06")
def test_a_browser_session_needs_the_csrf_token(saved):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(saved.user)
    before, audited = rows(), AuditEntry.objects.count()

    assert browser.delete(f"/api/v1/addresses/{saved.pk}").status_code == 403

    assert (rows(), AuditEntry.objects.count()) == (before, audited)
