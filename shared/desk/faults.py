"""What a problem is called at the desk, in English; the catalogues translate it."""

from shared.desk.marks import N_

FAULTS = {
    "not-found": N_("There is nothing here, or it belongs to another organisation."),
    "not-permitted": N_("Your role may not do this."),
    "wrong-organisation": N_("This service does not work for your organisation."),
    "two-organisations": N_("Your account stands for more than one organisation. Nobody acts for two at once."),
    "unauthorised": N_("You could not be signed in. Try again."),
    "no-sign-in": N_("Nobody can sign in at the moment: the identity provider can't be reached."),
    "issuer-unreachable": N_("Nobody can sign in at the moment: the identity provider can't be reached."),
    "stale-form": N_("This form is of an earlier session. Load the page again."),
    "invalid-input": N_("Something in the form does not fit."),
    "precondition-failed": N_("It was changed meanwhile. Look at it again."),
    "not-now": N_("This can't be done in the state it is in."),
    "database-unavailable": N_("Nothing was done. Try again in a moment."),
    "overloaded": N_("Nothing was done. Try again in a moment."),
    "outcome-unknown": N_("It may have been done. Look before you do it again."),
    "storage-full": N_("Nothing was done: the disk is full. Tell whoever runs this service."),
}
ANY = N_("It was not done.")


def fault(kind: str) -> str:
    """The words for a kind of problem."""
    return FAULTS.get(kind, ANY)
