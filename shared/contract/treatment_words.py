"""The words of the path of compulsory treatment, with the same meaning at the police and at health (F8)."""

from enum import StrEnum


class TreatmentState(StrEnum):
    """Where a path stands."""

    EVADED = "evaded"  # an examination
    OUT_PATIENT_ORDERED = "out_patient_ordered"  # a compulsory examination
    OUT_PATIENT_REFUSED = "out_patient_refused"
    IN_PATIENT_ORDERED = "in_patient_ordered"  # if a bed is free
    IN_PATIENT = "in_patient"  # in a bed, to be examined
    EXAMINED = "examined"
    MATERIALS_SENT = "materials_sent"  # the police's
    AT_COURT = "at_court"
    NOT_ORDERED = "not_ordered"
    ORDERED = "ordered"
    IN_TREATMENT = "in_treatment"
    ENDED = "ended"
    CLOSED = "closed"  # before a court decided


class TreatmentStep(StrEnum):
    """What the police or health do."""

    EVADE = "evade"
    SEARCH = "search"
    FIND = "find"
    ORDER_OUT_PATIENT = "order_out_patient"
    REFUSE_OUT_PATIENT = "refuse_out_patient"
    ORDER_IN_PATIENT = "order_in_patient"
    ADMIT = "admit"
    EXAMINE = "examine"
    SEND_MATERIALS = "send_materials"
    REFER_TO_COURT = "refer_to_court"
    ORDER_TREATMENT = "order_treatment"
    DECLINE_TREATMENT = "decline_treatment"
    BEGIN = "begin"
    END = "end"
    CLOSE = "close"


class SearchState(StrEnum):
    """Whether the police look for who evades."""

    LOOKED_FOR = "looked_for"
    FOUND = "found"


class Material(StrEnum):
    """What the police send (report, 1.4, art. 17, para. 5): which kinds of papers, never what stands in them."""

    OFFENCE_REPORTS = "offence_reports"
    NEIGHBOUR_INTERVIEWS = "neighbour_interviews"
    RELATIVE_INTERVIEWS = "relative_interviews"
    WORKPLACE_NOTE = "workplace_note"
    OTHER_PAPERS = "other_papers"


class TreatmentEnd(StrEnum):
    """Why compulsory treatment is over."""

    TERM_OVER = "term_over"
    COURT_ENDED = "court_ended"  # before its term
    DIED = "died"


class GuardianAnswer(StrEnum):
    """What the guardianship authority answers for a minor."""

    CONSENTS = "consents"
    REFUSES = "refuses"
    OTHER_REPRESENTATIVE = "other_representative"  # there is one who can be asked
