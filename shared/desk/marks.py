"""How words that wait for their translation are marked where they are defined."""


def N_(words: str) -> str:  # noqa: N802  # gettext's own name
    """Mark words for the catalogues."""
    return words
