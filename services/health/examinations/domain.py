"""What is examined, and when that can be recorded for a referral."""

from enum import StrEnum


class ExaminationKind(StrEnum):
    """What was examined."""

    INJURIES = "injuries"
    PSYCHOLOGICAL = "psychological"
    ADDICTOLOGY = "addictology"


# An examination can be recorded for a referral while help is under way, and after it was completed.
RECORDABLE = frozenset({"accepted", "in_progress", "completed"})
