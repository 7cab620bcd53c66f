"""A service whose directory and board say something of every sort that an export must carry, or must not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from deploy.network import Network
from shared.casework.beds import store as beds
from shared.casework.directory import store as directory
from shared.contract.events import BedsCounted, OrganisationAnnounced, UnitCount
from shared.contract.vocabulary import Agency, BedKind, Need, Purpose
from tests.workbench import Bench, bench

NOW = "2026-03-20T12:00:00+05:00"
READER = {Agency.POLICE: "police-19", Agency.SHELTER: "shelter-far-19"}
VILLAGE, DISTRICT = "196245100", "196200000"  # in Talgar District
HIDDEN, AKIMAT, HOSPITAL = "shelter-in-a-village", "akimat-rooms", "hospital-19"
ODD_NAME = "Ауыл \x0b\x1f<&>\uffff"  # what an announcement may hold and XML can't
ANNOUNCED = (
    OrganisationAnnounced(
        id=HIDDEN,
        agency=Agency.SHELTER,
        name_kk="Жасырын",
        name_ru="Скрытый",
        name_en="Hidden",
        kato=VILLAGE,
        purposes=(Purpose.LODGING, Purpose.PSYCHOLOGICAL_HELP),
        phone="+7 700 000 00 99",
        serves=(Need.INFANT, Need.SCHOOL),
        languages=("kk", "ru", "ug", "kk"),
    ),
    OrganisationAnnounced(
        id=AKIMAT,
        agency=Agency.SOCIAL,
        name_kk=ODD_NAME,
        name_ru=ODD_NAME,
        name_en=ODD_NAME,
        kato=VILLAGE,
        purposes=(Purpose.SOCIAL_SERVICES,),
        languages=(),
    ),
)


def unit(name: str, kind: BedKind, *, free: int, at: datetime, serves: tuple[Need, ...] | None = None) -> UnitCount:
    return UnitCount(unit=name, kind=kind, capacity=6, free=free, counted_at=at, serves=serves)


async def counted(service: Bench, organisation: str, *units: UnitCount) -> None:
    """What came over the board."""
    async with service.work() as work:
        said = BedsCounted(organisation=organisation, units=units, at=work.now)
        await beds.replace(work.session, counted=said, at=work.now)


@asynccontextmanager
async def populated(network: Network, agency: Agency = Agency.POLICE) -> AsyncIterator[Bench]:
    """Hundreds of organisations, of which three count beds."""
    async with bench(network, agency, at=NOW) as service:
        now = service.clock()
        async with service.work() as work:
            for one in ANNOUNCED:
                await directory.put(work.session, organisation=one, at=now, hosted=False)
        family = unit("family-rooms", BedKind.WOMEN_WITH_CHILDREN, free=2, at=now)
        old = unit("quiet-house", BedKind.SENIORS, free=0, at=now - timedelta(hours=30), serves=(Need.WHEELCHAIR,))
        await counted(service, HIDDEN, family, old)
        await counted(service, AKIMAT, unit("rooms", BedKind.ALL_ADULTS, free=1, at=now))
        await counted(service, HOSPITAL, unit("sobering", BedKind.DETOXIFICATION, free=3, at=now))
        yield service
