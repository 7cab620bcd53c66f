"""What may cross: each row opens categories for one kind of event. A file for each theme of the report."""

from shared.contract.policy.permits.addiction import ADDICTION
from shared.contract.policy.permits.cooperation import COOPERATION
from shared.contract.policy.permits.duties import DUTIES
from shared.contract.policy.permits.knowledge import KNOWLEDGE
from shared.contract.policy.permits.partners import PARTNERS
from shared.contract.policy.permits.prevention import PREVENTION
from shared.contract.policy.permits.referrals import REFERRALS
from shared.contract.policy.rows import Permit

PERMITS: tuple[Permit, ...] = (
    *REFERRALS,
    *COOPERATION,
    *DUTIES,
    *ADDICTION,
    *PREVENTION,
    *PARTNERS,
    *KNOWLEDGE,
)
