"""What may cross between agencies: rows, and nothing else.

A permit opens categories for one kind of event; a forbid takes categories away, and beats every permit; what no row
opens stays. Rows are dated: a decision at a time uses the rows valid then, and a change of the law is a new row.
`source` is the article or paragraph as the report of the social monitoring gives it.
"""

from shared.contract.policy.forbids import FORBIDS
from shared.contract.policy.permits import PERMITS
from shared.contract.policy.retention import RETENTION
from shared.contract.policy.rows import (
    CLOSING,
    NAMING,
    OPAQUE,
    PERSONAL,
    STATE_EVENTS,
    Condition,
    Forbid,
    Permit,
    Reason,
    Retention,
    Whose,
)

__all__ = [
    "CLOSING",
    "FORBIDS",
    "NAMING",
    "OPAQUE",
    "PERMITS",
    "PERSONAL",
    "RETENTION",
    "STATE_EVENTS",
    "Condition",
    "Forbid",
    "Permit",
    "Reason",
    "Retention",
    "Whose",
]
