"""The nearest suitable place for a referral: what is known here of places, ranked by the contract's own rows."""
