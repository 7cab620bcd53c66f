"""The story: one night, and the days after it, through the agencies' REST APIs alone.

Each act tells what it did, and fails loudly where something that should have happened did not. `OUTCOME` is what the
same story leads to every time, whatever broke on the way.
"""

from collections.abc import Awaitable, Callable

from deploy.demo.days_after import (
    accounting,
    husband,
    onward_to_health,
    onward_to_social,
    record_at_shelter,
    refusal,
    rural_link,
    withdraw,
)
from deploy.demo.office import becomes
from deploy.demo.stage import Stage
from deploy.demo.that_night import bed_board, count_beds, night_call, refer_to_shelter, shelter_accepts


async def pause(stage: Stage) -> None:
    """Whatever the director wants to break, breaks here."""
    await stage.in_the_middle()


ACTS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    count_beds,
    night_call,
    bed_board,
    refer_to_shelter,
    shelter_accepts,
    pause,
    record_at_shelter,
    onward_to_health,
    onward_to_social,
    husband,
    refusal,
    withdraw,
    accounting,
    rural_link,
)

# role -> (the referral, its state) at the end, at both sides: the same whatever broke on the way.
OUTCOME = {
    "lodging": ("police", "far_shelter", "in_progress"),
    "medical": ("far_shelter", "hospital", "withdrawn"),
    "rights": ("far_shelter", "social", "accepted"),
    "addiction": ("police", "addictology", "accepted"),
    "rural": ("rural_police", "social", "requested"),
}


async def play(stage: Stage, *, progress: Callable[[str], None] = lambda _: None) -> None:
    """All acts, then the outcome at both sides of every referral. Raises StoryFailed."""
    for act in ACTS:
        progress(act.__name__.replace("_", " "))
        await act(stage)
    for name, (sender, receiver, state) in OUTCOME.items():
        for role in (sender, receiver):
            await becomes(stage.at(role), stage.ids[name], state=state)
