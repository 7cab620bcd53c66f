"""A referral that nobody answers: the receiver is reminded, then its chief, then the sender looks elsewhere."""
