"""How many mails strangers may have sent to one mailbox: PROOFS T087."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import Unavailable
from core.services import mailing

AT_ONCE = 20


@pytest.mark.req("AUTH-08")
def test_take_place_gives_out_as_many_as_there_are(rate_limits):
    def take(most, mailbox="ada@example.com"):
        return mailing.take_place(mailbox, most=most)

    assert [take(2), take(2), take(2)] == [True, True, False]
    assert [take(3), take(3)] == [True, False]
    assert take(2, "other@example.com") is True


@pytest.mark.req("AUTH-08")
def test_take_place_of_many_at_once_gives_out_no_more(rate_limits):
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        taken = list(pool.map(lambda _: mailing.take_place("a@example.com", most=3), range(200)))

    assert sum(taken) == 3


def test_take_place_refuses_while_nothing_can_be_counted(rate_limits, redis_is_down):
    with pytest.raises(Unavailable):
        mailing.take_place("ada@example.com", most=3)
