"""A KMS keeps its key: a program wraps and unwraps with it, and whatever that does, nothing is half done."""

import base64
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from deploy.network import Network
from shared.adapters import keyring, vault, wrapping_program
from shared.adapters.vault import Place, Subject
from shared.adapters.vault_tables import DataKey
from shared.adapters.wrapping import Bare, Wrapped, Wrapping
from shared.adapters.wrapping_program import WrappingProgram, read_wrapping
from shared.contract.errors import SettingsError, VaultError
from shared.contract.vocabulary import Agency
from tests.workbench import Bench, bench

# It keeps its keys (id -> key, the last one is current) in a file beside it, and writes down each call.
KMS = """
import base64, json, os, sys
from pathlib import Path
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
here = Path(__file__).parent
keys = {kid: bytes.fromhex(key) for kid, key in json.loads((here / "keys").read_text()).items()}
asked = json.loads(sys.stdin.buffer.read())["keys"]
with (here / "calls").open("a") as calls:
    print(sys.argv[1], len(asked), file=calls)
answers = []
for one in asked:
    context = one["context"].encode()
    if sys.argv[1] == "wrap":
        kid, nonce = list(keys)[-1], os.urandom(12)
        text = nonce + AESGCM(keys[kid]).encrypt(nonce, base64.b64decode(one["key"]), context)
        answers.append({"wrapped": base64.b64encode(text).decode(), "by": kid})
    else:
        text = base64.b64decode(one["wrapped"])
        key = AESGCM(keys[one["by"]]).decrypt(text[:12], text[12:], context)
        answers.append({"key": base64.b64encode(key).decode()})
print(json.dumps({"keys": answers}))
"""
# It gives back what it was given, and binds nothing.
ECHO = """
import json, sys
asked = json.loads(sys.stdin.buffer.read())["keys"]
wrap = sys.argv[1] == "wrap"
print(json.dumps({"keys": [{"wrapped": k["key"], "by": "1"} if wrap else {"key": k["wrapped"]} for k in asked]}))
"""
SECRET = b"\x07" * 32
SHOWN = base64.b64encode(SECRET).decode()[:40]  # of a secret, wherever something repeats it
RUBBISH = {
    "no JSON": "print('hello')",
    "no keys": "print('{}')",
    "no list": "print('[1]')",
    "none": """print('{"keys": []}')""",
    "no base64": """print('{"keys": [{"wrapped": "?", "by": "1", "key": "?"}]}')""",
    "nothing wrapped": """print('{"keys": [{"wrapped": "", "by": "1", "key": ""}]}')""",
    "no id": """print('{"keys": [{"wrapped": "AAAA", "by": "", "key": "AAAA"}]}')""",
    "another key": """print('{"keys": [{"wrapped": "AAAA", "by": "1", "key": "%s"}]}')""" % ("A" * 88),
    "not UTF-8": "import sys; sys.stdout.buffer.write(bytes([255]))",
    "what it was told": "import sys; sys.exit(sys.stdin.read())",
}


