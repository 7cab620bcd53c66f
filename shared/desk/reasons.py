"""Why something could not be done, in the reader's language: the calls' own sentences, which the catalogues hold."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from babel.support import NullTranslations
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from shared.desk.fields import FIELDS
from shared.desk.labels import label
from shared.desk.marks import N_

Fault = tuple[str, str, Mapping[str, Any]]  # the field's name or nothing, why it does not fit, and the values in that
ADDED = re.compile(r" \(|: ")  # a source, or codes, that the sentence of a call names after it
# What a form calls its fields, where the calls' names are not codes of the desk anyway.
NAMES = FIELDS | {
    "basis": N_("On the basis of"),
    "birth_date": N_("Birth date"),
    "body": N_("Message"),
    "came_back_on": N_("On which day"),
    "capacity": N_("Places"),
    "decided_on": N_("Decided on"),
    "ends_on": N_("The first day on which it does not hold"),
    "from_day": N_("From the day"),
    "last_day": N_("To the day, which counts"),
    "minutes": N_("For how many minutes"),
    "month": N_("Month"),
    "name": N_("Its name"),
    "number": N_("Its number"),
    "occupied": N_("Taken"),
    "outcome": N_("How it ended"),
    "reason": N_("Why"),
    "since": N_("Since the day"),
    "to": N_("To whom"),
    "why": N_("Why"),
}
DAY, MOMENT = N_("this is not a day"), N_("this is not a day and a time")
CHOICE, NUMBER = N_("this is none of what can be chosen"), N_("this is not a whole number")
# By Pydantic's names of errors.
WHY = {
    "missing": N_("this is missing"),
    "string_too_short": N_("at least %(min_length)s characters are needed"),
    "string_too_long": N_("at most %(max_length)s characters are allowed"),
    "too_short": N_("at least %(min_length)s are needed"),
    "too_long": N_("at most %(max_length)s are allowed"),
    "greater_than": N_("this is to be more than %(gt)s"),
    "greater_than_equal": N_("this is to be %(ge)s or more"),
    "less_than": N_("this is to be less than %(lt)s"),
    "less_than_equal": N_("this is to be %(le)s or less"),
    "string_pattern_mismatch": N_("this is written in another way"),
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "timezone_aware": MOMENT,
    "int_parsing": NUMBER,
    "int_type": NUMBER,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "uuid_parsing": CHOICE,
    "extra_forbidden": N_("this can't be said here"),
}
ANY = N_("this does not fit")


def faults(error: Exception) -> Iterator[Fault]:
    """Where what a form says does not fit, and why; never what it says."""
    if isinstance(error, RequestValidationError | ValidationError):
        for one in error.errors():
            where = next((NAMES[name] for name in reversed(one["loc"]) if name in NAMES), "")
            values = one.get("ctx", {})
            own = one["type"] == "value_error"  # a sentence of ours, not of Pydantic's
            yield where, str(values["error"]) if own else WHY.get(one["type"], ANY), {} if own else values


def reason(said: str, values: Mapping[str, Any], words: NullTranslations) -> str:
    """The sentence and its values in the language of these words. What is added to it is the call's, in English."""
    ways = (words.gettext(one) for one in (said, ADDED.split(said)[0]) if words.gettext(one) != one)
    told = next(ways, said) % {name: words.gettext(label(str(value))) for name, value in values.items()}
    return f"{told[:1].upper()}{told[1:]}."
