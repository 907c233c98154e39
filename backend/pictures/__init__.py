"""Pictures that people send as evidence: what they are, whether they can be read, what stands on them."""
