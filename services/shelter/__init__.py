"""Organisations that provide assistance: temporary lodging and crisis centres, NGO or state. One service can host many.

Mandate: a safe place and special social services; the notice to the police when someone refuses to report (F3).
Emits: moves of the referrals it received, referrals of its own, messages, bed counts, refusal notices, reports of
violence, answers and signatures of joint assessments, that preventive conversations were held, answers to drafts of
local agreements, published statistics; letters to partners without a service, on paper.
Consumes: referrals, messages, acknowledgements, registrations of reports, how plans go, orders that protect somebody,
their changes and breaches, warnings that violence repeats, proposals of joint assessments and their outcome, local
agreements, the directory, other shelters' bed counts.
Must never tell: where someone stays; who it was that refused.
"""
