"""What becomes of a browser whose account is deleted while it waits for an answer."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from accounts.models import BrowserSession, User
from accounts.services import passwords
from accounts.sessions import SessionStore
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-12")]
MOST_KEYS = 3


@pytest.fixture
def browser(monkeypatch):
    """A signed-in browser, at a shop that notices when keys are made without end."""
    browser = Client()
    browser.force_login(UserFactory())
    make_key, made = SessionStore._get_new_session_key, []

    def counted(store):
        made.append(make_key(store))
        assert len(made) <= MOST_KEYS
        return made[-1]

    monkeypatch.setattr(SessionStore, "_get_new_session_key", counted)
    return browser


def test_session_of_a_deleted_user_gets_no_new_key(browser):
    store = SessionStore(browser.session.session_key)
    store.load()
    store["noted"] = True
    User.objects.all().delete()

    with pytest.raises(UpdateError):
        store.cycle_key()

    assert BrowserSession.objects.count() == 0


def test_session_of_a_deleted_user_is_not_stored(browser):
    anonymous = SessionStore()
    anonymous.create()
    signed_in = dict(browser.session.items())
    User.objects.all().delete()
    anonymous.update(signed_in)

    with pytest.raises(UpdateError):
        anonymous.save()

    assert list(BrowserSession.objects.values_list("user_id", flat=True)) == [None]


def test_password_changed_while_the_account_is_deleted_is_a_conflict(browser, monkeypatch):
    change = passwords.change_password

    def and_deleted(**given):
        changed = change(**given)
        User.objects.all().delete()
        return changed

    monkeypatch.setattr(passwords, "change_password", and_deleted)
    said = {"current_password": PASSWORD, "new_password": "an-entirely-new-one"}

    assert browser.post("/account/password/", said).status_code == 409

    assert BrowserSession.objects.count() == 0
