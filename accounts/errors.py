"""What may go wrong when people sign in, and with what they keep in their account."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Unavailable,
)


class InvalidCredentials(NotAuthenticated):
    """No active account with this address and password; which of them is wrong stays unsaid."""

    code = "INVALID_CREDENTIALS"
    sentence = _("The e-mail address or the password is not right.")
    # The same for everybody where the shop asks for a confirmed address: it tells of nobody.
    sentence_where_confirmed = _(
        "The e-mail address or the password is not right, or the address is not confirmed yet."
    )

    @property
    def message(self) -> str:
        """The sentence that is right for this shop's settings."""
        return str(self.sentence_where_confirmed) if self.asks_to_confirm else super().message

    @property
    def asks_to_confirm(self) -> bool:
        """Whether an address that is not confirmed may be the reason, for all that anybody says."""
        return settings.SIGN_IN_NEEDS_VERIFIED_EMAIL


class WrongPassword(NotAuthenticated):
    """Somebody signed in does not know the password that they ought to know."""

    code = "INVALID_CREDENTIALS"
    sentence = _("This is not your current password.")


class SecondFactorRequired(NotAuthenticated):
    """The first proof was good; `challenge` has to be answered with a code."""

    code = "SECOND_FACTOR_REQUIRED"
    sentence = _("Enter the code of your authenticator app, or a recovery code.")


class CodeWrong(NotAuthenticated):
    """No code of this user, or one that was used before."""

    code = "INVALID_CODE"
    sentence = _("This code is not right, or it was used before.")


class ChallengeEnded(NotAuthenticated):
    """The challenge was answered, took too long, had too many wrong answers, or never was ours."""

    code = "CHALLENGE_INVALID"
    sentence = _("This took too long, or too many codes were wrong. Please sign in again.")


class PasskeyNotAccepted(NotAuthenticated):
    """The signature is not one of a passkey that we know, or to another question."""

    code = "PASSKEY_NOT_ACCEPTED"
    sentence = _("This passkey was not accepted. Try again, or use another way.")


class SecondFactorNeeded(Conflict):
    """Staff must have one, so the last one stays until there is another."""

    code = "SECOND_FACTOR_NEEDED"
    sentence = _("Staff need a second factor here: add another one before you remove this one.")


class OwnSecondFactor(Conflict):
    """Administrators reset the second factor of others; their own needs a proof."""

    code = "OWN_SECOND_FACTOR"
    sentence = _("Change your own second factor on the security page of your account.")


class TooManyPasskeys(Conflict):
    """More than anybody has devices."""

    code = "TOO_MANY_PASSKEYS"
    sentence = _("You have as many passkeys as an account may hold. Remove one first.")


class EmailNotVerified(NotAllowed):
    """The shop asks for a verified address here."""

    code = "EMAIL_NOT_VERIFIED"
    sentence = _("Please confirm your e-mail address first: we have sent you a link.")


class ProofTooOld(NotAllowed):
    """Signed in, but not lately: some things ask for the proof again."""

    code = "REAUTHENTICATION_REQUIRED"
    sentence = _("Please confirm that it is you, then try again.")


class LinkInvalid(Invalid):
    """A link or code that was used, has ended, or never was one of ours."""

    code = "LINK_INVALID"
    sentence = _("This link is not valid any more. Please ask for a new one.")


class ProviderNotConfigured(Unavailable):
    """The shop has no client id at this provider."""

    code = "PROVIDER_NOT_CONFIGURED"
    sentence = _("Signing in with {provider} is not offered here.")
    retry_after = 0


class ProviderUnavailable(Unavailable):
    """The provider does not answer, answers too late, or is down."""

    code = "PROVIDER_UNAVAILABLE"
    sentence = _("{provider} does not answer right now. Please try again in a moment.")
    retry_after = 30


class ProviderVisitUnknown(Invalid):
    """A return from a provider that this browser was not sent to, or not for this."""

    code = "PROVIDER_VISIT_UNKNOWN"
    sentence = _(
        "This return from {provider} does not belong to a sign-in begun in this browser in the "
        "last ten minutes. Nothing was changed; please start again."
    )


class ProviderCancelled(Invalid):
    """Somebody said no on the provider's page."""

    code = "PROVIDER_CANCELLED"
    sentence = _("You did not agree at {provider}, so nothing was changed.")


class ProviderAnswerInvalid(Invalid):
    """What came back from the provider does not hold: refused, incomplete, or not for us."""

    code = "PROVIDER_ANSWER_INVALID"
    sentence = _("We could not make sure of {provider}'s answer. Nothing was changed.")


class ProviderEmailNotVerified(Conflict):
    """The provider does not vouch for an address, so it opens and makes no account."""

    code = "PROVIDER_EMAIL_NOT_VERIFIED"
    sentence = _(
        "{provider} has not verified your e-mail address. Please verify it there and try again."
    )


class ProviderSignInRefused(NotAllowed):
    """The account behind it is switched off."""

    code = "PROVIDER_SIGN_IN_REFUSED"
    sentence = _("You cannot sign in to this account with {provider}.")


class ProviderIsAnothers(Conflict):
    """This sign-in at the provider belongs to another account here."""

    code = "PROVIDER_IS_ANOTHERS"
    sentence = _("This sign-in at {provider} is connected to another account.")


class LastWayIn(Conflict):
    """Without it nobody could sign in to the account any more."""

    code = "LAST_WAY_IN"
    sentence = _(
        "This is your only way to sign in. Choose a password, add a passkey or connect another "
        "sign-in first."
    )


class TokenInvalid(NotAuthenticated):
    """The token is not ours, is of the wrong kind, or was revoked."""

    code = "TOKEN_INVALID"
    sentence = _("This token is not valid. Please sign in again.")


class TokenExpired(NotAuthenticated):
    """The token was good once."""

    code = "TOKEN_EXPIRED"
    sentence = _("This token has expired.")


class TokenReused(NotAuthenticated):
    """A spent refresh token came back: its whole family is dead."""

    code = "TOKEN_REUSED"
    sentence = _("This refresh token was used before. Please sign in again.")


class UserExists(Conflict):
    """Only staff learns this, at the desk and from commands; strangers never do."""

    code = "USER_EXISTS"
    sentence = _("There is an account with this address already.")


class LastAdministrator(Conflict):
    """Without an administrator nobody could make another."""

    code = "LAST_ADMINISTRATOR"
    sentence = _("This is the last administrator. Make somebody else one first.")


class AddressNotFound(NotFound):
    """No such saved address, or not theirs."""

    sentence = _("We could not find this address.")


class TooManyAddresses(Conflict):
    """More than anybody lives at."""

    code = "TOO_MANY_ADDRESSES"
    sentence = _("You have saved {most} addresses, which is as many as we keep. Remove one first.")
