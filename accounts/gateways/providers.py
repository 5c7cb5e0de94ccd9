"""Google and GitHub as they vouch for people: the way there, and what they say on the way back.

allauth's OAuth client asks and exchanges; the checks are here. Nothing here knows accounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from django.conf import settings
from django.utils.crypto import get_random_string

from accounts.enums import Provider
from accounts.errors import ProviderAnswerInvalid, ProviderCancelled, ProviderNotConfigured
from accounts.gateways import providers_calls, providers_github, providers_google

SECRET_LENGTH = 43  # letters and digits: 256 bits
LONGEST_ID = 191  # as the table of links has it
LONGEST_CODE = 2_000
LONGEST_EMAIL = 1_000  # cheap to refuse; the rules for addresses come later
_FLAVOURS: dict[Provider, Any] = {
    Provider.GOOGLE: providers_google,
    Provider.GITHUB: providers_github,
}


@dataclass(frozen=True)
class Departure:
    """Where to send a browser, and what its session has to remember till it comes back."""

    provider: Provider
    url: str
    state: str
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Arrival:
    """A browser came back: the address it was sent to, its query, what its session remembered."""

    provider: Provider
    callback: str
    query: Mapping[str, str]
    nonce: str
    code_verifier: str


@dataclass(frozen=True)
class Identity:
    """Somebody as a provider knows them. `email` is empty unless the provider verified it."""

    provider: Provider
    uid: str
    email: str
    name: str


def offered() -> list[Provider]:
    """Return the providers that this shop has a client id for."""
    return [provider for provider in Provider if settings.SIGN_IN_PROVIDERS[provider]["client_id"]]


def depart(provider: Provider, *, callback: str, asks_again: bool = False) -> Departure:
    """Begin: new state, nonce and PKCE verifier, and the address of the consent screen.

    `asks_again` lets people choose the account anew, for proofs that must be deliberate. Raises
    `ProviderNotConfigured`.
    """
    client, places = _client(provider, callback)
    client.state = get_random_string(SECRET_LENGTH)
    pkce = generate_code_challenge()
    code_verifier = pkce.pop("code_verifier")
    nonce = get_random_string(SECRET_LENGTH)
    parameters = dict(pkce)
    if provider is Provider.GOOGLE:
        parameters["nonce"] = nonce
    if asks_again:
        parameters["prompt"] = "select_account"
    url = client.get_redirect_url(places["authorize"], _FLAVOURS[provider].SCOPES, parameters)
    return Departure(provider, url, client.state, nonce, code_verifier)


def identify(arrival: Arrival) -> Identity:
    """Exchange the code and return who the provider says this is.

    Calls the provider, seconds long at worst: never within a transaction. Raises
    `ProviderNotConfigured`, `ProviderCancelled`, `ProviderAnswerInvalid`, `ProviderUnavailable`.
    """
    provider = arrival.provider
    client, places = _client(provider, arrival.callback)
    code = _code(arrival, places["issuer"])
    with providers_calls.refusals_told_apart(provider):
        answer = client.get_access_token(code, pkce_code_verifier=arrival.code_verifier)
        if not isinstance(answer, dict) or not isinstance(answer["access_token"], str):
            raise TypeError("access_token")
    if provider is Provider.GOOGLE:
        uid, email, name = providers_google.describe(
            answer, places=places, client_id=client.consumer_key, nonce=arrival.nonce
        )
    else:
        uid, email, name = providers_github.describe(answer, places=places)
    if not 0 < len(uid) <= LONGEST_ID or len(email) > LONGEST_EMAIL or "\x00" in uid:
        raise ProviderAnswerInvalid(provider=provider.label)
    return Identity(provider, uid, email, name)


def _client(provider: Provider, callback: str) -> tuple[OAuth2Client, dict[str, str]]:
    config = settings.SIGN_IN_PROVIDERS[provider]
    if not config["client_id"]:
        raise ProviderNotConfigured(provider=provider.label)
    places = _FLAVOURS[provider].endpoints(config["url"])
    client = OAuth2Client(
        None,  # the request: stored, never read
        config["client_id"],
        config["client_secret"],
        "POST",
        places["token"],
        callback,
        headers={"Accept": "application/json"},
    )
    return client, places


def _code(arrival: Arrival, issuer: str) -> str:
    """Return the code; a provider that names itself (RFC 9207) must be the one that was asked.

    Its host is what is compared: not every provider tells which path it will name.
    """
    query = arrival.query
    host = "/".join(issuer.split("/", 3)[:3])
    if "iss" in query and not f"{query['iss']}/".startswith(f"{host}/"):
        raise ProviderAnswerInvalid(provider=arrival.provider.label)
    if query.get("error") == "access_denied":
        raise ProviderCancelled(provider=arrival.provider.label)
    code = query.get("code", "")
    if "error" in query or not 0 < len(code) <= LONGEST_CODE:
        raise ProviderAnswerInvalid(provider=arrival.provider.label)
    return code
