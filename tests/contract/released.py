"""The schemas of the events as they were released last, a line for each.

`python -m tests.contract.released` writes them anew. That is done when a version is released, and never to please a
test: what nodes of that version send is read by those of the next, and the other way round.
"""

import json
from pathlib import Path
from typing import Any

from shared.contract.schemas import schemas

FILE = Path(__file__).with_name("released.json")


def read() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def write() -> None:
    lines = [f"{json.dumps(cloud)}: {json.dumps(schema, ensure_ascii=False)}" for cloud, schema in schemas().items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
