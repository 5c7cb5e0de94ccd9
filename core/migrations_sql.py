"""SQL that several apps' migrations share."""

from django.db import migrations


def append_only(table: str) -> migrations.RunSQL:
    """Return the operation that makes a table append-only, for everybody and for good."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
        """,
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table};",
    )
