"""Subject codes of feeds as genres: the longest mapped beginning of a code counts."""

import pytest
from django.utils import timezone

from catalog.models import GenreCode
from catalog.selectors import genre_codes
from catalog.tests.factories import GenreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]


@pytest.fixture
def fiction():
    """Thema F and BISAC FIC lead to fiction, Thema FM and FMB to genres below it."""
    fiction, fantasy, epic = (GenreFactory(name=name) for name in ("Fiction", "Fantasy", "Epic"))
    for scheme, code, genre in (
        ("THEMA", "F", fiction),
        ("BISAC", "FIC", fiction),
        ("THEMA", "FM", fantasy),
        ("THEMA", "FMB", epic),
    ):
        GenreCode.objects.create(scheme=scheme, code=code, genre=genre)
    return fiction, fantasy, epic


@pytest.mark.parametrize(
    ("code", "place"),
    [("F", 0), ("FBA", 0), ("FM", 1), ("FMX", 1), ("FMB", 2), ("FMBN", 2), (" fmb ", 2)],
)
def test_longest_mapped_beginning_counts(fiction, code, place):
    assert genre_codes.genres_for([("THEMA", code)]) == {("THEMA", code): fiction[place].pk}


@pytest.mark.parametrize(
    "code",
    [("THEMA", "W"), ("THEMA", ""), ("BIC", "FM"), ("BISAC", "FMB"), ("THEMA", "\u0130"), ("", "")],
)
def test_code_that_leads_nowhere_is_left_out(fiction, code):
    assert genre_codes.genres_for([code]) == {}


def test_same_code_of_two_schemes_is_two_codes(fiction):
    war = GenreFactory(name="War")
    GenreCode.objects.create(scheme="BIC", code="FM", genre=war)

    assert genre_codes.genres_for([("BIC", "FMR"), ("THEMA", "FMR")]) == {
        ("BIC", "FMR"): war.pk,
        ("THEMA", "FMR"): fiction[1].pk,
    }


def test_code_of_a_withdrawn_genre_leaves_it_to_a_shorter_one(fiction):
    fiction[2].deleted_at = timezone.now()
    fiction[2].save()

    assert genre_codes.genres_for([("THEMA", "FMB")]) == {("THEMA", "FMB"): fiction[1].pk}


@pytest.mark.parametrize("codes", [1, 3])
def test_codes_of_a_batch_take_one_query(fiction, codes, django_assert_num_queries):
    wanted = [("THEMA", "FMB"), ("BISAC", "FIC009000"), ("THEMA", "FBA")][:codes]

    with django_assert_num_queries(1):
        assert len(genre_codes.genres_for(wanted)) == codes


def test_no_codes_take_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert genre_codes.genres_for([]) == {}
