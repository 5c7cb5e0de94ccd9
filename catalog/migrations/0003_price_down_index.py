"""Lists by price from the top: without this index every page sorted the whole catalogue."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built concurrently, so that a shop with a million titles stays open meanwhile."""

    atomic = False
    dependencies = [("catalog", "0002_search_and_ledger")]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="book",
            index=models.Index(
                models.OrderBy(models.F("price"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at__isnull", True)),
                name="book_price_down_idx",
            ),
        ),
    ]
