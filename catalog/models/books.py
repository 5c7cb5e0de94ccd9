"""Books: an edition is what is sold (`Book`), a work is what its editions share."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.enums import BookFormat, ContributorRole, DatePrecision
from catalog.models.contributors import Contributor
from catalog.models.genres import Genre
from catalog.models.publishers import Publisher
from catalog.models.series import Series
from catalog.sale_rules import Sellable
from catalog.validators import validate_isbn13


class Work(models.Model):
    """What a writer wrote; paperback, hardback and translation are editions of it."""

    title = models.CharField(_("title"), max_length=500)
    # Negative for years BC.
    first_published_year = models.SmallIntegerField(_("first published"), null=True, blank=True)

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")

    def __str__(self) -> str:
        return self.title


class BookQuerySet(models.QuerySet["Book"]):
    """Filters of books."""

    def listed(self) -> "BookQuerySet":
        """Leave out what was withdrawn."""
        return self.filter(deleted_at__isnull=True)

    def for_sale(self) -> "BookQuerySet":
        """Leave what may be sold today: `Book.is_for_sale` for the database."""
        today = timezone.localdate()
        return self.listed().filter(
            Q(on_sale_on__isnull=True) | Q(on_sale_on__lte=today),
            Q(published_on__isnull=True) | Q(published_on__lte=today) | Q(is_preorder_allowed=True),
            price__isnull=False,
        )


class Book(Sellable, models.Model):
    """An edition with an ISBN of its own: what people buy, count and put on shelves.

    Whether it may be sold is told by `catalog.sale_rules`; withdrawn books stay for old orders.
    `is_in_stock` is true while any active branch has a copy; only `services.stock` changes it.
    """

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="editions")
    isbn13 = models.CharField(
        _("ISBN-13"), max_length=13, unique=True, validators=[validate_isbn13]
    )
    title = models.CharField(_("title"), max_length=500)
    subtitle = models.CharField(_("subtitle"), max_length=500, blank=True)
    # Folded for ordering: no accents, no case, no leading article.
    sort_title = models.CharField(max_length=500, editable=False)
    # The first author's `sort_name`, here so that a list by author needs no join.
    sort_author = models.CharField(max_length=200, editable=False, blank=True)
    slug = models.SlugField(max_length=120, editable=False, db_index=False)
    description = models.TextField(_("description"), blank=True)
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, null=True, blank=True)
    publisher = models.ForeignKey(
        Publisher,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="books",
        verbose_name=_("publisher"),
    )
    published_on = models.DateField(_("published"), null=True, blank=True)
    published_precision = models.CharField(
        _("date known to the"), max_length=5, choices=DatePrecision, default=DatePrecision.DAY
    )
    language = models.CharField(_("language"), max_length=2, blank=True)  # ISO 639-1
    format = models.CharField(_("format"), max_length=10, choices=BookFormat, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="books",
        verbose_name=_("series"),
    )
    series_number = models.CharField(_("number in series"), max_length=20, blank=True)
    genres = models.ManyToManyField(
        Genre, through="BookGenre", related_name="books", verbose_name=_("genres")
    )
    contributors = models.ManyToManyField(
        Contributor, through="BookContributor", related_name="books"
    )
    # Facts that have no column: {"Dimensions": "198 × 129 mm", …}, texts only.
    attributes = models.JSONField(_("more facts"), default=dict, blank=True)
    # A strict on-sale date (embargo): nobody may buy or collect it before this day.
    on_sale_on = models.DateField(
        _("not sold before"),
        null=True,
        blank=True,
        help_text=_("A strict on-sale date: it stays out of carts until this day."),
    )
    is_preorder_allowed = models.BooleanField(
        _("may be pre-ordered"),
        default=False,
        help_text=_("Whether it may be ordered before its publication date."),
    )
    is_in_stock = models.BooleanField(_("in stock"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    deleted_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = BookQuerySet.as_manager()

    class Meta:
        verbose_name = _("book")
        verbose_name_plural = _("books")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="book_price_not_negative"),
            models.CheckConstraint(
                condition=Q(isbn13__regex=r"^97[89]\d{10}$"), name="book_isbn13"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="book_title_not_empty"),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("attributes"), function="jsonb_typeof", output_field=models.CharField()),
                    "object",
                ),
                name="book_attributes_object",
            ),
        ]
        indexes = [
            # One for each order of `selectors.books.listed_books`, over what lists show.
            models.Index(
                F("published_on").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(deleted_at__isnull=True),
                name="book_newest_idx",
            ),
            models.Index(
                fields=["sort_title", "id"],
                condition=Q(deleted_at__isnull=True),
                name="book_title_idx",
            ),
            models.Index(
                fields=["sort_author", "sort_title", "id"],
                condition=Q(deleted_at__isnull=True),
                name="book_author_idx",
            ),
            models.Index(
                fields=["price", "id"], condition=Q(deleted_at__isnull=True), name="book_price_idx"
            ),
            models.Index(
                F("price").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(deleted_at__isnull=True),
                name="book_price_down_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the book's page."""
        return reverse("book", args=[self.slug, self.pk])


class BookContributor(models.Model):
    """Who did what for a book, in the order of the title page."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="credits")
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="credits")
    role = models.CharField(
        _("role"), max_length=12, choices=ContributorRole, default=ContributorRole.AUTHOR
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        constraints = [
            models.UniqueConstraint(
                fields=["book", "contributor", "role"], name="book_contributor_once_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor_id} as {self.role}"


class BookGenre(models.Model):
    """A book's place in the tree of genres."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="genre_links")
    genre = models.ForeignKey(Genre, on_delete=models.PROTECT, related_name="book_links")

    class Meta:
        verbose_name = _("genre")
        verbose_name_plural = _("genres")
        constraints = [models.UniqueConstraint(fields=["genre", "book"], name="book_genre_once")]

    def __str__(self) -> str:
        return f"{self.book_id} in {self.genre_id}"


class BookSearchDocument(models.Model):
    """What full-text search reads. A table of its own, so that a sale never rewrites its index."""

    book = models.OneToOneField(
        Book, on_delete=models.CASCADE, primary_key=True, related_name="search_document"
    )
    document = SearchVectorField()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [GinIndex(fields=["document"], name="book_search_document_idx", fastupdate=False)]

    def __str__(self) -> str:
        return f"search document of {self.book_id}"
