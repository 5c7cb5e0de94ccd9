"""Postal addresses: sloppy input is put right, nonsense is refused with words for each field."""

import dataclasses

import pytest
from django.utils import translation

from core import addresses
from core.addresses import PostalAddress, Preferences
from core.errors import Invalid

pytestmark = pytest.mark.req("AUTH-11")
HOME = PostalAddress(
    recipient="Ada Reader", line1="12 Book Lane", city="Haifa", postcode="3303118", country="IL"
)


def refused(**changes):
    with pytest.raises(Invalid) as refusal:
        addresses.tidied(dataclasses.replace(HOME, **changes))
    return refusal.value.data["fields"]


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("postcode", "  sw1a   1aa ", "SW1A 1AA"),
        ("postcode", "1234–567", "1234-567"),
        ("country", " gb", "GB"),
        ("recipient", "  Ada   King ", "Ada King"),
        ("line2", "   ", ""),
        ("city", "בני ברק", "בני ברק"),
        ("phone", " 04‑555  0199", "04-555 0199"),
        ("phone", "\u202d+972 4 555 0199\u202c", "+972 4 555 0199"),
        ("recipient", "\u2067Ada \u202eregniK\u202c\u2069", "Ada regniK"),
        ("phone", "+972 (0)4 555-0199 ext. 12", "+972 (0)4 555-0199 ext. 12"),
    ],
)
def test_sloppy_input_is_put_right(name, written, kept):
    tidy = addresses.tidied(dataclasses.replace(HOME, **{name: written}))

    assert getattr(tidy, name) == kept
    assert addresses.tidied(tidy) == tidy


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("recipient", " "),
        ("line1", ""),
        ("postcode", ""),
        ("city", "\t"),
        ("country", ""),
        ("country", "XX"),
        ("country", "EU"),
        ("country", "ISR"),
        ("recipient", "Ada\nReader"),
        ("city", "Haifa\u2028Subject: x"),
        ("line1", "\x1b[2J"),
        ("line2", "\ud800"),
        ("line2", "x" * 201),
        ("postcode", "1" * 21),
        ("phone", "call me"),
        ("phone", "1234"),
        ("phone", "<script>12345</script>"),
    ],
)
def test_nonsense_is_refused_by_field(name, written):
    assert list(refused(**{name: written})) == [name]


def test_every_wrong_field_is_named_at_once():
    wishes = Preferences(leave_at_door=True, signature_required=True, note="x" * 201)

    wrong = refused(city="", country="ZZ", preferences=wishes)

    assert sorted(wrong) == ["city", "country", "delivery_preferences"]
    assert sorted(wrong["delivery_preferences"]) == ["leave_at_door", "note"]


def test_countries_are_those_of_iso_3166():
    assert len(addresses.country_names()) == 249
    assert {"IL", "GB", "DE", "TW", "PS"} <= set(addresses.country_names())
    assert addresses.country_choices()[0] == ("AF", "Afghanistan")
    with translation.override("de"):
        assert dataclasses.replace(HOME, country="DE").country_name == "Deutschland"
    assert dataclasses.replace(HOME, country="??").country_name == "??"


def test_address_survives_being_written_down():
    address = dataclasses.replace(HOME, preferences=Preferences(leave_at_door=True, note="Ring"))

    assert PostalAddress.read(address.as_json()) == address
    assert PostalAddress.read({**HOME.as_json(), "preferences": {}}) == HOME
    assert address.preferences.sentences == ["Leave at the door", "Note: Ring"]
    assert address.in_one_line == "Ada Reader, 12 Book Lane, 3303118 Haifa, Israel"
