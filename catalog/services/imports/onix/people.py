"""Who made a book."""

from lxml import etree

from catalog.services.imports.onix import codes
from catalog.services.imports.onix.names import Names, text_within

type Credit = dict[str, str]


def people_of(names: Names, block: etree._Element) -> tuple[list[Credit], dict[str, str]]:
    """Return the credits in the order of the title page, and who wrote prefaces, by their kind.

    Roles that the shop has no word for are left out.
    """
    contributors = sorted(names.all(block, "Contributor"), key=lambda each: _place(names, each))
    credits_: list[Credit] = []
    prefaces: dict[str, list[str]] = {}
    for contributor in contributors:
        name = _name(names, contributor)
        for role in names.all(contributor, "ContributorRole") if name else ():
            code = text_within(role)
            credits_ += [{"name": name, "role": ours} for ours in codes.ROLES.get(code, ())]
            if code in codes.PREFACES:
                prefaces.setdefault(codes.PREFACES[code], []).append(name)
    return credits_, {kind: ", ".join(people) for kind, people in prefaces.items()}


def _place(names: Names, contributor: etree._Element) -> int:
    number = names.text(contributor, "SequenceNumber")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 10**6


def _name(names: Names, contributor: etree._Element) -> str:
    if whole := names.text(contributor, "PersonName"):
        return whole
    parts = ("NamesBeforeKey", "PrefixToKey", "KeyNames", "NamesAfterKey", "SuffixToKey")
    if pieces := " ".join(filter(None, (names.text(contributor, part) for part in parts))):
        return pieces
    if corporate := names.text(contributor, "CorporateName"):
        return corporate
    surname, _comma, given = names.text(contributor, "PersonNameInverted").partition(",")
    return f"{given.strip()} {surname.strip()}".strip()
