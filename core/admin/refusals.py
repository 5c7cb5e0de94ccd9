"""How a service's refusal comes back to the form it was sent with, nothing typed being lost."""

from typing import Any

from django import forms
from django.db import IntegrityError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from psycopg import errors as pg

from core.errors import Conflict, DomainError, Invalid, StaleEdit


class SavedMeanwhile(Conflict):
    """Somebody else stored the very same thing between our look and our write."""

    sentence = _("Somebody else has just saved the same. Please look again.")


def refusal_of(error: Exception) -> DomainError:
    """Return the refusal that `error` means; raise it again if it means a defect."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, IntegrityError) and isinstance(error.__cause__, pg.UniqueViolation):
        return SavedMeanwhile()
    raise error


def remember(request: HttpRequest, refusal: DomainError) -> None:
    """Let the forms that are made for this request from now on show `refusal`."""
    request.refusal = refusal  # type: ignore[attr-defined]


def showing_refusal(form_class: type[forms.ModelForm], request: HttpRequest) -> Any:
    """Return `form_class`, or a form like it that is invalid for the remembered refusal."""
    refusal = getattr(request, "refusal", None)
    if refusal is None:
        return form_class
    return type(form_class.__name__, (_Refused, form_class), {"refusal": refusal})


def add_refusal(form: forms.BaseForm, refusal: DomainError) -> None:
    """Put the sentences of `refusal` beside their fields, or above the form."""
    fields = refusal.data.get("fields", {}) if isinstance(refusal, Invalid) else {}
    for name, sentences in fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in sentences])
    if not fields:
        form.add_error(None, refusal.message)


class _Refused:
    refusal: DomainError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        add_refusal(self, self.refusal)  # type: ignore[arg-type]
        accept = getattr(self, "accept_version", None)
        if accept is not None and isinstance(self.refusal, StaleEdit):
            accept(self.refusal.data["version"])
