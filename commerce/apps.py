"""Commerce: carts, checkout, orders, payments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import invariants, policy
from core.roles import Role


class CommerceConfig(AppConfig):
    """How books become orders."""

    name = "commerce"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Wire receivers, declare what must always hold, who may see what, what is personal."""
        from commerce import privacy, receivers

        receivers.connect()
        privacy.declare()
        for name, promise, breaches_sql in _INVARIANTS:
            invariants.register(name, promise, breaches_sql)
        for model in ("order", "orderline", "ordercontact", "orderevent", "deliveryslot"):
            policy.grant(Role.EMPLOYEE, f"commerce.{model}", policy.VIEW)
        policy.grant(Role.MANAGER, "commerce.payment", policy.VIEW)
        policy.grant(Role.MANAGER, "commerce.deliveryslot", policy.FULL)


_INVARIANTS = [
    (
        "one_active_cart",
        "a user has one active cart at most, a book one line in it, of 1 to 99 copies",
        """
        SELECT 'user ' || user_id, count(*) FROM commerce_cart
        WHERE status = 'ACTIVE' GROUP BY user_id HAVING count(*) > 1
        UNION ALL
        SELECT 'cart ' || cart_id, count(*) FROM commerce_cartline
        GROUP BY cart_id, book_id HAVING count(*) > 1 OR min(quantity) < 1 OR max(quantity) > 99
        """,
    ),
    (
        "paid_orders_were_captured",
        "a confirmed order has exactly one capture of its total, an unpaid one none",
        """
        SELECT o.number, o.status, o.total, count(p.id), coalesce(sum(p.captured_amount), 0)
        FROM commerce_order o
        LEFT JOIN commerce_payment p ON p.order_id = o.id AND p.captured_amount > 0
        GROUP BY o.id
        HAVING CASE
            WHEN o.status IN ('PENDING', 'PAYMENT_FAILED') THEN count(p.id) > 0
            WHEN o.status IN ('CANCELED', 'REFUNDED') THEN count(p.id) > 1
            ELSE count(p.id) <> 1 OR sum(p.captured_amount) <> o.total
        END
        """,
    ),
    (
        "orders_add_up",
        "the lines of an order sum to its subtotal, and lines and delivery to its total",
        """
        SELECT o.number, o.subtotal, sum(l.line_total)
        FROM commerce_order o LEFT JOIN commerce_orderline l ON l.order_id = o.id
        GROUP BY o.id
        HAVING coalesce(sum(l.line_total), 0) <> o.subtotal
            OR o.total NOT IN (o.subtotal + o.delivery_fee, o.subtotal + o.delivery_fee + o.tax)
        """,
    ),
    (
        "orders_hold_their_stock",
        "the ledger took each living order's copies once, and gave a dead order's back",
        """
        SELECT o.number, l.book_id, l.quantity, sold.delta
        FROM commerce_orderline l
        JOIN commerce_order o ON o.id = l.order_id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(m.delta), 0) AS delta
            FROM catalog_stockmovement m JOIN catalog_inventory i ON i.id = m.inventory_id
            WHERE m.reference = o.id::text AND i.book_id = l.book_id
        ) sold ON true
        WHERE sold.delta <> CASE
            WHEN o.status IN ('PAYMENT_FAILED', 'CANCELED') THEN 0 ELSE -l.quantity
        END AND o.status <> 'REFUNDED'
        """,
    ),
    (
        "order_steps_are_audited",
        "every step of an order has exactly one audit row, and its last step is its status",
        """
        SELECT o.number, o.status, count(e.id)
        FROM commerce_order o LEFT JOIN commerce_orderevent e ON e.order_id = o.id
        GROUP BY o.id
        HAVING count(e.id) <> (
            SELECT count(*) FROM core_auditentry a
            WHERE a.entity_type = 'order' AND a.entity_id = o.id::text
              AND a.action IN ('order.placed', 'order.status_changed')
        ) OR o.status IS DISTINCT FROM (array_agg(e.to_status ORDER BY e.id DESC))[1]
        """,
    ),
    (
        "seats_are_orders",
        "a slot's day has as many seats taken as living orders in it",
        """
        SELECT o.slot_id, o.slot_date, d.slot_id, d.date, d.seats_taken, o.living
        FROM commerce_deliveryslotday d
        FULL JOIN (
            SELECT slot_id, slot_date, count(*) AS living FROM commerce_order
            WHERE slot_id IS NOT NULL AND status NOT IN ('PAYMENT_FAILED', 'CANCELED', 'REFUNDED')
            GROUP BY slot_id, slot_date
        ) o ON o.slot_id = d.slot_id AND o.slot_date = d.date
        WHERE coalesce(d.seats_taken, 0) <> coalesce(o.living, 0)
        """,
    ),
]
