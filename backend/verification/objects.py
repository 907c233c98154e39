"""Two versions of a PDF made comparable: every object as what it comes to, wherever it stands."""

from collections.abc import Collection, Iterator
from hashlib import sha256
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

_MOST_OBJECTS = 100_000
_MOST_PAGES = 2000
_DEEPEST = 60


class TooMuch(Exception):
    """More than an issued file and what people do to it comes to."""


def at(thing: Any, key: str) -> Any:
    """What stands under a key, as it is and not where it is; None where nothing does."""
    return thing[key] if isinstance(thing, generic.DictionaryObject) and key in thing else None


def items(array: Any) -> list[Any]:
    """What stands in an array, each as it is and not where it is."""
    if not isinstance(array, generic.ArrayObject):
        return []
    return [array[place] for place in range(len(array))]


class Reading:
    """One version; bounds what is looked at, for its objects may be anything."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._seen = 0
        self._prints: dict[Any, bytes] = {}
        self.catalog: generic.DictionaryObject = reader.root

    def info(self) -> object:
        return at(self._reader.trailer_view, "/Info")

    def named(self, tree: str) -> object:
        return at(at(self.catalog, "/Names"), tree)

    def pages(self) -> list[generic.DictionaryObject]:
        found: list[generic.DictionaryObject] = []
        self._walk(self.catalog["/Pages"], found, 0)
        return found

    def _walk(self, node: Any, found: list[generic.DictionaryObject], depth: int) -> None:
        if depth > _DEEPEST or len(found) > _MOST_PAGES:
            raise TooMuch
        if "/Kids" not in node:
            found.append(node)
            return
        for kid in items(node["/Kids"]):
            self._walk(kid, found, depth + 1)

    def annotations(self, page: generic.DictionaryObject) -> list[generic.DictionaryObject]:
        return [
            one for one in items(at(page, "/Annots")) if isinstance(one, generic.DictionaryObject)
        ]

    def fields(self) -> Iterator[tuple[str, generic.DictionaryObject]]:
        """By name, those that stand in the form."""
        for one in items(at(at(self.catalog, "/AcroForm"), "/Fields")):
            yield str(at(one, "/T")), one

    def is_field(self, annotation: generic.DictionaryObject) -> bool:
        """Whether it stands in the form, where it is told of as such."""
        look = self.print(annotation)
        return any(self.print(one) == look for _name, one in self.fields())

    def kind(self, field: generic.DictionaryObject) -> str:
        return str(at(field, "/FT"))

    def value(self, field: generic.DictionaryObject) -> generic.DictionaryObject | None:
        value = at(field, "/V")
        return value if isinstance(value, generic.DictionaryObject) else None

    def print(self, thing: Any, without: Collection[str] = ()) -> bytes:
        """The same for what comes to the same."""
        return self._print(thing, frozenset(without), (), 0)

    def _print(
        self, thing: Any, without: frozenset[str], above: tuple[Any, ...], depth: int
    ) -> bytes:
        self._seen += 1
        if self._seen > _MOST_OBJECTS or depth > _DEEPEST:
            raise TooMuch
        if isinstance(thing, generic.IndirectObject):
            return self._of_reference(thing, above, depth)
        if isinstance(thing, generic.DictionaryObject):
            parts = [
                key.encode() + b"=" + self._print(thing.raw_get(key), frozenset(), above, depth + 1)
                for key in sorted(thing)
                if key not in without and key not in ("/P", "/Parent")
            ]
            if isinstance(thing, generic.StreamObject):
                parts.append(sha256(thing.encoded_data).digest())
            return b"<" + b",".join(parts) + b">"
        if isinstance(thing, generic.ArrayObject):
            each = (
                self._print(thing.raw_get(place), frozenset(), above, depth + 1)
                for place in range(len(thing))
            )
            return b"[" + b",".join(each) + b"]"
        return repr(thing).encode()

    def _of_reference(
        self, thing: generic.IndirectObject, above: tuple[Any, ...], depth: int
    ) -> bytes:
        reference = thing.reference
        key = (reference.idnum, reference.generation)
        if key in above:
            return b"^"  # a circle
        if key not in self._prints:
            held = self._print(_held(thing), frozenset(), (*above, key), depth + 1)
            self._prints[key] = sha256(held).digest()
        return self._prints[key]


def _held(pointing: Any) -> Any:
    return pointing.get_object()
