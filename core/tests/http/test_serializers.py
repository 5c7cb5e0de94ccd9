from types import SimpleNamespace

import pytest
from rest_framework import serializers

from core.http.serializers import MOST_NAMED, BuiltOnce, StrictSerializer

pytestmark = pytest.mark.req("BASE-06")


class Inner(BuiltOnce, serializers.Serializer):
    name = serializers.CharField()


class Outer(BuiltOnce, serializers.Serializer):
    inner = Inner()
    many = Inner(many=True)
    shout = serializers.SerializerMethodField()

    def get_shout(self, thing):
        return thing.inner.name.upper()


class Longer(Outer):
    extra = serializers.IntegerField()


def thing(name):
    inner = SimpleNamespace(name=name)
    return SimpleNamespace(inner=inner, many=[inner, inner], extra=1)


def test_fields_are_built_once_for_each_class():
    assert Outer().fields is Outer(thing("a")).fields
    assert set(Longer().fields) - set(Outer().fields) == {"extra"}


def test_answers_that_share_fields_show_their_own_data():
    first, second = Outer(thing("ada")), Outer(thing("eve"))
    assert [first.data, second.data] == [
        {"inner": {"name": name}, "many": [{"name": name}] * 2, "shout": name.upper()}
        for name in ("ada", "eve")
    ]


def test_of_many_unknown_fields_the_first_are_named():
    given = StrictSerializer(data={f"{number:05}": 1 for number in range(10_000)})

    assert not given.is_valid()
    assert list(given.errors) == [f"{number:05}" for number in range(MOST_NAMED)]
