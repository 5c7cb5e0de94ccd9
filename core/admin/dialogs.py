"""Buttons on a row's page that ask in a dialog first; only the dialog's POST does anything."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm as DialogForm

from core.errors import DomainError, Invalid

__all__ = ["DialogForm", "answer", "dialog_action"]

type Act = Callable[[Any, HttpRequest, Any, str], str]


def dialog_action(
    *,
    title: Any,
    permission: str,
    icon: str,
    question: Any = "",
    form: type[DialogForm] = DialogForm,
    danger: bool = False,
    primary: bool = False,
) -> Callable[[Act], Any]:
    """Make a method `(admin, request, form, object_id) -> sentence` a button with a dialog.

    The sentence is shown after success; a `DomainError` is shown instead of it. The method is only
    called for a row that the user may see; else the answer is 404. `primary` marks what the page
    is there for, `danger` what cannot simply be taken back.
    """
    variant = ActionVariant.PRIMARY if primary else ActionVariant.DEFAULT

    def decorate(act: Act) -> Any:
        @action(
            description=title,
            permissions=[permission],
            icon=icon,
            variant=ActionVariant.DANGER if danger else variant,
            dialog={
                "title": title,
                "description": question,
                "form_class": form,
                "form_submit_text": title,
            },
        )
        @wraps(act)
        def run(admin: Any, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
            if admin.get_object(request, object_id) is None:
                raise Http404
            try:
                messages.success(request, act(admin, request, form, object_id))
            except DomainError as refusal:
                messages.error(request, sentence_of(refusal))
            return answer(request, reverse(admin._url_name("change"), args=[object_id]))

        return run

    return decorate


def sentence_of(refusal: DomainError) -> str:
    """Return what a refusal says, with its fields' sentences where there are any."""
    fields = refusal.data.get("fields", {}) if isinstance(refusal, Invalid) else {}
    return " ".join(str(text) for texts in fields.values() for text in texts) or refusal.message


def answer(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to `url`, whether htmx or the browser itself sent the dialog."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
