"""Writing the tree of genres.

Who changes the tree locks every genre, because two moves at once could close a ring that neither
sees. A trigger (`genre_no_ring`) refuses rings whoever writes them: it is the net below.
"""

import uuid
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import errors, text
from catalog.models import BookGenre, Genre, GenreCode
from catalog.selectors import genres as genre_reads
from catalog.services import renames, slugs
from core import locks
from core.caching import forget
from core.errors import Invalid
from core.services import audit

type Tree = dict[int, Genre]


class GenreChanges(TypedDict, total=False):
    """What may be changed about a genre; `parent_id` None puts it at the top."""

    name: str
    slug: str
    parent_id: int | None
    position: int


def create_genre(
    *,
    name: str,
    actor_id: uuid.UUID | None,
    slug: str = "",
    parent_id: int | None = None,
    position: int = 0,
) -> Genre:
    """Add a genre below `parent_id` (None: at the top); without a slug its name makes one.

    Locks the parent. Audit `genre.created`. Raises `GenreNotFound` for the parent, `Invalid` for
    an empty name or a slug that is taken or nothing but digits.
    """
    tidied = _tidied(name)
    with transaction.atomic():
        if parent_id is not None:
            _lock_active(parent_id)
        genre = Genre(
            name=tidied,
            slug=slugs.checked(slug or slugs.made_of(tidied, otherwise="genre", longest=90)),
            parent_id=parent_id,
            position=position,
        )
        _save(genre, None)
        audit.record_change(
            action="genre.created",
            entity_type="genre",
            entity_id=genre.pk,
            actor_id=actor_id,
            new={"name": genre.name, "slug": genre.slug, "parent": parent_id},
        )
    return genre


def change_genre(
    *,
    genre_id: int,
    changes: GenreChanges,
    actor_id: uuid.UUID | None,
    is_restored: bool = False,
    may_be_withdrawn: bool = False,
) -> Genre:
    """Move, rename or reorder a genre; its books follow a new name in search and version.

    A withdrawn one is put back where it then stands if `is_restored`; else it is not found,
    unless it `may_be_withdrawn`.
    Locks every genre, then, for a new name, the books' rows. Audit `genre.moved`,
    `genre.restored`, `genre.changed`, none for what stays as it is. Raises `GenreNotFound`,
    `GenreCycle`, `GenreParentWithdrawn`, and `Invalid` for an empty name or a slug that is taken
    or nothing but digits.
    """
    with transaction.atomic():
        tree = _locked_tree()
        genre = _found(tree, genre_id)
        if genre.deleted_at and not (is_restored or may_be_withdrawn):
            raise errors.GenreNotFound(genre_id=genre_id)
        if "parent_id" in changes:
            _move(tree, genre, changes["parent_id"], actor_id)
        if is_restored:
            _restore(tree, genre, actor_id)
        _describe(genre, changes, actor_id)
    return genre


def withdraw_genre(*, genre_id: int, actor_id: uuid.UUID | None) -> None:
    """Take a genre out of the tree; its books keep their others. Safe to repeat.

    Locks every genre, as a move does. Audit `genre.withdrawn`. Raises `GenreNotFound`, and
    `GenreNotEmpty` while there are genres below it.
    """
    with transaction.atomic():
        tree = _locked_tree()
        genre = _found(tree, genre_id)
        if any(each.parent_id == genre_id and each.deleted_at is None for each in tree.values()):
            raise errors.GenreNotEmpty(genre_id=genre_id)
        _switch(genre, actor_id, withdrawn=True)


def restore_genre(*, genre_id: int, actor_id: uuid.UUID | None) -> None:
    """Put a withdrawn genre back where it was. Safe to repeat.

    Locks every genre. Audit `genre.restored`. Raises `GenreNotFound`, and `GenreParentWithdrawn`
    when the genre above it is not there.
    """
    with transaction.atomic():
        tree = _locked_tree()
        _restore(tree, _found(tree, genre_id), actor_id)


def shift_genre(*, genre_id: int, steps: int, actor_id: uuid.UUID | None) -> None:
    """Put a genre so many places after (before, if negative) where it stands among its siblings.

    It stops at either end. Locks every genre. Audit `genre.reordered`, none where nothing changed.
    Raises `GenreNotFound`.
    """
    with transaction.atomic():
        tree = _locked_tree()
        genre = _found(tree, genre_id)
        siblings = [each for each in tree.values() if each.parent_id == genre.parent_id]
        siblings.sort(key=lambda each: (each.position, each.name, each.pk))
        before = [each.pk for each in siblings]
        place = siblings.index(genre)
        siblings.insert(max(0, min(place + steps, len(siblings) - 1)), siblings.pop(place))
        after = [each.pk for each in siblings]
        if after == before:
            return
        for position, sibling in enumerate(siblings, start=1):
            sibling.position = position
        Genre.objects.bulk_update(siblings, ["position"])
        audit.record_change(
            action="genre.reordered",
            entity_type="genre",
            entity_id=genre_id,
            actor_id=actor_id,
            old={"siblings": before},
            new={"siblings": after},
        )


