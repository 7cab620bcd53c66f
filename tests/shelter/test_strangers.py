"""One service hosts many shelters; none sees another's."""

from datetime import UTC, datetime

from deploy.demo.stage import Stage


async def test_another_shelters_units_stays_and_refusals_do_not_exist(stage: Stage) -> None:
    ours, theirs = stage.at("near_shelter"), stage.at("far_shelter").client
    await ours.count("rooms", kind="all_adults", capacity=2, occupied=0)
    stay = (await ours.post("/stays", {"unit": "rooms"}))["id"]
    refusal = (await ours.post("/refusals", {"refused_at": datetime.now(UTC).isoformat()}))["id"]
    tries = [
        await theirs.get("/units/rooms"),
        await theirs.post("/stays", json={"unit": "rooms"}),
        await theirs.get(f"/stays/{stay}"),
        await theirs.post(f"/stays/{stay}/end"),
        await theirs.get(f"/refusals/{refusal}"),
        await theirs.post(f"/refusals/{refusal}/send"),
    ]
    assert [answer.status_code for answer in tries] == [404] * len(tries)
    assert (await theirs.get("/refusals")).json()["items"] == []
    assert (await ours.get(f"/stays/{stay}"))["ended_at"] is None
