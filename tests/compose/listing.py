"""What an image holds, a line a file, without times: `docker export CONTAINER | python -m tests.compose.listing`."""

import sys
import tarfile
from hashlib import sha256

# What the engine itself puts into a container that it makes.
ENGINES = {".dockerenv", "etc/hostname", "etc/hosts", "etc/resolv.conf"}


def main() -> None:
    """Name, kind, mode, owner, and what is in it."""
    lines = []
    with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as image:
        for one in image:
            if one.name in ENGINES:
                continue
            inside = image.extractfile(one) if one.isreg() else None
            digest = sha256(inside.read()).hexdigest() if inside else one.linkname
            lines.append(f"{one.name} {one.type.decode()} {one.mode:o} {one.uid}:{one.gid} {digest}")
    print(*sorted(lines), sep="\n")  # noqa: T201  # its answer


if __name__ == "__main__":
    main()
