"""Pages of a list and their envelope."""

import pytest
from django.http import QueryDict  # noqa: TID251  # what a view hands over

from core import pagination
from core.errors import Invalid
from core.http.envelope import list_envelope
from core.models import IdempotencyRecord
from core.pagination import PageNotFound, Window, paginate, read_window
from core.tests.test_locks import make_records

pytestmark = pytest.mark.req("BASE-06")


@pytest.mark.parametrize(
    ("query", "offset", "size"),
    [
        ("", 0, 20),
        ("page=3", 40, 20),
        ("page=2&size=50", 50, 50),
        ("size=100", 0, 100),
        ("limit=10", 0, 10),
        ("offset=5", 5, 20),
        ("limit=7&offset=15", 15, 7),
        ("page=&size=", 0, 20),
    ],
)
def test_window_is_read(query, offset, size):
    assert read_window(QueryDict(query)) == Window(offset=offset, size=size)


@pytest.mark.parametrize("name", ["page", "size", "limit"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "abc", "1.5", "1e3", " 1", "٣", "9" * 5_000, "+1", "null"]
)
def test_window_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(Invalid) as refused:
        read_window({name: value})

    assert list(refused.value.data["fields"]) == [name]


@pytest.mark.parametrize("query", ["size=101", "limit=101", "offset=-1", "page=1000001"])
def test_window_too_large_is_refused(query):
    with pytest.raises(Invalid):
        read_window(QueryDict(query))


def page_of(query: str = ""):
    records = IdempotencyRecord.objects.order_by("pk")
    return paginate(records, read_window(QueryDict(query)))


def envelope_of(query: str = "") -> dict:
    page = page_of(query)
    keys = [record.key for record in page.items]
    return list_envelope(page, keys, url="/api/v1/things", query=QueryDict(query))


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_two_queries(rows, django_assert_num_queries):
    make_records(rows)
    with django_assert_num_queries(2):
        page_of("size=2")


@pytest.mark.django_db
def test_first_page_of_nothing_is_empty():
    assert envelope_of() == {
        "data": [],
        "pagination": {
            "page": 1,
            "size": 20,
            "total": 0,
            "pages": 1,
            "next": None,
            "previous": None,
        },
    }


@pytest.mark.django_db
def test_pages_link_to_each_other_and_keep_the_filters():
    make_records(5)

    assert envelope_of("genre=7&page=2&size=2") == {
        "data": ["2", "3"],
        "pagination": {
            "page": 2,
            "size": 2,
            "total": 5,
            "pages": 3,
            "next": "/api/v1/things?genre=7&page=3&size=2",
            "previous": "/api/v1/things?genre=7&page=1&size=2",
        },
    }


@pytest.mark.django_db
def test_offsets_link_to_offsets_even_off_the_grid():
    make_records(5)

    assert envelope_of("limit=2&offset=1") == {
        "data": ["1", "2"],
        "pagination": {
            "page": 1,
            "size": 2,
            "total": 5,
            "pages": 3,
            "next": "/api/v1/things?limit=2&offset=3",
            "previous": "/api/v1/things?limit=2&offset=0",
            "limit": 2,
            "offset": 1,
        },
    }


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["page=4&size=2", "offset=6&limit=2", "page=1000000"])
def test_page_past_the_end_is_not_found(query):
    make_records(6)
    with pytest.raises(PageNotFound):
        page_of(query)


@pytest.mark.django_db
def test_totals_are_exact_only_as_far_as_counting_pays(monkeypatch):
    monkeypatch.setattr(pagination, "EXACT_UP_TO", 4)
    make_records(7)

    first = envelope_of("size=2")["pagination"]
    assert (first["total"], first["total_is_exact"]) == (4, False)
    assert first["next"] == "/api/v1/things?size=2&page=2"
    third = envelope_of("size=2&page=3")["pagination"]
    assert (third["total"], third["next"]) == (7, "/api/v1/things?size=2&page=4")
    last = envelope_of("size=2&page=4")
    assert (last["data"], last["pagination"]["next"]) == (["6"], None)
    with pytest.raises(PageNotFound):
        page_of("size=2&page=5")


@pytest.mark.django_db
def test_total_at_the_limit_is_exact(monkeypatch):
    monkeypatch.setattr(pagination, "EXACT_UP_TO", 4)
    make_records(4)

    assert "total_is_exact" not in envelope_of()["pagination"]
