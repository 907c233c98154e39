"""账目 (the books): what finance sees of the ledger, and takes away as files."""
