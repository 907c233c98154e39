"""待处理款项 (held money): what came in and fits nothing, and what finance make of it.

``listing.py`` has all of it as the ledger has it; ``ending.py`` the three ends: back to the payer (a
refund, ``backend/refunds``), for an order, or handed over; ``portal.py`` enters what went back from the
provider's own pages; ``deciding.py`` has one or two people decide, and ``doing.py`` does it.
"""
