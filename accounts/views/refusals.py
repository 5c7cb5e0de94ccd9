"""Showing a form again with what was wrong."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.views.destinations import wanted_page
from core import errors
from core.http.pages import form_status
from core.http.problems import retry_headers


def show_form(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    error: errors.DomainError | None = None,
    **shown: object,
) -> HttpResponse:
    """Return the page of a form: new (200), with mistakes (422) or with a refusal (its status).

    `shown` is what else the template needs.
    """
    status = 422 if form.errors else 200
    if error is not None:
        status = form_status(error)
        for field, sentences in error.data.get("fields", {}).items():
            form.add_error(field, sentences)
    context = {
        "form": form,
        "error": None if isinstance(error, errors.Invalid) else error,
        "next": wanted_page(request),
        **shown,
    }
    response = render(request, template, context, status=status)
    for name, value in retry_headers(error).items() if error else ():
        response[name] = value
    return response
