"""What a resource has to be, by somebody else's models of FHIR, and by the code lists of FHIR R4 itself.

`fhir.resources` has models of R4B (4.3.0) and none of R4 (4.0.1). Of the resources that are said here the two have the
same elements; what R4B changed is elsewhere (medications, evidence, subscriptions). The models check elements, how
often each may be there and its form. They check no codes: those that FHIR R4 requires are in the table below.
"""

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel

Json = dict[str, Any]
REQUEST = "draft active on-hold revoked completed entered-in-error unknown"
EVENT = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"
INTENT = "proposal plan order original-order reflex-order filler-order instance-order option"
PRIORITY = "routine urgent asap stat"
ISSUES = (
    "invalid structure required value invariant security login unknown expired forbidden suppressed processing "
    "not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly "
    "business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational"
)
INTERACTIONS = "read vread update patch delete history-instance history-type create search-type"
# Value sets with a required binding in FHIR R4 (4.0.1), of the elements that this service says.
CODES = {
    "Task.status": "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed "
    "entered-in-error",
    "Task.intent": f"unknown {INTENT}",
    "Task.priority": PRIORITY,
    "ServiceRequest.status": REQUEST,
    "ServiceRequest.intent": f"directive {INTENT}",
    "ServiceRequest.priority": PRIORITY,
    "Consent.status": "draft proposed active rejected inactive entered-in-error",
    "ConsentProvision.type": "deny permit",
    "Communication.status": EVENT,
    "Procedure.status": EVENT,
    "Patient.gender": "male female other unknown",
    "ContactPoint.system": "phone fax email pager url sms other",
    "Bundle.type": "document message transaction transaction-response batch batch-response history searchset "
    "collection",
    "BundleEntrySearch.mode": "match include outcome",
    "OperationOutcomeIssue.severity": "fatal error warning information",
    "OperationOutcomeIssue.code": ISSUES,
    "CapabilityStatement.status": "draft active retired unknown",
    "CapabilityStatement.kind": "instance capability requirements",
    "CapabilityStatement.fhirVersion": "4.0.1",
    "CapabilityStatementRest.mode": "client server",
    "CapabilityStatementRestResource.versioning": "no-version versioned versioned-update",
    "CapabilityStatementRestResource.referencePolicy": "literal logical resolves enforced local",
    "CapabilityStatementRestResourceInteraction.code": INTERACTIONS,
    "CapabilityStatementRestResourceSearchParam.type": "number date string token reference composite quantity uri "
    "special",
}


def valid(resource: Json) -> Json:
    """The resource, if the models take it and its codes are FHIR's. Raises ValidationError, or AssertionError."""
    wrong = list(wrong_codes(get_fhir_model_class(resource["resourceType"]).model_validate(resource)))
    assert not wrong, wrong
    for inside in resource.get("contained", []):
        valid(inside)
    for entry in resource.get("entry", []):
        valid(entry["resource"])
    return resource


def wrong_codes(element: Any) -> Iterator[str]:
    """Each code, here and further inside, that its value set does not have."""
    if isinstance(element, list):
        for one in element:
            yield from wrong_codes(one)
    if not isinstance(element, BaseModel):
        return
    for name in type(element).model_fields:
        value, where = getattr(element, name), f"{type(element).__name__}.{name}"
        given = value if isinstance(value, list) else [value]
        if where in CODES:
            yield from (f"{where}: {one}" for one in given if one is not None and one not in CODES[where].split())
        yield from wrong_codes(value)
