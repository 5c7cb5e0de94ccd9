"""Whatever a customer asks for, nothing of another customer is in the answer; T060.

Lists, counts, exports, searches, autocompletes, pages: every route that lets a stranger in.
"""

import pytest

from accounts.models import Address, User
from commerce.models import OrderContact
from core.models import IdempotencyRecord
from tests.access import table
from tests.access.routes import all_routes
from tests.access.world import ACTORS, LET_IN, World
from tests.fixtures.api import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-09")]


@pytest.fixture
def world():
    """A shop whose `owner` has things with names that are found nowhere else."""
    made = World()
    person = made.owner.user
    User.objects.filter(pk=person.pk).update(email="canary@example.org", full_name="Cana Ryver")
    Address.objects.filter(user=person).update(line1="77 Canary Lane", city="Kanarienburg")
    OrderContact.objects.filter(order=made.order).update(
        email="canary@example.org", recipient="Cana Ryver", line1="77 Canary Lane"
    )
    return made


def canaries(world):
    return [
        "canary@example.org",
        "Cana Ryver",
        "Canary Lane",
        "Kanarienburg",
        world.order.number,
        str(world.order.pk),
        str(world.owner.user.pk),
        str(world.value_of("address_id")),
        str(world.value_of("sign_in_id")),
    ]


def readable_by_strangers():
    stranger = ACTORS.index("stranger")
    promised = table.read()
    for route in all_routes():
        if promised[route.path, "GET"][stranger] == LET_IN:
            yield route


def body_of(answer):
    """Read an answer at once: files in memory have one place for all who read them."""
    return b"".join(answer) if answer.streaming else answer.content


def leaks(world, actor, query=""):
    """Return the routes whose answer to `actor` names something of the owner's."""
    found = []
    for route in readable_by_strangers():
        answer = actor.ask(route.area, "GET", world.url_of(route) + query)
        shown = body_of(answer).decode(errors="replace") + str(dict(answer.headers))
        found += [(route.path, name) for name in canaries(world) if name in shown]
    return found


def test_strangers_find_nothing_of_the_owners_anywhere(world):
    assert leaks(world, world.actor("stranger")) == []
    assert leaks(world, world.actor("nobody")) == []


def test_control_the_owner_finds_it(world):
    """The very same look as the owner finds each of the names somewhere."""
    assert {name for _path, name in leaks(world, world.owner)} == set(canaries(world))


def test_asking_for_the_owners_by_parameter_finds_nothing(world):
    person = world.owner.user.pk
    for query in (
        f"?user={person}&user_id={person}&owner={person}",
        "?q=canary@example.org&email=canary@example.org",
        f"?q={world.order.number}&number={world.order.number}",
        f"?order={world.order.pk}&ordering=user__email&fields=user",
    ):
        repeated = set(query.partition("?")[2].replace("&", "=").split("=")[1::2])
        found = leaks(world, world.actor("stranger"), query)
        # A page may say again what was typed into its search field.
        assert [(path, name) for path, name in found if name not in repeated] == []


def test_counts_are_ones_own(world):
    stranger = world.actor("stranger")
    for path in ("/api/v1/orders", "/api/v1/addresses"):
        mine, theirs = (
            actor.ask("api", "GET", path).json()["pagination"]["total"]
            for actor in (world.owner, stranger)
        )
        assert (mine, theirs) == (1, 0), path


def test_tag_of_the_owners_answer_says_nothing_to_a_stranger(world):
    """304 would tell that both answers are the same."""
    stranger = world.actor("stranger")
    told = []
    for route in readable_by_strangers():
        url = world.url_of(route)
        mine = world.owner.ask(route.area, "GET", url)
        tag, own = mine.headers.get("ETag"), body_of(mine)
        theirs = stranger.ask(route.area, "GET", url)
        if tag is None or own == body_of(theirs):
            continue
        again = stranger.ask(route.area, "GET", url, headers={"If-None-Match": tag})
        if again.status_code == 304:
            told.append(route.path)
    assert told == []


def test_idempotency_key_of_somebody_else_replays_nothing(world):
    body = {
        "fulfilment": "PICKUP",
        "branch_id": world.order.branch_id,
        "payment_method": "tok_visa",
    }
    answers = []
    for actor in (world.owner, world.actor("stranger")):
        client = ApiClient()
        client.headers = {"Authorization": f"Bearer {actor.bearer}", "Idempotency-Key": "the-key"}
        answers.append(client.post("checkout/confirm", body))
    mine, theirs = answers
    assert (mine.status_code, theirs.status_code) == (201, 409)
    assert theirs.json()["error"]["code"] == "CART_EMPTY"
    assert mine.json()["data"]["number"] not in theirs.content.decode()
    assert "Idempotent-Replayed" not in theirs.headers
    assert IdempotencyRecord.objects.filter(key="the-key").count() == 1
