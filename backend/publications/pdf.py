"""The text layer of a PDF."""

from backend.publications.limits import MOST_CHARACTERS, MOST_PAGES, Unreadable

LEAST = 10  # characters a page: with fewer it is pictures of pages


def text_of(data: bytes) -> str:
    """Page after page; raises :class:`Unreadable`, also where pages are only pictures."""
    import pypdfium2  # noqa: PLC0415 - in a process of its own

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("locked" if "assword" in str(error) else "damaged") from error
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable("too_many_pages", MOST_PAGES)
        pages: list[str] = []
        for page in document:
            words = page.get_textpage()
            if words.count_chars() + sum(map(len, pages)) > MOST_CHARACTERS:
                raise Unreadable("too_long", MOST_CHARACTERS)
            pages.append(words.get_text_range())
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged") from error
    finally:
        document.close()
    if sum(len("".join(one.split())) for one in pages) < LEAST * max(len(pages), 1):
        raise Unreadable("scanned")
    return "\n".join(pages)
