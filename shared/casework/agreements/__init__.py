"""Local agreements (F16) as each party drafts, signs and ends them with the others; what binds is the trust list."""
