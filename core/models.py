"""The kernel's own tables: plain ids and text, no foreign keys, no personal values."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to which thing. Append-only: a trigger refuses UPDATE and DELETE."""

    entity_type = models.CharField(_("entity"), max_length=40)
    entity_id = models.CharField(_("id"), max_length=64)
    action = models.CharField(_("action"), max_length=60)
    actor_id = models.UUIDField(_("actor"), null=True)
    old_value = models.JSONField(_("before"), null=True)
    new_value = models.JSONField(_("after"), null=True)
    context = models.JSONField(_("context"), default=dict)
    request_id = models.CharField(_("request"), max_length=128, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            # Each ends in the order of the trail, so that dates narrow every one of them.
            models.Index(
                fields=["entity_type", "entity_id", "-created_at", "-id"], name="audit_thing_idx"
            ),
            models.Index(fields=["entity_type", "-created_at", "-id"], name="audit_kind_idx"),
            models.Index(
                fields=["entity_type", "action", "-created_at", "-id"], name="audit_kind_act_idx"
            ),
            models.Index(fields=["action", "-created_at", "-id"], name="audit_act_idx"),
            models.Index(fields=["actor_id", "-created_at", "-id"], name="audit_who_idx"),
            models.Index(fields=["-created_at", "-id"], name="audit_newest_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.entity_type} {self.entity_id}"


class IdempotencyRecord(models.Model):
    """A client's key for one money-moving call: claimed, then its answer kept for replay."""

    class State(models.TextChoices):
        """IN_PROGRESS until the answer is stored."""

        IN_PROGRESS = "IN_PROGRESS", _("In progress")
        DONE = "DONE", _("Done")

    scope = models.CharField(max_length=80)
    route = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.IN_PROGRESS)
    claimed_until = models.DateTimeField()
    reference = models.CharField(max_length=64, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "route", "key"], name="idempotency_key_unique"
            ),
            models.CheckConstraint(
                condition=Q(state="IN_PROGRESS") | Q(status__isnull=False, body__isnull=False),
                name="idempotency_done_has_answer",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_expires_idx")]

    def __str__(self) -> str:
        return f"{self.route} {self.state}"


class MailDelivery(models.Model):
    """That a mail was sent, by a key of its own ("verify_email:<id>"); nothing of its content."""

    key = models.CharField(max_length=120, unique=True)
    claimed_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mail delivery")
        verbose_name_plural = _("mail deliveries")
        indexes = [models.Index(fields=["created_at"], name="mail_delivery_created_idx")]

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """A list of the staff desk as somebody likes it: its filters, order and search, by a name."""

    owner_id = models.UUIDField()
    # The list's model, "catalog.book".
    page = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=60)
    # What stands after the question mark.
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "page", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
