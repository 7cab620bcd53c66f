"""The conversation between the two sides of a referral."""
