"""The police: district inspectors, women protection unit, duty officers.

Mandate: prevent and stop domestic violence; refer victims to help and either spouse to treatment or programmes.
Emits: referrals and their moves, messages, acknowledgements of refusal notices, registrations of reports, orders
that protect somebody, their changes and breaches, warnings that violence repeats, proposals of joint assessments, their
outcome and end, that preventive conversations were held, answers to drafts of local agreements, steps of blind
comparisons of registers, published statistics; letters to partners without a service, on paper.
Consumes: what others do with its referrals, how plans go and who came to programmes, messages, refusal notices,
reports of violence and of admissions, answers and signatures of joint assessments, that others held preventive
conversations, local agreements, steps of blind comparisons of registers, bed counts, the directory.
Must never see: where a victim stays (but to save a life), health or addiction data, who it was that refused to report.
"""
