"""What came of referrals that we sent, as far as it may be told: how a plan goes (F5), who came to sessions (F7)."""
