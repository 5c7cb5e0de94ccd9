"""The status of a form that is shown again."""

import pytest

from core import errors
from core.http.pages import form_status


@pytest.mark.req("BASE-06")
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Invalid(), 422),
        (errors.Conflict(), 409),
        (errors.NotAllowed(), 403),
        (errors.PaymentDeclined(), 402),
        (errors.RateLimited(retry_after=3), 429),
        (errors.Busy(), 503),
    ],
)
def test_form_shown_again_has_the_status_of_the_refusal(error, status):
    assert form_status(error) == status
