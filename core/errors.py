"""What may go wrong by the shop's own rules. The domain never sees HTTP.

An error is a situation (a class named for it) of one of the kinds below. It carries a stable
`code` for programs, `data` for details, and a translatable `sentence` for people.
`core.http.problems` holds the one table that turns kinds into statuses, for the API and for pages.
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Base of all refusals; use one of the kinds below."""

    code: ClassVar[str] = "ERROR"
    sentence: ClassVar[str | Promise] = _("This could not be done.")

    def __init__(self, **data: Any) -> None:
        super().__init__(self.code)
        self.data = data

    @property
    def message(self) -> str:
        """The sentence with this error's data filled in."""
        return str(self.sentence).format_map(_Blank(self.data))

    @property
    def details(self) -> dict[str, Any]:
        """What an API client gets to see of the data."""
        return self.data


class _Blank(dict[str, Any]):
    """Leaves a gap rather than raising when a sentence names data that was not given."""

    def __missing__(self, key: str) -> str:
        return ""


class Invalid(DomainError):
    """The input makes no sense; `fields` maps a field to its sentences."""

    code = "VALIDATION_ERROR"
    sentence = _("Some of what you sent is not right.")


class NotAuthenticated(DomainError):
    """We do not know who asks, or what they showed does not prove it."""

    code = "NOT_AUTHENTICATED"
    sentence = _("Please sign in first.")


class NotAllowed(DomainError):
    """Known person, not allowed."""

    code = "PERMISSION_DENIED"
    sentence = _("You are not allowed to do this.")


class SecondFactorMissing(NotAllowed):
    """Their role would allow it, but the shop asks staff for a second factor first."""

    code = "SECOND_FACTOR_ENROLMENT_REQUIRED"
    sentence = _("Staff need a second factor here. Add one on the security page of your account.")


class NotFound(DomainError):
    """It is not there, or not theirs to know of."""

    code = "NOT_FOUND"
    sentence = _("We could not find this.")


class Gone(NotFound):
    """It was here and was withdrawn (410 on pages, 404 on the API)."""

    sentence = _("This is no longer available.")


class Conflict(DomainError):
    """The state of things forbids it now."""

    code = "CONFLICT"
    sentence = _("This is not possible right now.")


class StaleEdit(DomainError):
    """It was changed after whoever edits it had read it. Data: `version`, the present one."""

    code = "STALE_EDIT"
    sentence = _("Somebody else changed this after you opened it. Please look at it again.")


class DeletedMeanwhile(Conflict):
    """What a row belongs to was there when we looked and gone when we wrote."""

    sentence = _("This was deleted at this very moment. Please look again.")


class PaymentDeclined(DomainError):
    """The provider refused the payment; raised after its transaction committed."""

    code = "PAYMENT_DECLINED"
    sentence = _("The payment was declined. Nothing was charged.")


class Unavailable(DomainError):
    """Try again shortly; `retry_after` is in seconds."""

    code = "SERVICE_UNAVAILABLE"
    sentence = _("This part of the shop is not available right now. Please try again shortly.")
    retry_after: ClassVar[int] = 5


class Busy(Unavailable):
    """A lock was not had in time."""

    code = "BUSY"
    sentence = _("The shop is busy right now. Please try again in a moment.")
    retry_after = 2


class RateLimited(DomainError):
    """Too many attempts; `retry_after` seconds until the next of `attempts` is heard.

    `is_first` for the first refusal until then: what is worth a note is worth one.
    """

    code = "RATE_LIMITED"
    sentence = _("Too many attempts. Please try again in {retry_after} seconds.")

    def __init__(
        self, *, retry_after: int, attempts: int | None = None, is_first: bool = False
    ) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after
        self.attempts = attempts
        self.is_first = is_first
