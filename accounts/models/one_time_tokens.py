"""Proofs that are good for one use and a short time: links in mails, challenges, codes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import TokenPurpose
from accounts.models.users import User
from core.ids import uuid7


class OneTimeToken(models.Model):
    """A proof somebody may show once. The secret is not here: it is derived from the id.

    A token without a user is a decoy: whoever asks about an unknown address costs the same rows
    and the same time as somebody known.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=20, choices=TokenPurpose)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="one_time_tokens"
    )
    # Where its letter goes, and the address that its use proves; empty for challenges and codes.
    email = models.EmailField(max_length=254, blank=True)
    context = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("one-time token")
        verbose_name_plural = _("one-time tokens")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.value for purpose in TokenPurpose]),
                name="one_time_token_purpose_known",
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="one_time_token_expires_idx")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def is_living(self) -> bool:
        """Whether it could still be spent."""
        return self.used_at is None and self.expires_at > timezone.now()
