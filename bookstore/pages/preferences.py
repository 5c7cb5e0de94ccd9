"""What a reader chose for this browser: light, dark, or as the device is."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.http.pages import see_other

THEME_COOKIE = "theme"
THEMES = {
    "auto": gettext_lazy("As my device is"),
    "light": gettext_lazy("Light"),
    "dark": gettext_lazy("Dark"),
}
_YEAR = 365 * 24 * 3600  # seconds


class ThemeForm(forms.Form):
    """Which of the two palettes."""

    theme: Any = forms.ChoiceField(
        label=gettext_lazy("Colours"), choices=list(THEMES.items()), widget=forms.RadioSelect
    )


def theme_of(request: HttpRequest) -> str:
    """Return "light" or "dark" if the reader chose, else nothing."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in ("light", "dark") else ""


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Show the choice and keep it in a cookie."""
    form = ThemeForm(request.POST or None, initial={"theme": theme_of(request) or "auto"})
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("Saved."))
        response = see_other(reverse("preferences"))
        response.set_cookie(
            THEME_COOKIE,
            form.cleaned_data["theme"],
            max_age=_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    status = 422 if request.method == "POST" else 200
    return render(request, "pages/preferences.html", {"form": form}, status=status)
