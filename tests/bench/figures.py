"""Every figure, what it is beside, and what is aimed at."""

from tests.bench import deciding, posting, recording, sealing
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
)
