"""A service whose identity provider is somebody else's own: npm's oidc-provider, known by its address alone.

People sign in at the desk through its own forms (code flow with PKCE), a machine gets its token at its token endpoint
(RFC 6749, 4.4), and groups mean here what a file says that they mean.
"""

import json
import os
import re
import secrets
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest
from joserfc import jws

from deploy.demo.office import eventually
from deploy.embedded.processes import Child
from deploy.network import Network, Options
from shared.adapters.oidc import Attempt
from shared.contract.vocabulary import Agency
from tests.network import organisations

SCRIPT = Path(__file__).parent / "provider.mjs"
ALATAU, TALGAR = "shelter-near-19", "shelter-far-19"
API, EXPIRED, OTHER = "https://api.qorgau.invalid", "https://old.qorgau.invalid", "https://other.invalid"
MACHINE = ("alatau-beds", "invented-secret-of-a-machine")
CLAIMS = {
    "roles_claim": "realm.groups",
    "organisation_claim": None,
    "groups": [
        {"group": "alatau-staff", "organisation": ALATAU, "role": "worker"},
        {"group": "alatau-machines", "organisation": ALATAU, "role": "bed-counter"},
        {"group": "talgar-staff", "organisation": TALGAR, "role": "worker"},
    ],
}
COUNTED = {"for": "all_adults", "capacity": 4, "occupied": 1}


@dataclass
class Site:
    """A shelter's service, and the provider that its staff and machines are known to."""

    service: str
    issuer: str
    provider: Child

    @property
    def returns_to(self) -> str:
        return f"{self.service}/desk/signed-in"

    async def asked(self, grant: dict[str, str], **how: Any) -> dict[str, Any]:
        """What the token endpoint answers."""
        async with httpx.AsyncClient(timeout=30) as client:
            found = (await client.get(f"{self.issuer}/.well-known/openid-configuration")).json()
            answer = await client.post(found["token_endpoint"], data=grant, **how)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def machines(self, resource: str = API) -> str:
        """The access token of a machine, by its client credentials."""
        got = await self.asked({"grant_type": "client_credentials", "resource": resource}, auth=MACHINE)
        return str(got["access_token"])

    async def called(self, token: str, path: str = "/organisations") -> httpx.Response:
        return await self.sent("GET", path, token)

    async def sent(self, method: str, path: str, token: str, **more: Any) -> httpx.Response:
        async with httpx.AsyncClient(base_url=f"{self.service}/v1", timeout=30) as client:
            return await client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **more)

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.service, timeout=30, headers={"accept-language": "en"})


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Running, with nothing set of the provider but its address, the API there, and what its groups mean."""
    folder = tmp_path_factory.mktemp("provider")
    claims = folder / "claims.json"
    claims.write_text(json.dumps(CLAIMS))
    listening = socket.create_server(("127.0.0.1", 0))
    issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
    only = {"ISSUER": issuer, "JWKS": "", "CONFIGURATION": "", "RESOURCE": API, "CLAIMS_FILE": str(claims)}
    environment = tuple((f"QORGAU_OIDC_{name}", value) for name, value in only.items())
    options = Options(agencies=(Agency.SHELTER,), durable=False, environment=environment)
    network = Network(folder / "network", [o for o in organisations() if o.id in (ALATAU, TALGAR)], options)
    provider = Child("provider", log=folder / "provider.log")
    try:
        await network.start_servers()
        found = Site(network.url(Agency.SHELTER), issuer, provider)
        await provider.start(_command(found, listening.fileno()), env=dict(os.environ), pass_fds=[listening.fileno()])
        await network.start_services()
        yield found
    finally:
        await provider.stop()
        listening.close()
        await network.stop()
        network.postgres.remove()


def _command(site: Site, descriptor: int) -> list[str]:
    node = shutil.which("node")
    assert node, "tests/standards/run puts Node.js on the path"
    return [node, str(SCRIPT), str(descriptor), site.issuer, site.returns_to]


async def through(browser: httpx.AsyncClient, where: str, *, who: str, site: Site) -> str:
    """The address to which the provider sends the browser back, after its own forms were filled in."""
    answer = await browser.get(where)
    for _ in range(20):
        if answer.has_redirect_location:
            where = urljoin(str(answer.url), answer.headers["location"])
            if where.startswith(site.returns_to):
                return where
            answer = await browser.get(where)
        else:
            action, fields = _filled_in(answer, who)
            answer = await browser.post(action, data=fields)
    raise AssertionError(f"the provider sends nobody back; last it answered {answer.status_code}")


def _filled_in(page: httpx.Response, who: str) -> tuple[str, dict[str, str]]:
    form = re.search(r'<form[^>]* action="([^"]+)" method="post">(.*?)</form>', page.text, re.DOTALL)
    assert form, page.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    typed = {"login": who, "password": "invented"} if 'name="login"' in form[2] else {}
    return urljoin(str(page.url), unescape(form[1])), fields | typed


async def attempted(browser: httpx.AsyncClient) -> str:
    """Where the desk sends a browser that wants to sign in."""
    return str((await browser.get("/desk/sign-in")).headers["location"])


async def tokens_of(site: Site, who: str) -> dict[str, Any]:
    """Both tokens of somebody who signs in, as the desk's own client gets them."""
    attempt = Attempt.new("/desk")
    asked = {"response_type": "code", "scope": "openid profile", "state": attempt.state, "nonce": attempt.nonce}
    asked |= {"code_challenge": attempt.challenge, "code_challenge_method": "S256", "resource": API}
    shared = {"client_id": "qorgau-desk", "redirect_uri": site.returns_to}
    async with site.browser() as browser:
        where = str(httpx.URL(f"{site.issuer}/auth", params=asked | shared))
        back = await through(browser, where, who=who, site=site)
    code = parse_qs(urlsplit(back).query)["code"][0]
    grant = {"grant_type": "authorization_code", "code": code, "code_verifier": attempt.verifier, "resource": API}
    return await site.asked(grant | shared)


