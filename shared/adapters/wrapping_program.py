"""Wrapping keys that never leave their KMS or HSM: a program of the operator's asks it to wrap and unwrap.

    <program> wrap       {"keys": [{"key": …, "context": …}]}                 ->  {"keys": [{"wrapped": …, "by": …}]}
    <program> unwrap     {"keys": [{"wrapped": …, "by": …, "context": …}]}    ->  {"keys": [{"key": …}]}

JSON on standard input and output; as many answers as keys, in their order; `key` (64 bytes) and `wrapped` in base64,
`by` the id of the wrapping key, another one after each rotation. `context` is text to bind to the key (additional
authenticated data, encryption context); it names organisation and subject by their ids. Whatever the program does with
it, a key that comes back for another context, or in the wrong place, is noticed here: each travels with its HMAC over
it. What was wrapped is unwrapped once before it counts, for what was sealed under a key that can't come back is lost.
"""

import asyncio
import hmac
import json
import os
import shlex
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.adapters.wrapping import KEY_BYTES, Bare, Wrapped, Wrapping, read_keys
from shared.contract.errors import SettingsError, VaultError

KMS = "kms:"
PROGRAM_SECONDS = 20.0
MAX_ID = 200  # characters
T = TypeVar("T")


@dataclass(frozen=True)
class WrappingProgram:
    """A program, and the arguments before `wrap` or `unwrap`. Raises VaultError, which never repeats what it said."""

    words: tuple[str, ...]

    async def current_id(self) -> str:
        """Under which key it wraps now: a key that is for nothing is wrapped to find out."""
        return await asyncio.to_thread(self.try_out)

    async def wrap(self, keys: Sequence[Bare]) -> list[Wrapped]:
        """Two calls of the program, in a thread."""
        return await asyncio.to_thread(self._wrap, keys)

    async def unwrap(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """One call of the program, in a thread."""
        return await asyncio.to_thread(self._unwrap, keys)

    def try_out(self) -> str:
        """Wrap and unwrap once; under which key."""
        return self._wrap([Bare(os.urandom(KEY_BYTES), b"a trial")])[0].by

    def _wrap(self, keys: Sequence[Bare]) -> list[Wrapped]:
        asked = [{"key": _text(key.secret + _mark(key)), "context": key.bound.decode()} for key in keys]
        answers = zip(self._ask("wrap", asked, _read_wrapped), keys, strict=True)
        wrapped = [Wrapped(text, by, key.bound) for (text, by), key in answers]
        if self._unwrap(wrapped) != [key.secret for key in keys]:
            raise VaultError("the program of QORGAU_VAULT_KEYS unwraps to something else than it wrapped")
        return wrapped

    def _unwrap(self, keys: Sequence[Wrapped]) -> list[bytes]:
        asked = [{"wrapped": _text(key.text), "by": key.by, "context": key.bound.decode()} for key in keys]
        answers = zip(self._ask("unwrap", asked, _read_key), keys, strict=True)
        return [_checked(marked, bound=key.bound) for marked, key in answers]

    def _ask(self, what: str, keys: list[dict[str, str]], read: Callable[[Any], T]) -> list[T]:
        program = f"the program of QORGAU_VAULT_KEYS, asked to {what},"
        try:
            answers = [read(one) for one in json.loads(self._run(what, json.dumps({"keys": keys})))["keys"]]
        except subprocess.TimeoutExpired:
            raise VaultError(f"{program} did not answer within {PROGRAM_SECONDS:g} s") from None
        except subprocess.CalledProcessError as error:
            raise VaultError(f"{program} ended with {error.returncode}") from None
        except OSError as error:
            raise VaultError(f"{program} can't be started ({type(error).__name__})") from None
        except (ValueError, KeyError, TypeError):
            raise VaultError(f"{program} answered something else") from None
        if len(answers) != len(keys):
            raise VaultError(f"{program} answered for {len(answers)} keys instead of {len(keys)}")
        return answers

    def _run(self, what: str, said: str) -> bytes:
        """What it answers; what it writes to standard error is not kept, for nobody knows what is in it."""
        return subprocess.run(  # noqa: S603  # no shell, and the operator's words
            [*self.words, what],
            input=said.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=PROGRAM_SECONDS,
        ).stdout


def read_wrapping(where: str) -> Wrapping:
    """What QORGAU_VAULT_KEYS names: `kms:<program and arguments>`, tried out once, or keys (`read_keys`).

    Raises SettingsError, without keys.
    """
    if not where.startswith(KMS):
        return read_keys(where)
    try:
        program = WrappingProgram(tuple(shlex.split(where.removeprefix(KMS))))
    except ValueError:
        raise SettingsError("QORGAU_VAULT_KEYS names no program: its quotes do not close") from None
    if not program.words:
        raise SettingsError("QORGAU_VAULT_KEYS names no program behind kms:")
    try:
        program.try_out()
    except VaultError as error:
        raise SettingsError(str(error)) from None
    return program


def _mark(key: Bare) -> bytes:
    return hmac.digest(key.secret, key.bound, "sha256")


def _checked(marked: bytes, *, bound: bytes) -> bytes:
    key = Bare(marked[:KEY_BYTES], bound)
    if not hmac.compare_digest(marked[KEY_BYTES:], _mark(key)):
        raise VaultError("a data key that was changed, or belongs to somebody else")
    return key.secret


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def _read_wrapped(answer: Any) -> tuple[bytes, str]:
    """Raises ValueError, KeyError or TypeError for anything else."""
    text, by = b64decode(answer["wrapped"], validate=True), answer["by"]
    if not text or not isinstance(by, str) or not 0 < len(by) <= MAX_ID:
        raise ValueError("no wrapped key with an id")
    return text, by


def _read_key(answer: Any) -> bytes:
    """The same."""
    return b64decode(answer["key"], validate=True)
