"""A shelter's spreadsheet posts its bed counts every ten minutes: a CSV file with unit, for, capacity, occupied.

QORGAU_URL=https://… QORGAU_TOKEN=… python -m qorgau.bed_counts counts.csv
"""

import csv
import os
import sys
import time
from pathlib import Path

from qorgau.client import Client, Problem, calls

EVERY = 600  # seconds


def post_counts(shelter: Client, sheet: Path) -> list[str]:
    """Post each row; the units whose row was not taken, and why."""
    with sheet.open(newline="", encoding="utf-8-sig") as rows:
        return [told for row in csv.DictReader(rows) if (told := _post(shelter, row))]


def _post(shelter: Client, row: dict[str, str]) -> str:
    places = {"capacity": int(row["capacity"]), "occupied": int(row["occupied"])}
    try:
        shelter.do(calls.count_beds(row["unit"], kind=row["for"], match=_known(shelter, row["unit"]), **places))
    except Problem as problem:
        return f"{row['unit']}: {problem}"
    return ""


def _known(shelter: Client, unit: str) -> str | None:
    try:
        return shelter.ask(calls.unit(unit)).etag
    except Problem as problem:
        if problem.status != 404:  # there is no such unit yet
            raise
        return None


if __name__ == "__main__":
    with Client(os.environ["QORGAU_URL"], token=os.environ["QORGAU_TOKEN"]) as us:
        while True:
            print(*post_counts(us, Path(sys.argv[1])), sep="\n", file=sys.stderr)  # noqa: T201  # what it is for
            time.sleep(EVERY)
