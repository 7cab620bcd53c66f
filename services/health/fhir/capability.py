"""What this service can do in FHIR, as a literal table and as a CapabilityStatement. Pure."""

from services.health.fhir.elements import OURS, Element, filled, foreign

VERSION = "4.0.1"
# When the table below last changed.
DATE = "2026-11-27"
TOKEN, REFERENCE, DATES = "token", "reference", "date"
# Resource -> interactions, and search parameters with their types.
RESOURCES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "Task": (
        ("read", "search-type", "update"),
        {
            "_id": TOKEN,
            "_lastUpdated": DATES,
            "authored-on": DATES,
            "code": TOKEN,
            "focus": REFERENCE,
            "intent": TOKEN,
            "owner": REFERENCE,
            "patient": REFERENCE,
            "requester": REFERENCE,
            "status": TOKEN,
        },
    ),
    "ServiceRequest": (
        ("read", "search-type"),
        {
            "_id": TOKEN,
            "_lastUpdated": DATES,
            "authored": DATES,
            "code": TOKEN,
            "intent": TOKEN,
            "patient": REFERENCE,
            "performer": REFERENCE,
            "requester": REFERENCE,
            "status": TOKEN,
            "subject": REFERENCE,
        },
    ),
    "Procedure": (("read", "create"), {}),
    "Communication": (("read", "search-type", "create"), {"based-on": REFERENCE}),
    "Consent": (("read", "search-type"), {"patient": REFERENCE, "status": TOKEN}),
    "Patient": (("read",), {}),
    "Organization": (("read",), {}),
    "HealthcareService": (
        ("read", "search-type"),
        {"_id": TOKEN, "active": TOKEN, "organization": REFERENCE, "service-type": TOKEN},
    ),
}
METHODS = {"read": "GET", "update": "PUT", "search-type": "GET", "create": "POST"}
OF_INSTANCES = ("read", "update")
NOTES = {
    "Task": "How a referral stands. An update moves it: status, statusReason, a suggested organization in an extension "
    "and output are read, what else is sent is left as it is. A status that may not follow, or not from this side, is "
    "refused (409, 422). Send If-Match.",
    "ServiceRequest": "What a referral asks. Of whom it is about, it says what may be told; who may not be named is "
    "masked, and the resource is labelled REDACTED.",
    "Procedure": "Examinations: the results of a referral. They never leave this organization.",
    "Communication": "The conversation about a referral. Reading one tells the other side that it was read.",
    "Consent": "What a person of this organization allowed; and the terms on which something was sent here.",
    "HealthcareService": "The directory with how much room there is. There is no address.",
}
VERSIONED = ("Task", "ServiceRequest", "Patient")
INCLUDES = {"Task": ["Task:focus"]}


def capability(*, url: str) -> Element:
    """The CapabilityStatement of the service at `url`."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{OURS}/CapabilityStatement/health",
        "name": "QorgauHealth",
        "title": "Referrals of a hospital",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "Qorgau"},
        "implementation": {"description": "The health service of a network of agencies", "url": url},
        "fhirVersion": VERSION,
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "A search parameter, or a modifier, that is not listed is refused. A POST takes an "
                "Idempotency-Key: the same key is done once.",
                "security": _security(),
                "resource": [_resource(kind) for kind in RESOURCES],
            }
        ],
    }


def _security() -> Element:
    system = "http://terminology.hl7.org/CodeSystem/restful-security-service"
    return {
        "service": [{"coding": [foreign(system, "OAuth", "OAuth")]}],
        "description": "A bearer token of the organization's OpenID Connect issuer, as for the service's own API.",
    }


def _resource(kind: str) -> Element:
    interactions, searched = RESOURCES[kind]
    return filled(
        type=kind,
        documentation=NOTES.get(kind),
        interaction=[{"code": code} for code in interactions],
        versioning="versioned" if kind in VERSIONED else "no-version",
        updateCreate=False,
        referencePolicy=["literal"] if "create" in interactions else ["literal", "logical"],
        searchInclude=INCLUDES.get(kind),
        searchParam=[{"name": name, "type": kind_} for name, kind_ in searched.items()],
    )
