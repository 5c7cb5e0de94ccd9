"""The ledger is asked for one reason, newest first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside a shop that goes on selling."""

    atomic = False

    dependencies = [("catalog", "0006_genre_tree")]

    operations = [
        AddIndexConcurrently(
            "stockmovement",
            models.Index(fields=["reason", "-created_at", "-id"], name="stock_movement_reason_idx"),
        )
    ]
