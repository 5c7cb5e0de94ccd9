import pytest
from django.urls import reverse, set_script_prefix

from core import paths


@pytest.fixture
def below_shop():
    set_script_prefix("/shop/")
    yield
    set_script_prefix("/")


@pytest.mark.req("DISC-05")
def test_paths_are_those_of_the_url_table():
    assert paths.path_of("book", "emma-2", 7) == reverse("book", args=["emma-2", 7])
    assert paths.path_by_id("catalog:cover", 7) == reverse("catalog:cover", args=[7])


@pytest.mark.req("DISC-05")
def test_paths_follow_the_prefix_of_the_request(below_shop):
    assert paths.path_of("book", "emma", 7) == "/shop/books/emma-7/"
