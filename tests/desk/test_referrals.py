"""Whoever receives a referral reads all of it that crossed."""

from deploy.network import Network
from shared.contract.events import ReferralRequested
from shared.contract.vocabulary import Agency, DataCategory, Purpose
from shared.desk.fields import FIELDS
from shared.desk.language import day
from tests.adapters.test_inbox import TO_SHELTER, envelope, lasting, relying_on, request, sealed
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.workbench import Bench, node_of

CATEGORIES = frozenset({DataCategory.IDENTITY, DataCategory.HOUSEHOLD, DataCategory.NEEDS})


async def test_a_receiver_is_shown_what_crossed(shelter: Bench, network: Network, signed_in: SignIn) -> None:
    police = node_of(network, Agency.POLICE)
    consent = lasting(Purpose.LODGING).model_copy(update={"categories": CATEGORIES})
    together = {"adults": 1, "children": 2}
    crossed = request(family_name="Ахметова", birth_date="1990-01-31", household=together, needs=["wheelchair"])
    letter = envelope(crossed, grounds=relying_on(police, consent))
    await shelter.inbox.receive(TO_SHELTER, sealed(police, letter))
    browser = await signed_in(shelter, letter.recipient)
    page = words(await browser.get(f"/desk/referrals/{crossed.referral_id}"))
    for said in (
        "Family name Ахметова",
        f"Birth date {day('1990-01-31', 'en')}",
        "Household adults: 1, children: 2",
        "Needs",
    ):
        assert said in page


def test_no_field_of_a_referral_lacks_a_name_under_which_it_is_shown() -> None:
    assert set(ReferralRequested.model_fields) - {"referral_id"} <= set(FIELDS)
