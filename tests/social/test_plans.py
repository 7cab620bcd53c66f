"""What only social services do: plans of services."""

from uuid import uuid4

from deploy.demo.stage import Stage
from tests.network import Access

PLAN = {"goals": [{"kind": "documents"}, {"kind": "benefits"}]}


async def test_a_plan_is_changed_on_the_version_that_was_read(stage: Stage) -> None:
    social = stage.at("social").client
    made = await social.post("/plans", json=PLAN)
    path, tag = f"/plans/{made.json()['id']}", {"If-Match": made.headers["etag"]}
    done = {"goals": [{"kind": "documents", "progress": "done", "partners": []}]}
    assert (await social.put(path, json=done)).status_code == 428
    assert (await social.put(path, json=done, headers=tag)).json()["goals"] == done["goals"]
    assert (await social.put(path, json=PLAN, headers=tag)).status_code == 412
    assert (await social.get(path)).json()["goals"] == done["goals"]


async def test_another_akimats_plan_does_not_exist(stage: Stage, access: Access) -> None:
    made = await stage.at("social").post("/plans", PLAN)
    other = access.office("social-11")
    path = f"/plans/{made['id']}"
    answers = [await other.client.get(path), await other.client.put(path, json=PLAN, headers={"If-Match": "*"})]
    answers.append(await other.client.post("/plans", json={**PLAN, "referral_id": str(uuid4())}))
    await other.close()
    assert [answer.status_code for answer in answers] == [404, 404, 404]
