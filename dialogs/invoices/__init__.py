"""发票 (invoices): asked for, corrected, handed over; exported, uploaded and sent back by finance."""
