"""Who a bearer token speaks for."""

from rest_framework_simplejwt.authentication import JWTAuthentication


class AccessTokenAuthentication(JWTAuthentication):
    """Placeholder until the accounts slice lands."""
