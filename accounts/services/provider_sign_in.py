"""Signing in with Google or GitHub, in a browser or for an app.

The provider is called first, outside any transaction; then `provider_accounts` says whose account
it is; then the one door admits (`sign_in.admit`). Apps get a code that is good once for a minute:
no token ever stands in an address.
"""

import base64
import hashlib

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.enums import Proof, Provider, TokenPurpose
from accounts.errors import LinkInvalid
from accounts.gateways import providers
from accounts.models import User
from accounts.services import one_time_tokens, provider_accounts, sign_in, tokens
from core.services import ratelimit

DEPARTURES = ratelimit.Limit("provider-departure", attempts=30, seconds=60, fails_closed=True)
ARRIVALS = ratelimit.Limit("provider-arrival", attempts=30, seconds=60, fails_closed=True)
EXCHANGES = ratelimit.Limit("oauth-exchange", attempts=20, seconds=60, fails_closed=True)
_CHALLENGE = "code_challenge"


def depart(
    *, provider: Provider, callback: str, address: str, asks_again: bool = False
) -> providers.Departure:
    """Return where to send a browser; `callback` is where the provider sends it back to.

    Raises `ProviderNotConfigured`, `RateLimited`, `Unavailable`.
    """
    departure = providers.depart(provider, callback=callback, asks_again=asks_again)
    ratelimit.count_attempt(DEPARTURES, address)
    return departure


def identify(*, arrival: providers.Arrival, address: str) -> providers.Identity:
    """Return who came back, as the provider says. Must run outside a transaction.

    Raises as `providers.identify`, and `RateLimited`, `Unavailable`.
    """
    ratelimit.count_attempt(ARRIVALS, address)
    return providers.identify(arrival)


def sign_in_from(*, arrival: providers.Arrival, address: str) -> User:
    """Return the user who came back from a provider, admitted.

    Raises as `identify`, `provider_accounts.account_of` and `sign_in.admit`.
    """
    user = provider_accounts.account_of(identify(arrival=arrival, address=address))
    return sign_in.admit(user=user, proof=Proof.PROVIDER)


def code_from(*, arrival: providers.Arrival, code_challenge: str, address: str) -> str:
    """Return the one-time code for an app whose user came back from a provider.

    It buys a token pair (`exchange_code`) within a minute, together with the verifier of
    `code_challenge` if the app gave one. Raises as `identify` and `provider_accounts.account_of`.
    """
    user = provider_accounts.account_of(identify(arrival=arrival, address=address))
    code = one_time_tokens.issue(
        TokenPurpose.OAUTH_EXCHANGE, user=user, context={_CHALLENGE: code_challenge}
    )
    return one_time_tokens.secret_of(code)


def exchange_code(
    *, code: str, code_verifier: str = "", address: str, device: str = ""
) -> tokens.TokenPair:
    """Return a token pair of a new family for a one-time code.

    The code is spent by the first call whatever comes of it: a wrong verifier gets no second try.
    Of many calls at once one succeeds. Raises `LinkInvalid`, as `sign_in.admit` (with a second
    factor the challenge goes on), `RateLimited`, `Unavailable`.
    """
    ratelimit.count_attempt(EXCHANGES, address)
    with transaction.atomic():
        token = one_time_tokens.spend(code, TokenPurpose.OAUTH_EXCHANGE)
    if token.user is None or not _answers(token.context[_CHALLENGE], code_verifier):
        raise LinkInvalid
    user = sign_in.admit(user=token.user, proof=Proof.PROVIDER)
    return tokens.issue_pair(user=user, device=device)


def _answers(challenge: str, verifier: str) -> bool:
    """Whether the verifier belongs to the challenge (RFC 7636, S256), or there is neither."""
    if not challenge or not verifier:
        return challenge == verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return constant_time_compare(expected, challenge)
