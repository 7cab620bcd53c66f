"""What may leave, and why: prints the policy's table, explains one decision, and checks that the table makes sense."""

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.table import Table

from deploy.commands.policy_case import Asked, categories, moment, party, read_agreement, read_case, recipients, whom
from deploy.commands.policy_explained import explanation
from deploy.commands.policy_table import Choice, as_json, matrix, tables
from deploy.commands.policy_words import Language
from shared.contract.calendar import start_of
from shared.contract.conditions import Party
from shared.contract.policy import FORBIDS, PERMITS, RETENTION
from shared.contract.soundness import Fault, faults
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose, Recipient, SubjectRole

app = typer.Typer(no_args_is_help=True, help=__doc__)
WIDTH_WITHOUT_TERMINAL = 100

In = Annotated[Language, typer.Option(help="Reasons in Kazakh, Russian or English.")]
AgreementFile = Annotated[Path | None, typer.Option(help="A local agreement, as plain JSON.")]


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)


def _day(text: str) -> date:
    return date.fromisoformat(text)


@app.command()
def show(
    *,
    flow: Annotated[str | None, typer.Option(help="A flow of the report: F1 to F18.")] = None,
    event: Annotated[EventType | None, typer.Option(help="A kind of event.")] = None,
    sender: Annotated[Agency | None, typer.Option("--from", help="Who tells.")] = None,
    recipient: Annotated[StrEnum | None, typer.Option("--to", parser=whom, help="Who is told.")] = None,
    basis: Annotated[Basis | None, typer.Option(help="The lawful basis.")] = None,
    category: Annotated[DataCategory | None, typer.Option(help="A category of data.")] = None,
    on: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="Only rows that are valid then.")] = None,
    language: In = Language.EN,
    as_matrix: Annotated[bool, typer.Option("--matrix", help="Who may tell whom what at most, by event.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="For programs: every column.")] = False,
) -> None:
    """Print the table: permits, forbids, what is kept, and ages of consent; or those rows that speak of all given."""
    choice = Choice(flow, event, sender, cast("Recipient | None", recipient), basis, category, on)
    if json_:
        typer.echo(json.dumps(as_json(choice), ensure_ascii=False, indent=2))
        return
    console = _console()
    if as_matrix:
        console.print(matrix(choice, start_of(on) if on else datetime.now(UTC)))
        return
    for table in tables(choice, language):
        console.print(table)


@app.command()
def explain(
    *,
    event: Annotated[EventType | None, typer.Option(help="The kind of event.")] = None,
    sender: Annotated[
        Party | None, typer.Option("--from", parser=party, metavar="AGENCY[:ORGANISATION]", help="Who tells.")
    ] = None,
    recipient: Annotated[
        Party | None, typer.Option("--to", parser=party, metavar="AGENCY[:ORGANISATION]", help="Who is told.")
    ] = None,
    subject: Annotated[SubjectRole, typer.Option(help="Whom it is about.")] = SubjectRole.VICTIM,
    purpose: Annotated[Purpose | None, typer.Option(help="What for.")] = None,
    basis: Annotated[Basis | None, typer.Option(help="The lawful basis.")] = None,
    consent_categories: Annotated[
        frozenset[DataCategory] | None,
        typer.Option(parser=categories, metavar="A,B", help="What the consent opens."),
    ] = None,
    consent_recipients: Annotated[
        frozenset[Recipient | str] | None,
        typer.Option(parser=recipients, metavar="A,B", help="Whom it names: agencies or organisations."),
    ] = None,
    consent_until: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="The last day of the consent.")
    ] = None,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="The consent was taken back.")] = False,
    emergency: Annotated[bool, typer.Option("--emergency", help="The sender declared a danger to life.")] = False,
    court: Annotated[bool, typer.Option("--court", help="A court's decision binds.")] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="The person asked not to be named.")] = False,
    agreement: AgreementFile = None,
    at: Annotated[datetime | None, typer.Option(parser=moment, metavar="TIME", help="When; now if not said.")] = None,
    case: Annotated[Path | None, typer.Option(help="A file of tests/policy instead of these options.")] = None,
    language: In = Language.EN,
) -> None:
    """Explain one decision: what leaves, what stays, by which rules. Exits with 1 if the event may not leave."""
    asked = Asked(
        event=event,
        sender=sender,
        recipient=recipient,
        subject=subject,
        purpose=purpose,
        basis=basis,
        opened=consent_categories,
        named=consent_recipients,
        until=consent_until,
        withdrawn=withdrawn,
        emergency=emergency,
        court=court,
        anonymous=anonymous,
        agreement=read_agreement(agreement) if agreement else None,
    )
    question = read_case(case) if case else asked.question(at or datetime.now(UTC))
    permitted, shown = explanation(question, language)
    console = _console()
    for part in shown:
        console.print(part)
    raise typer.Exit(0 if permitted else 1)


@app.command()
def check(*, agreement: AgreementFile = None) -> None:
    """Look for contradictions, rows that never matter, and gaps. Exits with 1 if there are any."""
    agreements = (read_agreement(agreement),) if agreement else ()
    found = faults(agreements=agreements)
    console = _console()
    if found:
        console.print(_faults(found))
        raise typer.Exit(1)
    counts = f"{len(PERMITS)} permits, {len(FORBIDS)} forbids, {len(RETENTION)} rules of retention"
    console.print(f"{counts}: no contradiction, no row that never matters, no gap.")


def _faults(found: tuple[Fault, ...]) -> Table:
    table = Table("fault", "of", "what is wrong", "since", show_lines=True)
    for fault in found:
        since = f"{fault.since:%Y-%m-%d}" if fault.since else ""
        table.add_row(fault.kind.value, "\n".join(fault.ids), fault.what, since)
    return table
