"""What is sealed opens in its place, with its key, and nowhere else; a destroyed key is destroyed for good."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select, update

from deploy.network import Network
from shared.adapters import keyring, vault
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.vault import Place, Subject
from shared.adapters.vault_tables import DataKey
from shared.adapters.wrapping import Wrapped, WrappingKeys, new_keys, parse, read_keys
from shared.contract.errors import SettingsError, VaultError
from shared.contract.vocabulary import Agency
from tests.workbench import Bench, bench

HERE = Place("persons", "1")
TEXT = {"family_name": "Сәрсенова"}


@pytest.fixture(scope="module")
async def service(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SOCIAL) as one:
        yield one


def somebody(organisation: str = "social-19") -> Subject:
    return Subject(organisation, uuid4())


async def seal(service: Bench, subject: Subject, place: Place = HERE) -> bytes:
    async with service.work() as work:
        sealed = await vault.close(work.session, place=place, subject=subject, value=TEXT)
    assert sealed is not None
    return sealed


async def opened(database: Database, sealed: bytes, place: Place = HERE) -> object:
    async with database.transaction(organisation=WHOLE_NODE) as session:
        return await vault.open_(session, place=place, sealed=sealed)


async def key_of(service: Bench, subject: Subject) -> DataKey:
    async with service.work() as work:
        mine = (col(DataKey.organisation_id) == subject.organisation, col(DataKey.subject_id) == subject.id)
        return (await work.session.exec(select(DataKey).where(*mine))).one()


async def test_what_is_sealed_opens_in_its_place_and_does_not_show_its_words(service: Bench) -> None:
    sealed = await seal(service, somebody())
    assert await opened(service.database, sealed) == TEXT
    assert "Сәрсенова".encode() not in sealed


async def test_the_same_words_are_never_sealed_alike(service: Bench) -> None:
    her = somebody()
    assert await seal(service, her) != await seal(service, her)


@pytest.mark.parametrize(
    "elsewhere", [replace(HERE, table="messages"), replace(HERE, row="2"), replace(HERE, column="other")]
)
async def test_sealed_text_in_another_table_row_or_column_does_not_open(service: Bench, elsewhere: Place) -> None:
    sealed = await seal(service, somebody())
    with pytest.raises(VaultError):
        await opened(service.database, sealed, elsewhere)


async def test_sealed_text_under_another_key_id_does_not_open(service: Bench) -> None:
    hers, another = await seal(service, somebody()), await seal(service, somebody())
    with pytest.raises(VaultError):
        await opened(service.database, another[:17] + hers[17:])
    with pytest.raises(VaultError):
        await opened(service.database, hers[:1] + UUID(int=9).bytes + hers[17:])


@pytest.mark.parametrize("at", [0, 20, 40, -1])
async def test_sealed_text_with_one_changed_byte_does_not_open(service: Bench, at: int) -> None:
    changed = bytearray(await seal(service, somebody()))
    changed[at] ^= 1
    with pytest.raises(VaultError):
        await opened(service.database, bytes(changed))


async def test_the_key_of_one_subject_does_not_open_as_the_key_of_another(service: Bench) -> None:
    hers, his = somebody(), somebody("social-23")
    sealed = await seal(service, his)
    await seal(service, hers)
    stolen = await key_of(service, hers)
    async with service.work() as work:
        mine = (col(DataKey.organisation_id) == his.organisation, col(DataKey.subject_id) == his.id)
        await work.session.exec(update(DataKey).where(*mine).values(wrapped=stolen.wrapped))
    with pytest.raises(VaultError):
        await opened(service.database, sealed)


async def test_after_the_key_is_destroyed_nothing_opens_and_nothing_more_is_sealed(service: Bench) -> None:
    her = somebody()
    sealed = await seal(service, her)
    async with service.work() as work:
        await vault.destroy(work.session, subject=her, at=work.now)
        assert await vault.open_(work.session, place=HERE, sealed=sealed) is None
    async with service.work() as work:
        assert await vault.close(work.session, place=HERE, subject=her, value=TEXT) is None
        assert await vault.destroyed_at(work.session, subject=her) == work.now
    assert await opened(service.database, sealed) is None
    assert (await key_of(service, her)).wrapped is None


async def test_where_a_case_goes_on_what_comes_after_the_erasure_has_a_new_key(service: Bench) -> None:
    case = somebody()
    before = await seal(service, case)
    async with service.work() as work:
        await vault.destroy(work.session, subject=case, at=work.now, renewable=True)
    after = await seal(service, case)
    assert (await opened(service.database, before), await opened(service.database, after)) == (None, TEXT)
    async with service.work() as work:
        await vault.destroy(work.session, subject=case, at=work.now)
    assert (await opened(service.database, before), await opened(service.database, after)) == (None, None)


async def test_a_subject_can_be_erased_before_anything_was_sealed_for_it(service: Bench) -> None:
    her = somebody()
    async with service.work() as work:
        await vault.destroy(work.session, subject=her, at=work.now)
    async with service.work() as work:
        assert await vault.close(work.session, place=HERE, subject=her, value=TEXT) is None


async def test_a_key_is_unwrapped_once_in_a_transaction(service: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    her, unwrapped = somebody(), list[Wrapped]()
    sealed = await seal(service, her)
    unwrap = WrappingKeys.unwrap

    async def counted(self: WrappingKeys, keys: Sequence[Wrapped]) -> list[bytes]:
        unwrapped.extend(keys)
        return await unwrap(self, keys)

    monkeypatch.setattr(WrappingKeys, "unwrap", counted)
    async with service.work() as work:
        for _ in range(3):
            await vault.open_all(work.session, [(HERE, sealed)] * 3)
            await vault.close(work.session, place=HERE, subject=her, value=TEXT)
    assert len(unwrapped) == 1


async def test_a_fingerprint_is_the_same_within_one_organisation_and_kind_alone(service: Bench) -> None:
    async with service.work() as work:
        made = [
            await vault.fingerprint(work.session, organisation=organisation, kind=kind, value=["x"])
            for organisation, kind in (("a", "iin"), ("a", "iin"), ("a", "name"), ("b", "iin"))
        ]
    assert made[0] == made[1]
    assert len(set(made)) == 3


async def test_a_new_wrapping_key_takes_over_and_old_copies_of_the_keyring_die_with_the_old_one(
    network: Network,
) -> None:
    async with bench(network, Agency.SOCIAL) as service:
        her = somebody()
        sealed = await seal(service, her)
        before = await key_of(service, her)
        old, new = service.database.keys, parse(new_keys("new"))
        assert isinstance(old, WrappingKeys)
        service.database.keys = WrappingKeys("new", {**new.keys, **old.keys})
        async with service.work() as work:
            print_before = await vault.fingerprint(work.session, organisation="a", kind="k", value="v")
        async with service.work() as work:
            assert await keyring.rewrap(work.session) >= 1
            assert await keyring.rewrap(work.session) == 0
        service.database.keys = new
        assert await opened(service.database, sealed) == TEXT
        async with service.work() as work:
            assert await vault.fingerprint(work.session, organisation="a", kind="k", value="v") == print_before
            await work.session.merge(before)  # an old copy of the keyring, restored
        with pytest.raises(VaultError):
            await opened(service.database, sealed)


async def test_a_database_opened_without_keys_seals_nothing(service: Bench) -> None:
    plain = Database(service.database.url.render_as_string(hide_password=False))
    with pytest.raises(VaultError):
        async with plain.transaction(organisation=WHOLE_NODE) as session:
            await vault.close(session, place=HERE, subject=somebody(), value=TEXT)
    await plain.close()


def test_keys_come_from_a_file_the_environment_or_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = new_keys("2026-11")
    (tmp_path / "keys").write_text(made)
    monkeypatch.setenv("VAULT", made)
    places = [f"file:{tmp_path / 'keys'}", "env:VAULT", f"command:cat {tmp_path / 'keys'}"]
    assert [read_keys(place) for place in places] == [parse(made)] * 3


def test_the_first_key_is_the_current_one_and_none_shows_itself() -> None:
    first, second = (json.loads(new_keys(kid))["keys"][0] for kid in ("b", "a"))
    keys = parse(json.dumps({"keys": [first, second]}))
    assert (keys.current, set(keys.keys)) == ("b", {"a", "b"})
    assert first["k"] not in repr(keys)
    assert repr(keys.keys["b"]) not in repr(keys)


@pytest.mark.parametrize(
    "place", ["/a/path", "file:/nowhere/at/all", "env:NOT_SET_ANYWHERE", "command:false", "command:echo hello"]
)
def test_what_is_no_place_of_keys_is_refused_without_repeating_it(place: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_keys(place)
    assert place not in str(refused.value)
    assert "hello" not in str(refused.value)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(SettingsError):
        parse('{"keys": [{"kty": "oct", "kid": "a", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}')
