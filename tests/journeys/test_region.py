"""F13 across the running services: what the police publish of a month reaches the region's social service."""

from datetime import UTC, datetime, timedelta

from deploy.demo.office import Json, eventually
from deploy.demo.stage import Stage
from shared.contract.calendar import local_day

TABLE = "referrals-sent-by-purpose"


async def test_a_month_that_the_police_publish_is_in_the_figures_of_their_region(stage: Stage) -> None:
    police, social = stage.at("police"), stage.at("social")
    month = f"{local_day(datetime.now(UTC)) - timedelta(days=70):%Y-%m}"  # one that is over, whatever day it is
    published = await police.get(f"/statistics/{TABLE}", month=month)

    async def look() -> Json | None:
        told = await social.get("/region-statistics", month=month)
        return told if police.organisation in told["reported"] else None

    told: Json = await eventually("the region's social service has what the police published", look)
    assert told["region"] == stage.cast.here[:2]
    assert TABLE in told["tables"]
    figures = await social.get(f"/region-statistics/{TABLE}", month=month)
    assert police.organisation in figures["of"]
    ours = {tuple(cell["by"].values()): cell["count"] for cell in published["cells"]}
    for cell in figures["cells"]:
        count = ours[tuple(cell["by"].values())]
        assert cell["withheld_by"] >= 1 if count == "suppressed" else cell["at_least"] >= count
    items = (await police.get("/disclosures", limit="200"))["items"]
    sent = [one for one in items if one["event_type"] == "statistics.published"]
    assert social.organisation in {one["recipient_id"] for one in sent}
    assert all(one["person_id"] is None for one in sent)
