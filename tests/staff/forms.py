"""Sending a form of the staff desk back as a browser would, with some fields changed."""

from typing import Any


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """Return what the shown form would send, with `changes` (`credits__0__role` for inlines)."""
    data: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False:
                continue
            data[bound.html_name] = "on" if value is True else value
    return data | {name.replace("__", "-"): value for name, value in changes.items()}
