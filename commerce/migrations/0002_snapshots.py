"""What was sold stays as it was sold."""

from django.db import migrations

from core.migrations_sql import append_only


class Migration(migrations.Migration):
    """Order lines keep their snapshot, amounts of an order never change, events only grow."""

    dependencies = [("commerce", "0001_initial"), ("core", "0002_append_only")]

    operations = [
        append_only("commerce_orderevent"),
        migrations.RunSQL(
            sql="""
                CREATE TRIGGER commerce_orderline_snapshot BEFORE UPDATE ON commerce_orderline
                FOR EACH ROW WHEN (
                    (OLD.order_id, OLD.book_id, OLD.title, OLD.authors, OLD.isbn13, OLD.unit_price,
                     OLD.quantity, OLD.line_total, OLD.tax_rate, OLD.tax)
                    IS DISTINCT FROM
                    (NEW.order_id, NEW.book_id, NEW.title, NEW.authors, NEW.isbn13, NEW.unit_price,
                     NEW.quantity, NEW.line_total, NEW.tax_rate, NEW.tax)
                ) EXECUTE FUNCTION core_refuse_change();
                CREATE TRIGGER commerce_orderline_kept BEFORE DELETE ON commerce_orderline
                FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
                CREATE TRIGGER commerce_order_snapshot BEFORE UPDATE ON commerce_order
                FOR EACH ROW WHEN (
                    (OLD.number, OLD.fulfilment, OLD.branch_id, OLD.subtotal, OLD.delivery_fee,
                     OLD.tax, OLD.total, OLD.currency, OLD.created_at)
                    IS DISTINCT FROM
                    (NEW.number, NEW.fulfilment, NEW.branch_id, NEW.subtotal, NEW.delivery_fee,
                     NEW.tax, NEW.total, NEW.currency, NEW.created_at)
                ) EXECUTE FUNCTION core_refuse_change();
            """,
            reverse_sql="""
                DROP TRIGGER commerce_order_snapshot ON commerce_order;
                DROP TRIGGER commerce_orderline_kept ON commerce_orderline;
                DROP TRIGGER commerce_orderline_snapshot ON commerce_orderline;
            """,
        ),
    ]
