"""Nothing at the desk is left in English for who reads Kazakh or Russian, and every code has words."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import services
import shared.desk
from services.police.incidents.domain import IncidentOutcome, Injury, Measure, Place, Relation
from services.police.incidents.law import Article
from services.social.plans.domain import GoalKind, PlanStep
from shared.casework.programmes.domain import EnrolmentState
from shared.casework.statistics.counting import REFERRAL_TABLES, CountedTable
from shared.contract.assessment import AssessmentAnswer, AssessmentEnd, AssessmentState, Seat
from shared.contract.conversation import ConversationPlace, Representative
from shared.contract.vocabulary import (
    RECIPIENTS,
    Agency,
    Basis,
    BedKind,
    ConsentEnd,
    Grantor,
    HandedTo,
    InformationKind,
    InquiryState,
    Need,
    OrderEnd,
    OrderRequirement,
    Pattern,
    Progress,
    ReasonCode,
    ReferralAction,
    ReferralState,
    RefusalGround,
    Sex,
    SubjectRole,
    Urgency,
    ViolenceKind,
)
from shared.desk.labels import TABLES
from shared.desk.language import LANGUAGES, WORDS, day, how_long, kilometres, moment
from shared.desk.persons import COMMON, CONSENTED
from tests.desk.refusals import sentences

DESK, SERVICES = (Path(one.__path__[0]) for one in (shared.desk, services))
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
PARTS = [import_module(f"services.{agency}.app").PARTS for agency in Agency]
COUNTED = {one.name: one for one in chain(REFERRAL_TABLES, *(parts.statistics for parts in PARTS))}.values()
CODES: dict[str, type[StrEnum] | frozenset[StrEnum]] = {
    "agency": frozenset(RECIPIENTS),
    "state": ReferralState,
    "action": ReferralAction,
    "move": ReferralAction,
    "reason": ReasonCode,
    "bed": BedKind,
    "urgency": Urgency,
    "need": Need,
    "basis": Basis,
    "subject": SubjectRole,
    "sex": Sex,
    "grantor": Grantor,
    "purpose": CONSENTED,
    "order_end": OrderEnd,
    "requirement": OrderRequirement,
    "category": frozenset(COMMON),
    "pattern": Pattern,
    "enrolment": EnrolmentState,
    "conversation_place": ConversationPlace,
    "representative": Representative,
    "information": InformationKind,
    "inquiry_state": InquiryState,
    "refusal": RefusalGround,
    "handed": HandedTo,
    "goal": GoalKind,
    "progress": Progress,
    "step": PlanStep,
    "seat": Seat,
    "counted": frozenset({*Relation, *Place, *Injury, *Measure, *IncidentOutcome, *Article, *ViolenceKind}),
    "assessment_state": AssessmentState,
    "assessment_end": AssessmentEnd,
    "assessment_answer": AssessmentAnswer,
}


def messages() -> Iterator[str]:
    """All that the desk says: in its templates, where codes and faults get their words, and why calls refuse."""
    where = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"newstyle_gettext": "true"}}
    for folder in (DESK, SERVICES):
        found = extract_from_dir(folder, method_map=where, keywords={"N_": None, "_": None}, options_map=options)
        yield from {str(one[2]) for one in found}
    yield from sentences()


def catalogue(language: str) -> Catalog:
    with (WORDS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_that_the_desk_says_has_words_in_each_language_and_nothing_else_is_kept(language: str) -> None:
    known = {str(one.id): str(one.string) for one in catalogue(language) if one.id}
    assert set(known) == set(messages())
    assert [text for text, words in known.items() if not words.strip()] == []
    assert not any(one.fuzzy for one in catalogue(language) if one.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_for_values_that_the_message_has(language: str) -> None:
    for one in catalogue(language):
        said, meant = PLACEHOLDER.findall(str(one.string)), PLACEHOLDER.findall(str(one.id))
        assert sorted(said) == sorted(meant), one.id


def test_no_template_says_a_word_that_no_catalogue_could_translate() -> None:
    markup = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>|&\w+;", re.DOTALL)
    for path in (*DESK.glob("templates/*.html"), *SERVICES.glob("*/templates/*.html")):
        left = markup.sub(" ", path.read_text())
        assert re.findall(r"[^\W\d_]{2,}", left.replace("Qorgau", "")) == [], path.name


@pytest.mark.parametrize("kind", CODES)
def test_each_code_that_a_page_can_show_has_words(kind: str) -> None:
    assert {one.value for one in CODES[kind]} <= set(TABLES[kind])


@pytest.mark.parametrize("table", COUNTED, ids=lambda one: one.name)
def test_each_table_of_the_statistics_and_all_that_it_distinguishes_have_words(table: CountedTable) -> None:
    assert table.name in TABLES["table"]
    assert {str(code) for one in table.by for code in one.codes} <= set(TABLES["counted"])


def test_why_a_consent_ended_has_words() -> None:
    assert {one.value for one in ConsentEnd} <= {*TABLES["end"], *TABLES["state"]}


def test_days_times_lengths_and_spans_are_written_as_each_language_does() -> None:
    at = datetime(2026, 3, 20, 10, 0, tzinfo=UTC)  # 15:00 in Kazakhstan
    assert [day(date(2026, 3, 20), one) for one in ("kk", "ru", "en")] == [
        "2026\u202fж. 20 наурыз",
        "20 марта 2026\u202fг.",
        "20 March 2026",
    ]
    assert [moment(at, one)[-5:] for one in LANGUAGES] == ["15:00"] * 3
    assert [kilometres(12.4, one) for one in ("kk", "ru", "en")] == ["12 км", "12 км", "12 km"]
    earlier = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
    assert [how_long(earlier, at, one) for one in ("kk", "ru", "en")] == [
        "2 сағат бұрын",
        "2 часа назад",
        "2 hours ago",
    ]
