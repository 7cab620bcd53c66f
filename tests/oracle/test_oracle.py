"""`decide()` and Cedar answer alike, whatever they are asked."""

from cedarpy import validate_policies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contract.policy import FORBIDS, PERMITS, Forbid, Permit
from shared.contract.vocabulary import EventType
from tests.oracle.oracle import ANYTHING, BY_ID, HERE, WRITTEN, Asked, ask
from tests.oracle.requests import asked
from tests.oracle.rows import EVERYTHING, ours

# A batch for Cedar; what is drawn differs from run to run only where it fails.
BATCH = 12
some_requests = st.lists(asked(), min_size=BATCH, max_size=BATCH)
as_often_as = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def test_the_policies_in_cedar_are_well_typed() -> None:
    checked = validate_policies(WRITTEN, (HERE / "schema.cedarschema").read_text(encoding="utf-8"))
    assert [str(error) for error in checked.errors] == []


def test_every_row_has_a_policy_in_cedar_and_no_policy_is_without_a_row() -> None:
    rows: list[Permit | Forbid] = [*PERMITS, *FORBIDS]
    assert set(BY_ID) == {row.id for row in rows} | {"BEFORE-THE-LAW", "IS-BOUND"}


@as_often_as
@given(some_requests)
def test_cedar_and_decide_let_the_same_through(questions: list[Asked]) -> None:
    assert ask(questions) == [ours(question) for question in questions]


@as_often_as
@given(some_requests)
def test_cedar_and_decide_forbid_the_same_of_what_is_open_to_all(questions: list[Asked]) -> None:
    answers = [ours(question, permits=(*PERMITS, EVERYTHING)) for question in questions]
    assert ask(questions, rules=WRITTEN + ANYTHING) == answers


def test_cedar_knows_every_event() -> None:
    schema = (HERE / "schema.cedarschema").read_text(encoding="utf-8")
    assert [event for event in EventType if f'"{event}"' not in schema] == []
