import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import BrowserSession, RefreshFamily
from accounts.selectors import sessions as selectors
from accounts.selectors.sessions import Here
from accounts.services import sessions, tokens
from accounts.tests.factories import UserFactory
from core.errors import NotFound
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-04")]
ADDRESS = "203.0.113.9"


@pytest.fixture
def user():
    return UserFactory()


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


def ids_of(user, kind):
    found = selectors.sign_ins_of(user.pk, here=Here())
    return [each.id for each in found if each.kind == kind]


def audited():
    return [
        (entry.action, entry.entity_id, entry.actor_id, entry.context)
        for entry in AuditEntry.objects.order_by("id")
    ]


def test_sign_ins_are_browsers_and_apps_this_one_first(user):
    browser = browser_of(user)
    pair = tokens.issue_pair(user=user, device="Firefox on Linux")
    family = RefreshFamily.objects.get()
    browser_of(UserFactory())
    Client().get("/account/login/")

    here = Here(session_key=browser.session.session_key)
    found = selectors.sign_ins_of(user.pk, here=here)
    from_the_app = selectors.sign_ins_of(user.pk, here=Here(family_id=family.pk))

    assert [(each.kind, each.device, each.is_current) for each in found] == [
        ("browser", "", True),
        ("app", "Firefox on Linux", False),
    ]
    assert [each.is_current for each in from_the_app] == [True, False]
    assert from_the_app[0].kind == "app"
    shown = str(found)
    assert browser.session.session_key not in shown
    assert str(family.pk) not in shown
    assert pair.refresh not in shown


@pytest.mark.parametrize("number", [1, 3])
def test_sign_ins_cost_two_queries(user, number, django_assert_num_queries):
    for _ in range(number):
        browser_of(user)
        tokens.issue_pair(user=user)

    with django_assert_num_queries(2):
        assert len(selectors.sign_ins_of(user.pk, here=Here())) == 2 * number


def test_what_ended_is_not_shown(user):
    browser_of(user)
    tokens.issue_pair(user=user)
    BrowserSession.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    RefreshFamily.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    revoked = tokens.issue_pair(user=user)
    tokens.revoke_family(refresh=revoked.refresh)

    assert selectors.sign_ins_of(user.pk, here=Here()) == []


def test_sign_out_of_a_browser_deletes_its_row(user):
    browser, other = browser_of(user), browser_of(user)
    here = Here(session_key=browser.session.session_key)
    (named,) = [
        each.id for each in selectors.sign_ins_of(user.pk, here=here) if not each.is_current
    ]

    sessions.sign_out_of(user=user, sign_in_id=named)

    assert other.get("/account/").status_code == 302
    assert browser.get("/account/").status_code == 200
    assert audited() == [("auth.session_ended", str(user.pk), user.pk, {"kind": "browser"})]


def test_sign_out_of_an_app_revokes_its_family(user, api):
    pair = tokens.issue_pair(user=user)
    (named,) = ids_of(user, "app")

    sessions.sign_out_of(user=user, sign_in_id=named)

    bearer = {"Authorization": f"Bearer {pair.access}"}
    assert api.get("users/me", headers=bearer).status_code == 401
    assert api.post("auth/refresh", {"refresh": pair.refresh}).status_code == 401
    assert audited() == [("auth.session_ended", str(user.pk), user.pk, {"kind": "app"})]


@pytest.mark.parametrize("kind", ["browser", "app"])
def test_sign_out_of_somebody_elses_is_not_found_and_ends_nothing(user, kind):
    owner = UserFactory()
    browser = browser_of(owner)
    pair = tokens.issue_pair(user=owner)
    (named,) = ids_of(owner, kind)

    with pytest.raises(NotFound):
        sessions.sign_out_of(user=user, sign_in_id=named)

    assert browser.get("/account/").status_code == 200
    assert tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    assert audited() == []


def test_session_keys_and_families_are_no_names_for_sign_ins(user):
    browser = browser_of(user)
    tokens.issue_pair(user=user)

    for guess in (browser.session.session_key, str(RefreshFamily.objects.get().pk), "", "x"):
        with pytest.raises(NotFound):
            sessions.sign_out_of(user=user, sign_in_id=guess)


def test_sign_out_elsewhere_spares_this_place_alone(user):
    here, there = browser_of(user), browser_of(user)
    pair = tokens.issue_pair(user=user)
    neighbour = browser_of(UserFactory())

    ended = sessions.sign_out_elsewhere(user=user, here=Here(session_key=here.session.session_key))

    assert ended == 2
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert tokens.read_refresh(pair.refresh)
    assert RefreshFamily.objects.get().revoked_because == tokens.SIGNED_OUT
    assert neighbour.get("/account/").status_code == 200
    assert audited() == [("auth.logged_out_elsewhere", str(user.pk), user.pk, {"ended": 2})]


def test_purge_deletes_what_is_over_and_keeps_revoked_families_to_their_end(user):
    browser_of(user)
    tokens.issue_pair(user=user)
    past = timezone.now() - dt.timedelta(seconds=1)
    BrowserSession.objects.update(expire_date=past)
    RefreshFamily.objects.update(expires_at=past)
    browser_of(user)
    revoked = tokens.issue_pair(user=user)
    tokens.revoke_family(refresh=revoked.refresh)

    assert sessions.purge_ended() == 2
    assert (BrowserSession.objects.count(), RefreshFamily.objects.count()) == (1, 1)


def seen_at():
    return BrowserSession.objects.get().seen_at


def test_last_seen_is_written_at_most_once_an_hour(user, django_assert_num_queries):
    browser = browser_of(user)
    began = seen_at()
    with django_assert_num_queries(2):  # the session, the user
        browser.get("/api/v1/users/me")
    assert seen_at() == began

    BrowserSession.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=61))
    with django_assert_num_queries(3):
        browser.get("/api/v1/users/me")
    assert timezone.now() - seen_at() < dt.timedelta(minutes=1)
    with django_assert_num_queries(2):
        browser.get("/api/v1/users/me")


def test_strangers_sessions_are_not_written_when_seen():
    stranger = Client()
    session = stranger.session
    session["theme"] = "dark"
    session.save()
    stranger.cookies["session"] = session.session_key
    long_ago = timezone.now() - dt.timedelta(days=1)
    BrowserSession.objects.update(seen_at=long_ago)

    stranger.get("/account/")

    assert seen_at() == long_ago
