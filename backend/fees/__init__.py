"""What things cost: the prices that are published, quotas, waivers, and ordering at a price."""
