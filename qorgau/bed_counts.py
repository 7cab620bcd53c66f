"""A shelter's spreadsheet posts its bed counts every ten minutes: a CSV file with unit, for, capacity, occupied.

QORGAU_URL=https://… QORGAU_TOKEN=… python -m qorgau.bed_counts counts.csv
"""

import csv
import os
import sys
import time
from pathlib import Path

from qorgau.client import Client, ClientError, Problem, calls

EVERY = 600  # seconds


def post_counts(shelter: Client, sheet: Path) -> list[str]:
    """Post each row; the units whose row was not taken, and why. They are posted again the next time."""
    with sheet.open(newline="", encoding="utf-8-sig") as rows:
        return [told for row in csv.DictReader(rows) if (told := _post(shelter, row))]


def _post(shelter: Client, row: dict[str, str]) -> str:
    try:
        places = {"capacity": int(row["capacity"]), "occupied": int(row["occupied"])}
        shelter.do(calls.count_beds(row["unit"], kind=row["for"], match=_known(shelter, row["unit"]), **places))
    except (ClientError, KeyError, TypeError, ValueError) as error:
        return f"{row.get('unit')}: {error if isinstance(error, ClientError) else type(error).__name__}"
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
            for told in post_counts(us, Path(sys.argv[1])):
                print(told, file=sys.stderr)  # noqa: T201  # what it is for
            time.sleep(EVERY)
