"""The catalogues in ``dialogs/locales`` against what the assistant says.

``update`` takes every sentence of the code into each catalogue: new ones come in without a
translation, those that nobody says any more go and are printed. ``check`` names what is wrong and
exits with 1 if anything is.
"""

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "dialogs" / "locales"
SOURCES = ("dialogs", "bot")
KEYWORDS = {"_": None}

# Dates and tool versions would change with every run; nothing reads them.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def said() -> dict[str, list[str]]:
    """Every sentence of the code with the files that say it, in the order of the files."""
    found: dict[str, list[str]] = {}
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for _line, msgid, _comments, _context in extract_from_file("python", path, KEYWORDS):
                files = found.setdefault(str(msgid), [])
                if name not in files:
                    files.append(name)
    return found


def languages() -> list[str]:
    return sorted(path.stem for path in LOCALES.glob("*.po"))


def catalog(language: str) -> Catalog:
    """What is in the file now; an empty catalogue where there is none.

    Raises ``PoFileError`` for a file that is no catalogue.
    """
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)


def messages(of: Catalog) -> dict[str, Message]:
    return {str(message.id): message for message in of if message.id}


def updated(language: str, sentences: dict[str, list[str]]) -> tuple[bytes, list[Message]]:
    """The catalogue as it should be, and the messages that have left it."""
    old = messages(catalog(language))
    new = Catalog(locale=language)
    for msgid, files in sentences.items():
        known = old.pop(msgid, None)
        new.add(
            msgid,
            known.string if known else "",
            locations=[(name, 0) for name in files],
            flags={"fuzzy"} if known and known.fuzzy else (),
            user_comments=known.user_comments if known else (),
        )
    for message in new:
        message.flags -= {"python-format", "python-brace-format"}
    buffer = BytesIO()
    write_po(buffer, new, width=0, omit_header=True, include_lineno=False)
    text = HEADER.format(language=language) + buffer.getvalue().decode().strip() + "\n"
    return text.encode(), list(old.values())


def parameters(pattern: str) -> set[str]:
    """The names in braces. Raises ``ValueError`` where the braces do not match."""
    return {name for _text, name, _spec, _how in Formatter().parse(pattern) if name is not None}


def problems(language: str, sentences: dict[str, list[str]]) -> Iterator[str]:
    """One line for each thing that is wrong with a catalogue."""
    there = messages(catalog(language))
    for msgid in sentences:
        message = there.get(msgid)
        if message is None or not message.string:
            yield f"missing: {msgid}"
        elif message.fuzzy:
            yield f"fuzzy: {msgid}"
        else:
            yield from mismatch(msgid, str(message.string))
    for msgid in there.keys() - sentences.keys():
        yield f"vanished: {msgid}"


def mismatch(msgid: str, translation: str) -> Iterator[str]:
    try:
        here, wanted = parameters(translation), parameters(msgid)
    except ValueError as error:
        yield f"braces ({error}): {msgid} | {translation}"
        return
    if here != wanted:
        names = ", ".join(sorted(here ^ wanted))
        yield f"parameters ({names}): {msgid} | {translation}"


def update() -> int:
    sentences = said()
    for language in languages():
        text, gone = updated(language, sentences)
        (LOCALES / f"{language}.po").write_bytes(text)
        for message in gone:
            print(f"{language}: removed: {message.id} | {message.string}")
    return 0


def check() -> int:
    sentences = said()
    found = [
        f"{language}: {problem}"
        for language in languages()
        for problem in problems(language, sentences)
    ]
    for line in found:
        print(line)
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("update", "check"))
    command = parser.parse_args(arguments).command
    return update() if command == "update" else check()


if __name__ == "__main__":
    sys.exit(main())
