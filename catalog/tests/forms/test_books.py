import pytest
from django.http import QueryDict  # noqa: TID251

from catalog.enums import BookSort
from catalog.forms.books import BookListForm, SearchForm
from catalog.selectors.book_filters import BookQuery
from core.errors import Invalid

pytestmark = pytest.mark.req("DISC-03")


def test_nothing_asked_for_is_everything():
    assert BookListForm(QueryDict("")).query() == BookQuery()


def test_query_carries_what_was_asked_for_and_the_place():
    form = BookListForm(QueryDict("sort=-price&format=EBOOK&format=HARDBACK&in_stock=true"))
    assert form.query(genre=("7",)) == BookQuery(
        genre=("7",),
        format=("EBOOK", "HARDBACK"),
        in_stock=True,
        sort=BookSort.PRICE_DESCENDING,
    )


@pytest.mark.parametrize("query", ["sort=relevance", "sort=x", "format=EBOOK&format=x"])
def test_unknown_values_are_refused_by_name(query):
    with pytest.raises(Invalid) as refusal:
        BookListForm(QueryDict(query)).query()
    assert list(refusal.value.data["fields"]) == [query.split("=")[0]]


def test_search_may_come_by_best_match():
    form = SearchForm(QueryDict("q=whale&sort=relevance"))
    assert form.query(text="whale").sort == BookSort.RELEVANCE
