"""Writing which genres the subject codes of feeds lead to."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog import text
from catalog.enums import SubjectScheme
from catalog.models import Genre, GenreCode
from catalog.selectors.genre_codes import LONGEST_CODE, SubjectCode
from catalog.services import genres, slugs
from catalog.services.imports import default_codes, subjects
from core.errors import Invalid
from core.services import audit

LONGEST_NAME = 100


class SchemeCode(NamedTuple):
    """A code as its scheme lists it: what it means, and the code that it is part of ("" at top)."""

    code: str
    name: str
    parent: str


class Loaded(NamedTuple):
    """How many codes were there already, new, or led elsewhere before, and the genres made."""

    kept: int
    added: int
    changed: int
    genres: int = 0


def load_defaults(*, actor_id: uuid.UUID | None) -> Loaded:
    """Let the codes that we ship lead to the genres there are; codes that lead somewhere stay.

    Where a genre is missing or withdrawn the next above it stands for it; without any the code is
    left out. Safe to repeat. Audit `genre_code.created` for each.
    """
    there = dict(Genre.objects.active().values_list("slug", "pk"))
    wanted = {}
    for key, slug in default_codes.DEFAULT_CODES.items():
        way = [slug, *subjects.above(slug)]
        found = next((there[each] for each in way if each in there), None)
        if found is not None:
            wanted[key] = found
    return _store(wanted, actor_id, is_overwriting=False)


def load_mapping(*, rows: Iterable[tuple[str, str, str]], actor_id: uuid.UUID | None) -> Loaded:
    """Let codes lead to genres: rows of scheme, code and the genre's address. Safe to repeat.

    All or nothing. Audit `genre_code.created` and `genre_code.changed`. Raises `Invalid` naming
    the first row that makes no sense or names a genre that is not there.
    """
    there = dict(Genre.objects.active().values_list("slug", "pk"))
    wanted = {}
    for number, (scheme, code, slug) in enumerate(rows, start=1):
        key = (scheme.strip().upper() or SubjectScheme.THEMA.value, code.strip().upper())
        if key[0] not in SubjectScheme.values:
            raise _refusal(number, _("“{said}” is no scheme we know.").format(said=scheme[:20]))
        if not key[1] or len(key[1]) > LONGEST_CODE:
            raise _refusal(number, _("Give a code of up to 20 characters."))
        if slug.strip() not in there:
            raise _refusal(number, _("There is no genre “{said}”.").format(said=slug[:100]))
        wanted[key] = there[slug.strip()]
    return _store(wanted, actor_id, is_overwriting=True)


def set_codes(*, genre_id: int, codes: Iterable[SubjectCode], actor_id: uuid.UUID | None) -> None:
    """Let exactly these codes lead to a genre. Joins the caller's transaction.

    Audit `genre.codes_changed`, none where nothing changed. Raises `Invalid` for a code that
    leads to another genre.
    """
    wanted = {(scheme, code.strip().upper()) for scheme, code in codes}
    own = {(row.scheme, row.code): row for row in GenreCode.objects.filter(genre_id=genre_id)}
    if wanted == own.keys():
        return
    gone = [row.pk for key, row in own.items() if key not in wanted]
    GenreCode.objects.filter(pk__in=gone).delete()
    new = [
        GenreCode(scheme=scheme, code=code, genre_id=genre_id)
        for scheme, code in sorted(wanted - own.keys())
    ]
    try:
        with transaction.atomic():
            GenreCode.objects.bulk_create(new)
    except IntegrityError:
        sentence = _("One of these codes leads to another genre.")
        raise Invalid(fields={"codes": [sentence]}) from None
    audit.record_change(
        action="genre.codes_changed",
        entity_type="genre",
        entity_id=genre_id,
        actor_id=actor_id,
        old={"codes": [f"{scheme} {code}" for scheme, code in sorted(own)]},
        new={"codes": [f"{scheme} {code}" for scheme, code in sorted(wanted)]},
    )


def make_tree(
    *,
    scheme: SubjectScheme,
    codes: Iterable[SchemeCode],
    depth: int,
    actor_id: uuid.UUID | None,
) -> Loaded:
    """Make a genre for each code down to `depth` (1: the top ones), below that of its parent.

    Codes that lead somewhere stay, and what is part of them is made below their genre. Codes must
    come after their parents; those that begin with a digit qualify others and are left out. Safe
    to repeat, all or nothing. Audit `genre.created`, `genre_code.created`.
    """
    depths: dict[str, int] = {"": 0}
    taken = set(Genre.objects.values_list("slug", flat=True))
    known = dict(GenreCode.objects.filter(scheme=scheme).values_list("code", "genre_id"))
    wanted: dict[SubjectCode, int] = {}
    with transaction.atomic():
        for position, (code, name, parent) in enumerate(codes, start=1):
            level = depths.get(parent)
            if level is None or level >= depth or code[:1].isdigit():
                continue
            depths[code] = level + 1
            if code in known:
                continue
            tidied = text.tidy(name)[:LONGEST_NAME].strip() or code
            slug = _free(slugs.made_of(tidied, otherwise="genre", longest=80), code, taken)
            made = genres.create_genre(
                name=tidied,
                slug=slug,
                parent_id=known.get(parent),
                position=min(position, 32_000),
                actor_id=actor_id,
            )
            known[code] = wanted[scheme.value, code] = made.pk
        loaded = _store(wanted, actor_id, is_overwriting=False)
    return loaded._replace(kept=len(depths) - 1 - len(wanted), genres=len(wanted))


def _free(slug: str, code: str, taken: set[str]) -> str:
    while slug in taken:
        slug = f"{slug}-{code.lower()}"
    taken.add(slug)
    return slug


def _store(
    wanted: Mapping[SubjectCode, int], actor_id: uuid.UUID | None, *, is_overwriting: bool
) -> Loaded:
    with transaction.atomic():
        known = {(row.scheme, row.code): row for row in GenreCode.objects.all()}
        new = [
            GenreCode(scheme=scheme, code=code, genre_id=genre_id)
            for (scheme, code), genre_id in wanted.items()
            if (scheme, code) not in known
        ]
        elsewhere = [
            (known[key], genre_id)
            for key, genre_id in wanted.items()
            if is_overwriting and key in known and known[key].genre_id != genre_id
        ]
        _record("created", [(row, None) for row in GenreCode.objects.bulk_create(new)], actor_id)
        before = [(row, row.genre_id) for row, _genre_id in elsewhere]
        for row, genre_id in elsewhere:
            row.genre_id = genre_id
        GenreCode.objects.bulk_update([row for row, _genre_id in elsewhere], ["genre"])
        _record("changed", before, actor_id)
    return Loaded(len(wanted) - len(new) - len(elsewhere), len(new), len(elsewhere))


def _record(
    verb: str, rows: Sequence[tuple[GenreCode, int | None]], actor_id: uuid.UUID | None
) -> None:
    audit.record_changes(
        [
            audit.Change(
                entity_id=row.pk,
                old=None if former is None else {"genre": former},
                new={"scheme": row.scheme, "code": row.code, "genre": row.genre_id},
            )
            for row, former in rows
        ],
        action=f"genre_code.{verb}",
        entity_type="genre_code",
        actor_id=actor_id,
    )


def _refusal(number: int, sentence: str) -> Invalid:
    return Invalid(
        fields={"file": [_("Row {number}: {what}").format(number=number, what=sentence)]}
    )
