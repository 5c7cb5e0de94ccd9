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
    ("query", "number", "link"),
    [
        ("q=a%26b&page=3", 4, "?q=a%26b&page=4"),
        ("sort=title&page=2", 1, "?sort=title"),
        ("page=2", 1, "?"),
    ],
)
def test_page_link_keeps_the_rest_and_leaves_out_the_first_number(query, number, link):
    assert shop.page_link(QueryDict(query), number) == link


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
