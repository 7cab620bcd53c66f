"""Local executive bodies: special social services, guardianship authority, commission for minors, psychologists.

Mandate: social services and the restoration of rights (documents, benefits, housing); programmes.
Emits: moves of the referrals it received, referrals of its own, messages, reports of violence, how plans go, and who
came to programmes, answers and signatures of joint assessments, that preventive conversations were held, drafts of
local agreements and answers to them, steps of blind comparisons of registers, published statistics; letters to partners
without a service, on paper.
Consumes: referrals, messages, registrations of reports, who came to others' programmes, orders that protect somebody,
their changes and breaches, warnings that violence repeats, proposals of joint assessments and their outcome, that
others held preventive conversations, local agreements, steps of blind comparisons of registers, published
statistics, the directory, bed counts.
Must never see: health or addiction data; where a victim stays.
"""
