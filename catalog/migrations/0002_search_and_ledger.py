"""Text search that ignores case and accents; a ledger that can only grow."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

from core.migrations_sql import append_only


class Migration(migrations.Migration):
    """What Django's models cannot say."""

    dependencies = [("catalog", "0001_initial"), ("core", "0002_append_only")]

    operations = [
        UnaccentExtension(),
        # No stemming: titles and names come in every language and must be found as written.
        migrations.RunSQL(
            sql="""
                CREATE TEXT SEARCH CONFIGURATION book_text (COPY = simple);
                ALTER TEXT SEARCH CONFIGURATION book_text
                    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
            """,
            reverse_sql="DROP TEXT SEARCH CONFIGURATION book_text;",
        ),
        append_only("catalog_stockmovement"),
        # Room on each page for the next version of a row: sales then touch no index.
        migrations.RunSQL(
            sql="ALTER TABLE catalog_inventory SET (fillfactor = 50);",
            reverse_sql="ALTER TABLE catalog_inventory RESET (fillfactor);",
        ),
    ]
