"""What search engines read: schema.org's words for a book and the way to it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.enums import ContributorRole
from catalog.selectors.book_pages import BookPage
from catalog.selectors.book_records import BookRecord
from catalog.selectors.branches import BranchInfo
from core.opening_hours import DAYS

_FORMATS = {
    "HARDBACK": "https://schema.org/Hardcover",
    "PAPERBACK": "https://schema.org/Paperback",
    "EBOOK": "https://schema.org/EBook",
    "AUDIOBOOK": "https://schema.org/AudiobookFormat",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ROLES = {
    ContributorRole.AUTHOR: "author",
    ContributorRole.EDITOR: "editor",
    ContributorRole.TRANSLATOR: "translator",
    ContributorRole.ILLUSTRATOR: "illustrator",
    ContributorRole.NARRATOR: "readBy",
}


def of_book(page: BookPage, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return the JSON-LD of a book's page; `absolute` turns a path into a whole address."""
    return {
        "@context": "https://schema.org",
        "@graph": [_book(page.book, absolute), _breadcrumb(page, absolute)],
    }


def of_branch(branch: BranchInfo, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Return the JSON-LD of a branch's page: a bookshop and its hours."""
    days = dict(zip(DAYS, _DAYS, strict=True))
    hours = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{days[day]}",
            "opens": f"{starts:%H:%M}",
            "closes": f"{ends:%H:%M}",
        }
        for day, spans in branch.hours.week.items()
        for starts, ends in spans
    ]
    special = [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": date.isoformat(),
            "validThrough": date.isoformat(),
            "opens": f"{starts:%H:%M}",
            "closes": f"{ends:%H:%M}",
        }
        for date, spans in branch.hours.special.items()
        # From midnight to midnight is how schema.org spells a day off.
        for starts, ends in spans or [(dt.time(), dt.time())]
    ]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BookStore",
        "@id": absolute(branch.path),
        "url": absolute(branch.path),
        "name": branch.name,
        "address": branch.address,
        "telephone": branch.phone,
        "openingHoursSpecification": hours,
        "specialOpeningHoursSpecification": special,
    }
    return {name: value for name, value in data.items() if value}


def _book(book: BookRecord, absolute: Callable[[str], str]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": ["Book", "Product"],
        "@id": absolute(book.path),
        "url": absolute(book.path),
        "name": book.title,
        "isbn": book.isbn13,
        "gtin13": book.isbn13,
        "description": book.description,
        "bookFormat": _FORMATS.get(book.format),
        "inLanguage": book.language,
        "numberOfPages": book.pages,
        "datePublished": published(book),
        "image": absolute(book.preview_path),
    }
    if book.publisher:
        data["publisher"] = {"@type": "Organization", "name": book.publisher}
    for credit in book.credits:
        person = {"@type": "Person", "name": credit.name, "url": absolute(credit.path)}
        data.setdefault(_ROLES[credit.role], []).append(person)
    if book.series:
        data["isPartOf"] = {"@type": "BookSeries", "name": book.series}
        data["position"] = book.series_number
    if book.price is not None:
        data["offers"] = {
            "@type": "Offer",
            "price": str(book.price),
            "priceCurrency": settings.STORE_CURRENCY,
            "availability": f"https://schema.org/{_availability(book)}",
            "itemCondition": "https://schema.org/NewCondition",
            "url": absolute(book.path),
        }
        if starts := (book.published_on if book.is_preorder else book.sold_from):
            data["offers"]["availabilityStarts"] = starts.isoformat()
    return {name: value for name, value in data.items() if value}


def _availability(book: BookRecord) -> str:
    if not book.stock_quantity or not book.is_for_sale:
        return "OutOfStock"
    return "PreOrder" if book.is_preorder else "InStock"


def published(book: BookRecord) -> str:
    """Return as much of the date as is known: 2003-05-27, 2003-05 or 2003."""
    if book.published_on is None:
        return ""
    known = {"DAY": 10, "MONTH": 7, "YEAR": 4}[book.published_precision]
    return book.published_on.isoformat()[:known]


def _breadcrumb(page: BookPage, absolute: Callable[[str], str]) -> dict[str, Any]:
    steps = [(_("Subjects"), reverse("catalog:genres"))]
    steps += [(genre.name, genre.path) for genre in page.breadcrumb]
    steps.append((page.book.title, page.book.path))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }
