"""Organisations: our own and all that were announced."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from shared.adapters.database import Json, Moment

# For a district or region: some hundreds in the whole country, however many organisations there are.
RESPONSIBLE = text("responsible_for <> '[]'::jsonb")


class OrganisationRow(SQLModel, table=True):
    """An organisation of the network. `hold_minutes` matters to its own service only."""

    __tablename__ = "organisations"
    __table_args__ = (
        Index("organisations_responsible", "agency", postgresql_where=RESPONSIBLE),
        Index("organisations_hosted", "announced_at", postgresql_where=text("hosted")),
    )
    id: str = Field(primary_key=True)
    agency: str = Field(index=True)
    name_kk: str
    name_ru: str
    name_en: str
    kato: str
    purposes: list[str] = Field(sa_type=Json)
    responsible_for: list[str] = Field(sa_type=Json)
    phone: str | None = None
    serves: list[str] | None = Field(default=None, sa_type=Json)  # null: it does not say
    languages: list[str] | None = Field(default=None, sa_type=Json)
    hosted: bool = False
    hold_minutes: int = 90
    announced_at: datetime = Field(sa_type=Moment)


TABLES = (OrganisationRow,)
