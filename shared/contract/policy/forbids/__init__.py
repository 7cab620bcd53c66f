"""What may not: each row takes categories away, and beats every permit."""

from shared.contract.policy.forbids.always import ALWAYS_FORBIDDEN
from shared.contract.policy.forbids.without import WITHOUT_BASIS
from shared.contract.policy.rows import Forbid

# What no consent can open comes first: where several rows withhold a category, the first one is named.
FORBIDS: tuple[Forbid, ...] = (*ALWAYS_FORBIDDEN, *WITHOUT_BASIS)
