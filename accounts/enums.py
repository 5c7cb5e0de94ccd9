"""The words of the accounts' own states."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenPurpose(models.TextChoices):
    """What a one-time token is good for; it is good for nothing else."""

    VERIFY_EMAIL = "VERIFY_EMAIL", _("Verify an e-mail address")
    RESET_PASSWORD = "RESET_PASSWORD", _("Choose a new password")
    CHANGE_EMAIL = "CHANGE_EMAIL", _("Change the e-mail address")
    SIGN_IN_LINK = "SIGN_IN_LINK", _("Sign in by a mailed link")
    SECOND_FACTOR = "SECOND_FACTOR", _("Answer with the second factor")
    OAUTH_EXCHANGE = "OAUTH_EXCHANGE", _("Exchange a provider's sign-in for tokens")
    # Good for nothing: it remembers to whom a letter goes that speaks of what happened.
    NOTICE = "NOTICE", _("Notice to an address")


class Proof(models.TextChoices):
    """How somebody showed who they are."""

    PASSWORD = "password", _("password")
    LINK = "link", _("mailed link")
    PROVIDER = "provider", _("Google or GitHub")
    # A passkey is two factors in one: the device, and the finger or number that unlocks it.
    PASSKEY = "passkey", _("passkey")


class Provider(models.TextChoices):
    """Who may vouch for somebody else: providers whose word on an address is believed."""

    GOOGLE = "google", "Google"
    GITHUB = "github", "GitHub"


class Letter(models.TextChoices):
    """The mails of this app. Each has templates/emails/<value>.subject.txt, .txt and .html."""

    VERIFY_EMAIL = "verify_email", _("Confirm your e-mail address")
    WELCOME = "welcome", _("Welcome")
    KNOWN_ADDRESS = "known_address", _("Somebody registered with your address")
    RESET_PASSWORD = "reset_password", _("Choose a new password")
    PASSWORD_CHANGED = "password_changed", _("Your password was changed")
    CONFIRM_NEW_EMAIL = "confirm_new_email", _("Confirm your new e-mail address")
    EMAIL_CHANGE_ASKED = "email_change_asked", _("Somebody asked to change your address")
    EMAIL_CHANGED = "email_changed", _("Your e-mail address was changed")
    SIGN_IN_LINK = "sign_in_link", _("Your link to sign in")
    TOKEN_REUSED = "token_reused", _("A sign-in of yours was ended")
    SECOND_FACTOR_CHANGED = "second_factor_changed", _("Your second factor was changed")
    SIGN_IN_BLOCKED = "sign_in_blocked", _("Somebody tried to sign in as you")
    CODES_GUESSED = "codes_guessed", _("Somebody came halfway into your account")
    PROVIDER_LINKED = "provider_linked", _("A sign-in was connected to your account")
