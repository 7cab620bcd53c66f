"""The words for codes of single nouns (assessments and what follows), in English; the catalogues translate them."""

from shared.desk.marks import N_

SEATS = {
    "officer": N_("officer of the police"),
    "social_worker": N_("social worker"),
    "psychologist": N_("psychologist"),
    "host": N_("who hosts the person"),
}
ASSESSMENT_STATES = {
    "proposed": N_("proposed"),
    "agreed": N_("agreed"),
    "concluded": N_("signed by all who are needed"),
    "ended": N_("called off"),
}
ASSESSMENT_ENDS = {
    "cancelled": N_("it can't be held"),
    "person_declined": N_("the person does not want it"),
    "consent_ended": N_("the person's consent has ended"),
}
ASSESSMENT_ANSWERS = {
    "accepted": N_("comes"),
    "other_time": N_("asks for another time"),
    "declined": N_("does not come"),
}
GOALS = {
    "documents": N_("documents"),
    "housing": N_("housing"),
    "custody": N_("custody of children"),
    "property": N_("property"),
    "benefits": N_("benefits"),
    "employment": N_("employment"),
    "education": N_("education"),
    "psychologist": N_("psychologist"),
}
PROGRESS = {
    "planned": N_("planned"),
    "under_way": N_("under way"),
    "done": N_("done"),
    "dropped": N_("given up"),
}
STEPS = {
    "progressed": N_("progress"),
    "reviewed": N_("reviewed"),
    "closed": N_("closed"),
}
PATTERNS = {
    "incidents": N_("incidents of violence"),
    "refusals_to_report": N_("refusals to report"),
    "conciliations": N_("conciliations"),
    "orders_breached": N_("breaches of an order"),
}
ENROLMENTS = {
    "enrolled": N_("takes part"),
    "completed": N_("completed"),
    "left": N_("left"),
    "withdrawn": N_("withdrawn by the person"),
}
CONVERSATION_PLACES = {
    "office": N_("at our office"),
    "home": N_("at home"),
    "education": N_("at the place of education"),
    "employment": N_("at the place of work"),
    "on_the_spot": N_("where it was uncovered"),
}
REPRESENTATIVES = {
    "parent": N_("parent"),
    "teacher": N_("teacher"),
    "other": N_("another lawful representative"),
}
INFORMATION = {
    "addictologist_note": N_("addictologist's note"),
    "psychiatrist_note": N_("psychiatrist's note"),
    "medical_certificate": N_("medical certificate"),
    "prior_convictions": N_("prior convictions"),
    "social_services": N_("social services provided"),
}
INQUIRY_STATES = {
    "asked": N_("waits for an answer"),
    "answered": N_("answered"),
    "refused": N_("refused"),
    "cancelled": N_("taken back"),
    "ended": N_("what it rested on is over"),
}
REFUSALS = {
    "no_basis": N_("there is no basis for it"),
    "not_this_kind": N_("we do not make this out"),
    "not_held": N_("we hold nothing about that person"),
    "wrong_person": N_("nobody, or more than one, is known by that name"),
    "not_told_here": N_("only a court or the person is told"),
}
HANDED = {"court": N_("to the court"), "person": N_("to the person")}
TABLES = {
    "information": INFORMATION,
    "inquiry_state": INQUIRY_STATES,
    "refusal": REFUSALS,
    "handed": HANDED,
    "conversation_place": CONVERSATION_PLACES,
    "representative": REPRESENTATIVES,
    "enrolment": ENROLMENTS,
    "pattern": PATTERNS,
    "goal": GOALS,
    "progress": PROGRESS,
    "step": STEPS,
    "seat": SEATS,
    "assessment_state": ASSESSMENT_STATES,
    "assessment_end": ASSESSMENT_ENDS,
    "assessment_answer": ASSESSMENT_ANSWERS,
}
