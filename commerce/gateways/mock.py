"""A provider that takes no money: its card tokens decide how a charge ends."""

import uuid
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from commerce.gateways.base import ChargeResult, Outcome, TestCard


class MockGateway:
    """`tok_visa` is paid, `tok_declined` refused, `tok_timeout` never answered."""

    test_cards = [
        TestCard("tok_visa", _("Test card that is paid")),
        TestCard("tok_declined", _("Test card that is declined")),
    ]
    _outcomes = {
        "tok_visa": Outcome.CAPTURED,
        "tok_declined": Outcome.DECLINED,
        "tok_timeout": Outcome.UNKNOWN,
    }

    def accepts(self, method_token: str) -> bool:
        """Whether this is one of the known tokens."""
        return method_token in self._outcomes

    def charge(
        self, *, key: uuid.UUID, amount: Decimal, currency: str, method_token: str
    ) -> ChargeResult:
        """Answer as the token says; the reference derives from the key, so repeats agree."""
        outcome = self._outcomes[method_token]
        if outcome is Outcome.CAPTURED:
            return ChargeResult(outcome, reference=f"mock_{key.hex}")
        if outcome is Outcome.DECLINED:
            return ChargeResult(outcome, reference=f"mock_{key.hex}", failure_code="card_declined")
        return ChargeResult(outcome)
