"""Where agreements stand at an organisation: what it knows of answers and notices, and what the trust list holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.adapters.outbox import Work
from shared.casework.agreements import store
from shared.casework.agreements.tables import AgreementRow, AnswerRow, NoticeRow
from shared.contract.calendar import local_day
from shared.contract.concluding import Standing, Text, first_day_without, state_of
from shared.contract.vocabulary import AgreementState


@dataclass(frozen=True)
class Known:
    """A version, and what its parties said of it: only what speaks of exactly this text counts."""

    row: AgreementRow
    text: Text
    answers: list[AnswerRow]
    notices: list[NoticeRow]
    standing: Standing
    state: AgreementState


async def known(work: Work, rows: Sequence[AgreementRow], *, organisation_id: str) -> list[Known]:
    """What is known of these versions."""
    mine = {"organisation_id": organisation_id, "agreement_ids": {row.id for row in rows}}
    answers = await store.answers(work.session, **mine)  # type: ignore[arg-type]  # a literal
    notices = await store.notices(work.session, **mine)  # type: ignore[arg-type]  # the same
    everything = await store.of_ids(work.session, **mine)  # type: ignore[arg-type]  # the same
    return [_known(work, row, answers, notices, everything) for row in rows]


def _known(
    work: Work,
    row: AgreementRow,
    answers: Sequence[AnswerRow],
    notices: Sequence[NoticeRow],
    everything: Sequence[AgreementRow],
) -> Known:
    text, trusted = store.text_of(row), work.node.trust.whole
    ours = [one for one in answers if _is_of(one, row) and one.party_id in text.agreement.parties]
    ended = [one for one in notices if _is_of(one, row) and one.party_id in text.agreement.parties]
    later = [one for one in everything if one.id == row.id and one.version > row.version]
    standing = Standing(
        text=text,
        signed=frozenset(one.party_id for one in ours if one.signature is not None),
        declined=any(one.signature is None for one in ours),
        ends_on=first_day_without(text.agreement, [one.ends_on for one in ended]),
        newer=bool(later),
        newer_concluded=any(one.concluded_at is not None for one in later),
        listed=next((one for one in trusted.agreements if one.id == row.name), None),
        listed_version=trusted.versions.get(row.name, 0),
    )
    return Known(row, text, ours, ended, standing, state_of(standing, local_day(work.now)))


def _is_of(said: AnswerRow | NoticeRow, row: AgreementRow) -> bool:
    named = (said.agreement_id, said.version) == (row.id, row.version)
    return named and said.sha256 in (None, row.sha256)
