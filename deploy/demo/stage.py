"""The stage on which the story is played: who plays, where, and what can be broken on the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from deploy.demo.office import Json, Office


@dataclass(frozen=True)
class Cast:
    """Who plays: organisation ids, and where the night happens (KATO)."""

    police: str
    rural_police: str
    near_shelter: str
    far_shelter: str
    hospital: str
    addictology: str
    social: str
    here: str


TALGAR = Cast(
    police="police-talgar",
    rural_police="police-kegen",
    near_shelter="shelter-esik",
    far_shelter="shelter-alatau",
    hospital="hospital-talgar",
    addictology="addictology-almaty",
    social="social-talgar",
    here="196200000",
)


@dataclass(frozen=True)
class Said:
    """One entry of the timeline: who did what; what crossed to whom on which basis; what was withheld by which rule."""

    who: str
    what: str
    disclosure: Json | None = None
    accounting: tuple[Json, ...] = ()


class Line(Protocol):
    """A line between the police and the network that can be cut."""

    def cut(self) -> None:
        """Nothing passes any more."""

    def mend(self) -> None:
        """It passes again."""


async def nothing() -> None:
    """No effect."""


@dataclass
class Stage:
    """The offices, what is remembered from act to act, and what can be broken."""

    cast: Cast
    offices: dict[str, Office]
    tell: Callable[[Said], None] = lambda _: None
    line: Line | None = None
    in_the_middle: Callable[[], Awaitable[None]] = nothing
    ids: dict[str, str] = field(default_factory=dict)

    def at(self, role: str) -> Office:
        """The office that plays a role of the cast."""
        return self.offices[getattr(self.cast, role)]

    def say(self, who: str, what: str, disclosure: Json | None = None, accounting: tuple[Json, ...] = ()) -> None:
        """Tell what happened."""
        self.tell(Said(who, what, disclosure, accounting))
