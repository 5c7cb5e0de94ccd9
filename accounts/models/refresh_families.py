"""One sign-in and every refresh token that descends from it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User
from core.ids import uuid7


class RefreshFamily(models.Model):
    """A sign-in through the API. Only the token whose id is `current_jti` is alive."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="refresh_families")
    current_jti = models.UUIDField()
    # As `BrowserSession.device`.
    device = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("API sign-in")
        verbose_name_plural = _("API sign-ins")
        constraints = [
            models.UniqueConstraint(fields=["current_jti"], name="refresh_family_jti_unique"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_because=""),
                name="refresh_family_revoked_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in {self.pk}"
