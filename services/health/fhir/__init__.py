"""FHIR R4 (4.0.1): how a hospital's information system follows referrals in the standard it already speaks.

A view and nothing more: each answer is made from what the call of our own API shows, by the same permissions and with
the same entry in the record; each change is a move of `shared.contract.referral`. The closed loop of referrals is that
of HL7's guide *SDOH Clinical Care* (3.0.0): a ServiceRequest says what is asked, a Task how it stands. Its profiles are
not claimed, since they require codes and profiles of the United States.

A module in the singular says what a resource is made of, and is pure; its plural has the calls.
"""
