"""A plan of services (F5; Standard No. 1079, para. 9): what is to be done, and how far it is."""

from enum import StrEnum


class ServiceKind(StrEnum):
    """What social services restore or provide."""

    DOCUMENTS = "documents"
    BENEFITS = "benefits"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    CUSTODY = "custody"
    PSYCHOLOGIST = "psychologist"


class Progress(StrEnum):
    """How far a service is."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"
