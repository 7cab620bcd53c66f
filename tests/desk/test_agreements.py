"""Local agreements at the desk: drafted at social services, read by all, signed, declined and ended by supervisors."""

import re
from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.vocabulary import Agency
from tests.deploy.test_security import OURS
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, SEES_CASES, send
from tests.parties import Parties, all_four
from tests.workbench import Bench

POLICE, SOCIAL = Agency.POLICE, Agency.SOCIAL


@pytest.fixture
async def parties(network: Network) -> AsyncIterator[Parties]:
    async with all_four(network) as four:
        yield four


@pytest.mark.parametrize("role", ROLES)
async def test_agreements_are_for_the_roles_that_may_read_them(police: Bench, signed_in: SignIn, role: str) -> None:
    page = await (await signed_in(police, OURS[POLICE], role)).get("/desk/agreements")
    assert page.status_code == (200 if role in SEES_CASES else 403)


async def test_a_draft_is_made_by_form_signed_by_all_and_ended_by_one(parties: Parties, signed_in: SignIn) -> None:
    drafter = await signed_in(parties.benches[SOCIAL], OURS[SOCIAL])
    page = await drafter.get("/desk/draft")
    lines = re.findall(r'name="lines\[\]" value="(P-[A-Z0-9-]+)"', page.text)
    assert {"P-F1-LODGING", *OURS.values()} <= {*lines, *re.findall(r'name="parties\[\]" value="([^"]+)"', page.text)}
    said = {"parties[]": list(OURS.values()), "lines[]": lines, "valid_from": "2026-04-01", "valid_until": "2027-04-01"}
    answer = await send(drafter, "/desk/draft", **said)
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    await parties.exchange()
    for agency in Agency:
        chief = await signed_in(parties.benches[agency], OURS[agency], "supervisor")
        assert "waits for us" in words(await chief.get("/desk/agreements"))
        if agency is not SOCIAL:
            assert where in (await chief.get("/desk")).text  # it is due
        sha256 = re.search(r'name="sha256" value="(\w+)"', (await chief.get(where)).text)
        assert sha256
        signing = {"version:number": "1", "sha256": sha256[1]}
        assert (await send(chief, f"{where}/sign", **signing | {"sha256": "0" * 64})).status_code == 409
        assert (await send(chief, f"{where}/sign", **signing)).status_code == 303
        await parties.exchange()
    chief = await signed_in(parties.benches[POLICE], OURS[POLICE], "supervisor")
    assert "signed by all" in words(await chief.get(where))
    assert (await send(chief, f"{where}/notice", ends_on="2026-03-20")).status_code == 422
    assert (await send(chief, f"{where}/notice", ends_on="2026-06-01")).status_code == 303
    await parties.exchange()
    assert "ends it on 1 June 2026" in words(await drafter.get(where))
    changed = await drafter.get(f"/desk/draft/{where.rpartition('/')[2]}")
    assert "Draft a change" in words(changed)


async def test_who_does_not_sign_says_why_and_of_which_line(parties: Parties, signed_in: SignIn) -> None:
    made = await parties.draft()
    where = f"/desk/agreements/{made['id']}"
    worker = await signed_in(parties.benches[POLICE], OURS[POLICE])
    declining = {"version:number": "1", "reason": "lines", "lines[]": "1"}
    assert "Sign it for our organisation" not in words(await worker.get(where))
    for step, said in (("sign", {}), ("decline", declining), ("notice", {})):
        assert (await send(worker, f"{where}/{step}", **said)).status_code == 403
    chief = await signed_in(parties.benches[POLICE], OURS[POLICE], "supervisor")
    for wrong in ("2", "<script>"):
        assert (await send(chief, f"{where}/decline", **declining | {"lines[]": wrong})).status_code == 422
    assert (await send(chief, f"{where}/decline", **declining)).status_code == 303
    await parties.exchange()
    drafter = await signed_in(parties.benches[SOCIAL], OURS[SOCIAL])
    assert "declined (something else should be exchanged; lines 1)" in words(await drafter.get(where))


async def test_a_draft_that_no_rule_fits_is_refused_and_only_social_services_draft(
    parties: Parties, signed_in: SignIn
) -> None:
    drafter = await signed_in(parties.benches[SOCIAL], OURS[SOCIAL])
    alone = {"parties[]": [OURS[SOCIAL]], "valid_from": "2026-04-01"}
    past = {"parties[]": list(OURS.values()), "valid_from": "2026-01-01"}
    for said in (alone, past):
        assert (await send(drafter, "/desk/draft", **said)).status_code == 422
    assert "There is nothing here yet" in words(await drafter.get("/desk/agreements"))
    officer = await signed_in(parties.benches[POLICE], OURS[POLICE])
    assert (await officer.get("/desk/draft")).status_code == 404


async def test_who_is_no_party_to_an_agreement_does_not_see_it(parties: Parties, signed_in: SignIn) -> None:
    made = await parties.draft()
    for organisation, agreement in ((OTHER, made["id"]), (OURS[POLICE], NOBODYS)):
        chief = await signed_in(parties.benches[POLICE], organisation, "supervisor")
        where = f"/desk/agreements/{agreement}"
        assert (await chief.get(where)).status_code == 404
        signing = {"version:number": "1", "sha256": made["sha256"]}
        assert (await send(chief, f"{where}/sign", **signing)).status_code == 404
        assert (await send(chief, f"{where}/notice", ends_on="2026-06-01")).status_code == 404
