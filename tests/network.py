"""The network that tests run on: casts of invented organisations in each region; tests never share beds or boxes.

Who looks for the nearest shelter with a free room has a region of its own; all other tests share the rest.

`python -m tests.network` prints the organisations, for a network that runs elsewhere (compose).
"""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.office import Office
from deploy.demo.stage import Cast, Line, Stage
from deploy.enrol import Enrolment
from shared.casework.directory.hosted import HostedOrganisation
from shared.casework.directory.places import distance_km, places
from shared.contract.vocabulary import Agency, Purpose

HOSPITAL = (Purpose.MEDICAL_EXAMINATION, Purpose.PSYCHOLOGICAL_HELP, Purpose.SEXUAL_HEALTH)
ALONE = ("59", "61", "62", "63")  # regions of one cast each: nobody else has a shelter there
SPARE = ("-b", "-c", "-d", "-e", "-f")
SOCIAL = (Purpose.SOCIAL_SERVICES, Purpose.RESTORATION_OF_RIGHTS, Purpose.PSYCHO_CORRECTION)


@dataclass(frozen=True)
class Region:
    """A place, and the two places nearest to it within the same region."""

    here: str
    near: str
    far: str


@dataclass
class Access:
    """How tests reach a running network: where its services are, and the files that make tokens."""

    urls: dict[Agency, str]
    enrolment: Enrolment
    line: Line | None = None
    alone: Iterator[Cast] = field(default_factory=lambda: iter([cast(r) for r in regions() if _is_of_one_cast(r)]))
    casts: Iterator[Cast] = field(default_factory=lambda: iter([cast(r, mark) for r, mark in _shared() if mark]))

    def office(self, organisation: str, *roles: str, who: str = "dev") -> Office:
        """A worker of an organisation, or somebody with other roles; `who`: of several."""
        agency = Agency(self.enrolment.trust_now().party(organisation).agency)
        token = self.enrolment.token(organisation=organisation, roles=roles or ("worker",), who=who)
        return Office(organisation, url=self.urls[agency], token=token)

    @asynccontextmanager
    async def stage(self, players: Cast) -> AsyncIterator[Stage]:
        """Everybody of a cast, until the play is over."""
        names = [name for name in vars(players).values() if not name.isdigit()]
        offices = {name: self.office(name, "supervisor") for name in names}
        yield Stage(cast=players, offices=offices, line=self.line)
        for office in offices.values():
            await office.close()


def regions() -> list[Region]:
    """Every region with three places that lie nearer to each other than to any other region's."""
    candidates = []
    for prefix in sorted({kato[:2] for kato in places()}):
        inside = [kato for kato in places() if kato[:2] == prefix and not kato.endswith("0000000")]
        if len(inside) > 2:
            here = inside[0]
            near, far = sorted(inside[1:], key=lambda kato: distance_km(here, kato) or 0.0)[:2]
            candidates.append(Region(here, near, far))
    return [region for region in candidates if _stands_apart(region, candidates)]


def _stands_apart(region: Region, others: list[Region]) -> bool:
    radius = distance_km(region.here, region.far) or 0.0
    foreign = [kato for other in others if other is not region for kato in (other.near, other.far)]
    apart = all((distance_km(region.here, kato) or 0.0) > radius for kato in foreign)
    return apart and (distance_km(region.here, region.near) or 0.0) < radius


def cast(region: Region, mark: str = "") -> Cast:
    """The organisations of a region, by role."""
    mark = region.here[:2] + mark
    return Cast(
        police=f"police-{mark}",
        rural_police=f"police-rural-{mark}",
        near_shelter=f"shelter-near-{mark}",
        far_shelter=f"shelter-far-{mark}",
        hospital=f"hospital-{mark}",
        addictology=f"addictology-{mark}",
        social=f"social-{mark}",
        here=region.here,
    )


def organisations() -> list[HostedOrganisation]:
    """All of them."""
    everywhere = [(region, "") for region in regions() if _is_of_one_cast(region)] + _shared()
    return [organisation for region, mark in everywhere for organisation in _organisations(region, mark)]


def _is_of_one_cast(region: Region) -> bool:
    return region.here[:2] in ALONE


def _shared() -> list[tuple[Region, str]]:
    """Regions that several casts are in, and the mark of each."""
    return [(region, mark) for mark in ("", *SPARE) for region in regions() if not _is_of_one_cast(region)]


def _organisations(region: Region, mark: str) -> list[HostedOrganisation]:
    players, responsible = cast(region, mark), () if mark else (region.here[:2],)
    return [
        _organisation(players.police, Agency.POLICE, region.here, responsible_for=responsible),
        _organisation(players.rural_police, Agency.POLICE, region.here),
        _organisation(players.near_shelter, Agency.SHELTER, region.near, (Purpose.LODGING,)),
        _organisation(players.far_shelter, Agency.SHELTER, region.far, (Purpose.LODGING,)),
        _organisation(players.hospital, Agency.HEALTH, region.here, HOSPITAL),
        _organisation(players.addictology, Agency.HEALTH, region.here, (Purpose.ADDICTION_TREATMENT,)),
        _organisation(players.social, Agency.SOCIAL, region.here, SOCIAL),
    ]


def _organisation(
    name: str, agency: Agency, kato: str, purposes: tuple[Purpose, ...] = (), responsible_for: tuple[str, ...] = ()
) -> HostedOrganisation:
    return HostedOrganisation(
        id=name,
        agency=agency,
        name_kk=name,
        name_ru=name,
        name_en=name,
        kato=kato,
        purposes=purposes,
        responsible_for=responsible_for,
    )


def elsewhere(file: Path) -> Access:
    """A network that somebody else started: a JSON file says where its services and its enrolment are."""
    about = json.loads(file.read_text())
    urls = {Agency(name): str(url) for name, url in about["urls"].items()}
    return Access(urls=urls, enrolment=Enrolment(Path(about["enrolment"])))


if __name__ == "__main__":
    json.dump([o.model_dump(mode="json") for o in organisations()], sys.stdout, indent=1)
