"""The tree of genres cannot have a ring, whoever writes it."""

from django.db import migrations


class Migration(migrations.Migration):
    """A trigger that walks up from the new parent, one writer at a time.

    Two moves at once could each close half of a ring that neither sees: the advisory lock, held to
    the end of the transaction, lets the second look only after the first committed.
    """

    dependencies = [("catalog", "0005_stock_requests_imports_covers")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION catalog_genre_refuse_ring() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_advisory_xact_lock(hashtext('catalog_genre_tree'));
                    IF EXISTS (
                        WITH RECURSIVE above (id, parent_id) AS (
                            SELECT id, parent_id FROM catalog_genre WHERE id = NEW.parent_id
                            UNION
                            SELECT genre.id, genre.parent_id
                              FROM catalog_genre genre JOIN above ON genre.id = above.parent_id
                        )
                        SELECT FROM above WHERE id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'genre % would be part of itself', NEW.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'genre_no_ring';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER catalog_genre_no_ring
                    BEFORE INSERT OR UPDATE OF parent_id ON catalog_genre
                    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
                    EXECUTE FUNCTION catalog_genre_refuse_ring();
            """,
            reverse_sql="""
                DROP TRIGGER catalog_genre_no_ring ON catalog_genre;
                DROP FUNCTION catalog_genre_refuse_ring();
            """,
        )
    ]
