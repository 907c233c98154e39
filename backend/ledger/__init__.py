"""The ledger: every movement of money, twice, in entries that are only ever added.

``postings.py`` is what others call, in the transaction in which the thing happens; ``book.py`` writes;
``guard.py`` has the database refuse what would not be a ledger any more.
"""
