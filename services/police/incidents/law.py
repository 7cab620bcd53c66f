"""Under which articles of law an incident can be recorded, as dated rows: what counts is the law of its own day.

Source of the articles and of the dates up to 2017: the report (1.2, problem 1; 2.1; 2.2). Light harm and beatings were
misdemeanours of the Criminal Code from 2015, administrative offences from July 2017, and are crimes again since June
2024 (Law of 15 April 2024 No. 72-VIII, in force sixty days after it was published).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Article(StrEnum):
    """Articles of the Code on Administrative Offences (cao) and of the Criminal Code (cc)."""

    CAO_73 = "cao-73"
    CAO_73_1 = "cao-73-1"
    CAO_73_2 = "cao-73-2"
    CAO_434 = "cao-434"
    CAO_461 = "cao-461"
    CAO_669 = "cao-669"
    CC_106 = "cc-106"
    CC_107 = "cc-107"
    CC_108 = "cc-108"
    CC_108_1 = "cc-108-1"
    CC_109 = "cc-109"
    CC_109_1 = "cc-109-1"
    CC_110 = "cc-110"
    CC_115 = "cc-115"
    CC_139 = "cc-139"


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article is the law from one day to another, which is not included any more."""

    article: Article
    title: str
    source: str
    valid_from: date
    valid_until: date | None = None


CODES = date(2015, 1, 1)  # both codes of 2014 are in force since
TO_THE_CAO = date(2017, 7, 3)  # Law of 3 July 2017 No. 84-VI, by the day that the report gives
TO_THE_CC = date(2024, 6, 16)
REPORT = "Code on Administrative Offences of 5 July 2014; report, 2.1 and 2.2"
CC = "Criminal Code of 3 July 2014; report, 1.2 and 2.2"
LAW_84 = "Law of 3 July 2017 No. 84-VI; report, 1.2, problem 1"
LAW_72 = "Law of 15 April 2024 No. 72-VIII"
ARTICLES: tuple[ArticleRow, ...] = (
    ArticleRow(Article.CAO_73, "unlawful acts in family and domestic relations", REPORT, CODES),
    ArticleRow(Article.CAO_73_1, "wilful infliction of light harm to health", LAW_84, TO_THE_CAO, TO_THE_CC),
    ArticleRow(Article.CAO_73_2, "beatings", LAW_84, TO_THE_CAO, TO_THE_CC),
    ArticleRow(Article.CAO_434, "petty disorderly conduct", REPORT, CODES),
    ArticleRow(Article.CAO_461, "breach of a protective restraining order", REPORT, CODES),
    ArticleRow(Article.CAO_669, "non-compliance with a court's act, special requirements included", REPORT, CODES),
    ArticleRow(Article.CC_106, "wilful infliction of grave harm to health", CC, CODES),
    ArticleRow(Article.CC_107, "wilful infliction of harm to health of medium gravity", CC, CODES),
    ArticleRow(Article.CC_108, "wilful infliction of light harm to health", CC, CODES, TO_THE_CAO),
    ArticleRow(Article.CC_108_1, "wilful infliction of light harm to health", LAW_72, TO_THE_CC),
    ArticleRow(Article.CC_109, "beatings", CC, CODES, TO_THE_CAO),
    ArticleRow(Article.CC_109_1, "beatings", LAW_72, TO_THE_CC),
    ArticleRow(Article.CC_110, "torment", CC, CODES),
    ArticleRow(Article.CC_115, "threat", CC, CODES),
    ArticleRow(Article.CC_139, "failure to pay for the support of children and others who can't work", CC, CODES),
)


def in_force(on: date, *, rows: tuple[ArticleRow, ...] = ARTICLES) -> frozenset[Article]:
    """The articles that were the law on a day."""
    return frozenset(
        row.article for row in rows if row.valid_from <= on and (row.valid_until is None or on < row.valid_until)
    )


def why_not_these(articles: Iterable[Article], on: date, *, rows: tuple[ArticleRow, ...] = ARTICLES) -> str | None:
    """None if all of them were the law on the day of an incident, else which were not."""
    missing = sorted(set(articles) - in_force(on, rows=rows))
    return f"not the law on the day of the incident: {', '.join(missing)}" if missing else None
