"""The audit trail can only grow."""

from django.db import migrations

from core.migrations_sql import append_only


class Migration(migrations.Migration):
    """A trigger function that refuses changes, for every append-only table of the project."""

    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END $$;
            """,
            reverse_sql="DROP FUNCTION core_refuse_change();",
        ),
        append_only("core_auditentry"),
    ]
