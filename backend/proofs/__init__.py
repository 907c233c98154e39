"""Proofs (凭证) of candidates: kept with their pictures, read, compared."""
