import json
from decimal import Decimal

import pytest
from django.http import QueryDict  # noqa: TID251

from core.pagination import Page
from core.templatetags import shop


def page(number, total, *, exact=True, size=10):
    return Page(
        items=[],
        number=number,
        size=size,
        offset=(number - 1) * size,
        total=total,
        total_is_exact=exact,
        has_next=number * size < total or not exact,
    )


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize(
    ("number", "total", "numbers"),
    [
        (1, 5, [1]),
        (1, 30, [1, 2, 3]),
        (1, 100, [1, 2, None, 10]),
        (5, 100, [1, None, 4, 5, 6, None, 10]),
        (3, 100, [1, 2, 3, 4, None, 10]),
        (10, 100, [1, None, 9, 10]),
    ],
)
def test_page_numbers_are_first_near_and_last(number, total, numbers):
    assert shop.page_numbers(page(number, total)) == numbers


@pytest.mark.req("DISC-01")
def test_page_numbers_of_a_list_not_counted_to_its_end_have_no_last():
    assert shop.page_numbers(page(5, 10_000, exact=False)) == [1, None, 4, 5, 6]


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize(
    ("query", "number", "previous", "following"),
    [
        ("q=a%26b&page=3", 3, "?q=a%26b&page=2", "?q=a%26b&page=4"),
        ("sort=title&page=2", 2, "?sort=title", "?sort=title&page=3"),
        ("page=2", 2, "?", "?page=3"),
        ("", 1, "", "?page=2"),
        ("page=10", 10, "?page=9", ""),
    ],
)
def test_page_links_keep_the_rest_of_the_query(query, number, previous, following):
    links = shop.page_links(page(number, 100), QueryDict(query))
    assert (links.previous, links.next) == (previous, following)


@pytest.mark.req("DISC-01")
def test_page_links_have_a_gap_without_address():
    links = shop.page_links(page(1, 100), QueryDict(""))
    assert [(link.number, link.href) for link in links.numbers] == [
        (1, "?"),
        (2, "?page=2"),
        (None, ""),
        (10, "?page=10"),
    ]


@pytest.mark.req("DISC-03")
def test_query_with_changes_and_removes():
    query = QueryDict("q=a&format=EBOOK&format=HARDBACK&page=2")
    assert shop.query_with(query, format=None, page="", sort="title") == "?q=a&sort=title"
    assert shop.query_with(QueryDict("page=2"), page=None) == "?"


@pytest.mark.req("DISC-06")
def test_json_ld_cannot_end_its_block():
    written = shop.json_ld({"name": "</script><!-- & שלום"})
    assert written.count("</script>") == 1
    inside = written.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == {"name": "</script><!-- & שלום"}


@pytest.mark.req("COMM-01")
def test_money_of_nothing_is_empty():
    assert (shop.money(None), shop.money(Decimal("8.5"))) == ("", "₪8.50")


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(("code", "name"), [("fr", "French"), ("he", "Hebrew"), ("xx", "xx")])
def test_language_name(code, name):
    assert shop.language_name(code) == name
