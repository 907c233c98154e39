"""How large a table may be that somebody sends, and how it is said that one cannot be taken."""

MEGABYTE = 1024 * 1024
MAX_FILE = 64 * MEGABYTE
MAX_LINES = 1_048_576  # what a worksheet can have
MAX_COLUMNS = 50
MAX_CELL = 32_767  # characters; what a cell of a worksheet can have
MAX_LINE_TEXT = 256 * 1024  # characters of one line of CSV, with what is quoted


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; ``facts`` fill the sentence of ``code``."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