async def test_a_machine_counts_beds_by_its_client_credentials_and_can_do_nothing_else(site: Site) -> None:
    token = await site.machines()
    assert jws.extract_compact(token.encode()).headers()["typ"] == "at+jwt"  # RFC 9068
    unit = f"/beds/rooms-{secrets.token_hex(4)}"
    counted = await site.sent("PUT", unit, token, json=COUNTED)
    assert (counted.status_code, counted.json()["free"]) == (200, 3)
    for path in (f"/referrals/{uuid4()}", "/referrals?box=incoming", "/organisations", "/deadlines"):
        assert (await site.called(token, path)).status_code == 403, path
    assert (await site.sent("POST", "/persons", token, json={"role": "victim"})).status_code == 403


async def test_a_machine_that_does_not_know_its_secret_gets_no_token(site: Site) -> None:
    async with httpx.AsyncClient() as client:
        grant = {"grant_type": "client_credentials", "resource": API}
        answer = await client.post(f"{site.issuer}/token", data=grant, auth=(MACHINE[0], "guessed"))
    assert answer.status_code == 401


@pytest.mark.parametrize("resource", [EXPIRED, OTHER], ids=["expired", "another audience"])
async def test_a_token_that_has_expired_or_is_for_somebody_else_does_not_open(site: Site, resource: str) -> None:
    answer = await site.sent("PUT", "/beds/rooms", await site.machines(resource), json=COUNTED)
    assert answer.status_code == 401


async def test_an_id_token_is_no_access_token(site: Site) -> None:
    tokens = await tokens_of(site, "aigerim")
    assert (await site.called(tokens["access_token"])).status_code == 200
    assert (await site.called(tokens["id_token"])).status_code == 401


async def test_somebody_signs_in_through_the_providers_own_forms_and_the_desk_knows_her_name(site: Site) -> None:
    async with site.browser() as browser:
        back = await through(browser, await attempted(browser), who="aigerim", site=site)
        assert (await browser.get(back)).status_code == 303
        today = await browser.get("/desk")
        assert today.status_code == 200
        assert "Айгерим Сейтова" in today.text
        again = str((await browser.get("/desk/sign-in?again=1")).headers["location"])
        form = await browser.get(again, follow_redirects=True)
        assert 'name="login"' in form.text  # known to the provider, and asked to prove it all the same


@pytest.mark.parametrize("changed", ["state", "code"])
async def test_an_answer_that_was_changed_on_its_way_lets_nobody_in(site: Site, changed: str) -> None:
    async with site.browser() as browser:
        back = httpx.URL(await through(browser, await attempted(browser), who="aigerim", site=site))
        answer = await browser.get(back.copy_set_param(changed, secrets.token_urlsafe(32)))
        assert (answer.status_code, "qorgau-desk" in browser.cookies) == (401, False)


@pytest.mark.parametrize("changed", ["nonce", "code_challenge"])
async def test_a_code_that_was_asked_for_by_another_attempt_lets_nobody_in(site: Site, changed: str) -> None:
    async with site.browser() as browser:
        where = httpx.URL(await attempted(browser)).copy_set_param(changed, secrets.token_urlsafe(32))
        back = await through(browser, str(where), who="aigerim", site=site)
        answer = await browser.get(back)
        assert (answer.status_code, "qorgau-desk" in browser.cookies) == (401, False)


@pytest.mark.parametrize(
    ("who", "told"),
    [("stranger", "does not work for your organisation"), ("both", "stands for more than one organisation")],
)
async def test_who_has_no_group_here_or_those_of_two_organisations_is_told_so(site: Site, who: str, told: str) -> None:
    answer = await site.called((await tokens_of(site, who))["access_token"])
    assert answer.status_code == 403
    async with site.browser() as browser:
        back = await through(browser, await attempted(browser), who=who, site=site)
        page = await browser.get(back)
    assert page.status_code == 403
    assert told in unescape(page.text)


async def test_new_keys_are_followed_without_a_restart_and_the_old_ones_open_nothing_more(site: Site) -> None:
    old = await site.machines()
    assert (await site.called(old)).status_code == 403  # known, and may not read
    os.kill(site.provider.pid, signal.SIGHUP)

    async def is_taken() -> bool:
        return (await site.called(await site.machines())).status_code == 403

    assert await eventually("a token by the new keys is taken", is_taken)
    assert _key(await site.machines()) != _key(old)
    assert (await site.called(old)).status_code == 401
    async with site.browser() as browser:
        back = await through(browser, await attempted(browser), who="aigerim", site=site)
        assert (await browser.get(back)).status_code == 303


def _key(token: str) -> Any:
    return jws.extract_compact(token.encode()).headers()["kid"]
