"""Staff find an order by its buyer's address without reading every contact."""

import django.contrib.postgres.operations
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built concurrently: contacts are written with every order."""

    atomic = False
    dependencies = [("commerce", "0002_snapshots")]

    operations = [
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="ordercontact",
            index=models.Index(
                django.db.models.functions.text.Upper("email"), name="order_contact_email_idx"
            ),
        ),
    ]
