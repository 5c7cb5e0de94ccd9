"""The proof that a browser signed in before: bound to the account, nothing personal in it."""

import pytest

from accounts.services import known_devices

pytestmark = pytest.mark.req("AUTH-08")
ADA = "ada@example.com"
EVE = "eve@example.com"


def test_browser_is_known_to_the_account_that_used_it_alone():
    proofs = known_devices.with_proof_for("", email=ADA)

    assert known_devices.number_of(proofs, email=ADA)
    assert known_devices.number_of(proofs, email=EVE) == ""
    assert "ada@" not in proofs
    assert "example" not in proofs


def test_browser_of_a_family_is_known_to_all_of_them():
    proofs = known_devices.with_proof_for("", email=ADA)
    number = known_devices.number_of(proofs, email=ADA)
    proofs = known_devices.with_proof_for(proofs, email=EVE)

    assert known_devices.number_of(proofs, email=ADA) == number
    assert known_devices.number_of(proofs, email=EVE) not in {"", number}


def test_proof_of_an_account_is_replaced_and_the_oldest_forgotten():
    proofs = known_devices.with_proof_for("", email=ADA)
    again = known_devices.with_proof_for(proofs, email=ADA)
    assert again.count("~") == 0
    assert again != proofs

    for number in range(known_devices.MOST_ACCOUNTS):
        again = known_devices.with_proof_for(again, email=f"reader{number}@example.com")

    assert again.count("~") == known_devices.MOST_ACCOUNTS - 1
    assert known_devices.number_of(again, email=ADA) == ""
    assert len(again) < 400


@pytest.mark.parametrize(
    "forge",
    [
        lambda proof: "",
        lambda proof: "x",
        lambda proof: proof[:-1],
        lambda proof: proof[:-1] + ("0" if proof[-1] != "0" else "1"),
        lambda proof: "A" + proof[1:] if proof[0] != "A" else "B" + proof[1:],
        lambda proof: proof.split(".")[0] + ".",
        lambda proof: "." + proof.split(".")[1],
        lambda proof: "~~~",
        lambda proof: "é" * 50,
        lambda proof: proof + "~" + "x" * 10_000,
    ],
)
def test_forged_proofs_are_nobodys(forge):
    proof = known_devices.with_proof_for("", email=ADA)

    assert known_devices.number_of(forge(proof), email=ADA) == ""


def test_proofs_end_with_the_key(settings):
    proofs = known_devices.with_proof_for("", email=ADA)
    settings.SECRET_KEY = "another " * 8

    assert known_devices.number_of(proofs, email=ADA) == ""
