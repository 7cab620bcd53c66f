"""What a resource has to be, by somebody else's models of FHIR.

`fhir.resources` has models of R4B (4.3.0) and none of R4 (4.0.1). Of the resources that are said here the two have the
same elements; what R4B changed is elsewhere (medications, evidence, subscriptions).
"""

from typing import Any

from fhir.resources.R4B import get_fhir_model_class

Json = dict[str, Any]


def valid(resource: Json) -> Json:
    """The resource, if the models know every element of it and miss none that is needed. Raises ValidationError."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    for inside in resource.get("contained", []):
        valid(inside)
    for entry in resource.get("entry", []):
        valid(entry["resource"])
    return resource
