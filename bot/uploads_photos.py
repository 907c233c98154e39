"""The page of ``/photos/TOKEN``: an archive of pictures too large for the chat (R16).

It is never whole in memory: the form goes to a temporary file, and from there into the store in parts.
"""

import io
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request

from backend import authority
from backend.authority import Role
from backend.errors import Refused
from backend.files import drop
from backend.identity import links
from backend.photos import batch_intake
from backend.photos.archive import MOST_ARCHIVE
from backend.registry.limits import MEGABYTE
from backend.work import Work
from bot.uploads_page import UploadPage
from bot.web.incoming import form_of, name_of
from bot.web.words import Refusal

ZIP = b"PK\x03\x04"
STATUSES = {"archive_too_large": 413, "archives_full": 429, "file_gone": 410}
CODES = {"file_gone": "archive_gone"}


class PhotoUploads(UploadPage):
    purpose = links.PHOTOS
    template = "upload_photos.html"
    most = MOST_ARCHIVE // MEGABYTE

    def may(self, work: Work, person: int | None) -> bool:
        """Whoever may have pictures of others checked."""
        held = authority.roles(work, person) if person is not None else set()
        return bool(held & {Role.UNIT_OFFICER, Role.STUDENT_AFFAIRS})

    async def receive(self, request: Request, token: str) -> bool | None:
        async with form_of(request, MOST_ARCHIVE, code="archive_too_large") as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.size:
                return None
            name = name_of(file.filename) or "照片.zip"
            begins = await file.read(len(ZIP))
            if begins != ZIP:
                raise Refusal(400, "not_zip", file=name)
            try:
                return await run_in_threadpool(self._hear, token, file.file, name)
            except Refused as refused:
                code = refused.code
                raise Refusal(STATUSES[code], CODES.get(code, code), file=name) from None

    def _hear(self, token: str, file: BinaryIO, name: str) -> bool:
        """Into the store first, and then all at once: what breaks off before has used no link and
        counts for nobody."""
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        batch_intake.require_size(size)
        with self._office.work() as work:
            where = self.look(work, token)
            if where is None or where.person is None:
                return False
            batch_intake.require_room(work, where.person, size)
        owner = where.person
        archive = batch_intake.put(self._office, file, name)
        parts = [blob_id for blob_id, _size in archive.parts]
        body = {"name": name, "type": "application/zip", "size": size, "blob": parts[0]}
        try:
            first = self.hand_over(
                token, where, body, lambda work: batch_intake.take(work, archive, owner)
            )
        except Refused:
            drop(self._office, parts)
            raise
        if not first:
            drop(self._office, parts)
        return first
