"""对账: what finance sees of the provider's daily bills, and says of what differs."""
