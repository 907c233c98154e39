"""对账 (reconciliation): each day's bill of the provider, held line by line against what is known here.

``days`` says which bills are due, ``fetching`` has one fetched, kept and compared, ``comparing`` is
the comparison alone, ``differences`` is what comes of it.
"""
