"""A backup of the network that `qorgau up` runs: made while it works, restored, and healed by what others had sent."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.backup import back_up, restore_all, restore_one
from deploy.commands.backup import _finish
from deploy.demo.office import Office, arrives, becomes, eventually
from deploy.embedded.postgres import Postgres
from deploy.network import Network, Options, sample_organisations
from shared.contract.errors import SettingsError
from shared.contract.vocabulary import Agency

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("restore")]
OPAQUE = {"purpose": "lodging", "basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01"}
POLICE, SHELTER = "police-talgar", "shelter-alatau"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Network, Office, Office]]:
    """(the network, an office at the police, one at the shelter), until the test has seen enough."""
    network = Network(folder, sample_organisations(), Options(environment=(("QORGAU_RESEND_AFTER", "2"),)))
    offices = []
    try:
        await network.start()
        for agency, name in ((Agency.POLICE, POLICE), (Agency.SHELTER, SHELTER)):
            token = network.enrolment.token(organisation=name, roles=["supervisor"])
            offices.append(Office(name, url=network.url(agency), token=token))
        await eventually("the shelter is known", lambda: knows(offices[0]))
        yield network, offices[0], offices[1]
    finally:
        for office in offices:
            await office.close()
        await network.stop()


async def knows(office: Office) -> bool:
    return SHELTER in {o["id"] for o in (await office.get("/organisations"))["items"]}


async def refer(police: Office, **more: Any) -> str:
    body = {**OPAQUE, "to": {"organisation": SHELTER}, **more}
    return str((await police.post("/referrals", body))["id"])


async def receipted(network: Network, agency: Agency) -> bool:
    connection = await network.postgres.connect(f"qorgau_{agency}")
    try:
        waiting = await connection.fetchval("select count(*) from outbox where next_attempt_at is not null")
    finally:
        await connection.close()
    return bool(waiting == 0)


async def incoming(shelter: Office) -> dict[str, str]:
    return {r["id"]: r["state"] for r in (await shelter.get("/referrals", box="incoming"))["items"]}


async def test_a_service_restored_to_an_older_backup_hears_again_what_it_had_receipted_since_then_once(
    tmp_path: Path,
) -> None:
    folder, target = tmp_path / "network", tmp_path / "backups"
    try:
        async with running(folder) as (network, police, shelter):
            before = await refer(police)
            await arrives(shelter, before)
            cases = await back_up(folder, target)
            after = await refer(police)
            await arrives(shelter, after)
            await police.post(f"/referrals/{after}/messages", {"body": "She comes at nine."})
            await shelter.post(f"/referrals/{before}/accept")
            await becomes(police, before, state="accepted")
            await eventually("all have their receipts", lambda: receipted(network, Agency.POLICE))
            with pytest.raises(SettingsError, match="stop it first"):
                await restore_one(cases, folder, Agency.SHELTER, finish=_finish)
        await restore_one(cases, folder, Agency.SHELTER, finish=_finish)
        async with running(folder) as (network, police, shelter):
            assert (await arrives(shelter, after))["state"] == "requested"
            await eventually("her message is there", lambda: message_is_there(shelter, after))
            assert set(await incoming(shelter)) == {before, after}
            await eventually("what was lost is told", lambda: lost(network))
            assert await count(network, "select count(*) from referrals") == 2
            assert await count(network, "select count(*) from messages") == 1
            # What it did itself since the backup is lost there; the same act once more agrees with what others know.
            assert (await incoming(shelter))[before] == "requested"
            await shelter.post(f"/referrals/{before}/accept")
            await becomes(police, before, state="accepted")
    finally:
        Postgres(folder).remove()


async def message_is_there(shelter: Office, referral: str) -> bool:
    items = (await shelter.get(f"/referrals/{referral}/messages"))["items"]
    return [item["body"] for item in items] == ["She comes at nine."]


async def count(network: Network, query: str) -> int:
    connection = await network.postgres.connect("qorgau_shelter")
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def lost(network: Network) -> bool:
    return await count(network, "select count(*) from audit where action = 'lost'") == 1


async def test_all_of_a_backup_restored_to_a_new_folder_works_and_brings_nobody_back_who_was_erased(
    tmp_path: Path,
) -> None:
    folder, target, fresh, apart = (tmp_path / name for name in ("network", "backups", "fresh", "apart"))
    try:
        async with running(folder) as (_, police, _):
            gone = str((await police.post("/persons", {"role": "victim", "family_name": "Ахметова"}))["id"])
            stays = str((await police.post("/persons", {"role": "victim", "family_name": "Сериков"}))["id"])
            cases = await back_up(folder, target)
            (await police.client.delete(f"/persons/{gone}")).raise_for_status()
            await back_up(folder, target, keyring_only=True)
        apart.mkdir()
        for agency in Agency:
            shutil.copy(folder / "secrets" / f"{agency}-vault", apart)
        with pytest.raises(SettingsError, match="in use"):
            await restore_all(cases, target / "keyring", folder, wrapping_keys=apart, finish=_finish)
        with pytest.raises(SettingsError, match="missing"):
            await restore_all(cases, target / "keyring", fresh, wrapping_keys=tmp_path, finish=_finish)
        assert await restore_all(cases, target / "keyring", fresh, wrapping_keys=apart, finish=_finish) == 1
        async with running(fresh) as (_, police, _):
            assert (await police.get(f"/persons/{stays}"))["family_name"] == "Сериков"
            erased = await police.client.get(f"/persons/{gone}")
            assert (erased.status_code, erased.json()["type"].rsplit("/", 1)[1]) == (410, "erased")
    finally:
        for one in (folder, fresh):
            Postgres(one).remove()


async def test_no_half_of_a_backup_holds_a_key_that_opens_the_other(tmp_path: Path) -> None:
    folder, target = tmp_path / "network", tmp_path / "backups"
    try:
        async with running(folder):
            cases = await back_up(folder, target)
        secrets = {file.name: file.read_bytes() for file in (folder / "secrets").glob("*-vault")}
        assert len(secrets) == len(Agency)
        for file in (one for one in target.rglob("*") if one.is_file()):
            assert not any(secret.strip() in file.read_bytes() for secret in secrets.values())
            assert file.stat().st_mode & 0o077 == 0 or file.name == "about.json"
        assert b"data_keys" not in (cases / "police.dump").read_bytes()
        assert b"data_keys" in (target / "keyring" / "police.dump").read_bytes()
    finally:
        Postgres(folder).remove()
