"""The story: one night, and the weeks after it, through the agencies' REST APIs alone.

People, IINs and numbers are invented but valid. Each act tells what it did and fails loudly where something that should
have happened did not. `OUTCOME` is what the same story leads to every time, whatever broke on the way.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from deploy.demo.office import Json, Office, arrives, becomes, ensure, eventually
from shared.contract.identifiers import check_digit

HER = {"family_name": "Сәрсенова", "given_name": "Айгүл", "birth_date": "1991-04-12", "sex": "female"}
HIM = {"family_name": "Сәрсенов", "given_name": "Ерлан", "birth_date": "1988-09-30", "sex": "male"}
HER_ADDRESS, HER_PHONE = "Талғар қ., Рысқұлов к-сі 18, 4 п.", "+7 701 000 00 01"
HIS_ADDRESS = "Талғар қ., Қонаев к-сі 7"
HER_INJURY = "Ушиб левого предплечья, ссадины."
THIRTY_DAYS = timedelta(days=30)
WHILE_SECONDS = 2.0


@dataclass(frozen=True)
class Cast:
    """Who plays: organisation ids, and where the night happens (KATO)."""

    police: str
    rural_police: str
    near_shelter: str
    far_shelter: str
    hospital: str
    addictology: str
    social: str
    here: str


TALGAR = Cast(
    police="police-talgar",
    rural_police="police-kegen",
    near_shelter="shelter-esik",
    far_shelter="shelter-alatau",
    hospital="hospital-talgar",
    addictology="addictology-almaty",
    social="social-talgar",
    here="196200000",
)


@dataclass(frozen=True)
class Said:
    """One entry of the timeline: who did what; what crossed to whom on which basis; what was withheld by which rule."""

    who: str
    what: str
    disclosure: Json | None = None
    accounting: tuple[Json, ...] = ()


class Line(Protocol):
    """A line between the police and the network that can be cut."""

    def cut(self) -> None:
        """Nothing passes any more."""

    def mend(self) -> None:
        """It passes again."""


async def nothing() -> None:
    """No effect."""


@dataclass
class Stage:
    """The offices, what is remembered from act to act, and what can be broken."""

    cast: Cast
    offices: dict[str, Office]
    tell: Callable[[Said], None] = lambda _: None
    line: Line | None = None
    in_the_middle: Callable[[], Awaitable[None]] = nothing
    ids: dict[str, str] = field(default_factory=dict)

    def at(self, role: str) -> Office:
        """The office that plays a role of the cast."""
        return self.offices[getattr(self.cast, role)]

    def say(self, who: str, what: str, disclosure: Json | None = None, accounting: tuple[Json, ...] = ()) -> None:
        """Tell what happened."""
        self.tell(Said(who, what, disclosure, accounting))


def iin(birth_date: str, serial: int, *, digit: int) -> str:
    """An invented, valid IIN."""
    begin = date.fromisoformat(birth_date).strftime("%y%m%d") + str(digit)
    for number in range(serial, serial + 100):
        check = check_digit(f"{begin}{number:04d}")
        if check is not None:
            return f"{begin}{number:04d}{check}"
    raise ValueError("no valid number near this serial")


def in_thirty_days() -> str:
    """When her consents end."""
    return (datetime.now(UTC) + THIRTY_DAYS).isoformat()


async def count_beds(stage: Stage) -> None:
    """The shelters count their beds before the night begins."""
    await stage.at("near_shelter").count("family-rooms", kind="women_with_children", capacity=3, occupied=3)
    await stage.at("far_shelter").count("family-rooms", kind="women_with_children", capacity=4, occupied=3)
    stage.say("near_shelter", "posts its count: 3 family rooms, all occupied")
    stage.say("far_shelter", "posts its count: 4 family rooms, one free")


async def night_call(stage: Stage) -> None:
    """Rayon police answer a call at night; she consents to lodging and to a medical examination, for 30 days."""
    police = stage.at("police")
    her = {**HER, "role": "victim", "phone": HER_PHONE, "address": HER_ADDRESS, "languages": ["kk", "ru"]}
    her["iin"] = iin(HER["birth_date"], 4567, digit=4)
    him = {**HIM, "role": "alleged_offender", "address": HIS_ADDRESS, "iin": iin(HIM["birth_date"], 1234, digit=3)}
    stage.ids["her"] = (await police.post("/persons", her))["id"]
    stage.ids["him"] = (await police.post("/persons", him))["id"]
    incident = {
        "victim_id": stage.ids["her"],
        "alleged_offender_id": stage.ids["him"],
        "occurred_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "kinds": ["physical", "psychological"],
        "relation": "spouse",
        "at_home": True,
        "children_present": True,
        "inebriated": True,
        "weapon": False,
    }
    await police.post("/incidents", incident)
    stage.say("police", "answers a call at night and records the incident: a woman with two children")
    consent = {
        "person_id": stage.ids["her"],
        "purposes": ["lodging", "medical_examination"],
        "recipients": ["shelter", "health"],
        "categories": ["identity", "contact", "dependants", "health"],
        "valid_until": in_thirty_days(),
        "granted_by": "self",
    }
    stage.ids["consent"] = (await police.post("/consents", consent))["id"]
    stage.say(
        "police",
        "records her consent: lodging and medical examination, for 30 days, nothing about her health to police",
    )


async def bed_board(stage: Stage) -> None:
    """The officer looks at the board: the nearest shelter is full, the second has a family room."""
    cast = stage.cast

    async def look() -> list[Json] | None:
        query = {"for": "women_with_children", "near": cast.here}
        items = [
            i
            for i in (await stage.at("police").get("/beds", **query))["items"]
            if i["organisation_id"] in vars(cast).values()
        ]
        return items if [i["free"] for i in items] == [0, 1] else None

    near, far = await eventually("the bed board shows both counts", look)
    ensure(near["organisation_id"] == cast.near_shelter, "the nearest shelter comes first")
    ensure(far["distance_km"] > near["distance_km"], "the second is farther away")
    stage.say("police", f"looks at the bed board: {near['name_en']}, {near['distance_km']:.0f} km, full")
    stage.say(
        "police",
        f"and {far['name_en']}, {far['distance_km']:.0f} km, one family room free, counted {far['age_minutes']} min ago",
    )


async def refer_to_shelter(stage: Stage) -> None:
    """The referral previews what will leave, goes to the nearest with room, and holds the family room."""
    police, shelter = stage.at("police"), stage.at("far_shelter")
    body = {
        "to": {"nearest": stage.cast.here},
        "purpose": "lodging",
        "person_id": stage.ids["her"],
        "basis": {"kind": "consent", "consent_id": stage.ids["consent"]},
        "urgency": "stat",
        "household": {"adults": 1, "children": 2},
        "needs": ["school", "documents"],
        "hold": "women_with_children",
        "call_back": "+7 727 000 01 02",
        "dependants": "Сын 7 лет, дочь 3 года.",
        "health": HER_INJURY,
        "circumstances": "Муж избил вечером дома.",
    }
    preview = await police.post("/disclosures/preview", body)
    withheld = {item["field"] for item in preview["withheld"]}
    ensure(
        withheld == {"address", "health", "circumstances"}, "the preview withholds address, health and circumstances"
    )
    sent = await police.post("/referrals", body)
    stage.ids["lodging"] = sent["id"]
    ensure(sent["counterpart_id"] == stage.cast.far_shelter, "nearest means the nearest with a free room")
    came = await arrives(shelter, sent["id"])
    ensure(came["content"]["family_name"] == HER["family_name"], "her name arrives, as she consented")
    ensure(came["content"]["address"] is None and came["content"]["health"] is None, "address and health do not")
    await becomes(police, sent["id"], hold_state="held")
    stage.say("police", "refers her to the nearest shelter with room", await police.disclosure(sent["id"]))
    stage.say("far_shelter", "holds the family room for 90 minutes on receipt, and says so")
    board = await police.get("/beds", **{"for": "women_with_children", "near": stage.cast.here})
    ensure(
        any(i["organisation_id"] == shelter.organisation for i in board["items"]), "the held room stays on the board"
    )


async def shelter_accepts(stage: Stage) -> None:
    """The shelter screens, asks, accepts; the two sides write to each other; she arrives and a stay begins."""
    police, shelter, referral = stage.at("police"), stage.at("far_shelter"), stage.ids["lodging"]
    await shelter.post(f"/referrals/{referral}/messages", {"body": "Нужна ли детская кровать?"})

    async def look() -> Json | None:
        items: list[Json] = (await police.get(f"/referrals/{referral}/messages"))["items"]
        return items[0] if items else None

    await eventually("the message arrives", look)
    await police.post(f"/referrals/{referral}/messages", {"body": "Да, одна."})
    await shelter.post(f"/referrals/{referral}/accept")
    await becomes(police, referral, state="accepted")
    stage.say(
        "far_shelter",
        "screens, asks a question, and accepts; the police see it",
        await shelter.disclosure(referral, "referral.moved"),
    )
    stay = await shelter.post("/stays", {"unit": "family-rooms", "referral_id": referral})
    stage.ids["stay"] = stay["id"]
    await becomes(police, referral, state="in_progress")
    stage.say("far_shelter", "she arrives: the stay begins, the hold has become an occupied room")


async def record_at_shelter(stage: Stage) -> None:
    """The shelter records what she tells it, and what she allows it: her own consents, separately for each purpose."""
    shelter = stage.at("far_shelter")
    person = {**HER, "role": "victim", "phone": HER_PHONE, "iin": iin(HER["birth_date"], 4567, digit=4)}
    stage.ids["guest"] = (await shelter.post("/persons", person))["id"]
    shared = {"person_id": stage.ids["guest"], "valid_until": in_thirty_days(), "granted_by": "self"}
    to_health = {
        "purposes": ["medical_examination"],
        "recipients": ["health"],
        "categories": ["identity", "contact", "health"],
    }
    to_social = {
        "purposes": ["restoration_of_rights"],
        "recipients": ["social"],
        "categories": ["identity", "dependants"],
    }
    stage.ids["health_consent"] = (await shelter.post("/consents", {**shared, **to_health}))["id"]
    stage.ids["social_consent"] = (await shelter.post("/consents", {**shared, **to_social}))["id"]
    stage.say("far_shelter", "records two consents of hers: one for health, one for social services")


async def onward_to_health(stage: Stage) -> None:
    """The shelter refers her on to health, for her injuries."""
    shelter, hospital = stage.at("far_shelter"), stage.at("hospital")
    body = {
        "to": {"organisation": stage.cast.hospital},
        "purpose": "medical_examination",
        "person_id": stage.ids["guest"],
        "basis": {"kind": "consent", "consent_id": stage.ids["health_consent"]},
        "urgency": "urgent",
        "call_back": "+7 727 000 03 02",
        "health": HER_INJURY,
    }
    sent = await shelter.post("/referrals", body)
    stage.ids["medical"] = sent["id"]
    came = await arrives(hospital, sent["id"])
    ensure(came["content"]["health"] == HER_INJURY, "what she allowed about her health arrives at the hospital")
    await hospital.post(f"/referrals/{sent['id']}/accept")
    await hospital.post(f"/referrals/{sent['id']}/start")
    findings = {"referral_id": sent["id"], "kind": "injuries", "findings": "Гематома левого предплечья 4×6 см."}
    stage.ids["examination"] = (await hospital.post("/examinations", findings))["id"]
    await becomes(shelter, sent["id"], state="in_progress")
    stage.say("far_shelter", "refers her on to health, for her injuries", await shelter.disclosure(sent["id"]))
    stage.say("hospital", "accepts and examines her; the findings stay in health")


async def onward_to_social(stage: Stage) -> None:
    """And to social services, for documents and benefits."""
    shelter, social = stage.at("far_shelter"), stage.at("social")
    body = {
        "to": {"organisation": stage.cast.social},
        "purpose": "restoration_of_rights",
        "person_id": stage.ids["guest"],
        "basis": {"kind": "consent", "consent_id": stage.ids["social_consent"]},
        "needs": ["documents", "benefits"],
        "call_back": "+7 727 000 03 02",
        "dependants": "Сын 7 лет, дочь 3 года.",
        "health": HER_INJURY,
    }
    sent = await shelter.post("/referrals", body)
    stage.ids["rights"] = sent["id"]
    came = await arrives(social, sent["id"])
    ensure(came["content"]["health"] is None, "nothing about her health arrives at social services")
    await social.post(f"/referrals/{sent['id']}/accept")
    services = [{"kind": "documents", "progress": "under_way"}, {"kind": "benefits"}]
    stage.ids["plan"] = (await social.post("/plans", {"referral_id": sent["id"], "services": services}))["id"]
    await becomes(shelter, sent["id"], state="accepted")
    stage.say("far_shelter", "refers her on to social services", await shelter.disclosure(sent["id"]))
    stage.say("social", "accepts, and plans documents and benefits")


async def husband(stage: Stage) -> None:
    """Her husband is referred to an addictologist: nothing about her, nor where she is, is in that event."""
    police, clinic = stage.at("police"), stage.at("addictology")
    consent = {
        "person_id": stage.ids["him"],
        "purposes": ["addiction_treatment"],
        "recipients": ["health"],
        "categories": ["identity", "addiction", "narrative"],
        "valid_until": in_thirty_days(),
        "granted_by": "self",
    }
    his_consent = (await police.post("/consents", consent))["id"]
    body = {
        "to": {"organisation": stage.cast.addictology},
        "purpose": "addiction_treatment",
        "subject": "alleged_offender",
        "person_id": stage.ids["him"],
        "basis": {"kind": "consent", "consent_id": his_consent},
        "call_back": "+7 727 000 01 02",
        "addiction": "Алкоголь, запои.",
        "circumstances": f"Избил жену {HER['given_name']}; она сейчас в приюте.",
    }
    sent = await police.post("/referrals", body)
    stage.ids["addiction"] = sent["id"]
    came = await arrives(clinic, sent["id"])
    text = str(came["content"])
    ensure(came["content"]["circumstances"] is None, "the narrative, which speaks of her, is withheld")
    ensure(HER["given_name"] not in text and "приют" not in text, "nothing about her, nor where she is")
    await clinic.post(f"/referrals/{sent['id']}/accept")
    await becomes(police, sent["id"], state="accepted")
    stage.say("police", "refers her husband to an addictologist", await police.disclosure(sent["id"]))


async def refusal(stage: Stage) -> None:
    """She decides not to report: the notice says that, and not who; the police acknowledge."""
    shelter, police = stage.at("far_shelter"), stage.at("police")
    body = {"person_id": stage.ids["guest"], "refused_at": datetime.now(UTC).isoformat(), "agrees_to_contact": False}
    drafted = await shelter.post("/refusals", body)
    stage.ids["refusal"] = drafted["id"]
    ensure(set(drafted["notice"]) == {"notice_id", "refused_on", "due_on", "police_may"}, "the notice names nobody")
    stage.say(
        "far_shelter", f"she decides not to report; the notice is shown before it is sent; due by {drafted['due_on']}"
    )
    await shelter.post(f"/refusals/{drafted['id']}/send")
    stage.say(
        "far_shelter", "sends the notice of refusal", await shelter.disclosure(drafted["id"], "refusal_notice.issued")
    )

    async def look() -> bool:
        items = (await police.get("/refusal-notices"))["items"]
        return any(item["id"] == drafted["id"] for item in items)

    await eventually("the refusal notice arrives at the responsible police", look)
    await police.post(f"/refusal-notices/{drafted['id']}/acknowledge")

    async def read() -> bool:
        return bool((await shelter.get(f"/refusals/{drafted['id']}"))["state"] == "acknowledged")

    await eventually("the acknowledgement arrives at the shelter", read)
    stage.say("police", "acknowledges it: it knows that somebody refused, not who or where")


async def withdraw(stage: Stage) -> None:
    """She withdraws her consent to health: health's copy closes and is erased down to what the law keeps."""
    shelter, hospital, referral = stage.at("far_shelter"), stage.at("hospital"), stage.ids["medical"]
    await shelter.post(f"/consents/{stage.ids['health_consent']}/withdraw")
    copy = await becomes(hospital, referral, state="withdrawn")
    kept = {name for name, value in copy["content"].items() if value is not None}
    ensure(copy["erased_at"] is not None, "health's copy is erased")
    ensure(kept <= {"referral_id", "replaces", "purpose", "subject"}, "only that there was a referral is kept")
    examination = await hospital.get(f"/examinations/{stage.ids['examination']}")
    ensure(examination["kind"] == "injuries", "health's own medical record stays, as the law wants")
    stage.say("far_shelter", "withdraws her consent to health, as she asks; no reason is needed")
    stage.say("hospital", f"its copy closes and is erased; kept: {', '.join(sorted(kept))}, and its own medical record")


