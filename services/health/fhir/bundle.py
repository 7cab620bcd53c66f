"""Pages of resources as searchset Bundles. Pure."""

from collections.abc import Sequence

from services.health.fhir.elements import Element, filled


def searchset(
    found: Sequence[Element],
    *,
    base: str,
    self_link: str,
    next_link: str | None = None,
    included: Sequence[Element] = (),
) -> Element:
    """What a search found, newest first, with the search as it was understood and the next page."""
    links = [{"relation": "self", "url": self_link}]
    links += [{"relation": "next", "url": next_link}] if next_link else []
    entries = [_entry(one, base, "match") for one in found] + [_entry(one, base, "include") for one in included]
    return filled(resourceType="Bundle", type="searchset", link=links, entry=entries)


def _entry(resource: Element, base: str, mode: str) -> Element:
    where = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": where, "resource": resource, "search": {"mode": mode}}
