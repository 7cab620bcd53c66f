"""Referrals: one copy at each side, kept alike by exchanging moves."""
