"""Writing the tree of genres."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import errors, text
from catalog.models import Genre
from core import locks
from core.errors import Invalid
from core.services import audit


def create_genre(
    *,
    name: str,
    actor_id: uuid.UUID | None,
    slug: str = "",
    parent_id: int | None = None,
    position: int = 0,
) -> Genre:
    """Add a genre below `parent_id` (None: at the top); without a slug its name makes one.

    Audit `genre.created`. Raises `GenreNotFound` for the parent, `Invalid` for an empty name or a
    slug that is taken.
    """
    tidied = text.tidy(name)
    if not tidied:
        raise Invalid(fields={"name": [_("Give the genre a name.")]})
    with transaction.atomic():
        if parent_id is not None and not Genre.objects.active().filter(pk=parent_id).exists():
            raise errors.GenreNotFound(genre_id=parent_id)
        genre = Genre(
            name=tidied,
            slug=slug or text.slug_of(tidied, otherwise="genre"),
            parent_id=parent_id,
            position=position,
        )
        try:
            with transaction.atomic():
                genre.save()
        except IntegrityError:
            raise Invalid(fields={"slug": [_("Another genre has this address.")]}) from None
        audit.record_change(
            action="genre.created",
            entity_type="genre",
            entity_id=genre.pk,
            actor_id=actor_id,
            new={"name": genre.name, "slug": genre.slug, "parent": parent_id},
        )
    return genre


def move_genre(*, genre_id: int, parent_id: int | None, actor_id: uuid.UUID | None) -> Genre:
    """Put a genre, with all below it, under another one (None: at the top).

    Locks every genre, because two moves at once could close a ring that neither sees. Audit
    `genre.moved`, none when it stands there already. Raises `GenreNotFound`, `GenreCycle`.
    """
    with transaction.atomic():
        genres = {genre.pk: genre for genre in locks.lock_rows(Genre.objects.all())}
        genre = genres.get(genre_id)
        parent = genres.get(parent_id) if parent_id is not None else None
        if genre is None or (parent_id is not None and parent is None):
            raise errors.GenreNotFound(genre_id=parent_id if genre else genre_id)
        above = parent
        while above is not None:
            if above.pk == genre_id:
                raise errors.GenreCycle(genre_id=genre_id, parent_id=parent_id)
            above = genres[above.parent_id] if above.parent_id is not None else None
        old_parent = genre.parent_id
        if old_parent == parent_id:
            return genre
        genre.parent = parent
        genre.save(update_fields=["parent"])
        audit.record_change(
            action="genre.moved",
            entity_type="genre",
            entity_id=genre_id,
            actor_id=actor_id,
            old={"parent": old_parent},
            new={"parent": parent_id},
        )
    return genre


def withdraw_genre(*, genre_id: int, actor_id: uuid.UUID | None) -> None:
    """Take a genre out of the tree; its books keep their others. Safe to repeat.

    Locks every genre, as a move does. Audit `genre.withdrawn`. Raises `GenreNotFound`, and
    `GenreNotEmpty` while there are genres below it.
    """
    with transaction.atomic():
        genres = {genre.pk: genre for genre in locks.lock_rows(Genre.objects.all())}
        if any(
            genre.parent_id == genre_id and genre.deleted_at is None for genre in genres.values()
        ):
            raise errors.GenreNotEmpty(genre_id=genre_id)
        _switch(genres.get(genre_id), genre_id, actor_id, withdrawn=True)


def restore_genre(*, genre_id: int, actor_id: uuid.UUID | None) -> None:
    """Put a withdrawn genre back where it was. Safe to repeat.

    Locks every genre. Audit `genre.restored`. Raises `GenreNotFound`, and `GenreParentWithdrawn`
    when the genre above it is not there.
    """
    with transaction.atomic():
        genres = {genre.pk: genre for genre in locks.lock_rows(Genre.objects.all())}
        genre = genres.get(genre_id)
        if genre and genre.parent_id and genres[genre.parent_id].deleted_at:
            raise errors.GenreParentWithdrawn(genre_id=genre_id)
        _switch(genre, genre_id, actor_id, withdrawn=False)


def _switch(
    genre: Genre | None, genre_id: int, actor_id: uuid.UUID | None, *, withdrawn: bool
) -> None:
    if genre is None:
        raise errors.GenreNotFound(genre_id=genre_id)
    if (genre.deleted_at is not None) == withdrawn:
        return
    genre.deleted_at = timezone.now() if withdrawn else None
    genre.save(update_fields=["deleted_at"])
    audit.record_change(
        action="genre.withdrawn" if withdrawn else "genre.restored",
        entity_type="genre",
        entity_id=genre_id,
        actor_id=actor_id,
        old={"withdrawn": not withdrawn},
        new={"withdrawn": withdrawn},
    )
