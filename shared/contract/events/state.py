"""What organisations announce to everyone: the last value wins (F9). Never an address, never a person."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.events.base import Event, ShortText
from shared.contract.identifiers import KATO, OrganisationId
from shared.contract.vocabulary import Agency, BedKind, EventType, Need, Purpose
from shared.contract.vocabulary import DataCategory as C

MOST_PLACES = 10_000
MOST_UNITS = 200


class OrganisationAnnounced(Event):
    """An organisation that can be reached, as its own service describes it. Never an address.

    `serves` and `languages` (ISO 639): what it says it can serve, and what is spoken there; null where it says nothing.
    """

    type = EventType.ORGANISATION_ANNOUNCED
    id: Annotated[OrganisationId, C.PUBLIC]
    agency: Annotated[Agency, C.PUBLIC]
    name_kk: Annotated[ShortText, C.PUBLIC]
    name_ru: Annotated[ShortText, C.PUBLIC]
    name_en: Annotated[ShortText, C.PUBLIC]
    kato: Annotated[KATO, C.PUBLIC]
    purposes: Annotated[tuple[Purpose, ...], C.PUBLIC] = ()
    responsible_for: Annotated[tuple[ShortText, ...], C.PUBLIC] = ()
    phone: Annotated[ShortText | None, C.PUBLIC] = None
    serves: Annotated[tuple[Need, ...] | None, C.PUBLIC] = None
    languages: Annotated[tuple[ShortText, ...] | None, C.PUBLIC] = None


class UnitCount(BaseModel):
    """The places of one unit. `serves`: what it can serve, where that is not what its organisation says of itself."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    unit: ShortText
    kind: BedKind
    capacity: int = Field(ge=0, le=MOST_PLACES)
    free: int = Field(ge=0, le=MOST_PLACES)
    counted_at: AwareDatetime
    serves: tuple[Need, ...] | None = None


class BedsCounted(Event):
    """All units of one organisation, as they are now: the last announcement replaces the one before (F9)."""

    type = EventType.BEDS_COUNTED
    organisation: Annotated[OrganisationId, C.PUBLIC]
    units: Annotated[tuple[UnitCount, ...], C.PUBLIC] = Field(max_length=MOST_UNITS)
    at: Annotated[AwareDatetime, C.PUBLIC]
