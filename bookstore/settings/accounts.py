"""Accounts: what must be verified, second factors, providers."""

from bookstore.settings.base import ENV

_MANDATORY = ENV.EMAIL_VERIFICATION == "mandatory"
SIGN_IN_NEEDS_VERIFIED_EMAIL = _MANDATORY and "sign_in" in ENV.EMAIL_VERIFICATION_FOR
CHECKOUT_NEEDS_VERIFIED_EMAIL = _MANDATORY and "checkout" in ENV.EMAIL_VERIFICATION_FOR
STAFF_SECOND_FACTOR_REQUIRED = ENV.STAFF_SECOND_FACTOR == "required"
OAUTH_APP_REDIRECTS = ENV.OAUTH_APP_REDIRECTS

# allauth brings the OAuth clients and the second factor's arithmetic. Accounts, addresses,
# sign-in and mails are our own services, so its account app keeps no addresses.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
