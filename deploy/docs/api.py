"""The pages of the REST API, from what each service says of itself at `/openapi.json`."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from deploy.docs.shapes import about, kind, reached, references, section
from deploy.docs.writing import GENERATED, codes, page, plain, table
from deploy.enrol import enrol
from shared.adapters.documented import EVERYWHERE
from shared.adapters.identity import ROLES, Permission
from shared.adapters.settings import Settings
from shared.contract.vocabulary import Agency

Api = Mapping[str, Any]
NOWHERE = "postgresql+asyncpg://nobody@localhost/nothing"  # never connected to
PROBLEM = "ProblemDetails"
JSON = "application/json"


class Call(NamedTuple):
    """One call of an API."""

    method: str
    path: str
    said: Api

    @property
    def name(self) -> str:
        """As one writes it."""
        return f"{self.method.upper()} {self.path}"


def specifications() -> dict[Agency, Api]:
    """The OpenAPI documents of the four services, as they serve them. Nothing is started or connected to."""
    with TemporaryDirectory() as folder:
        enrolment = enrol(Path(folder), [])
        return {agency: _specification(agency, enrolment.environment(agency)) for agency in Agency}


def _specification(agency: Agency, environment: Mapping[str, str]) -> Api:
    given = {name.removeprefix("QORGAU_").lower(): value for name, value in environment.items()}
    settings = Settings.model_validate({**given, "database_url": NOWHERE})
    service = import_module(f"services.{agency.value}.app").create_app(settings)
    found: Api = service.openapi()
    return found


def calls_of(api: Api) -> list[Call]:
    """Every call of an API."""
    return [Call(method, path, said) for path, methods in api["paths"].items() for method, said in methods.items()]


def pages() -> dict[str, str]:
    """What all four agencies answer alike, and then a page of each with what is its own."""
    apis = specifications()
    whole = {agency: {call.name: _whole(call, api) for call in calls_of(api)} for agency, api in apis.items()}
    alike = {
        name for name, said in whole[Agency.POLICE].items() if all(one.get(name) == said for one in whole.values())
    }
    common = [call for call in calls_of(apis[Agency.POLICE]) if call.name in alike]
    found = {"reference/api/everywhere.md": _page("Calls of every agency", EVERYONE, common, apis[Agency.POLICE])}
    for agency, api in apis.items():
        own = [call for call in calls_of(api) if call.name not in alike]
        intro = (
            f"{plain(api['info']['description'])}\n\nBesides these, it has the [calls of every agency](everywhere.md)."
        )
        found[f"reference/api/{agency}.md"] = _page(f"Calls of {NAMES[agency]}", intro, own, api)
    return found


NAMES = {
    Agency.POLICE: "the police",
    Agency.SHELTER: "shelters",
    Agency.HEALTH: "health care",
    Agency.SOCIAL: "social services",
}
EVERYONE = f"""
Each service answers these calls for its own organisations. It shows them, with examples to try, at `/docs`, and as an
OpenAPI document at `/openapi.json`.

A call needs a bearer token of the agency's OIDC issuer, with the claims `org` and `roles`. What a role may do:

{table(("role", "permissions"), [(f"`{role}`", codes(sorted(may))) for role, may in ROLES.items()])}

Whatever is not answered with success is a problem (RFC 9457) with a `type`, and never repeats what you sent. Every call
can be answered with {codes(EVERYWHERE)}; what else it can be answered with stands below it. Another organisation's id
is answered `404`, as if there were none. A POST may carry an `Idempotency-Key`: the same key gives the same answer, and
the thing is done once. A list comes as CSV to whoever sends `Accept: text/csv`.
"""


def _whole(call: Call, api: Api) -> tuple[object, ...]:
    """All that a call says, shapes included: two calls of one name are alike only if these are."""
    schemas = api["components"]["schemas"]
    return (call.said, *(schemas[name] for name in reached(references(call.said), schemas)))


def _page(title: str, intro: str, calls: Iterable[Call], api: Api) -> str:
    calls = list(calls)
    schemas = api["components"]["schemas"]
    topics = dict.fromkeys(_topic(call) for call in calls)
    parts = []
    for topic in topics:
        parts += [f"## {plain(topic)}", *(_section(call) for call in calls if _topic(call) == topic)]
    shapes = [
        name for name in reached(references([call.said for call in calls]), schemas) if not _is_taken_for_granted(name)
    ]
    return page(f"# {title}", GENERATED, intro, *parts, "## Shapes", *(section(name, schemas[name]) for name in shapes))


def _is_taken_for_granted(name: str) -> bool:
    return name in (PROBLEM, "HTTPValidationError", "ValidationError")


def _topic(call: Call) -> str:
    return str((call.said.get("tags") or ["service"])[0])


def call_anchor(call: Call) -> str:
    """Where its page describes a call."""
    return "-".join(
        [call.method, *(part for part in call.path.lower().replace("{", "").replace("}", "").split("/") if part)]
    )


def _section(call: Call) -> str:
    said = call.said
    needs = " ".join(part for part in (_permission(said), _body(said)) if part)
    return page(
        f"### `{call.name}` {{ #{call_anchor(call)} }}",
        plain(str(said.get("description") or said.get("summary", ""))),
        needs,
        table(("parameter", "in", "is", "about"), [_parameter(one) for one in said.get("parameters", ())]),
        f"Answers {_answers(said)}.",
    )


def _permission(said: Api) -> str:
    needed = said.get("x-permission")
    if needed is None:
        return ""
    roles = [role for role, may in ROLES.items() if Permission(needed) in may]
    return f"Needs the permission `{needed}` ({', '.join(roles)})."


def _body(said: Api) -> str:
    content = said.get("requestBody", {}).get("content", {})
    if not content:
        return ""
    media, described = next(iter(content.items()))
    return f"Takes {kind(described.get('schema', {}))}" + ("." if media == JSON else f" as `{media}`.")


def _parameter(one: Api) -> tuple[str, str, str, str]:
    schema = {**one.get("schema", {}), "description": one.get("description")}
    return f"`{one['name']}`" + (" (needed)" if one.get("required") else ""), one["in"], kind(schema), about(schema)


def _answers(said: Api) -> str:
    return "; ".join(
        _answer(status, answer)
        for status, answer in sorted(said["responses"].items())
        if not (status.isdigit() and int(status) in EVERYWHERE)
    )


def _answer(status: str, answer: Api) -> str:
    """The status, with the shape of what is answered, or why a problem is."""
    content = answer.get("content", {})
    schema = content.get(JSON, {}).get("schema", {})
    if not status.startswith("2"):
        return f"`{status}` {plain(answer['description'])}"
    if schema:
        return f"`{status}` {kind(schema)}" + (" (or CSV)" if "text/csv" in content else "")
    return f"`{status}`" + "".join(f" `{media}`" for media in content if media != JSON)
