"""The words for codes of registers and their comparisons, in English; the catalogues translate them."""

from collections.abc import Mapping

from shared.desk.marks import N_

REGISTERS = {
    "preventive_monitoring": N_("preventive monitoring"),
    "minors_who_suffered": N_("minors who suffered"),
    "troubled_families": N_("families in difficulty"),
    "dispensary": N_("dispensary register"),
}
ENTRY_CODES = {
    "protective_order": N_("a protective order"),
    "behaviour_requirements": N_("a court's requirements of behaviour"),
    "parole": N_("released on parole"),
    "administrative_oversight": N_("administrative oversight"),
    "sentence_without_isolation": N_("a sentence without imprisonment"),
    "released_after_grave_crime": N_("released after a grave crime"),
    "minor_below_liable_age": N_("a minor below the age of liability"),
    "minor_accused": N_("a minor who is accused"),
    "minor_released": N_("a minor who was released"),
    "minor_from_special_school": N_("a minor back from a special school"),
    "duties_not_performed": N_("duties of upbringing are not performed"),
    "acts_against_children": N_("acts against children"),
    "minor_suffered": N_("a minor who suffered violence"),
    "alcohol": N_("alcohol"),
    "drugs": N_("drugs"),
    "inhalants": N_("inhalants"),
}
REMOVALS = {
    "ground_ended": N_("the ground has ended"),
    "improved": N_("it has become better"),
    "came_of_age": N_("came of age"),
    "moved": N_("moved away"),
    "died": N_("the person died"),
    "by_court": N_("by a court"),
    "by_mistake": N_("was entered by mistake"),
    "erased": N_("the person was erased here"),
}
COMPARISON_STATES = {
    "opened": N_("waits for an answer"),
    "answered": N_("answered, not compared yet"),
    "compared": N_("compared"),
    "declined": N_("declined"),
    "aborted": N_("came to nothing"),
}
COMPARISON_ENDS = {
    "too_few": N_("too few entries: somebody could be guessed"),
    "too_many": N_("more entries than are compared at once"),
    "too_often": N_("compared as often as may be within a year"),
    "not_comparable": N_("these two registers are not compared"),
    "malformed": N_("what came could not be read"),
    "not_now": N_("not now"),
    "lapsed": N_("not answered in time"),
}
DEADLINES = {
    "register_review": N_("review of an entry in a register"),
    "comparison_answer": N_("a comparison of registers to answer"),
    "registers_reconciled": N_("the yearly comparison of registers"),
    "wall_staffed": N_("both parties are here: who works with whom"),
    "both_parties_here": N_("both parties of a case are here"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "register": REGISTERS,
    "entry_code": ENTRY_CODES,
    "removal": REMOVALS,
    "comparison_state": COMPARISON_STATES,
    "comparison_end": COMPARISON_ENDS,
}
