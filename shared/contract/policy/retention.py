"""What stays once the consent that carried it is gone: at its recipient, and in an agency's own case file."""

from shared.contract.policy.rows import ALL_AGENCIES, SINCE_2009_LAW, Reason, Retention, Whose
from shared.contract.vocabulary import DataCategory as C

RETENTION: tuple[Retention, ...] = (
    Retention(
        id="R-WITHDRAWN",
        flow="F2",
        source="Law on Personal Data of 21 May 2013, arts. 12 and 18",
        reason=Reason(
            kk="Келісім қайтарылған соң, жолдаманың болғаны ғана сақталады.",
            ru="После отзыва согласия сохраняется лишь то, что направление было.",
            en="Once consent is withdrawn, only that there was a referral is kept.",
        ),
        agencies=ALL_AGENCIES,
        of=Whose.RECEIVED,
        keeps=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Retention(
        id="R-F17-OWN-CASE-FILE",
        flow="F17",
        source="2.2, no. 15",
        reason=Reason(
            kk="Органның өз іс қағазы өзінде қалады: оны басқа органға ешбір хабар бермейді.",
            ru="Собственное дело органа остаётся у него: ни одно сообщение его не передаёт.",
            en="An agency's own case file stays with it: no event hands it on.",
        ),
        agencies=ALL_AGENCIES,
        of=Whose.OWN,
        keeps=frozenset(C),
        valid_from=SINCE_2009_LAW,
    ),
)
