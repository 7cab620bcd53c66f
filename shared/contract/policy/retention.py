"""What stays at a recipient once the consent that carried it is gone."""

from shared.contract.policy.rows import ALL_AGENCIES, Reason, Retention
from shared.contract.vocabulary import DataCategory as C

RETENTION: tuple[Retention, ...] = (
    Retention(
        id="R-WITHDRAWN",
        source="Law on Personal Data of 21 May 2013, arts. 12 and 18",
        reason=Reason(
            kk="Келісім қайтарылған соң, жолдаманың болғаны ғана сақталады.",
            ru="После отзыва согласия сохраняется лишь то, что направление было.",
            en="Once consent is withdrawn, only that there was a referral is kept.",
        ),
        agencies=ALL_AGENCIES,
        keeps=frozenset({C.ROUTING}),
    ),
)
