"""Bringing the whole demo shop into a database, once for each version of its data."""

import hashlib
from pathlib import Path

from bookstore.demo import people, places, shelves
from catalog.services import genre_codes
from core.ids import uuid7
from core.models import AuditEntry
from core.services import audit

_FOLDER = Path(__file__).resolve().parent


def load() -> bool:
    """Load what is missing of the demo shop; return False when this version is there already.

    Safe to repeat: it adds and, where the demo's own data changed, updates books; what somebody
    sold, added or edited meanwhile stays. Each part commits by itself; the audit row
    `demo.loaded` at the end names the version.
    """
    version = _version()
    if AuditEntry.objects.filter(action="demo.loaded", context__version=version).exists():
        return False
    people.add_users()
    places.add_branches()
    people.tie_employee()
    places.add_delivery_slots()
    shelves.add_genres()
    genre_codes.load_defaults(actor_id=None)
    shelves.add_books()
    shelves.add_stock()
    shelves.add_staff_picks()
    audit.record_change(
        action="demo.loaded",
        entity_type="demo",
        entity_id=uuid7(),
        actor_id=None,
        context={"version": version},
    )
    return True


def _version() -> str:
    """Return a digest of the data and of the code that loads it."""
    digest = hashlib.sha256()
    for path in sorted([*_FOLDER.glob("*.py"), *_FOLDER.glob("data/*.json*")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
