"""Where somebody has books sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from core.addresses import PostalAddress, Preferences
from core.ids import uuid7


class Address(models.Model):
    """A saved address. One of a user's addresses is the default."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("user")
    )
    recipient = models.CharField(_("recipient"), max_length=150)
    line1 = models.CharField(_("address line 1"), max_length=200)
    line2 = models.CharField(_("address line 2"), max_length=200, blank=True)
    city = models.CharField(_("town or city"), max_length=100)
    postcode = models.CharField(_("postcode"), max_length=20)
    country = models.CharField(_("country"), max_length=2)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    # {leave_at_door, signature_required, safe_place, note}
    delivery_preferences = models.JSONField(_("delivery preferences"), default=dict, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="address_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"{self.line1}, {self.city}"

    @property
    def preferences(self) -> Preferences:
        """What the driver is asked to do."""
        return Preferences.read(self.delivery_preferences)

    @property
    def postal(self) -> PostalAddress:
        """The address itself, whoever saved it."""
        return PostalAddress(
            recipient=self.recipient,
            line1=self.line1,
            line2=self.line2,
            city=self.city,
            postcode=self.postcode,
            country=self.country,
            phone=self.phone,
            preferences=self.preferences,
        )
