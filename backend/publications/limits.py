"""How much of a file is read, and why one is not."""

MOST_BYTES = 20 * 1024 * 1024
MOST_CHARACTERS = 200_000
MOST_PAGES = 300
MOST_CLAUSES = 300
MOST_XML = 30 * 1024 * 1024  # of a DOCX, unpacked
MOST_MEMORY = 2 * 1024 * 1024 * 1024  # addresses of the process that reads
MOST_SECONDS = 60.0


class Unreadable(ValueError):
    """``code``: too_large, too_long, too_many_pages, empty, scanned, locked, damaged, not_text, old_word,
    not_a_document; ``limit`` is the number that goes with it, or 0."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit
