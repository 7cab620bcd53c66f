"""Every figure, what it is beside, and what is aimed at."""

from tests.bench import (
    arriving,
    board,
    deciding,
    end_to_end,
    parts,
    posting,
    recording,
    relaying,
    resident,
    sealing,
    starting,
)
from tests.bench.measure import Beside, Figure

FIGURES = (
    Figure(
        "POST /referrals in full, 32 connections, one worker",
        "calls/s",
        posting.contenders,
        (
            Beside(posting.SQLMODEL, goal=1.0),
            Beside(posting.CORE, goal=0.5),
            Beside(posting.MEMORY, limit=True),
        ),
    ),
    Figure(
        "POST /referrals and its arrival, two workers of the police",
        "calls/s",
        parts.two_workers,
        (Beside(parts.SIMULATED),),
    ),
    Figure(
        "POST /referrals and its arrival, one worker each",
        "referrals/s",
        end_to_end.contenders,
        (Beside(end_to_end.FASTSTREAM, goal=1.0),),
    ),
    *(
        Figure(
            f"POST to committed at the shelter, {rate} a second, p99",
            "ms",
            arriving.at(rate),
            (Beside(arriving.NATS, limit=True),),
            goal=goal,
        )
        for rate, goal in ((10, None), (100, 15), (300, 30))
    ),
    Figure(
        "relay: outbox to acknowledged",
        "events/s",
        relaying.relay,
        (Beside(relaying.PUBLISH, goal=0.5), Beside(relaying.SEALING, limit=True)),
    ),
    Figure(
        "receiver: message to committed",
        "events/s",
        relaying.receiver,
        (Beside(relaying.FETCH, limit=True), Beside(relaying.OPENING, limit=True)),
        goal=3000,
    ),
    Figure(
        "GET /beds, 1,000 organisations, 10,000 units, p99",
        "ms",
        board.reading,
        (Beside(board.DRIVER, limit=True),),
        goal=15,
    ),
    Figure(
        "PUT /beds to visible at all others, median", "ms", board.showing, (Beside(board.NATS, limit=True),), goal=50
    ),
    Figure("decide and redact, on consent", "µs", deciding.on_consent, (Beside(deciding.COPY, limit=True),), goal=50),
    Figure(
        "the same with agreement, label and capacity",
        "µs",
        deciding.everything_known,
        (Beside(deciding.COPY, limit=True),),
        goal=50,
    ),
    Figure(
        "seal and open 2 kB",
        "µs",
        sealing.contenders,
        (Beside(sealing.JOSERFC, goal=0.83), Beside(sealing.BARE, limit=True)),
        goal=1000,
    ),
    Figure(
        "add an entry to the record",
        "µs",
        recording.contenders,
        (Beside(recording.PLAIN, goal=0.67), Beside(recording.DRIVER, limit=True)),
    ),
    Figure(
        "`qorgau up` from nothing to ready", "s", starting.from_nothing, (Beside(starting.HELLO, limit=True),), goal=6
    ),
    Figure("`qorgau up` again to ready", "s", starting.again, (Beside(starting.HELLO, limit=True),)),
    *(
        Figure(
            f"memory of a service, {when} (PSS)",
            "MiB",
            contenders,
            (Beside(resident.ALONE), Beside(starting.HELLO, limit=True)),
            goal=120,
        )
        for when, contenders in (("idle", resident.idle), ("under load", resident.loaded))
    ),
)
