"""What a person's record says of who can consent for the person, and of what in it came from elsewhere."""

from shared.casework.persons.details import Known
from shared.casework.persons.tables import PersonRow
from shared.contract.capacity import Capacity
from shared.contract.grounds import Handling
from shared.contract.identifiers import birth_date_of


def capacity_of(person: Known) -> Capacity:
    """For the contract's rules; the birth date may be known from the IIN alone."""
    return Capacity(
        birth_date=person.birth_date or (birth_date_of(person.iin) if person.iin else None),
        incapacitated=person.incapacitated,
        representative_is_alleged_offender=person.representative_is_alleged_offender,
    )


def labels_of(person: PersonRow) -> tuple[Handling, ...]:
    """The handling labels of what the record took over from other organisations."""
    return tuple(Handling.model_validate(label) for label in person.handling or ())
