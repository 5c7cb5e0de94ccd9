"""What people, publishers and series have in common: a name, and books that follow it."""

from typing import Any, ClassVar

from django.db.models import Model

from catalog import text
from core.admin import ModelAdmin


class NamedAdmin(ModelAdmin):
    """Tidies the name, makes the address part of it, and lets the books follow a new one."""

    otherwise: ClassVar[str]

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Model:
        obj = form.instance
        obj.name = text.tidy(obj.name)
        obj.slug = text.slug_of(obj.name, otherwise=self.otherwise)
        saved = super().save_with(actor=actor, form=form, formsets=formsets, change=change)
        if change and form.has_changed():
            self.let_books_follow(saved)
        return saved

    def let_books_follow(self, obj: Any) -> None:
        """Bring the books of a renamed row up to date."""
        raise NotImplementedError
