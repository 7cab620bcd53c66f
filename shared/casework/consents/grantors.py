"""Whose word ends a consent, or a referral that rests on one."""

from pydantic import BaseModel, ConfigDict

from shared.adapters.http import Desk, found
from shared.casework.consents.tables import ConsentRow
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of
from shared.contract.capacity import may_withdraw
from shared.contract.errors import Problem
from shared.contract.vocabulary import Grantor


class Withdrawal(BaseModel):
    """Who takes it back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"by": "self"}]})
    by: Grantor = Grantor.SELF


async def check_withdrawal(desk: Desk, consent: ConsentRow, by: Grantor) -> None:
    """Problem 409 where the word of who takes it back has no effect: see `may_withdraw`."""
    if consent.person_id is None or by is Grantor.SELF:
        return
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=consent.person_id)
    person = await persons.known(desk.session, found(row, "person"))
    granted_by = Grantor(consent.granted_by or Grantor.SELF)
    why_not = may_withdraw(by=by, granted_by=granted_by, capacity=capacity_of(person))
    if why_not is not None:
        raise Problem(409, "without-effect", why_not)
