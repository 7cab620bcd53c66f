"""A change of the law is only rows: before and after its moment the right one decides, without gap or overlap."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.contract.calendar import ZONE
from shared.contract.conditions import Party
from shared.contract.decisions import Decision, decide
from shared.contract.grounds import Grounds
from shared.contract.policy import FORBIDS, PERMITS
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW

# The standard of 2016 that the report cites was replaced in 2023. Here the new one opens no household, say.
CHANGE = datetime(2023, 7, 1, tzinfo=ZONE)
INSTANT = timedelta(microseconds=1)
OF_2016 = next(row for row in PERMITS if row.id == "P-F1-LODGING")
OF_2023 = replace(
    OF_2016, id="P-F1-LODGING-2023", categories=OF_2016.categories - {C.HOUSEHOLD}, valid_from=CHANGE, source="2023"
)
ENDED = replace(OF_2016, valid_until=CHANGE)
CHANGED = (*(row for row in PERMITS if row is not OF_2016), ENDED, OF_2023)


def answer(at: datetime) -> Decision:
    return decide(
        EventType.REFERRAL_REQUESTED,
        sender=Party(Agency.POLICE, "police-almaty"),
        recipient=Party(Agency.SHELTER, "shelter-almaty"),
        grounds=Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.LODGING),
        at=at,
        permits=CHANGED,
    )


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        (OF_2016.valid_from, "P-F1-LODGING"),
        (CHANGE - INSTANT, "P-F1-LODGING"),
        (CHANGE, "P-F1-LODGING-2023"),
        (NOW, "P-F1-LODGING-2023"),
    ],
)
def test_at_every_moment_exactly_the_row_of_its_law_decides(at: datetime, rule: str) -> None:
    made = answer(at)
    assert made.permitted
    assert [name for name in made.rules if name.startswith("P-")] == [rule]
    assert (C.HOUSEHOLD in made.categories) == (rule == "P-F1-LODGING")


def test_before_the_first_law_nothing_is_permitted() -> None:
    assert not answer(OF_2016.valid_from - INSTANT).permitted


def test_a_new_forbid_takes_away_from_its_first_moment_on() -> None:
    row = next(row for row in FORBIDS if row.id == "F-WITHOUT-CONSENT")
    new = replace(row, id="F-NEW", categories=frozenset({C.NEEDS}), valid_from=CHANGE)
    for at, gone in ((CHANGE - INSTANT, False), (CHANGE, True)):
        made = decide(
            EventType.REFERRAL_REQUESTED,
            sender=Party(Agency.POLICE, "police-almaty"),
            recipient=Party(Agency.SHELTER, "shelter-almaty"),
            grounds=Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.LODGING),
            at=at,
            forbids=(*FORBIDS, new),
        )
        assert (made.withheld.get(C.NEEDS) == "F-NEW") is gone
