"""One decision explained at the desk: as the policy decides it, in each language, and nothing of anybody."""

import pytest

from shared.adapters.identity import ROLES
from shared.casework.disclosures.words import CATEGORIES, EVENTS, PURPOSES
from shared.contract.decisions import NO_RULE, reason_of
from shared.contract.vocabulary import DataCategory, EventType, Purpose
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import POLICE, SEES_CASES, SHELTER
from tests.workbench import Bench

PAGE = "/desk/rules/explain"
LODGING = f"{PAGE}?event=referral.requested&to=shelter&purpose=lodging&subject=victim"
NAME, HAPPENED = CATEGORIES[DataCategory.IDENTITY].en, CATEGORIES[DataCategory.NARRATIVE].en


@pytest.mark.parametrize("role", ROLES)
async def test_it_is_for_the_roles_that_see_cases(police: Bench, signed_in: SignIn, role: str) -> None:
    answer = await (await signed_in(police, POLICE, role)).get(PAGE)
    assert answer.status_code == (200 if role in SEES_CASES else 403)


@pytest.mark.parametrize("more", ["", "&anonymous=yes"])
async def test_what_the_consent_opens_may_be_told_and_the_rest_stays_each_with_its_rule(
    police: Bench, signed_in: SignIn, more: str
) -> None:
    """Of somebody who asked not to be named, the name stays whatever the consent opens."""
    page = words(await (await signed_in(police, POLICE)).get(f"{LODGING}&basis=consent&opened=identity{more}"))
    told, stays = page.split("May be told", 1)[1].split("What stays here, and why", 1)
    assert "P-F1-LODGING" in told
    assert (NAME in told, NAME in stays) == (not more, bool(more))
    assert (HAPPENED in told, HAPPENED in stays) == (False, True)


async def test_where_no_rule_opens_anything_nothing_leaves_and_it_says_so(shelter: Bench, signed_in: SignIn) -> None:
    warden = await signed_in(shelter, SHELTER)
    page = words(await warden.get(f"{PAGE}?event=referral.requested&to=police&purpose=lodging&basis=statutory_duty"))
    assert "The rules let nothing leave." in page
    assert reason_of(NO_RULE).en in page


@pytest.mark.parametrize(("language", "title"), [("kk", "Бір шешімнің"), ("ru", "Объяснение одного")])
async def test_it_is_explained_in_the_readers_language(
    police: Bench, signed_in: SignIn, language: str, title: str
) -> None:
    officer = await signed_in(police, POLICE)
    await officer.get(f"/desk/language/{language}?back_to=/desk")
    page = words(await officer.get(f"{LODGING}&basis=consent"))
    assert title in page
    assert getattr(CATEGORIES[DataCategory.NARRATIVE], language) in page


async def test_what_is_no_code_is_as_if_it_had_not_been_said(police: Bench, signed_in: SignIn) -> None:
    officer = await signed_in(police, POLICE)
    usual = words(await officer.get(PAGE))
    assert words(await officer.get(f"{PAGE}?event=x&to=<b>&opened=y&basis=1&subject=&purpose=%00")) == usual


def test_whatever_can_be_asked_and_answered_has_words() -> None:
    assert (set(EventType) - set(EVENTS), set(Purpose) - set(PURPOSES), set(DataCategory) - set(CATEGORIES)) == (
        set(),
        set(),
        set(),
    )
