"""What every payment provider can be asked."""

import enum
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise


class Outcome(enum.Enum):
    """How an attempt to charge ended, as far as is known."""

    CAPTURED = "CAPTURED"
    DECLINED = "DECLINED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class ChargeResult:
    """The provider's answer. `reference` is its own id of the charge."""

    outcome: Outcome
    reference: str = ""
    failure_code: str = ""


@dataclass(frozen=True)
class TestCard:
    """A pretend card that the demo offers."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    token: str
    label: str | Promise


class PaymentGateway(Protocol):
    """A provider. Calls go over the network: never inside a transaction."""

    test_cards: list[TestCard]

    def accepts(self, method_token: str) -> bool:
        """Whether the token looks like one of this provider's."""
        ...

    def charge(
        self, *, key: uuid.UUID, amount: Decimal, currency: str, method_token: str
    ) -> ChargeResult:
        """Take the money. The same `key` never charges twice. Never raises for a lost answer."""
        ...
