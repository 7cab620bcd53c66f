"""A client of the REST API of any of the four services: typed, sync and async.

    from qorgau.client import Client, calls

    with Client("https://police.example", token=token) as police:
        sent = police.do(calls.refer({"to": {"nearest": "196200000"}, "purpose": "lodging", ...}))
        for one in police.each(calls.referrals("incoming", state="requested")):
            police.do(calls.accept(one["id"]))

What passes is tried again where that does nothing twice: each POST carries a key of its own (`Idempotency-Key`), and a
change without one, as a bed count, is left to the caller once it may have been done. What the service refuses is a
`Problem` (RFC 9457); no answer at all is `Unreachable`.
"""

from qorgau.client import calls
from qorgau.client.errors import ClientError, Problem, Unreachable
from qorgau.client.sessions import AsyncClient, Client
from qorgau.client.talk import Answer, Call, get, post

__all__ = ["Answer", "AsyncClient", "Call", "Client", "ClientError", "Problem", "Unreachable", "calls", "get", "post"]
