"""Serve an agency as `qorgau serve` does, in a process that dies where a test says, and is started again at once.

`python -m tests.faults.dying police --fd 7` is what a supervisor is: it starts the service, and starts it again when it
was killed. The service looks into a file at each step below; where the file names the step, it kills itself with
SIGKILL, or the process that the file names instead. SIGUSR1 kills it wherever it is.
"""

import asyncio
import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from deploy.commands.serve import serve
from deploy.embedded.processes import end_with_parent
from shared.contract.vocabulary import Agency

FOLDER = "QORGAU_FAULTS_FOLDER"
COMMIT = "sqlmodel.ext.asyncio.session:AsyncSession.commit"
PUBLISH = "shared.adapters.jetstream:Broker.publish"
ON_THE_WIRE = "nats.aio.client:Client.publish"
ACK = "nats.aio.msg:Msg.ack"

# What a task is doing is what it entered last.
DOING = {
    "the call": "shared.adapters.http:once",
    "the claim": "shared.adapters.relay:Relay.send_due",
    "the sending": "shared.adapters.relay:Relay._publish",
    "what was not sent": "shared.adapters.relay:Relay._hurry",
    "the taking in": "shared.adapters.inbox:Inbox._apply",
    "the settling": "shared.adapters.inbox:Inbox._settle",
    "the receipt": "shared.adapters.receipts:Receipts.send_due",
}


@dataclass(frozen=True)
class Step:
    """While a task is at `doing`: before or after it calls `at`. `sent`: after it, and the broker has read it all."""

    doing: str
    when: Literal["before", "after", "sent"]
    at: str


STEPS = {
    "before the call commits": Step("the call", "before", COMMIT),
    "after the call committed": Step("the call", "after", COMMIT),
    "before the claim commits": Step("the claim", "before", COMMIT),
    "after the claim committed": Step("the claim", "after", COMMIT),
    "before an event is published": Step("the sending", "before", PUBLISH),
    "before its PubAck is read": Step("the sending", "sent", ON_THE_WIRE),
    "after its PubAck": Step("the sending", "after", PUBLISH),
    "before an inbox commits": Step("the taking in", "before", COMMIT),
    "after an inbox committed": Step("the taking in", "after", COMMIT),
    "before an event is acknowledged": Step("the taking in", "before", ACK),
    "after an event was acknowledged": Step("the taking in", "after", ACK),
    "before a receipt is published": Step("the receipt", "before", PUBLISH),
    "before a receipt's PubAck is read": Step("the receipt", "sent", ON_THE_WIRE),
    "before a receipt's mark commits": Step("the receipt", "before", COMMIT),
    "after a receipt's mark committed": Step("the receipt", "after", COMMIT),
    "before a receipt is settled": Step("the settling", "before", COMMIT),
    "after a receipt was settled": Step("the settling", "after", COMMIT),
    "before a receipt is acknowledged": Step("the settling", "before", ACK),
    "after a receipt was acknowledged": Step("the settling", "after", ACK),
}
# Only where the broker did not take an event: where the broker is killed, not the service.
FAILING_STEPS = {
    "before what was not sent is marked": Step("what was not sent", "before", COMMIT),
    "after what was not sent was marked": Step("what was not sent", "after", COMMIT),
}

doing: ContextVar[str] = ContextVar("doing", default="")


def order_file(folder: Path, agency: Agency) -> Path:
    """Where a test says where a service dies: {"step": …, "passes": 1, 2, …, "victim": a process id or null}."""
    return folder / f"{agency}.order"


def deaths_file(folder: Path, agency: Agency) -> Path:
    """One line for each time that a service was killed."""
    return folder / f"{agency}.deaths"


def main(agency: Agency, descriptor: int) -> None:
    """Keep the service running until it is asked to end."""
    import_module(f"services.{agency.value}.app")
    deaths, child = deaths_file(Path(os.environ[FOLDER]), agency), 0

    def pass_on(sign: int, _: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL if sign == signal.SIGUSR1 else sign)

    while True:
        child = os.fork()
        if child == 0:
            _serve(agency, descriptor)
        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGUSR1, pass_on)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended != -signal.SIGKILL:
            sys.exit(max(ended, 0))
        with deaths.open("a") as file:
            file.write("killed\n")


def _serve(agency: Agency, descriptor: int) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    end_with_parent()
    order = order_file(Path(os.environ[FOLDER]), agency)
    for what, target in DOING.items():
        _replace(target, functools.partial(_entering, what))
    steps = STEPS | FAILING_STEPS
    for target in sorted({step.at for step in steps.values()}):
        here = {name: step for name, step in steps.items() if step.at == target}
        _replace(target, functools.partial(_passing, here, order))
    serve(agency, descriptor)
    os._exit(0)


def _replace(target: str, around: Callable[[Any], Any]) -> None:
    module, path = target.split(":")
    owner: Any = import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, name, around(getattr(owner, name)))


def _entering(what: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def entered(*args: Any, **named: Any) -> Any:
        doing.set(what)
        return await original(*args, **named)

    return entered


def _passing(here: dict[str, Step], order: Path, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def passed(*args: Any, **named: Any) -> Any:
        mine = {step.when: name for name, step in here.items() if step.doing == doing.get()}
        _die_if_ordered(order, mine.get("before"))
        result = await original(*args, **named)
        if _wanted(order, mine.get("sent")) is not None:
            await asyncio.wait_for(args[0].flush(), timeout=5)
        _die_if_ordered(order, mine.get("sent"))
        _die_if_ordered(order, mine.get("after"))
        return result

    return passed


def _wanted(order: Path, step: str | None) -> dict[str, Any] | None:
    """The order, if there is one for this step."""
    if step is None or not order.exists():
        return None
    wanted: dict[str, Any] = json.loads(order.read_text())
    return wanted if wanted["step"] == step else None


def _die_if_ordered(order: Path, step: str | None) -> None:
    """Once: the order is gone before the service is."""
    wanted = _wanted(order, step)
    if wanted is None:
        return
    if wanted["passes"] > 1:
        _write(order, wanted | {"passes": wanted["passes"] - 1})
        return
    order.unlink()
    os.kill(wanted["victim"] or os.getpid(), signal.SIGKILL)


def _write(order: Path, wanted: dict[str, Any]) -> None:
    """Whole or not at all: the service reads it at any time."""
    half = order.with_suffix(".half")
    half.write_text(json.dumps(wanted))
    half.replace(order)


def give_order(folder: Path, agency: Agency, *, step: str, passes: int = 1, victim: int | None = None) -> None:
    """Let a service, or another process in its stead, be killed when it comes to a step for the n-th time."""
    _write(order_file(folder, agency), {"step": step, "passes": passes, "victim": victim})


if __name__ == "__main__":
    main(Agency(sys.argv[1]), int(sys.argv[3]))
