"""The broker's configuration: one NKEY user per node, who may publish under its own name and read its own consumers."""

from collections.abc import Mapping
from pathlib import Path

PROVISIONER = "provisioner"
STREAMS = ("QORGAU_DIRECTED", "QORGAU_STATE")


def render(*, users: Mapping[str, str], store: Path, host: str, port: int) -> str:
    """A nats.conf for these users (name -> public NKEY); the one named `provisioner` may create streams."""
    entries = ",\n".join(_user(name, key) for name, key in sorted(users.items()))
    return f"""# Written by qorgau. Losing this server's disk loses nothing: senders keep every event until its receipt.
listen: "{host}:{port}"
server_name: qorgau
max_payload: 1MB
jetstream {{
  store_dir: "{store}"
  sync_interval: always
  max_memory_store: 64MB
  max_file_store: 4GB
}}
authorization {{
  users = [
{entries}
  ]
}}
"""


def permissions(name: str) -> dict[str, list[str]]:
    """What a user may publish and subscribe to."""
    if name == PROVISIONER:
        return {"publish": ["$JS.API.>"], "subscribe": [f"_INBOX_{name}.>"]}
    own = [f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}" for stream in STREAMS]
    acks = [f"$JS.ACK.{stream}.{name}.>" for stream in STREAMS]
    events = [f"qorgau.directed.{name}.*", f"qorgau.state.{name}.>"]
    return {"publish": [*events, *own, *acks], "subscribe": [f"_INBOX_{name}.>"]}


def _user(name: str, key: str) -> str:
    allowed = permissions(name)
    publish, subscribe = (", ".join(f'"{s}"' for s in allowed[k]) for k in ("publish", "subscribe"))
    return f"    {{ nkey: {key}, permissions: {{ publish: [{publish}], subscribe: [{subscribe}] }} }}"
