"""A call as a conversation: when it is tried again, how long is waited, what an answer means."""

from typing import Any

import httpx
import pytest

from qorgau.client import Answer, Call, Problem, Unreachable, calls
from qorgau.client.talk import Asked, Told, talk

READS, POSTS = calls.referral("7"), calls.accept("7")
CHANGES = calls.count_beds("room-1", kind="all_adults", capacity=2, occupied=1)
LOST, NEVER_THERE = httpx.ReadTimeout("lost"), httpx.ConnectTimeout("never there")
DONE = httpx.Response(200, json={"id": "7"}, headers={"etag": '"3"'})


def problem(status: int, kind: str, **headers: str) -> httpx.Response:
    said = {
        "type": f"https://qorgau.invalid/problems/{kind}",
        "title": kind,
        "status": status,
        "detail": "why",
        "rule": "N-1",
    }
    return httpx.Response(status, json=said, headers={**headers, "content-type": "application/problem+json"})


BUSY = problem(503, "too-many-calls", **{"retry-after": "2"})
UNKNOWN = problem(503, "outcome-unknown")


def held(call: Call[Any], *told: Told, tries: int = 5) -> tuple[list[Asked], Answer[Any]]:
    """What was asked for on the way, and the answer, if these come one after the other."""
    conversation, coming, asked = talk(call, tries=tries), iter(told), []
    now: Told = None
    while True:
        try:
            asked.append(conversation.send(now))
        except StopIteration as end:
            return asked, end.value
        now = next(coming) if isinstance(asked[-1], Call) else None


def test_an_answer_is_its_value_and_its_etag() -> None:
    assert held(READS, DONE) == ([READS], Answer({"id": "7"}, '"3"'))


@pytest.mark.parametrize("call", [READS, POSTS, CHANGES])
def test_a_busy_service_is_asked_again_after_as_long_as_it_says(call: Call[Any]) -> None:
    assert held(call, BUSY, BUSY, DONE)[0] == [call, 2.0, call, 2.0, call]


@pytest.mark.parametrize("call", [READS, POSTS])
@pytest.mark.parametrize("what", [LOST, UNKNOWN])
def test_what_may_have_been_done_is_asked_again_by_the_same_key(call: Call[Any], what: Told) -> None:
    asked = held(call, what, DONE)[0]
    assert [asked[0], asked[2]] == [call, call]


def test_a_call_that_does_something_has_a_key_of_its_own_and_one_that_reads_has_none() -> None:
    one, other = calls.accept("7"), calls.accept("7")
    assert one.key
    assert one.key != other.key
    assert READS.key is None


@pytest.mark.parametrize(("what", "error"), [(LOST, Unreachable), (UNKNOWN, Problem)])
def test_a_change_without_a_key_is_not_repeated_when_it_may_have_been_done(what: Told, error: type[Exception]) -> None:
    with pytest.raises(error):
        held(CHANGES, what, DONE)


def test_a_change_that_never_got_there_is_repeated() -> None:
    asked = held(CHANGES, NEVER_THERE, DONE)[0]
    assert [asked[0], asked[2]] == [CHANGES, CHANGES]


@pytest.mark.parametrize("status", [401, 403, 404, 409, 412, 422, 500, 507])
def test_what_asking_again_would_not_change_is_a_problem_at_once(status: int) -> None:
    with pytest.raises(Problem) as caught:
        held(READS, problem(status, "withheld"), DONE)
    said = caught.value
    assert (said.status, said.kind, said.detail, said.members) == (status, "withheld", "why", {"rule": "N-1"})


def test_patience_ends() -> None:
    with pytest.raises(Problem):
        held(READS, *[BUSY] * 3, DONE, tries=3)
    with pytest.raises(Unreachable, match="ReadTimeout"):
        held(READS, *[LOST] * 3, DONE, tries=3)


def test_where_nobody_says_how_long_the_wait_grows_and_callers_are_spread() -> None:
    waits = [one for one in held(READS, *[LOST] * 9, DONE, tries=10)[0] if isinstance(one, float)]
    for number, wait in enumerate(waits):
        longest = min(0.5 * 2**number, 30)
        assert longest / 2 <= wait <= longest
    assert len({*waits}) == len(waits)


def test_a_gateway_that_answers_with_no_problem_is_told_by_its_status() -> None:
    with pytest.raises(Problem, match="502 Bad Gateway"):
        held(READS, httpx.Response(502, text="<html>"))


@pytest.mark.parametrize("body", ["<html>", "", "[1]"])
def test_what_says_it_is_a_problem_and_is_none_is_told_by_its_status(body: str) -> None:
    with pytest.raises(Problem, match="502 Bad Gateway"):
        held(READS, httpx.Response(502, text=body, headers={"content-type": "application/json"}))


def test_who_answers_with_anything_but_json_is_not_the_service() -> None:
    with pytest.raises(Unreachable, match="NotTheService"):
        held(READS, httpx.Response(200, text="<html>Sign in to the guests' network"))


def test_an_address_that_is_none_is_not_tried_again() -> None:
    with pytest.raises(Unreachable, match="UnsupportedProtocol"):
        held(READS, httpx.UnsupportedProtocol("no scheme"), DONE)


def test_the_next_page_is_the_same_list_behind_a_cursor() -> None:
    call = calls.referrals("incoming", state="requested")
    assert call.after("there").query == {"box": "incoming", "state": "requested", "cursor": "there"}
