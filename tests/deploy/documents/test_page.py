"""The page for people: read as a browser without scripts and without a network would."""

import copy
import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from deploy.documents.asyncapi import document
from deploy.documents.page import page
from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS
from shared.contract.vocabulary import EventType

MADE = document(datetime(2026, 3, 20, 9, tzinfo=UTC))
ALONE = {"meta", "link", "img", "br", "hr", "input"}
LOADS = {"src", "srcset", "data", "poster", "action", "background", "style", "ping"}


class Reader(HTMLParser):
    """Elements with their attributes, and the text of each article. Raises AssertionError on what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.articles: dict[str, list[str]] = {}
        self.rows: dict[str, list[list[str]]] = {}
        self.article = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ALONE:
            self.open.append(tag)
        if tag == "article":
            self.article = dict(attrs).get("aria-labelledby") or ""
        if tag == "tr":
            self.rows.setdefault(self.article, []).append([])
        if tag in ("td", "th"):
            self.rows[self.article][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.articles.setdefault(self.article, []).append(data)
        if {"td", "th"} & set(self.open):
            self.rows[self.article][-1][-1] += data


READ = Reader(page(MADE))


def test_it_is_well_formed_and_in_english() -> None:
    assert ("html", {"lang": "en"}) in READ.elements
    ids = [one["id"] for _, one in READ.elements if "id" in one]
    assert len(ids) == len(set(ids))


def test_it_fetches_nothing_and_runs_nothing() -> None:
    tags = {tag for tag, _ in READ.elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    for _, attributes in READ.elements:
        assert LOADS.isdisjoint(attributes)
        assert [name for name in attributes if name.startswith("on")] == []
        assert (attributes.get("href") or "#").startswith("#")
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    assert ("meta", policy) in READ.elements
    assert "url(" not in page(MADE)
    assert "@import" not in page(MADE)


def test_every_link_leads_to_a_place_on_it() -> None:
    ids = {one["id"] for _, one in READ.elements if "id" in one}
    links = [one["href"] for tag, one in READ.elements if tag == "a"]
    assert sorted(str(link) for link in links) == sorted(f"#{event_type}" for event_type in EVENTS)
    assert {str(link).removeprefix("#") for link in links} <= ids


@pytest.mark.parametrize("event_type", EVENTS)
def test_every_event_is_there_with_its_fields_their_categories_and_an_example(event_type: EventType) -> None:
    text = " ".join(READ.articles[event_type])
    message = MADE["components"]["messages"][event_type]
    assert message["summary"] in text
    shown = {cells[0]: cells for cells in READ.rows[event_type] if cells[0] in fields_of(EVENTS[event_type])}
    assert {name: cells[3] for name, cells in shown.items()} == fields_of(EVENTS[event_type])
    example = json.dumps(message["examples"][0]["payload"], ensure_ascii=False, indent=2)
    assert example in READ.articles[event_type]


def test_it_says_who_may_tell_whom_on_which_basis_and_how_it_travels() -> None:
    assert ["shelter", "police", "statutory_duty", "routing"] in READ.rows["refusal_notice.issued"]
    assert "sealed, on" in " ".join(" ".join(READ.articles["refusal_notice.issued"]).split())
    assert "qorgau.directed.{sender}.{recipient}" in READ.articles["refusal_notice.issued"]
    assert "never sent" in " ".join(READ.articles["letter.written"])
    everyone = "police, shelter, health, social"
    assert [everyone, everyone, "none is needed", "routing"] in READ.rows["events.received"]


def test_where_no_rule_opens_an_event_the_page_says_that_nobody_may_tell_it() -> None:
    read = Reader(page(document(datetime(1990, 1, 1, tzinfo=UTC))))
    assert ["Nobody: no rule opens it."] in read.rows["message.posted"]
    assert ["Nobody: no rule opens it."] not in read.rows["events.received"]


@pytest.mark.parametrize(
    ("event", "row"),
    [
        ("message.posted", ["body", "text (at most 4000)", "no", "correspondence"]),
        ("message.posted", ["message_id", "an id (UUID)", "yes", "routing"]),
        ("message.read", ["message_ids", "a list (at most 200), each an id (UUID)", "yes", "routing"]),
        ("refusal_notice.issued", ["refused_on", "a day", "yes", "routing"]),
        ("referral.requested", ["household", "several fields", "no", "household"]),
        ("referral.requested", ["household.adults", "a whole number (at most 20)", "yes", "household"]),
        ("referral.requested", ["sex", "one of female, male", "no", "identity"]),
        ("beds.counted", ["units[].counted_at", "a moment", "yes", "public"]),
        ("audit.checkpointed", ["chain_hash", "text, ^[0-9a-f]{64}$", "yes", "public"]),
        ("order.issued", ["dependants_too", "true or false", "no", "order"]),
    ],
)
def test_a_field_is_described_in_words(event: str, row: list[str]) -> None:
    assert row in READ.rows[event]


def test_the_envelope_is_described_once_with_what_proves_the_basis() -> None:
    rows = READ.rows[""]
    assert ["sender", "text (at most 200)", "yes"] in rows
    assert ["data.grounds.court.decided_on", "a day", "yes"] in rows
    assert ["data.handling", "several fields", "no"] in rows
    assert [cells for cells in rows if cells[0].startswith("data.content")] == []


def test_whatever_the_document_says_is_text_on_the_page() -> None:
    hostile = copy.deepcopy(MADE)
    message = hostile["components"]["messages"]["message.posted"]
    said = "</pre><script>alert('&amp;')</script>"
    message["summary"] = message["examples"][0]["payload"]["data"]["content"]["body"] = said
    message["x-who-tells-whom"][0]["from"] = [said]
    read = Reader(page(hostile))
    assert [tag for tag, _ in read.elements].count("script") == 0
    text = "".join(read.articles["message.posted"])
    assert text.count(said) == 3
