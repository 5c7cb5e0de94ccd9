"""A kind and an action of another kind have nothing in common: an index says so at once."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside a shop that goes on writing."""

    atomic = False

    dependencies = [("core", "0005_audit_indexes")]

    operations = [
        AddIndexConcurrently(
            "auditentry",
            models.Index(
                fields=["entity_type", "action", "-created_at", "-id"], name="audit_kind_act_idx"
            ),
        )
    ]
