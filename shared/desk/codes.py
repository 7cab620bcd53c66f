"""The words for codes of letters and local agreements, in English; the catalogues translate them."""

from collections.abc import Mapping

from shared.desk.marks import N_

LETTER_KINDS = {
    "referral": N_("a letter about somebody"),
    "order_notice": N_("the notice of an order"),
}
LETTER_ENDS = {
    "confirmed": N_("the signed page came back"),
    "withdrawn": N_("its consent has ended"),
    "erased": N_("the person was erased here"),
}
RECALL_ENDS = {
    "erased_there": N_("the partner has signed that it is erased there"),
    "never_handed_over": N_("it was never handed over"),
}
LETTER_PURPOSES = {
    "restoration_of_rights": N_("restoration of rights"),
    "social_services": N_("social services"),
    "protection_order": N_("the notice of an order"),
}
AGREEMENT_STATES = {
    "draft": N_("waits for signatures"),
    "declined": N_("declined"),
    "concluded": N_("signed by all"),
    "in_force": N_("in force"),
    "replaced": N_("replaced by a later version"),
    "ended": N_("ended"),
}
OBJECTIONS = {
    "lines": N_("something else should be exchanged"),
    "parties": N_("the parties should be others"),
    "validity": N_("the days are not right"),
    "not_competent": N_("it is not ours to agree on"),
    "other": N_("another reason"),
}
ROLES = {
    "worker": N_("worker"),
    "supervisor": N_("supervisor"),
    "bed-counter": N_("bed counter (a machine)"),
    "statistician": N_("statistician"),
}
PERMISSIONS = {
    "read": N_("read"),
    "write": N_("write and send"),
    "count_beds": N_("count beds"),
    "review": N_("review, sign and oversee"),
    "statistics": N_("take statistics"),
    "erase": N_("erase for good"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "letter_kind": LETTER_KINDS,
    "letter_purpose": LETTER_PURPOSES,
    "letter_end": LETTER_ENDS,
    "role": ROLES,
    "permission": PERMISSIONS,
    "agreement_state": AGREEMENT_STATES,
    "objection": OBJECTIONS,
    "recall_end": RECALL_ENDS,
}
