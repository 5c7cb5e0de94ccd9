"""What addresses and names may look like, through every door."""

import pytest

from accounts import validators
from core.errors import Invalid

pytestmark = pytest.mark.req("AUTH-01")


@pytest.mark.parametrize(
    "inside", ["root@localhost", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@mailhost"]
)
def test_addresses_of_machines_inside_are_refused(inside):
    with pytest.raises(Invalid) as refusal:
        validators.normal_email(inside)
    assert list(refusal.value.data["fields"]) == ["email"]


@pytest.mark.parametrize("good", ["a+b@example.com", "o'hara@example.co.uk", "x@xn--bcher-kva.de"])
def test_ordinary_addresses_are_kept(good):
    assert validators.normal_email(f" {good.upper()} ") == good


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ada \u202emoc.live\u202c", "Ada moc.live"),
        ("\u2066Ada\u2069", "Ada"),
        ("\u202a", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("עדה\u200f", "עדה\u200f"),
    ],
)
def test_names_turn_nothing_and_keep_their_joiners(written, kept):
    assert validators.normal_name(written) == kept
