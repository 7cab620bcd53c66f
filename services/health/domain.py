"""An examination: health's own record, which the law keeps in health (report, 1.4, art. 17; 2.2, no. 23)."""

from enum import StrEnum


class ExaminationKind(StrEnum):
    """What was examined."""

    INJURIES = "injuries"
    PSYCHOLOGICAL = "psychological"
    ADDICTOLOGY = "addictology"


# An examination can be recorded for a referral while help is under way, and after it was completed.
RECORDABLE = frozenset({"accepted", "in_progress", "completed"})
