"""The menu, as a literal table: which pages there are, at which agencies, and what one must be allowed for each."""

from collections.abc import Set
from dataclasses import dataclass

from shared.adapters.identity import Permission
from shared.contract.vocabulary import Agency
from shared.desk.marks import N_

ALL = frozenset(Agency)


@dataclass(frozen=True)
class Entry:
    """A page by its path and its name in English; the catalogues translate it. `often`: seen without opening more."""

    path: str
    words: str
    at: frozenset[Agency] = ALL
    needs: Permission = Permission.READ
    often: bool = True


MENU = (
    Entry("/desk", N_("Today")),
    Entry("/desk/persons", N_("People")),
    Entry("/desk/refer", N_("Refer"), needs=Permission.WRITE),
    Entry("/desk/referrals", N_("Referrals")),
    Entry("/desk/beds", N_("Beds")),
    Entry("/desk/our-beds", N_("Our beds"), at=frozenset({Agency.SHELTER, Agency.HEALTH})),
    Entry("/desk/reports", N_("Reports")),
    Entry("/desk/refusals", N_("Refusals to report"), at=frozenset({Agency.SHELTER})),
    Entry("/desk/notices", N_("Refusal notices"), at=frozenset({Agency.POLICE})),
    Entry("/desk/orders", N_("Orders"), often=False),
    Entry("/desk/letters", N_("Letters"), at=frozenset({Agency.POLICE, Agency.SOCIAL}), often=False),
    Entry("/desk/treatment", N_("Compulsory treatment"), at=frozenset({Agency.POLICE, Agency.HEALTH}), often=False),
    Entry("/desk/voluntary", N_("Voluntary treatment"), at=frozenset({Agency.HEALTH}), often=False),
    Entry("/desk/guardianship", N_("Guardianship"), at=frozenset({Agency.HEALTH, Agency.SOCIAL}), often=False),
    Entry("/desk/admissions", N_("Trauma room"), at=frozenset({Agency.HEALTH})),
    Entry("/desk/examinations", N_("Examinations"), at=frozenset({Agency.HEALTH}), often=False),
    Entry("/desk/emergencies", N_("Dangers to life"), often=False),
    Entry("/desk/registers", N_("Registers"), at=ALL - {Agency.SHELTER}, often=False),
    Entry("/desk/comparisons", N_("Comparisons"), at=ALL - {Agency.SHELTER}, often=False),
    Entry("/desk/walls", N_("Both parties here"), at=ALL - {Agency.POLICE}, often=False),
    Entry("/desk/agreements", N_("Local agreements"), often=False),
    Entry("/desk/incidents", N_("Incidents"), at=frozenset({Agency.POLICE}), often=False),
    Entry("/desk/warnings", N_("Warnings"), often=False),
    Entry("/desk/programmes", N_("Programmes"), at=frozenset({Agency.HEALTH, Agency.SOCIAL}), often=False),
    Entry("/desk/plans", N_("Plans"), at=frozenset({Agency.SOCIAL}), often=False),
    Entry("/desk/inquiries", N_("Questions"), often=False),
    Entry("/desk/conversations", N_("Preventive conversations"), often=False),
    Entry("/desk/assessments", N_("Joint assessments"), often=False),
    Entry("/desk/network", N_("Network"), often=False),
    Entry("/desk/statistics", N_("Statistics"), needs=Permission.STATISTICS, often=False),
    Entry("/desk/region", N_("The region"), at=frozenset({Agency.SOCIAL}), needs=Permission.STATISTICS, often=False),
    Entry("/desk/administration", N_("Administration"), needs=Permission.REVIEW, often=False),
    Entry("/desk/rules", N_("Rules"), often=False),
)


def menu_of(agency: Agency, permissions: Set[Permission]) -> tuple[Entry, ...]:
    """The pages of one agency's desk for who may do so much, in order."""
    return tuple(one for one in MENU if agency in one.at and one.needs in permissions)


def first_page(agency: Agency, permissions: Set[Permission]) -> str:
    """Where one begins: today, or what comes first of what one may see."""
    return next((one.path for one in menu_of(agency, permissions)), MENU[0].path)