class Kms:
    """The program, its keys and what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.program = folder, folder / "kms.py"
        self.become(KMS)
        self.keys("2026")

    def become(self, code: str) -> None:
        self.program.write_text(code)

    def keys(self, *kids: str) -> None:
        kept = json.loads((self.folder / "keys").read_text()) if (self.folder / "keys").exists() else {}
        (self.folder / "keys").write_text(json.dumps({kid: kept.get(kid, os.urandom(32).hex()) for kid in kids}))

    def asked(self) -> list[str]:
        """What it was asked since the last time, and for how many keys."""
        calls = (self.folder / "calls").read_text().splitlines()
        (self.folder / "calls").write_text("")
        return calls

    @property
    def setting(self) -> str:
        return f"kms:{sys.executable} {self.program}"

    @property
    def wrapping(self) -> Wrapping:
        return WrappingProgram((sys.executable, str(self.program)))


@pytest.fixture
def kms(tmp_path: Path) -> Kms:
    return Kms(tmp_path)


@pytest.fixture
async def service(network: Network, kms: Kms) -> AsyncIterator[Bench]:
    """A service whose keys are all under the KMS."""
    async with bench(network, Agency.SOCIAL) as one:
        one.database.keys = read_wrapping(kms.setting)
        kms.asked()
        yield one


def place(subject: Subject) -> Place:
    return Place("persons", str(subject.id))


async def seal(service: Bench, *subjects: Subject) -> list[tuple[Place, bytes | None]]:
    async with service.work() as work:
        return [
            (place(one), await vault.close(work.session, place=place(one), subject=one, value=str(one.id)))
            for one in subjects
        ]


def somebody() -> Subject:
    return Subject("social-19", uuid4())


async def wrapped_by(service: Bench) -> set[str | None]:
    async with service.work() as work:
        return set((await work.session.exec(select(DataKey.wrapped_by))).all())


async def test_many_keys_are_opened_by_one_call_of_the_program(service: Bench, kms: Kms) -> None:
    people = [somebody() for _ in range(3)]
    sealed = await seal(service, *people)
    assert kms.asked() == ["wrap 1", "unwrap 1"] * 3
    async with service.work() as work:
        for _ in range(2):
            assert await vault.open_all(work.session, sealed) == [str(one.id) for one in people]
    assert kms.asked() == ["unwrap 3"]


async def test_after_a_rotation_keys_are_wrapped_anew_and_the_old_one_can_go(service: Bench, kms: Kms) -> None:
    her = somebody()
    sealed = await seal(service, her)
    assert await wrapped_by(service) == {"2026"}
    kms.keys("2026", "2027")
    async with service.work() as work:
        assert await keyring.rewrap(work.session) == 1
        assert await keyring.rewrap(work.session) == 0
    assert await wrapped_by(service) == {"2027"}
    kms.keys("2027")
    async with service.work() as work:
        assert await vault.open_all(work.session, sealed) == [str(her.id)]


@pytest.mark.parametrize("code", ["raise SystemExit(3)", ECHO, *RUBBISH.values()], ids=["fails", "echo", *RUBBISH])
async def test_where_the_program_is_no_good_nothing_is_sealed_or_wrapped_anew(
    service: Bench, kms: Kms, code: str
) -> None:
    her = somebody()
    sealed = await seal(service, her)
    kms.become(code)
    if code != ECHO:  # what comes from it can be read again, whatever it is worth
        with pytest.raises(VaultError):
            await seal(service, somebody())
    with pytest.raises(VaultError):
        async with service.work() as work:
            await vault.open_all(work.session, sealed)
    with pytest.raises(VaultError):
        async with service.work() as work:
            await keyring.rewrap(work.session)
    kms.become(KMS)
    assert await wrapped_by(service) == {"2026"}
    async with service.work() as work:
        assert await vault.open_all(work.session, sealed) == [str(her.id)]


async def test_a_key_that_changes_while_keys_are_wrapped_anew_changes_none(service: Bench, kms: Kms) -> None:
    await seal(service, somebody())
    kms.keys("2026", "2027")
    kms.become(KMS.replace("list(keys)[-1]", "os.urandom(4).hex()").replace("keys[kid]", 'keys["2026"]'))
    kms.become(kms.program.read_text().replace('keys[one["by"]]', 'keys["2026"]'))
    with pytest.raises(VaultError, match="changed while"):
        async with service.work() as work:
            await keyring.rewrap(work.session)
    assert await wrapped_by(service) == {"2026"}


async def test_a_program_that_hangs_is_ended_and_holds_up_nobody_else(
    kms: Kms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping_program, "PROGRAM_SECONDS", 0.3)
    kms.become("import time; time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(VaultError, match=r"did not answer within 0\.3 s"):
        await kms.wrapping.unwrap([Wrapped(b"x", "2026", b"")])
    assert time.monotonic() - began < 10


async def test_a_key_that_was_wrapped_for_another_does_not_open_even_if_the_program_does_not_look(kms: Kms) -> None:
    kms.become(ECHO)
    (hers,) = await kms.wrapping.wrap([Bare(SECRET, b"hers")])
    assert await kms.wrapping.unwrap([hers]) == [SECRET]
    with pytest.raises(VaultError, match="belongs to somebody else"):
        await kms.wrapping.unwrap([Wrapped(hers.text, hers.by, b"his")])


@pytest.mark.parametrize("code", RUBBISH.values(), ids=RUBBISH)
async def test_no_error_repeats_a_key_or_what_the_program_said(kms: Kms, code: str) -> None:
    kms.become(code)
    with pytest.raises(VaultError) as refused:
        await kms.wrapping.wrap([Bare(SECRET, b"hers")])
    assert refused.value.__cause__ is None
    assert SHOWN not in str(refused.value)
    assert "hello" not in str(refused.value)


@pytest.mark.parametrize("setting", ["kms:", "kms:'", "kms:/nowhere/at/all", "kms:false", "kms:cat", "kms:echo hello"])
def test_a_program_that_is_no_good_is_refused_at_the_start(setting: str) -> None:
    with pytest.raises(SettingsError, match="QORGAU_VAULT_KEYS") as refused:
        read_wrapping(setting)
    assert "hello" not in str(refused.value)
