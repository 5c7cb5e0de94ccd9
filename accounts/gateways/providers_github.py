"""What GitHub says about somebody: plain OAuth 2, then two questions to its API."""

from typing import Any

from accounts.enums import Provider
from accounts.gateways import providers_calls

SCOPES = ["user:email"]


def endpoints(url: str) -> dict[str, str]:
    """Return where GitHub, GitHub Enterprise or the server in its place is talked to."""
    web = url or "https://github.com"
    api = f"{url}/api/v3" if url else "https://api.github.com"
    return {
        "issuer": f"{web}/login/oauth",
        "authorize": f"{web}/login/oauth/authorize",
        "token": f"{web}/login/oauth/access_token",
        "profile": f"{api}/user",
        "emails": f"{api}/user/emails?per_page=100",
    }


def describe(answer: dict[str, Any], *, places: dict[str, str]) -> tuple[str, str, str]:
    """Return (id, primary address if verified or "", name) of whose token the answer holds.

    The address on the profile may be anything: only the list of addresses says what was verified.
    Raises `ProviderUnavailable` and `ProviderAnswerInvalid`.
    """
    token = answer["access_token"]
    profile = providers_calls.get_json(Provider.GITHUB, places["profile"], token=token)
    emails = providers_calls.get_json(Provider.GITHUB, places["emails"], token=token) or []
    with providers_calls.refusals_told_apart(Provider.GITHUB):
        verified = [
            str(each["email"])
            for each in emails
            if each["primary"] is True and each["verified"] is True
        ]
        uid = profile["id"]
        if not isinstance(uid, int) or isinstance(uid, bool):
            raise TypeError("id")
        return str(uid), verified[0] if verified else "", str(profile.get("name") or "")
