"""What may go wrong when people sign in."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid, NotAllowed, NotAuthenticated


class InvalidCredentials(NotAuthenticated):
    """No active account with this address and password; which of them is wrong stays unsaid."""

    code = "INVALID_CREDENTIALS"
    sentence = _("The e-mail address or the password is not right.")


class SecondFactorRequired(NotAuthenticated):
    """The first proof was good; `challenge` has to be answered with a code."""

    code = "SECOND_FACTOR_REQUIRED"
    sentence = _("Enter the code of your authenticator app, or a recovery code.")


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
    """Only staff commands learn this; strangers never do."""

    code = "USER_EXISTS"
    sentence = _("There is an account with this address already.")


class LastAdministrator(Conflict):
    """Without an administrator nobody could make another."""

    code = "LAST_ADMINISTRATOR"
    sentence = _("This is the last administrator. Make somebody else one first.")
