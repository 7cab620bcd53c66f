"""Health care: hospitals, trauma rooms, addictology organisations, psychologists and psychiatrists.

Mandate: examine and treat; detoxification and addictology beds; programmes.
Emits: moves of the referrals it received, referrals of its own, messages (never to the police), bed counts,
reports of violence, and of admissions by three criteria; who came to programmes; answers and signatures of
joint assessments; that preventive conversations were held; answers to drafts of local agreements; steps of blind
comparisons of registers, published statistics.
Consumes: referrals, messages, registrations of reports, orders by which somebody has to be treated, their changes,
proposals of joint assessments and their outcome, local agreements, steps of blind comparisons of registers, the
directory, bed counts.
Speaks FHIR R4 with systems of its own at /v1/fhir, described at /v1/fhir/metadata: a view of the calls below.
Must never tell the police: health or addiction data. Its own medical record stays when a referral's copy is erased.
"""
