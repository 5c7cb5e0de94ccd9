"""Listed books that lack something; each narrows a query, so that lists and counts agree."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from catalog.enums import CoverState, MovementReason, StockRequestStatus
from catalog.models import Book, BookGenre, Cover, StockMovement, StockRequest

SOLD_WITHIN = dt.timedelta(days=30)


def without_price(books: QuerySet[Book]) -> QuerySet[Book]:
    """Books that are shown but cannot be sold."""
    return books.filter(deleted_at__isnull=True, price__isnull=True)


def without_cover(books: QuerySet[Book]) -> QuerySet[Book]:
    """Books that have only a drawn cover."""
    ready = Cover.objects.filter(book=OuterRef("pk"), state=CoverState.READY)
    return books.filter(~Exists(ready), deleted_at__isnull=True)


def without_genre(books: QuerySet[Book]) -> QuerySet[Book]:
    """Books that nobody finds by browsing."""
    links = BookGenre.objects.filter(book=OuterRef("pk"))
    return books.filter(~Exists(links), deleted_at__isnull=True)


def wanted(books: QuerySet[Book]) -> QuerySet[Book]:
    """Books out of stock that were sold in the last 30 days or that a branch asks for."""
    sold = StockMovement.objects.filter(
        reason=MovementReason.SALE, created_at__gte=timezone.now() - SOLD_WITHIN
    ).values("inventory__book_id")
    asked = StockRequest.objects.filter(status=StockRequestStatus.PENDING).values("book_id")
    return books.filter(
        Q(pk__in=sold) | Q(pk__in=asked), deleted_at__isnull=True, is_in_stock=False
    )
