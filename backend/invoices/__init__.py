"""Invoices (发票): asked for in chat, exported for finance, handed over, taken back in red."""
