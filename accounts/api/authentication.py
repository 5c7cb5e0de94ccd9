"""Who a bearer token speaks for."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.errors import TokenInvalid
from accounts.models import User
from accounts.selectors import users
from accounts.services import tokens


class AccessTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <access token>`; anything else is left to the next authenticator."""

    def authenticate(self, request: Request) -> tuple[User, tokens.Claims] | None:
        """Return the living user of a good token, in one query.

        Raises `TokenInvalid` and `TokenExpired`, on public endpoints too: a client that shows a
        dead token wants to know.
        """
        scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        claims = tokens.read_access(raw.strip())
        user = users.user_signed_in_by(
            user_id=claims.user_id, family_id=claims.family_id, version=claims.version
        )
        if user is None:
            raise TokenInvalid
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        """Make missing credentials 401, not 403."""
        return "Bearer"