async def accounting(stage: Stage) -> None:
    """The accounting of disclosures lists all that moved about her."""
    shelter = stage.at("far_shelter")

    async def look() -> list[Json] | None:
        items: list[Json] = (await shelter.get("/disclosures", person_id=stage.ids["guest"], limit="200"))["items"]
        return items if all(item["delivery"] == "received" for item in items) else None

    items = await eventually("everything that left about her is confirmed", look)
    kinds = {item["event_type"] for item in items}
    wanted = {"referral.requested", "referral.moved", "refusal_notice.issued", "consent.withdrawn"}
    ensure(wanted <= kinds, "the accounting lists requests, moves, the notice and the withdrawal")
    what = f"prints the accounting: {len(items)} disclosures about her, all confirmed by their receivers"
    stage.say("far_shelter", what, accounting=tuple(reversed(items)))


async def rural_link(stage: Stage) -> None:
    """A rural district's link is cut for a while (where it can be): its referral waits and arrives."""
    rural, social = stage.at("rural_police"), stage.at("social")
    if stage.line is not None:
        stage.line.cut()
        stage.say("rural_police", "the line to the network is cut; it writes a referral all the same")
    body = {
        "to": {"organisation": stage.cast.social},
        "purpose": "social_services",
        "basis": {"kind": "no_personal_data"},
        "household": {"adults": 1, "children": 3},
        "call_back": "+7 727 000 02 02",
    }
    sent = await rural.post("/referrals", body)
    stage.ids["rural"] = sent["id"]
    if stage.line is not None:
        await asyncio.sleep(WHILE_SECONDS)
        ensure((await rural.disclosure(sent["id"]))["delivery"] == "waiting", "the referral waits")
        box = (await social.get("/referrals", box="incoming", limit="200"))["items"]
        ensure(all(item["id"] != sent["id"] for item in box), "it has not arrived while the line is cut")
        stage.line.mend()
    await arrives(social, sent["id"])
    stage.say("rural_police", "the line is mended: what waited arrives by itself", await rural.disclosure(sent["id"]))


async def pause(stage: Stage) -> None:
    """Whatever the director wants to break, breaks here."""
    await stage.in_the_middle()


ACTS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    count_beds,
    night_call,
    bed_board,
    refer_to_shelter,
    shelter_accepts,
    pause,
    record_at_shelter,
    onward_to_health,
    onward_to_social,
    husband,
    refusal,
    withdraw,
    accounting,
    rural_link,
)

# role -> (the referral, its state) at the end, at both sides: the same whatever broke on the way.
OUTCOME = {
    "lodging": ("police", "far_shelter", "in_progress"),
    "medical": ("far_shelter", "hospital", "withdrawn"),
    "rights": ("far_shelter", "social", "accepted"),
    "addiction": ("police", "addictology", "accepted"),
    "rural": ("rural_police", "social", "requested"),
}


async def play(stage: Stage, *, progress: Callable[[str], None] = lambda _: None) -> None:
    """All acts, then the outcome at both sides of every referral. Raises StoryFailed."""
    for act in ACTS:
        progress(act.__name__.replace("_", " "))
        await act(stage)
    for name, (sender, receiver, state) in OUTCOME.items():
        for role in (sender, receiver):
            await becomes(stage.at(role), stage.ids[name], state=state)
