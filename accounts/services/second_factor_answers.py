"""The second question of a sign-in: a challenge, and the code or passkey that answers it.

An answer is counted before it is looked at, so that of many at once no more are heard than may be.
"""

from collections.abc import Callable

import structlog
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from accounts.enums import Letter, Proof, TokenPurpose
from accounts.errors import ChallengeEnded, CodeWrong, LinkInvalid, PasskeyNotAccepted
from accounts.gateways import recovery_codes, totp
from accounts.gateways.mfa import SecretUnreadable, reseal
from accounts.models import OneTimeToken, User
from accounts.selectors.second_factor import PASSKEY, RECOVERY_CODES, TOTP
from accounts.services import letters, one_time_tokens, passkeys, sign_in, tokens
from core import locks
from core.errors import NotAuthenticated, RateLimited
from core.services import audit, ratelimit

MOST_ANSWERS = 5
BY_ADDRESS = ratelimit.Limit("second-factor", attempts=20, seconds=60, fails_closed=True)
# Who guesses here has the password. Twenty answers an hour find a code once in two years, and the
# owner has a letter by then. Passkeys cannot be guessed, so their owners are never locked out.
BY_ACCOUNT = ratelimit.Limit(
    "second-factor-account", attempts=20, seconds=3600, fails_closed=True, is_shared=True
)

# Apart from letters about wrong passwords: strangers' guesses must not use this one up.
LETTERS = ratelimit.Limit("codes-guessed-letter", attempts=1, seconds=3600, is_shared=True)

log = structlog.get_logger("second_factor")


def user_of(challenge: str) -> User:
    """Return who has to answer a challenge that still stands; raise `ChallengeEnded`."""
    return _asked(_open(challenge))


def answer_with_code(*, challenge: str, code: str, address: str) -> User:
    """Spend a challenge with a code of the app or a recovery code; return the user, signed in.

    A code is good once ever, whoever shows it first. Every outcome is audited; the fifth wrong
    answer ends the challenge, and its owner gets a letter (at most one an hour). `address` is the
    client's, for the rate limit. Locks the factor. Raises `CodeWrong`, `ChallengeEnded`,
    `RateLimited`, `Unavailable`, `Busy`.
    """
    ratelimit.count_attempt(BY_ADDRESS, address)
    token = _open(challenge)
    _count_for_account(_asked(token))
    return _answer(token, challenge, lambda user: _use_code(user, code), CodeWrong)


def answer_with_passkey(
    *, challenge: str, origin: str, state: dict[str, str], answer: str, address: str
) -> User:
    """Spend a challenge with a passkey's signature; return the user, signed in.

    As `answer_with_code`, without the account's limit. Raises `PasskeyNotAccepted` instead of
    `CodeWrong`.
    """
    ratelimit.count_attempt(BY_ADDRESS, address)

    def use_passkey(user: User) -> str:
        is_theirs = passkeys.check_own(user=user, origin=origin, state=state, answer=answer)
        return PASSKEY if is_theirs else ""

    return _answer(_open(challenge), challenge, use_passkey, PasskeyNotAccepted)


def exchange_challenge(
    *, challenge: str, code: str, address: str, device: str = ""
) -> tokens.TokenPair:
    """Sign in to the API: return a pair of a new family. Raises as `answer_with_code`."""
    user = answer_with_code(challenge=challenge, code=code, address=address)
    return tokens.issue_pair(user=user, device=device)


def _open(challenge: str) -> OneTimeToken:
    try:
        return one_time_tokens.look_at(challenge, TokenPurpose.SECOND_FACTOR)
    except LinkInvalid:
        raise ChallengeEnded from None


def _asked(token: OneTimeToken) -> User:
    if token.user is None:
        raise ChallengeEnded
    return token.user


def _answer(
    token: OneTimeToken,
    challenge: str,
    use: Callable[[User], str],
    refusal: type[NotAuthenticated],
) -> User:
    user = _asked(token)
    answers = one_time_tokens.count_answer(token)
    if answers > MOST_ANSWERS:
        raise ChallengeEnded
    with transaction.atomic():
        kind = use(user)
        if kind:
            _spend(challenge)
            _record("auth.second_factor_accepted", user, kind)
            sign_in.record_success(user=user, proof=Proof(token.context["proof"]))
            return user
    _record("auth.second_factor_failed", user)
    if answers == MOST_ANSWERS:
        _spend(challenge)
        _warn(user)
    raise refusal


def _spend(challenge: str) -> None:
    try:
        one_time_tokens.spend(challenge, TokenPurpose.SECOND_FACTOR)
    except LinkInvalid:
        raise ChallengeEnded from None


def _use_code(user: User, code: str) -> str:
    """Use a code up and return which kind it was, "" for a wrong one. Locks the factor."""
    is_app = totp.looks_like_code(code)
    kind, use = (TOTP, _use_app) if is_app else (RECOVERY_CODES, recovery_codes.use)
    row = locks.lock_row(Authenticator.objects.filter(user=user, type=kind))
    try:
        return kind if row is not None and use(row, code) else ""
    except SecretUnreadable:
        log.exception("a second factor was sealed with an unknown key", user=str(user.pk))
        return ""


def _use_app(row: Authenticator, code: str) -> bool:
    # Steps of time only go forward: a code, and every older one, is worthless once used.
    steps = totp.counters_of(row.data["secret"], code)
    fresh = [step for step in steps if step > row.data["last_counter"]]
    if not fresh:
        return False
    row.data |= {"secret": reseal(row.data["secret"]), "last_counter": fresh[0]}
    row.last_used_at = timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True


def _count_for_account(user: User) -> None:
    try:
        ratelimit.count_attempt(BY_ACCOUNT, str(user.pk))
    except RateLimited as refusal:
        if refusal.is_first:
            _warn(user)
        raise


def _warn(user: User) -> None:
    writes = ratelimit.is_allowed(LETTERS, str(user.pk))
    with transaction.atomic():
        _record("auth.locked_out", user)
        if writes:
            letters.post(Letter.CODES_GUESSED, user=user)


def _record(action: str, user: User, kind: str = "") -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user.pk,
        actor_id=user.pk if kind else None,
        context={"kind": str(kind)} if kind else {"proof": "second factor"},
    )
