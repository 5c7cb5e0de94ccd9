"""The trail is read by day: every index of it ends in its order. It cannot be emptied either."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

_ADDED = {
    "audit_thing_idx": ["entity_type", "entity_id", "-created_at", "-id"],
    "audit_kind_idx": ["entity_type", "-created_at", "-id"],
    "audit_act_idx": ["action", "-created_at", "-id"],
    "audit_who_idx": ["actor_id", "-created_at", "-id"],
    "audit_newest_idx": ["-created_at", "-id"],
}
_REMOVED = ["audit_entity_idx", "audit_action_idx", "audit_actor_idx", "audit_created_idx"]


class Migration(migrations.Migration):
    """Builds the indexes beside a shop that goes on writing; so it is no transaction."""

    atomic = False

    dependencies = [("core", "0004_saved_views")]

    operations = [
        *[
            AddIndexConcurrently("auditentry", models.Index(fields=fields, name=name))
            for name, fields in _ADDED.items()
        ],
        *[RemoveIndexConcurrently("auditentry", name) for name in _REMOVED],
        migrations.RunSQL(
            sql="""
                CREATE TRIGGER core_auditentry_never_emptied BEFORE TRUNCATE ON core_auditentry
                FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();
            """,
            reverse_sql="DROP TRIGGER core_auditentry_never_emptied ON core_auditentry;",
        ),
    ]
