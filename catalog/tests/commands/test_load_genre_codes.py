"""Subject codes from the shop's own mapping, from a CSV, and from EDItEUR's Thema list."""

import gzip
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Genre, GenreCode
from catalog.selectors import genre_codes
from catalog.services.imports import default_codes, subjects
from catalog.tests.factories import GenreFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-02")]

THEMA = {
    "CodeList": {
        "ThemaCodes": {
            "Code": [
                {"CodeValue": "F", "CodeDescription": "Fiction", "CodeParent": ""},
                {"CodeValue": "FM", "CodeDescription": "Fantasy", "CodeParent": "F"},
                {"CodeValue": "FMB", "CodeDescription": "Epic fantasy", "CodeParent": "FM"},
                {"CodeValue": "Y", "CodeDescription": "Children’s", "CodeParent": ""},
                {"CodeValue": "YF", "CodeDescription": "Fiction", "CodeParent": "Y"},
                {"CodeValue": 1, "CodeDescription": "Place qualifiers", "CodeParent": ""},
                {"CodeValue": "1D", "CodeDescription": "Europe", "CodeParent": 1},
            ]
        }
    }
}


def load(*arguments):
    out = io.StringIO()
    call_command("load_genre_codes", *map(str, arguments), stdout=out)
    return out.getvalue().strip()


def mapping():
    rows = GenreCode.objects.order_by("scheme", "code")
    return [(row.scheme, row.code, row.genre.slug) for row in rows.select_related("genre")]


def test_every_code_that_we_ship_leads_to_a_genre_we_know():
    assert set(default_codes.DEFAULT_CODES.values()) <= set(subjects.PLACES)
    leads = {code for scheme, code in default_codes.DEFAULT_CODES if scheme == "THEMA"}
    assert set("ACDFGJKLMNPQRSTUVWXY") <= leads


def test_codes_that_we_ship_lead_to_the_genres_there_are():
    fiction, fantasy = GenreFactory(slug="fiction"), GenreFactory(slug="fantasy")
    GenreFactory(slug="crime", deleted_at=timezone.now())
    own = GenreFactory(slug="own")
    GenreCode.objects.create(scheme="THEMA", code="FM", genre=own)

    said = load()

    # FF: crime is withdrawn, so fiction stands for it; FM is led elsewhere by the shop itself.
    codes = [("THEMA", code) for code in ("FBA", "FFC", "FMR", "FMX", "K")]
    assert genre_codes.genres_for(codes) == {
        ("THEMA", "FBA"): fiction.pk,
        ("THEMA", "FFC"): fiction.pk,
        ("THEMA", "FMR"): own.pk,
        ("THEMA", "FMX"): fantasy.pk,
    }
    assert said == f"{GenreCode.objects.count() - 1} codes added, 0 changed, 1 kept, 0 genres made."
    assert AuditEntry.objects.count() == GenreCode.objects.count() - 1
    assert load().startswith("0 codes added, 0 changed,")


def test_mapping_of_a_csv_is_loaded_and_changed(tmp_path):
    crime, noir = GenreFactory(slug="crime"), GenreFactory(slug="noir")
    file = tmp_path / "codes.csv"
    file.write_text("\ufeffcode,scheme,genre\nff,thema,crime\nFIC022,BISAC,crime\n,,\n"[:-4])
    assert load(file) == "2 codes added, 0 changed, 0 kept, 0 genres made."

    packed = tmp_path / "codes.csv.gz"
    packed.write_bytes(gzip.compress(b"scheme,code,genre\n,FF,noir\nBISAC,FIC022,crime\n"))
    assert load(packed) == "0 codes added, 1 changed, 1 kept, 0 genres made."
    assert mapping() == [("BISAC", "FIC022", "crime"), ("THEMA", "FF", "noir")]
    entry = AuditEntry.objects.get(action="genre_code.changed")
    assert (entry.old_value, entry.new_value["genre"]) == ({"genre": crime.pk}, noir.pk)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,genre\nFF,crime\n", "The first line must name scheme, code, genre."),
        ("", "The first line must name"),
        ("scheme,code,genre\nTHEMA,FF,crime\nDEWEY,1,crime\n", "Row 2: “DEWEY” is no scheme"),
        ("scheme,code,genre\nTHEMA,FF,nowhere\n", "Row 1: There is no genre “nowhere”."),
        ("scheme,code,genre\nTHEMA,FF,gone\n", "Row 1: There is no genre “gone”."),
        ("scheme,code,genre\nTHEMA,,crime\n", "Row 1: Give a code"),
        (f"scheme,code,genre\nTHEMA,{'F' * 21},crime\n", "Row 1: Give a code"),
        ("scheme,code,genre\nTHEMA\n", "Row 1: Give a code"),
    ],
)
def test_mapping_that_makes_no_sense_is_refused_as_a_whole(tmp_path, text, says):
    GenreFactory(slug="crime")
    GenreFactory(slug="gone", deleted_at=timezone.now())
    file = tmp_path / "codes.csv"
    file.write_text(text)
    with pytest.raises(CommandError, match=says):
        load(file)
    assert (GenreCode.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_tree_is_made_of_thema_to_a_depth(tmp_path):
    there = GenreFactory(slug="stories")
    GenreCode.objects.create(scheme="THEMA", code="F", genre=there)
    file = tmp_path / "thema.json.gz"
    file.write_bytes(gzip.compress(json.dumps(THEMA).encode()))

    assert load(file, "--tree", 2) == "3 codes added, 0 changed, 1 kept, 3 genres made."
    assert mapping() == [
        ("THEMA", "F", "stories"),
        ("THEMA", "FM", "fantasy"),
        ("THEMA", "Y", "childrens"),
        ("THEMA", "YF", "fiction"),
    ]
    parents = Genre.objects.exclude(pk=there.pk).values_list("slug", "parent__slug")
    assert dict(parents) == {"fantasy": "stories", "childrens": None, "fiction": "childrens"}
    assert load(file, "--tree", 2) == "0 codes added, 0 changed, 4 kept, 0 genres made."
    assert load(file, "--tree", 3) == "1 codes added, 0 changed, 4 kept, 1 genres made."


def test_tree_gives_no_address_twice(tmp_path):
    GenreFactory(name="Fiction", slug="fiction")
    file = tmp_path / "thema.json"
    file.write_text(json.dumps(THEMA))
    load(file, "--tree", 2)
    assert set(Genre.objects.values_list("slug", flat=True)) == {
        "fiction",
        "fiction-f",
        "fantasy",
        "childrens",
        "fiction-yf",
    }


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, '{"CodeList": 3}', "\x00"])
def test_file_that_is_no_list_of_codes_is_refused(tmp_path, text):
    file = tmp_path / "thema.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="This is not EDItEUR's list of Thema codes"):
        load(file, "--tree", 1)
    assert Genre.objects.count() == 0


def test_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "latin.csv").write_bytes(b"scheme,code,genre\nTHEMA,F\xe9,crime\n")
    (tmp_path / "broken.csv.gz").write_bytes(b"no gzip")
    for name in ("latin.csv", "broken.csv.gz", "nowhere.csv"):
        with pytest.raises(CommandError, match="cannot be read"):
            load(tmp_path / name)
