"""Orders: snapshots of what was bought, at what price, and every step since."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Book, Branch
from commerce.enums import DEAD_ORDERS, Fulfilment, OrderStatus, PickedStatus
from commerce.models.carts import Cart
from commerce.models.delivery_slots import DeliverySlot
from core.addresses import Preferences
from core.ids import uuid7


class Order(models.Model):
    """A purchase. Amounts are in the store's currency and never change once placed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="orders", verbose_name=_("buyer")
    )
    cart = models.ForeignKey(Cart, on_delete=models.SET_NULL, null=True, related_name="orders")
    status = models.CharField(
        _("status"), max_length=20, choices=OrderStatus, default=OrderStatus.PENDING
    )
    fulfilment = models.CharField(_("fulfilment"), max_length=10, choices=Fulfilment)
    # The warehouse for deliveries, the branch of collection otherwise: where the stock came from.
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, related_name="orders", verbose_name=_("branch")
    )
    slot = models.ForeignKey(
        DeliverySlot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("slot"),
    )
    slot_date = models.DateField(_("date"), null=True, blank=True)
    subtotal = models.DecimalField(_("subtotal"), max_digits=12, decimal_places=2)
    delivery_fee = models.DecimalField(_("delivery fee"), max_digits=10, decimal_places=2)
    # The part of the total that is tax; on top of the prices where they do not include it.
    tax = models.DecimalField(_("tax"), max_digits=12, decimal_places=2)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField(_("placed"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(
                fields=["cart"],
                condition=~Q(status__in=DEAD_ORDERS),
                name="order_one_alive_per_cart",
            ),
            models.CheckConstraint(
                condition=Q(subtotal__gte=0, delivery_fee__gte=0, tax__gte=0, total__gte=0),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") + F("delivery_fee"))
                | Q(total=F("subtotal") + F("delivery_fee") + F("tax")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True, slot_date__isnull=True)
                | Q(slot__isnull=False, slot_date__isnull=False),
                name="order_slot_has_date",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in OrderStatus]),
                name="order_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="order_user_idx"),
            models.Index(fields=["status", "-created_at"], name="order_status_idx"),
            models.Index(fields=["-created_at"], name="order_created_idx"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the order's page."""
        return reverse("commerce:order", args=[self.number])


class OrderContact(models.Model):
    """Buyer and address: the only personal data of an order, in a row that erasure deletes."""

    order = models.OneToOneField(
        Order, on_delete=models.CASCADE, primary_key=True, related_name="contact"
    )
    email = models.EmailField(_("e-mail address"))
    recipient = models.CharField(_("recipient"), max_length=150, blank=True)
    line1 = models.CharField(_("address line 1"), max_length=200, blank=True)
    line2 = models.CharField(_("address line 2"), max_length=200, blank=True)
    city = models.CharField(_("town or city"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    # {leave_at_door, signature_required, safe_place, note}
    delivery_preferences = models.JSONField(_("delivery preferences"), default=dict, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        # For `selectors.order_search`, which does not mind case.
        indexes = [models.Index(Upper("email"), name="order_contact_email_idx")]

    def __str__(self) -> str:
        return f"contact of {self.order_id}"

    @property
    def preferences(self) -> Preferences:
        """What the driver is asked to do."""
        return Preferences.read(self.delivery_preferences)


class OrderLine(models.Model):
    """Copies of one book as they were sold. A trigger keeps the snapshot as it is."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="order_lines")
    title = models.CharField(_("title"), max_length=500)
    authors = models.CharField(_("authors"), max_length=500, blank=True)
    isbn13 = models.CharField(_("ISBN-13"), max_length=13)
    unit_price = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    quantity = models.PositiveSmallIntegerField(_("copies"))
    line_total = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=12, decimal_places=2)
    picked_status = models.CharField(
        _("picked"), max_length=10, choices=PickedStatus, default=PickedStatus.PENDING
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "book"], name="order_line_once_per_book"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_quantity"),
            models.CheckConstraint(
                condition=Q(line_total=F("unit_price") * F("quantity")),
                name="order_line_total_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["isbn13"], name="order_line_isbn_idx")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class OrderEvent(models.Model):
    """A step of an order. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    from_status = models.CharField(_("from"), max_length=20, choices=OrderStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=OrderStatus)
    actor_id = models.UUIDField(_("by"), null=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("order event")
        verbose_name_plural = _("order events")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