def merge_genre(*, genre_id: int, into_id: int, actor_id: uuid.UUID | None) -> int:
    """Move the books and subject codes of a genre to another and withdraw it; return how many.

    A genre that is put back afterwards comes without them. Locks every genre; the books follow as
    after a new name. Audit `genre.merged` and `genre.withdrawn`. Raises `GenreNotFound`, also for
    one that is withdrawn, `GenreNotEmpty` while there are genres below it, `Invalid` for a genre
    and itself.
    """
    if genre_id == into_id:
        raise Invalid(fields={"into": [_("This is the same genre.")]})
    with transaction.atomic():
        tree = {pk: genre for pk, genre in _locked_tree().items() if genre.deleted_at is None}
        genre, into = _found(tree, genre_id), _found(tree, into_id)
        if any(each.parent_id == genre_id for each in tree.values()):
            raise errors.GenreNotEmpty(genre_id=genre_id)
        links = BookGenre.objects.filter(genre=genre)
        already = BookGenre.objects.filter(genre=into).values("book_id")
        books = links.exclude(book_id__in=already).update(genre=into)
        links.delete()
        codes = GenreCode.objects.filter(genre=genre).update(genre=into)
        audit.record_change(
            action="genre.merged",
            entity_type="genre",
            entity_id=into_id,
            actor_id=actor_id,
            new={"merged": genre_id, "books": books, "codes": codes},
        )
        _switch(genre, actor_id, withdrawn=True)
        renames.follow_genre(genre_id=into_id)
    return books


def _lock_active(genre_id: int) -> None:
    if locks.lock_row(Genre.objects.active().filter(pk=genre_id)) is None:
        raise errors.GenreNotFound(genre_id=genre_id)


def _locked_tree() -> Tree:
    return {genre.pk: genre for genre in locks.lock_rows(Genre.objects.all())}


def _found(tree: Tree, genre_id: int) -> Genre:
    if genre_id not in tree:
        raise errors.GenreNotFound(genre_id=genre_id)
    return tree[genre_id]


def _move(tree: Tree, genre: Genre, parent_id: int | None, actor_id: uuid.UUID | None) -> None:
    parent = _found(tree, parent_id) if parent_id is not None else None
    above = parent
    while above is not None:
        if above.pk == genre.pk:
            raise errors.GenreCycle(genre_id=genre.pk, parent_id=parent_id)
        above = tree[above.parent_id] if above.parent_id is not None else None
    old_parent = genre.parent_id
    if old_parent == parent_id:
        return
    if parent is not None and parent.deleted_at:
        raise errors.GenreParentWithdrawn(genre_id=parent_id)
    genre.parent = parent
    _save(genre, ["parent"])
    audit.record_change(
        action="genre.moved",
        entity_type="genre",
        entity_id=genre.pk,
        actor_id=actor_id,
        old={"parent": old_parent},
        new={"parent": parent_id},
    )


def _restore(tree: Tree, genre: Genre, actor_id: uuid.UUID | None) -> None:
    if genre.parent_id and tree[genre.parent_id].deleted_at:
        raise errors.GenreParentWithdrawn(genre_id=genre.pk)
    _switch(genre, actor_id, withdrawn=False)


def _describe(genre: Genre, changes: GenreChanges, actor_id: uuid.UUID | None) -> None:
    said: dict[str, Any] = {}
    if "name" in changes:
        said["name"] = _tidied(changes["name"])
    if "slug" in changes:
        said["slug"] = slugs.checked(changes["slug"])
    if "position" in changes:
        said["position"] = changes["position"]
    old = {name: getattr(genre, name) for name, new in said.items() if getattr(genre, name) != new}
    if not old:
        return
    new = {name: said[name] for name in old}
    for name, value in new.items():
        setattr(genre, name, value)
    _save(genre, list(new))
    audit.record_change(
        action="genre.changed",
        entity_type="genre",
        entity_id=genre.pk,
        actor_id=actor_id,
        old=old,
        new=new,
    )
    if "name" in new:
        renames.follow_genre(genre_id=genre.pk)


def _save(genre: Genre, fields: list[str] | None) -> None:
    try:
        with transaction.atomic():
            genre.save(update_fields=fields)
    except IntegrityError as refusal:
        if _constraint(refusal) == "genre_no_ring":
            raise errors.GenreCycle(genre_id=genre.pk, parent_id=genre.parent_id) from None
        raise Invalid(fields={"slug": [_("Another genre has this address.")]}) from None
    forget(genre_reads.COUNTED)


def _constraint(refusal: IntegrityError) -> str | None:
    diagnosis = getattr(refusal.__cause__, "diag", None)
    return diagnosis.constraint_name if diagnosis else None


def _tidied(name: str) -> str:
    tidied = text.tidy(name)
    if not tidied:
        raise Invalid(fields={"name": [_("Give the genre a name.")]})
    return tidied


def _switch(genre: Genre, actor_id: uuid.UUID | None, *, withdrawn: bool) -> None:
    if (genre.deleted_at is not None) == withdrawn:
        return
    genre.deleted_at = timezone.now() if withdrawn else None
    _save(genre, ["deleted_at"])
    audit.record_change(
        action="genre.withdrawn" if withdrawn else "genre.restored",
        entity_type="genre",
        entity_id=genre.pk,
        actor_id=actor_id,
        old={"withdrawn": not withdrawn},
        new={"withdrawn": withdrawn},
    )
