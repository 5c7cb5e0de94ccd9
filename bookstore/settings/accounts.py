"""Accounts: what must be verified, second factors, providers."""

from bookstore.settings.base import ENV

_MANDATORY = ENV.EMAIL_VERIFICATION == "mandatory"
SIGN_IN_NEEDS_VERIFIED_EMAIL = _MANDATORY and "sign_in" in ENV.EMAIL_VERIFICATION_FOR
CHECKOUT_NEEDS_VERIFIED_EMAIL = _MANDATORY and "checkout" in ENV.EMAIL_VERIFICATION_FOR
STAFF_SECOND_FACTOR_REQUIRED = ENV.STAFF_SECOND_FACTOR == "required"
PASSWORD_CHECKS_PER_MINUTE = ENV.PASSWORD_CHECKS_PER_MINUTE
OAUTH_APP_REDIRECTS = ENV.OAUTH_APP_REDIRECTS

# Who may vouch for people; without a client id a provider is not offered.
SIGN_IN_PROVIDERS = {
    "google": {
        "client_id": ENV.GOOGLE_CLIENT_ID,
        "client_secret": ENV.GOOGLE_CLIENT_SECRET,
        "url": ENV.GOOGLE_URL.rstrip("/"),
    },
    "github": {
        "client_id": ENV.GITHUB_CLIENT_ID,
        "client_secret": ENV.GITHUB_CLIENT_SECRET,
        "url": ENV.GITHUB_URL.rstrip("/"),
    },
}
SOCIALACCOUNT_ADAPTER = "accounts.gateways.providers_calls.ProviderCalls"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds, for connecting and for each part of the answer
SOCIALACCOUNT_STORE_TOKENS = False

# allauth brings the OAuth clients and the second factor's arithmetic. Accounts, addresses,
# sign-in and mails are our own services, so its account app keeps no addresses.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]

MFA_ADAPTER = "accounts.gateways.mfa.ShopAdapter"
MFA_TOTP_ISSUER = ENV.STORE_NAME
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a clock may be off
