"""Consents in the file: those that the person gave here, and those on which something about them came."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from shared.casework.consents.tables import ConsentRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import NOBODY, Case, Removed, Rows, Source, either, entry
from shared.casework.referrals.tables import ReferralRow
from shared.contract.filing import Noun, Way

KINDS = {
    "consent_given": Words("келісім берілді", "дано согласие", "a consent was given"),
    "consent_ended": Words("келісім аяқталды", "согласие прекратилось", "a consent ended"),
}
ENDED = sa.func.least(col(ConsentRow.withdrawn_at), col(ConsentRow.expired_at))
# By the withdrawal that who recorded it has told it is known that it was erased there: kept as the accounting is.
KNOWN_TO_BE_ERASED = sa.and_(
    col(ConsentRow.recorded_by) != col(ConsentRow.organisation_id), col(ConsentRow.withdrawn_at).is_not(None)
)


def entries(case: Case) -> Sequence[Rows]:
    """That it was given, and that it ended."""
    row = ConsentRow
    whose = (col(row.organisation_id) == case.organisation_id, case.is_whom(col(row.person_id)))
    rests = (ReferralRow.organisation_id == case.organisation_id, col(ReferralRow.id) == sa.any_(case.referrals))
    ids: Any = sa.union(select(row.id).where(*whose), select(ReferralRow.consent_id).where(*rests))
    mine = sa.and_(col(row.organisation_id) == case.organisation_id, col(row.id).in_(ids))
    ours = col(row.recorded_by) == case.organisation_id
    said = {
        "purposes": col(row.purposes),
        "recipients": col(row.recipients),
        "categories": col(row.categories),
        "granted_by": col(row.granted_by),
        "form": col(row.form),
        "valid_until": col(row.valid_until),
    }
    by = sa.case((ours, NOBODY), else_=col(row.recorded_by))
    over_at = sa.case((sa.not_(KNOWN_TO_BE_ERASED), ENDED))
    common: dict[str, Any] = {"noun": Noun.CONSENTS, "about": col(row.id), "ended": over_at, "counterpart": by}
    given = entry("consent_given", either(ours, Way.DONE, Way.RECEIVED), at=col(row.given_at), codes=said, **common)
    over = entry("consent_ended", either(ours, Way.DONE, Way.RECEIVED), at=ENDED, state=col(row.end), **common)
    return [given.where(mine), over.where(mine, ENDED.is_not(None))]


SOURCE = Source(
    noun=Noun.CONSENTS,
    tables=(ConsentRow,),
    kinds=KINDS,
    entries=entries,
    removed=(Removed(ConsentRow, ENDED, sa.not_(KNOWN_TO_BE_ERASED)),),
)
