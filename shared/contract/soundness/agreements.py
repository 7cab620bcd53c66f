"""Lines of a local agreement (F16) that change nothing, because an agreement can only narrow the table."""

from collections.abc import Iterable, Iterator

from shared.contract.agreement import Agreement, Exchange
from shared.contract.policy import Permit
from shared.contract.policy.rows import family
from shared.contract.soundness.fault import Fault, Kind, Table


def faults_of_agreements(table: Table, agreements: tuple[Agreement, ...]) -> tuple[Fault, ...]:
    """Lines that name a permit which is not there or can't be narrowed, or that open what the permit does not."""
    return tuple(
        Fault(Kind.NO_EFFECT, (agreement.id, line.permit), f"line {number}: {what}")
        for agreement in agreements
        for number, line in enumerate(agreement.exchanges, start=1)
        for what in _of_line(line, [row for row in table.permits if family(row.id) == line.permit])
    )


def _of_line(line: Exchange, versions: list[Permit]) -> Iterator[str]:
    if not versions:
        yield "there is no such permit"
    elif not any(row.negotiable for row in versions):
        yield "no agreement can narrow this permit: it holds in full, whatever the line says"
    else:
        yield from _beyond("senders", line.senders, (row.senders for row in versions))
        yield from _beyond("recipients", line.recipients, (row.recipients for row in versions))
        yield from _beyond("bases", line.bases, (row.bases for row in versions))
        yield from _beyond("categories", line.categories, (row.categories for row in versions))


def _beyond(column: str, said: frozenset[str], opened: Iterable[frozenset[str]]) -> Iterator[str]:
    more = said - frozenset[str]().union(*opened)
    if more:
        yield f"the permit does not open these {column}: {', '.join(sorted(more))}"
