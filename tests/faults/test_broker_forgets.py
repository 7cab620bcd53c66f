"""The broker may forget its last minutes or everything, and use its numbers again: it is not the record of anything."""

import shutil
from pathlib import Path

import nats
import pytest
from nats.js.api import StreamInfo

from shared.adapters.jetstream import DIRECTED
from shared.contract.vocabulary import Agency
from tests.faults.cases import begin
from tests.faults.two import Two

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("faults")]


async def last_number(both: Two) -> int:
    """The number of the last message of the stream."""
    return (await stream(both)).state.last_seq


async def stream(both: Two) -> StreamInfo:
    seed = str(both.network.enrolment.secret("provisioner", "seed"))
    client = await nats.connect(both.network.nats.url, nkeys_seed=seed, inbox_prefix=b"_INBOX_provisioner")
    try:
        return await client.jetstream().stream_info(DIRECTED)
    finally:
        await client.close()


async def test_an_older_store_put_back_under_a_running_exchange(both: Two, tmp_path: Path) -> None:
    cases, broker = await begin(both), both.network.nats
    await cases.play(2)
    await broker.kill()
    shutil.copytree(broker.store, tmp_path / "older")
    await broker.start()
    early = await last_number(both)
    await cases.play(4)
    unseen = await cases.refer()
    late = await last_number(both)
    lines = [both.line(agency) for agency in (Agency.POLICE, Agency.SHELTER)]
    for line in lines:  # or what is sent again is in it before it is looked at
        line.cut()
    await broker.kill(wipe=True)
    shutil.copytree(tmp_path / "older", broker.store)
    await broker.start()
    again = await last_number(both)
    for line in lines:
        line.mend()
    await cases.answer(unseen)
    await cases.play(2)
    (await cases.nothing_is_lost_or_done_twice(others=2)).tell("an older store put back")
    assert early <= again < late


async def test_a_wiped_store_uses_its_numbers_again_and_nobody_minds(both: Two) -> None:
    cases = await begin(both)
    await cases.play(3)
    before = await stream(both)
    for turn in range(2):
        both.line(Agency.SHELTER).cut()
        waiting = [await cases.refer() for _ in range(2)]
        await both.network.restart_broker(wipe=True)
        both.line(Agency.SHELTER).mend()
        for referral in waiting:
            await cases.answer(referral)
        if turn == 0:
            anew = await stream(both)
            assert anew.created != before.created
            assert (anew.state.first_seq, before.state.first_seq) == (1, 1)
    (await cases.nothing_is_lost_or_done_twice(others=2)).tell("a wiped store")
