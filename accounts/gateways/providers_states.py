"""What a browser's session remembers of somebody who was sent to a provider.

allauth keeps it: at most ten at once, ten minutes each, good for one return. It is bound to the
browser (the session), to the provider and to the door, so that nobody finishes in one browser, or
with one provider, what was begun in another.
"""

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.internal import statekit

from accounts.enums import Provider
from accounts.errors import ProviderVisitUnknown
from accounts.gateways.providers import Departure


@dataclass(frozen=True)
class Memory:
    """The secrets of a departure, and what the door wanted to remember (JSON)."""

    nonce: str
    code_verifier: str
    luggage: dict[str, Any]


def remember(request: Any, departure: Departure, *, door: str, luggage: dict[str, Any]) -> None:
    """Store a departure in the session; saves it at once."""
    state = {
        "nonce": departure.nonce,
        "code_verifier": departure.code_verifier,
        "luggage": luggage,
    }
    statekit.stash_state(
        request,
        provider_id=_place(door, departure.provider),
        state=state,
        state_id=departure.state,
    )


def recall(request: Any, provider: Provider, *, door: str, state: str) -> Memory:
    """Return what was remembered under `state` and forget it.

    Raises `ProviderVisitUnknown` for a state that is missing, spent, too old, or another's.
    """
    found = statekit.unstash_state(request, provider_id=_place(door, provider), state_id=state)
    if not found:
        raise ProviderVisitUnknown(provider=provider.label)
    return Memory(**found)


def _place(door: str, provider: Provider) -> str:
    return f"{door}:{provider.value}"
