"""The staff desk itself: Unfold's site with a command palette that never reads whole tables."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.sites import UnfoldAdminSite

from core.http import guide, palette, saved_views

# Apps of libraries: roles replace groups; jobs are for operators, and their arguments for nobody;
# accounts at providers and second factors are their owner's business.
LEFT_OUT = {"auth", "procrastinate", "account", "socialaccount", "mfa"}


class StaffSite(UnfoldAdminSite):
    """Staff sees what their role may see, in the palette too, at once after a change of role."""

    index_title = _("Staff desk")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: Any = None,
        **options: Any,
    ) -> None:
        """Take in models as always, except those that libraries bring and we do not show."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label not in LEFT_OUT]
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """All but the admin's own change of password, which would spare sessions and tokens.

        And but its detour to a row's page in the shop, which would find any row of any table.
        """
        unwanted = {"password_change", "password_change_done", "view_on_site"}
        kept = [each for each in super().get_urls() if getattr(each, "name", "") not in unwanted]
        own = [
            path("guide/", self._own(guide.page), name="guide_first"),
            path("guide/<slug:name>/", self._own(guide.page), name="guide"),
            path("guide/images/<slug:name>.png", self._own(guide.image), name="guide_image"),
            path("saved-views/", self._own(saved_views.save), name="saved_view"),
            path(
                "saved-views/<int:view_id>/",
                self._own(saved_views.delete),
                name="saved_view_delete",
            ),
        ]
        return [*own, *kept]

    def _own(self, view: Callable[..., HttpResponse]) -> Callable[..., Any]:
        return self.admin_view(partial(view, self))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the desk knows; the request learns which job the page belongs to."""
        context = super().each_context(request)
        request.desk_job = _job_of(context.get("sidebar_navigation") or [])  # type: ignore[attr-defined]
        return context

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        """Answer 405 to methods that no page of the desk knows; Django takes them for GET."""
        known = require_http_methods(["GET", "HEAD", "POST"])(view)
        return super().admin_view(known, cacheable)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Links are grouped by job, not by app: one first page for all."""
        return HttpResponseRedirect(reverse(f"{self.name}:index"))

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse | HttpResponse:
        """Answer the command palette (`core.http.palette`).

        Unlike Unfold's own, it stores nothing: what somebody looked up is nobody's business, and
        a stored answer would outlive their permission.
        """
        started = time.perf_counter()
        term = request.GET.get("s", "").strip()[:100]
        if not term:
            return HttpResponse()
        results = palette.results(self, request, term)
        page = Paginator(results, len(results) or 1)
        return TemplateResponse(
            request,
            "unfold/helpers/command_results.html",
            {
                "search_term": term,
                "page_obj": page,
                "results": page.page(1),
                "page_counter": 0,
                "execution_time": time.perf_counter() - started,
                "command_show_history": False,
            },
            headers={"HX-Trigger": "search"},
        )


def _job_of(navigation: list[dict[str, Any]]) -> str:
    """Return the title of the group whose page is open, for the trail above the page."""
    titles = [
        str(group["title"])
        for group in navigation
        if any(item["active"] and item["has_permission"] for item in group["items"])
    ]
    return titles[0] if titles else ""
