"""Our calls to providers: bounded in time, never sent elsewhere; an outage told from a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import requests
import structlog
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from accounts.enums import Provider
from accounts.errors import ProviderAnswerInvalid, ProviderUnavailable

log = structlog.get_logger("accounts")


class ProviderCalls(DefaultSocialAccountAdapter):
    """allauth's adapter (SOCIALACCOUNT_ADAPTER): its OAuth client asks here for a session."""

    def get_requests_session(self) -> requests.Session:
        """Return a session with a timeout that follows no redirect and raises when they are down.

        A redirect would carry the client's secret, or somebody's token, to wherever it leads.
        """
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        session.hooks["response"].append(_raise_when_down)
        return session


def get_json(provider: Provider, url: str, *, token: str = "") -> Any:
    """Return what `url` answers, None for 403 and 404.

    Raises `ProviderUnavailable` and `ProviderAnswerInvalid`.
    """
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    with refusals_told_apart(provider), get_adapter().get_requests_session() as session:
        answer = session.get(url, headers=headers)
        if answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            return None
        if not answer.ok:
            raise OAuth2Error(f"status {answer.status_code}")
        return answer.json()


@contextmanager
def refusals_told_apart(provider: Provider) -> Iterator[None]:
    """Turn what the libraries raise into our errors; the log gets the kind, never the content."""
    try:
        yield
    except requests.RequestException as error:
        log.warning("provider unavailable", provider=provider.value, kind=type(error).__name__)
        raise ProviderUnavailable(provider=provider.label) from None
    # Answers of any shape: the client reads headers and bodies as if they were always right.
    except (OAuth2Error, KeyError, ValueError, TypeError, AttributeError) as error:
        log.warning("provider refused", provider=provider.value, kind=type(error).__name__)
        raise ProviderAnswerInvalid(provider=provider.label) from None


def _raise_when_down(answer: requests.Response, **_options: Any) -> None:
    crowded = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    if crowded or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        answer.close()
        answer.raise_for_status()
