"""The staff desk's model admin: every write is atomic, has an actor and leaves an audit row."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ActionLocation, ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin as UnfoldModelAdmin

from core import locks
from core.admin import refusals, row_ids, values
from core.admin.autocompletes import SafeAutocompletes
from core.admin.paging import CappedPaginator
from core.errors import DomainError
from core.http.pages import form_status
from core.http.saved_views import lasting, owner_of
from core.retries import run_retrying
from core.selectors import saved_views
from core.services import audit

LONGEST_TERM = 200
# What filters of columns put into an address after the column's name.
_LOOKUPS = ("", "__exact", "__in", "__isnull", "__id__exact")


class ModelAdmin(SafeAutocompletes, UnfoldModelAdmin):
    """Saves through `save_with` and deletes through `delete_with`; refusals come back to the form.

    Both run inside the view's transaction. The defaults store the row and write what changed to
    the audit trail: right for plain reference data. Whatever has rules overrides them with its
    service. `unaudited_fields` names columns that hold something personal.
    """

    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    unaudited_fields: ClassVar[tuple[str, ...]] = ()
    in_palette = True
    list_before_template = "admin/saved_views.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with its reader's saved views."""
        page = self.opts.label_lower
        around = {
            "saved_views": saved_views.views_of(owner_of(request), page),
            "list_query": lasting(request.GET),
            "list_page": page,
        }
        return super().changelist_view(request, around | (extra_context or {}))

    def names_a_row(self, term: str) -> bool:
        """Whether the palette's term can only be one of these rows; asks no table."""
        return False

    def palette_note(self, row: Any) -> str:
        """What the palette says beside a row that it found."""
        return str(self.opts.verbose_name)

    def get_urls(self) -> list[Any]:
        """All but the nameless addresses of Django before 1.9, which only lead on."""
        return [each for each in super().get_urls() if each.name]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow what the list's filters ask for and nothing else of the row.

        Django lets an address ask for any column: one that nobody is shown, the hash of a
        password, could be guessed letter by letter from the rows that are left.
        """
        offered: set[str] = set()
        for each in self.get_list_filter(request):
            if isinstance(each, tuple):
                offered |= {each[0] + suffix for suffix in _LOOKUPS}
            else:
                offered.add(each.parameter_name)
        columns = {"pk"} | {field.name for field in self.opts.get_fields()}
        columns |= {field.attname for field in self.opts.concrete_fields}
        if lookup.partition("__")[0] in columns and lookup not in offered:
            return False
        return super().lookup_allowed(lookup, value, request)

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        """Return the rows that `term`, which is never empty, names; by default `search_fields`."""
        return super().get_search_results(request, queryset, term)[0]

    def save_with(self, *, actor: Any, form: ModelForm, formsets: list[Any], change: bool) -> Model:
        """Store what the valid form and its inlines say and return the row."""
        obj = form.instance
        stored = locks.lock_row(self.model._default_manager.filter(pk=obj.pk)) if change else None
        obj.save()
        form.save_m2m()
        for formset in formsets:
            formset.save()
        self._record(obj, actor=actor, stored=stored, names=form.changed_data)
        return obj

    def delete_with(self, *, actor: Any, obj: Model) -> None:
        """Delete the row."""
        audit.record_change(
            action=f"{values.noun_of(self.model)}.deleted",
            entity_type=values.noun_of(self.model),
            entity_id=obj.pk,
            actor_id=actor.pk,
            old=values.plain_values(obj, self._audited_names()),
        )
        obj.delete()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form; a service's refusal shows it again with the sentence."""

        def answer() -> HttpResponse:
            return super(ModelAdmin, self).changeform_view(
                request, object_id, form_url, dict(extra_context or {})
            )

        try:
            return run_retrying(answer)
        except (DomainError, IntegrityError) as error:
            refusal = refusals.refusal_of(error)
        refusals.remember(request, refusal)
        response = answer()
        response.status_code = form_status(refusal)
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask, then delete; a refusal leads back to the row with the sentence."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse(self._url_name("change"), args=[object_id]))

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class = super().get_form(request, obj, change, **kwargs)
        return refusals.showing_refusal(form_class, request)

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: Any = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        """Unfold's, with the parameter that Django 6.1 added."""
        return super(UnfoldModelAdmin, self).get_action_choices(
            request, default_choices or [("", _("Select action"))], action_location
        )

    def response_action(
        self, request: HttpRequest, queryset: QuerySet, **kwargs: Any
    ) -> HttpResponse | None:
        """Do something with the ticked rows; `BadRequest` for what cannot be rows."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(row_ids.may_be_id(self.model, each) for each in ticked):
            raise BadRequest
        return super().response_action(request, queryset, **kwargs)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Nothing yet: `save_related` has the inlines too and stores all at once."""

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: bool
    ) -> None:
        saved = self.save_with(actor=request.user, form=form, formsets=formsets, change=change)
        form.instance.pk = saved.pk

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.delete_with(actor=request.user, obj=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            for obj in queryset.order_by("pk"):
                self.delete_with(actor=request.user, obj=obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()[:LONGEST_TERM]
        return (self.search_with(request, queryset, term) if term else queryset), False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit trail of this row, for those who may see both."""
        trail_is_theirs = request.user.has_perm("core.view_auditentry")
        if not (trail_is_theirs and self.has_view_permission(request)):
            raise PermissionDenied
        entity = values.noun_of(self.model)
        target = reverse("admin:core_auditentry_changelist")
        return HttpResponseRedirect(f"{target}?entity_type={entity}&q={object_id}")

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        """The row's page in the shop; Django's detour would look up any row of any table."""
        page = getattr(obj, "get_absolute_url", None)
        return page() if page is not None and self.view_on_site else None

    # Django would lead to the first page, as if nothing were wrong with the address.
    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    # Django's own log would repeat the audit trail, with names of people in it.
    def construct_change_message(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], add: bool = False
    ) -> list[Any]:
        return []

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        return None

    def _url_name(self, page: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _audited_names(self) -> set[str]:
        return {field.name for field in self.opts.concrete_fields} - set(self.unaudited_fields)

    def _record(self, obj: Model, *, actor: Any, stored: Model | None, names: list[str]) -> None:
        told = self._audited_names() & set(names)
        new = values.plain_values(obj, told)
        old = values.plain_values(stored, told) if stored else None
        if old is not None:
            new = {name: value for name, value in new.items() if old[name] != value}
            if not new:
                return
            old = {name: old[name] for name in new}
        noun = values.noun_of(self.model)
        audit.record_change(
            action=f"{noun}.{'created' if old is None else 'changed'}",
            entity_type=noun,
            entity_id=obj.pk,
            actor_id=actor.pk,
            old=old,
            new=new,
        )


class ReadOnly:
    """Mixin for what only services write, and for inlines that only show."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
