"""The pictures in a ZIP archive that is kept in parts; none of it is ever whole in memory or on disk."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO

from backend.errors import Refused
from backend.registry.limits import MEGABYTE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PART = 8 * MEGABYTE
MOST_ARCHIVE = 512 * MEGABYTE
MOST_ENTRIES = 20_000
MOST_ENTRY = MEGABYTE  # unpacked; a picture that passes has a twenty-fifth of it
MOST_UNPACKED = 1024 * MEGABYTE
MOST_DIRECTORY = 8 * MEGABYTE
UTF8_NAME = 0x800
LOCKED = 0x1
OF_THE_SYSTEM = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
END, END_SIZE = b"PK\x05\x06", 22
COMMENT = 65_535
LARGE_END, LARGE_END_SIZE = b"PK\x06\x07", 20  # of ZIP64: says where the real end is
UNREADABLE = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    EOFError,
    NotImplementedError,  # a version or a way of packing that is not known here
    zlib.error,
    lzma.LZMAError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One file of the archive. ``place`` counts the pictures from 0; ``size`` is when unpacked."""

    place: int
    name: str
    size: int
    entry: zipfile.ZipInfo


class Parts(io.RawIOBase):
    """A file that can be read anywhere, made of parts that are fetched when they are needed."""

    def __init__(self, sizes: Sequence[int], fetch: Callable[[int], bytes]) -> None:
        super().__init__()
        self._begins = [0]
        for size in sizes:
            self._begins.append(self._begins[-1] + size)
        self._fetch = lru_cache(maxsize=2)(fetch)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._begins[-1]}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, into: "WriteableBuffer", /) -> int:
        room = memoryview(into)
        part = next((n for n, end in enumerate(self._begins[1:]) if self._at < end), None)
        if part is None:
            return 0
        start = self._at - self._begins[part]
        data = self._fetch(part)[start : start + len(room)]
        room[: len(data)] = data
        self._at += len(data)
        return len(data)


class Archive:
    """An archive within bounds. Raises Refused ``bad_archive`` or ``archive_too_large``."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            check_directory(file)
            self._zip = zipfile.ZipFile(file)
        except UNREADABLE:
            raise Refused("bad_archive", "R16") from None
        self.pictures = [
            Picture(place, name_of(entry), entry.file_size, entry)
            for place, entry in enumerate(wanted(self._zip.infolist()))
        ]
        if not self.pictures:
            raise Refused("no_photos", "R16")
        if sum(picture.size for picture in self.pictures) > MOST_UNPACKED:
            raise Refused("archive_too_large", "R16", most=MOST_UNPACKED // MEGABYTE)
        if len(self.pictures) > MOST_ENTRIES:
            raise Refused("too_many_photos", "R16", most=MOST_ENTRIES)

    def read(self, picture: Picture) -> bytes | None:
        """Its bytes; None where they cannot be read or are more than any picture has."""
        if picture.size > MOST_ENTRY or picture.entry.flag_bits & LOCKED:
            return None
        try:
            with self._zip.open(picture.entry) as file:
                data = file.read(MOST_ENTRY + 1)
        except (*UNREADABLE, RuntimeError):
            return None
        return data if len(data) <= MOST_ENTRY else None


def check_directory(file: BinaryIO) -> None:
    """The list of entries is kept in memory: it is looked at only where it is short."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - COMMENT - END_SIZE))
    tail = file.read()
    end = tail.rfind(END)
    if end < 0 or len(tail) - end < END_SIZE:
        raise zipfile.BadZipFile
    if tail[max(0, end - LARGE_END_SIZE) : end].startswith(LARGE_END):
        raise Refused("too_many_photos", "R16", most=MOST_ENTRIES)  # nothing of ours needs ZIP64
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    if length > MOST_DIRECTORY:  # also what says it is larger than 4 GB
        raise Refused("too_many_photos", "R16", most=MOST_ENTRIES)
    file.seek(0)


def wanted(entries: Sequence[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    """Without folders and what operating systems put in."""
    for entry in entries:
        name = entry.filename
        theirs = name.startswith(OF_THE_SYSTEM[0]) or name.rsplit("/", 1)[-1] in OF_THE_SYSTEM
        if not entry.is_dir() and not theirs:
            yield entry


def name_of(entry: zipfile.ZipInfo) -> str:
    """Names that are not marked as UTF-8 are in the encoding of the Chinese system they come from."""
    if entry.flag_bits & UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
