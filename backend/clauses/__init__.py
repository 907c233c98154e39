"""What the source documents say, clause by clause: a fact, its exact words, and where they stand.

``clause.py`` is the shape, ``library.py`` the documents in force on a day, ``shooting.py`` a table
of theirs that is data, ``finding.py`` the port to whatever finds a clause from a person's words.
"""
