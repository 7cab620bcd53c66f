"""The contract between agencies: words, events, life cycle, consent and policy.

Pure: nothing here reads a clock, a file, a database or the network. Read in this order:
`vocabulary`, `events`, `referral`, `consent`, `policy`, `decisions`, `calendar`, `identifiers`, `errors`.
"""
