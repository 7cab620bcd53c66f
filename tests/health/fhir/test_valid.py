"""What tells the other tests here that a resource is valid notices when one is not."""

from importlib import import_module
from typing import Any

import pytest
from pydantic import ValidationError

from services.health.fhir.task import task
from tests.health.fhir.samples import followed
from tests.health.fhir.valid import CODES, valid

KINDS = (
    "Bundle",
    "CapabilityStatement",
    "Communication",
    "Consent",
    "ContactPoint",
    "OperationOutcome",
    "Patient",
    "Procedure",
    "ServiceRequest",
    "Task",
)


@pytest.mark.parametrize(
    "wrong",
    [{"state": "accepted"}, {"status": None}, {"intent": None}, {"focus": {"id": 1}}, {"authoredOn": "yesterday"}],
)
def test_an_element_that_is_not_fhirs_or_is_missing_or_of_another_form_is_noticed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        valid({**task(followed()), **wrong})


@pytest.mark.parametrize("wrong", [{"status": "declined"}, {"intent": "wish"}, {"priority": "soon"}])
def test_a_code_that_fhir_does_not_have_is_noticed(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        valid({**task(followed()), **wrong})


def test_each_value_set_is_of_an_element_that_there_is() -> None:
    for where in CODES:
        model, element = where.split(".")
        assert element in getattr(import_module(f"fhir.resources.R4B.{_module_of(model)}"), model).model_fields, where


def _module_of(model: str) -> str:
    return next(kind.lower() for kind in KINDS if model.startswith(kind))
