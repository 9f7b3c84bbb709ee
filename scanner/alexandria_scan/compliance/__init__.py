"""Standards, maturity, claims: from results to scores."""
