"""The trail in words: names for fields, and for the rows whose ids it holds."""

import pytest

from core import audit_names

pytestmark = pytest.mark.req("OPS-03")


@pytest.fixture
def named(monkeypatch):
    monkeypatch.setattr(audit_names, "_names", {})
    asked = []

    def lookup(ids):
        asked.append(sorted(ids))
        return {5: "Jane Austen", 6: "Ada"}

    audit_names.name_field("credits", "Contributors", lookup)
    audit_names.name_field("isbn13", "ISBN-13")
    return asked


def test_ids_are_named_with_one_lookup(named):
    said = audit_names.say("credits", [[5, "AUTHOR"]], [[6, "EDITOR"], [7, "AUTHOR"]])

    assert said == ["Jane Austen (AUTHOR)", "Ada (EDITOR), 7 (AUTHOR)"]
    assert named == [[5, 6, 7]]


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("", ""),
        ([], ""),
        (True, "True"),
        (5, "5"),
        ("9781", "9781"),
        (["a", "b"], "a, b"),
        ({"a": 1, "b": [2, 3]}, "a: 1; b: 2, 3"),
    ],
)
def test_values_without_names_are_told_as_they_are(value, said):
    assert audit_names.say("isbn13", value) == [said]


@pytest.mark.usefixtures("named")
def test_fields_have_labels():
    assert audit_names.label_of("isbn13") == "ISBN-13"
    assert audit_names.label_of("work_id") == "Work"
    assert audit_names.label_of("sort_title") == "Sort title"
