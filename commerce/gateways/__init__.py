"""Payment providers, chosen by name. They know no database and no order: plain data in and out."""

from commerce.gateways.base import ChargeResult, Outcome, PaymentGateway, TestCard
from commerce.gateways.mock import MockGateway

__all__ = ["ChargeResult", "Outcome", "PaymentGateway", "TestCard", "gateway_named"]

_GATEWAYS: dict[str, PaymentGateway] = {"mock": MockGateway()}


def gateway_named(name: str) -> PaymentGateway:
    """Return the provider with this name (settings allow only known ones)."""
    return _GATEWAYS[name]
