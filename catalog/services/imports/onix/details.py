"""How a book is made, what it is about: format, language, pages, measures, edition, subjects."""

from babel import Locale
from lxml import etree

from catalog.enums import BookFormat
from catalog.services.imports import repairs
from catalog.services.imports.onix import codes
from catalog.services.imports.onix.names import Names, text_within
from catalog.services.imports.rejections import Rejected

type Facts = dict[str, str]
_OF_TEXT, _ORIGINAL = "01", "02"


def form_of(names: Names, block: etree._Element) -> tuple[str, str]:
    """Return the format and, where the shop has none for it, the form in words.

    Raises `Rejected` for what is no book at all: films, licences, dumpbins, mugs.
    """
    form = names.text(block, "ProductForm")
    if form[:1] in codes.NOT_BOOKS:
        raise Rejected("NOT_A_BOOK", f"The product is no book: its form is {form[:10]}.")
    if form[:1] == "E" and names.text(block, "PrimaryContentType") == codes.AUDIOBOOK_CONTENT:
        return str(BookFormat.AUDIOBOOK), ""
    book_format = codes.FORMATS.get(form) or codes.FORMATS_BY_KIND.get(form[:1])
    return str(book_format or ""), codes.FORMS.get(form, "")


def language_of(names: Names, block: etree._Element) -> tuple[str, str]:
    """Return the code of the text's language and the name of the one it was translated from."""
    by_role = {
        names.text(each, "LanguageRole"): names.text(each, "LanguageCode")
        for each in names.all(block, "Language")
    }
    original = repairs.language_of(by_role.get(_ORIGINAL, "")).value
    name = str(Locale("en").languages.get(original, "")) if original else ""
    return by_role.get(_OF_TEXT, "") or names.language, name


def extents_of(names: Names, block: etree._Element) -> tuple[str, str]:
    """Return the number of pages and the running time in words."""
    found = {
        names.text(each, "ExtentType"): (
            names.text(each, "ExtentValue"),
            names.text(each, "ExtentUnit"),
        )
        for each in names.all(block, "Extent")
    }
    pages = (found[kind] for kind in codes.PAGE_COUNTS if kind in found)
    count = next((value for value, unit in pages if unit == codes.IN_PAGES), "")
    duration = _duration(*found.get(codes.RUNNING_TIME, ("", "")))
    return count or names.text(block, "NumberOfPages"), duration


def _duration(value: str, unit: str) -> str:
    if not value.isascii() or not value.isdigit() or len(value) > 8:
        return ""
    minutes = {
        "04": lambda: int(value) * 60,
        "05": lambda: int(value),
        "06": lambda: int(value) // 60,
        "14": lambda: int(value) * 60,
        "15": lambda: int(value[:-2] or 0) * 60 + int(value[-2:]),
        "16": lambda: int(value[:-4] or 0) * 60 + int(value[-4:-2] or 0),
    }.get(unit)
    if minutes is None or not minutes():
        return ""
    hours, rest = divmod(minutes(), 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))


def measures_of(names: Names, block: etree._Element) -> Facts:
    """Return the book's dimensions and weight in words: 198 × 129 × 18 mm, 195 g."""
    sizes: dict[str, tuple[str, str]] = {}
    for each in names.all(block, "Measure"):
        kind = codes.MEASURES.get(names.text(each, "MeasureType", "MeasureTypeCode"))
        unit = codes.UNITS.get(names.text(each, "MeasureUnitCode"))
        value = names.text(each, "Measurement")
        if kind and unit and value and len(value) <= 10:
            sizes.setdefault(kind, (value, unit))
    edges = [sizes[edge] for edge in ("height", "width", "thickness") if edge in sizes]
    facts: Facts = {}
    if len(edges) > 1 and len({unit for _value, unit in edges}) == 1:
        facts["Dimensions"] = f"{' × '.join(value for value, _unit in edges)} {edges[0][1]}"
    if "weight" in sizes:
        facts["Weight"] = " ".join(sizes["weight"])
    return facts


def edition_of(names: Names, block: etree._Element) -> str:
    """Return what is said of the edition: its statement, or its number and kind."""
    if statement := names.text(block, "EditionStatement"):
        return statement
    number = names.text(block, "EditionNumber")
    kinds = [text_within(each) for each in names.all(block, _edition_type(names))]
    words = [codes.EDITION_TYPES[kind] for kind in kinds if kind in codes.EDITION_TYPES]
    return ", ".join(filter(None, (number, *words)))


def _edition_type(names: Names) -> str:
    return "EditionTypeCode" if names.is_2_1 else "EditionType"


def subject_codes_of(names: Names, block: etree._Element) -> list[tuple[str, str]]:
    """Return (scheme, code) of the schemes that we know, main subjects first."""
    main: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for name, scheme in (("BASICMainSubject", "10"), ("BICMainSubject", "12")):
        main.append((scheme, names.text(block, name)))
    if names.is_2_1:
        for each in names.all(block, "MainSubject"):
            scheme = names.text(each, "MainSubjectSchemeIdentifier")
            main.append((scheme, names.text(each, "SubjectCode")))
    for each in names.all(block, "Subject"):
        is_main = not names.is_2_1 and names.first(each, "MainSubject") is not None
        subject = names.text(each, "SubjectSchemeIdentifier"), names.text(each, "SubjectCode")
        (main if is_main else others).append(subject)
    found = ((codes.SCHEMES.get(scheme), code) for scheme, code in (*main, *others))
    return list(
        dict.fromkeys((str(scheme), code[:20]) for scheme, code in found if scheme and code)
    )
