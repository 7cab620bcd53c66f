"""The words for codes, in English; the catalogues translate them. A code without words is a fault, found by a test."""

from collections.abc import Mapping

from shared.desk import codes, counted, noun_labels, register_codes, treatment_codes
from shared.desk.fields import FIELDS, OF_ENTRIES
from shared.desk.marks import N_

AGENCIES = {
    "police": N_("Police"),
    "shelter": N_("Shelter"),
    "health": N_("Health"),
    "social": N_("Social services"),
}
PARTNERS = {
    "court": N_("court"),
    "prosecutor": N_("prosecutor"),
    "school": N_("school"),
    "probation": N_("probation service"),
}
STATES = {
    "requested": N_("asked"),
    "accepted": N_("accepted"),
    "in_progress": N_("help is under way"),
    "completed": N_("completed"),
    "failed": N_("did not succeed"),
    "declined": N_("declined"),
    "redirected": N_("pointed elsewhere"),
    "cancelled": N_("taken back"),
    "withdrawn": N_("withdrawn by the person"),
}
ACTIONS = {
    "accept": N_("Accept"),
    "decline": N_("Decline"),
    "redirect": N_("Point elsewhere"),
    "start": N_("The person is here"),
    "complete": N_("Complete"),
    "fail": N_("It did not succeed"),
    "cancel": N_("Take back"),
    "withdraw": N_("The person withdraws"),
}
MOVES = {
    "accept": N_("accepted"),
    "decline": N_("declined"),
    "redirect": N_("pointed elsewhere"),
    "start": N_("the person is here"),
    "complete": N_("completed"),
    "fail": N_("did not succeed"),
    "cancel": N_("taken back"),
    "withdraw": N_("withdrawn by the person"),
}
REASONS = {
    "no_room": N_("no room"),
    "not_suitable": N_("not suitable"),
    "out_of_area": N_("out of our area"),
    "did_not_arrive": N_("did not arrive"),
    "person_declined": N_("the person declined"),
    "no_longer_needed": N_("no longer needed"),
    "sent_by_mistake": N_("sent by mistake"),
    "safety": N_("safety"),
    "other": N_("another reason"),
}
BEDS = {
    "women_with_children": N_("women with children"),
    "all_adults": N_("all adults"),
    "seniors": N_("seniors"),
    "detoxification": N_("detoxification"),
    "addictology": N_("addictology"),
}
PURPOSES = {
    "lodging": N_("temporary lodging"),
    "medical_examination": N_("medical examination"),
    "psychological_help": N_("psychological help"),
    "addiction_treatment": N_("addiction treatment"),
    "psycho_correction": N_("psycho-corrective programme"),
    "sexual_health": N_("sexual-health specialist"),
    "social_services": N_("social services"),
    "restoration_of_rights": N_("restoration of rights"),
    "joint_assessment": N_("joint assessment"),
    "information_request": N_("a question to another agency"),
}
URGENCIES = {
    "routine": N_("routine"),
    "urgent": N_("urgent"),
    "asap": N_("as soon as possible"),
    "stat": N_("at once"),
}
NEEDS = {
    "wheelchair": N_("wheelchair"),
    "infant": N_("infant"),
    "interpreter": N_("interpreter"),
    "school": N_("school"),
    "medicines": N_("medicines"),
    "documents": N_("documents"),
    "benefits": N_("benefits"),
    "transport": N_("transport"),
    "pets": N_("pets"),
}
BASES = {
    "consent": N_("the person's consent"),
    "own_request": N_("the person's own request"),
    "statutory_duty": N_("a duty by law"),
    "court_decision": N_("a court's decision"),
    "emergency": N_("danger to life"),
    "no_personal_data": N_("no personal data"),
}
DELIVERIES = {
    "waiting": N_("waiting to be sent"),
    "sent": N_("sent, not confirmed yet"),
    "received": N_("received"),
    "refused": N_("refused"),
    "withheld": N_("not sent"),
    "on_paper": N_("by a letter on paper"),
}
HOLDS = {
    "asked": N_("a bed is asked for"),
    "held": N_("a bed is held"),
    "refused": N_("no bed is held"),
}
DEADLINES = {
    "refusal_notice": N_("refusal notice to the police"),
    "emergency_review": N_("review of a declared danger"),
    "report_received": N_("a report is not received yet"),
    "report_registered": N_("a report is not registered yet"),
    "referral_answered": N_("a referral to answer"),
    "referral_seen_to": N_("a referral that the chief sees to"),
    "order_ends": N_("an order ends"),
    "plan_review": N_("review of a plan"),
    "agreement_answer": N_("a local agreement to sign or decline"),
    "agreement_signatures": N_("a local agreement that waits for signatures"),
    "agreement_ends": N_("a local agreement ends"),
    "assessment_answer": N_("answers to a joint assessment"),
    "inquiry_answer": N_("a question of another agency to answer"),
    "inquiry_awaited": N_("an answer of another agency is awaited"),
    "letter_confirmed": N_("a letter whose signed page is to come back"),
    "letter_recalled": N_("a letter that its recipient is to erase"),
    "court_decides": N_("a court decides on treatment"),
    "treatment_ends": N_("compulsory treatment ends"),
    "guardian_answers": N_("the guardianship authority's answer"),
}
SUBJECTS = {
    "victim": N_("the victim"),
    "alleged_offender": N_("the alleged offender"),
    "dependant": N_("a dependant"),
}
SEXES = {"female": N_("female"), "male": N_("male")}
GRANTORS = {
    "self": N_("the person"),
    "legal_representative": N_("a legal representative"),
    "guardianship_authority": N_("the guardianship authority"),
}
ENDS = {
    "expired": N_("has run out"),
    "void": N_("was not valid"),
    "over": N_("is over"),
}
CATEGORIES = {
    "routing": N_("ids, times and states"),
    "household": N_("who comes along, as numbers"),
    "worker_contact": N_("the worker's call-back number"),
    "correspondence": N_("what workers write to each other"),
    "identity": N_("name, birth date, sex, IIN"),
    "contact": N_("the person's telephone"),
    "dependants": N_("who comes along"),
    "whereabouts": N_("where the person is"),
    "health": N_("health"),
    "addiction": N_("addiction"),
    "narrative": N_("what happened, in words"),
    "occurrence": N_("that violence happened"),
    "assessment": N_("the outcome of an assessment"),
    "order": N_("that an order protects"),
    "attendance": N_("attended or not"),
    "convictions": N_("convictions"),
    "court_path": N_("the path of compulsory treatment"),
}
REPORTS = {
    "violence": N_("report of violence"),
    "admission": N_("report of an admission"),
}
REPORT_STATES = {
    "sent": N_("on its way"),
    "refused": N_("not taken"),
    "received": N_("with the police"),
    "registered": N_("registered"),
}
ORDER_STATES = {
    "in_force": N_("in force"),
    "ended": N_("ended"),
}
ORDER_ENDS = {
    "ran_out": N_("its last day is over"),
    "lifted": N_("lifted"),
    "replaced": N_("replaced by another order"),
}
REQUIREMENTS = {
    "no_violence": N_("no violence"),
    "no_contact": N_("no contact"),
    "leave_home": N_("to leave the home"),
    "report_to_police": N_("to report to the police"),
    "addiction_treatment": N_("addiction treatment"),
    "psycho_correction": N_("psycho-corrective programme"),
}
NOTICES = {
    "drafted": N_("not sent yet"),
    "sent": N_("sent"),
    "acknowledged": N_("read by the police"),
}
POLICE_MAY = {
    "record_statistics": N_("count it"),
    "offer_contact": N_("offer contact through the shelter"),
    "preventive_talk": N_("hold a preventive conversation"),
}
# By the kind of code: the same code may mean two things ("health" is an agency and a category of data).
TABLES: Mapping[str, Mapping[str, str]] = {
    "agency": {**AGENCIES, **PARTNERS},
    "state": STATES,
    "action": ACTIONS,
    "move": MOVES,
    "reason": REASONS,
    "bed": BEDS,
    "purpose": PURPOSES,
    "urgency": URGENCIES,
    "need": NEEDS,
    "basis": BASES,
    "delivery": DELIVERIES,
    "hold": HOLDS,
    "deadline": {**DEADLINES, **register_codes.DEADLINES},
    "subject": SUBJECTS,
    "category": CATEGORIES,
    "sex": SEXES,
    "grantor": GRANTORS,
    "end": ENDS,
    "field": FIELDS,
    "notice": NOTICES,
    "order_state": ORDER_STATES,
    "order_end": ORDER_ENDS,
    "requirement": REQUIREMENTS,
    "report": REPORTS,
    "report_state": REPORT_STATES,
    "police_may": POLICE_MAY,
    **noun_labels.TABLES,
    "table": counted.TABLES,
    **codes.TABLES,
    **register_codes.TABLES,
    **treatment_codes.TABLES,
    "counted": {**NEEDS, **PURPOSES, **STATES, **BEDS, **SEXES, **counted.CODES},
    "entry": OF_ENTRIES,
}
LABELS: dict[str, str] = {code: words for table in reversed(tuple(TABLES.values())) for code, words in table.items()}


def label(code: str, kind: str | None = None) -> str:
    """The words for a code, in English; the code itself where it has none, rather than no page."""
    return (LABELS if kind is None else TABLES[kind]).get(str(code), str(code))
