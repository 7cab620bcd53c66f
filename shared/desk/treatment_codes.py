"""The words for codes of the treatment of addiction, in English; the catalogues translate them."""

from collections.abc import Mapping

from shared.desk.marks import N_

STATES = {
    "evaded": N_("an examination was evaded"),
    "out_patient_ordered": N_("an out-patient examination is ordered"),
    "out_patient_refused": N_("the out-patient examination was refused"),
    "in_patient_ordered": N_("an in-patient examination is ordered"),
    "in_patient": N_("in a bed, to be examined"),
    "examined": N_("examined"),
    "materials_sent": N_("materials were sent"),
    "at_court": N_("at court"),
    "not_ordered": N_("the court ordered no treatment"),
    "ordered": N_("the court ordered treatment"),
    "in_treatment": N_("in treatment"),
    "ended": N_("treatment has ended"),
    "closed": N_("closed before a court decided"),
}
STEPS = {
    "evade": N_("an examination was evaded"),
    "search": N_("looked for by the police"),
    "find": N_("found by the police"),
    "order_out_patient": N_("order an out-patient examination"),
    "refuse_out_patient": N_("the out-patient examination was refused"),
    "order_in_patient": N_("order an in-patient examination"),
    "admit": N_("admitted to be examined"),
    "examine": N_("examined"),
    "send_materials": N_("send materials"),
    "refer_to_court": N_("the court has the materials"),
    "order_treatment": N_("the court ordered treatment"),
    "decline_treatment": N_("the court ordered no treatment"),
    "begin": N_("treatment begins"),
    "end": N_("treatment ends"),
    "close": N_("close the path"),
}
SEARCHES = {"looked_for": N_("looked for by the police"), "found": N_("found by the police")}
DETAILS = {
    "materials": N_("papers"),
    "decide_by": N_("the court decides by"),
    "from_day": N_("from the day"),
    "last_day": N_("to the day"),
    "end": N_("why"),
}
MATERIALS = {
    "offence_reports": N_("reports of offences"),
    "neighbour_interviews": N_("what neighbours said"),
    "relative_interviews": N_("what relatives said"),
    "workplace_note": N_("a note from the workplace"),
    "other_papers": N_("other papers"),
}
CODES = {
    **MATERIALS,
    "term_over": N_("its term is over"),
    "court_ended": N_("a court ended it"),
    "died": N_("the person died"),
}
GUARDIANS = {
    "consents": N_("consents"),
    "refuses": N_("refuses"),
    "other_representative": N_("another representative can be asked"),
}
VOLUNTARY = {
    "offered": N_("offered"),
    "under_way": N_("under way"),
    "completed": N_("completed"),
    "stopped": N_("stopped"),
    "refused": N_("refused, with a note"),
}
CONSEQUENCES = {
    "illness_worsens": N_("the illness may get worse"),
    "evasion_is_told": N_("who evades a medical examination is told of to the police"),
    "court_may_order": N_("of who evades, a court may order compulsory treatment"),
}
ADMISSION_FACTS = {
    "complains_of_offence": N_("the person says that an offence was committed"),
    "criminal_in_nature": N_("the injuries look like an offence"),
    "died": N_("the person died"),
}
CRITERIA = {
    "complaint_of_offence": N_("the person says that an offence was committed"),
    "criminal_in_nature": N_("the injuries look like an offence"),
    "death": N_("the person died"),
}
EXAMINATIONS = {
    "injuries": N_("injuries"),
    "psychological": N_("the psychological state"),
    "addictology": N_("addiction"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "treatment_state": STATES,
    "treatment_step": STEPS,
    "examination": EXAMINATIONS,
    "guardian_answer": GUARDIANS,
    "voluntary_state": VOLUNTARY,
    "consequence": CONSEQUENCES,
    "admission_fact": ADMISSION_FACTS,
    "criterion": CRITERIA,
    "search_state": SEARCHES,
    "treatment_detail": DETAILS,
    "material": MATERIALS,
    "treatment_code": CODES,
}
