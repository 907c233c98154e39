"""The page of ``/upload/TOKEN``: a file as it is, which a channel would have changed."""

from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from backend.blobs import NewFile
from backend.files import drop
from backend.identity import links
from backend.registry.limits import MEGABYTE
from bot.attachments import TooManyFiles, received
from bot.uploads_page import UploadPage
from bot.web.incoming import ATTACHMENT_LIMIT, name_of, upload_of
from bot.web.words import Refusal


class Uploads(UploadPage):
    purpose = links.UPLOAD
    template = "upload.html"
    most = ATTACHMENT_LIMIT // MEGABYTE

    async def receive(self, request: Request, token: str) -> bool | None:
        _fields, file = await upload_of(request, None)
        if file is None:
            return None
        try:
            return await run_in_threadpool(self._hear, token, file)
        except TooManyFiles:
            raise Refusal(429, "too_many_files", file=name_of(file.name)) from None

    def _hear(self, token: str, file: NewFile) -> bool:
        """As if it had been sent in the chat. What is not kept does not use the link."""
        with self._office.read() as work:
            where = self.look(work, token)
        if where is None:
            return False
        body = received(self._office, replace(file, owner=where.person))
        if self.hand_over(token, where, body):
            return True
        drop(self._office, [body["blob"]] if "blob" in body else [])
        return False
