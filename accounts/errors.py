"""What may go wrong when people sign in."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, NotAuthenticated


class InvalidCredentials(NotAuthenticated):
    """No active account with this address and password; which of them is wrong stays unsaid."""

    code = "INVALID_CREDENTIALS"
    sentence = _("The e-mail address or the password is not right.")


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
