"""A page of the desk as its reader sees it."""

import re
from html import unescape

import httpx


def words(page: httpx.Response) -> str:
    """What the main part of a page says, without its markup. The page is there."""
    assert page.status_code == 200, page.text
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])))
