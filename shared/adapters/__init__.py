"""Everything that touches the outside: settings, PostgreSQL, NATS, keys, tokens, HTTP and telemetry.

Nothing above this package imports a database engine, a broker client or a socket. `emit()` in `outbox` is the only way
an event leaves, `receive()` in `inbox` the only way one comes in.
"""
