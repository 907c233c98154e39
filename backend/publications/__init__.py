"""Documents that staff publish by sending them: read, split into clauses, checked, dated, published.

``reading.py`` makes text of a file, ``paragraphs.py`` and ``splitting.py`` clauses of the text,
``heading.py`` finds what the document says of itself, ``drafts.py`` keeps what was read until it is
published, and ``publishing.py`` publishes and withdraws.
"""
