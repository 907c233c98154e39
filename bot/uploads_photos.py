"""The page of ``/photos/TOKEN``: an archive of pictures too large for the chat, once (R16).

It is never whole in memory: the form goes to a temporary file, and from there into the store in parts.
"""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from backend import authority, blobs
from backend.authority import Role
from backend.errors import Refused
from backend.identity import confidential, links
from backend.models import AccountLink, ChatAccount, PhotoArchive
from backend.photos import bulk
from backend.photos.archive import MOST_ARCHIVE
from backend.registry.limits import MEGABYTE
from backend.work import Work
from bot.attachments import HELD_MOST, TooManyFiles
from bot.limits import Limit
from bot.links import Links
from bot.receive import Reception
from bot.sent import Sent
from bot.signin.doorway import address_of
from bot.uploads import HEADERS, NO_FILE, OVER, SLOWLY, TAKEN
from bot.web.incoming import FORM_ROOM, no_more_than, sent_from_here, without_surrogates
from bot.web.words import Refusal, words_for

NO_ZIP = ("请上传 ZIP 压缩包。", "Please upload a ZIP archive.")
TOO_LARGE = (
    f"压缩包太大，最多 {MOST_ARCHIVE // MEGABYTE} MB。",
    f"The archive is too large: at most {MOST_ARCHIVE // MEGABYTE} MB.",
)
LOST = (
    "传得太慢，前面的部分已经过期了。请回到对话，再要一个链接。",
    "It took too long, and its beginning is gone. Please ask for a new link in the chat.",
)
ALL_MOST = HELD_MOST + MOST_ARCHIVE  # of one person in all: one archive beside everything else
TOO_LARGE_STATUS = 413
ZIP = b"PK\x03\x04"


class PhotoUploads:
    """``limit`` is for what one address opens and sends."""

    def __init__(
        self, reception: Reception, links_: Links, templates: Jinja2Templates, limit: Limit
    ) -> None:
        self._reception = reception
        self._office = reception.office
        self._links = links_
        self._templates = templates
        self._limit = limit

    def routes(self) -> list[Route]:
        return [
            Route("/photos/{token}", self.show, methods=["GET"]),
            Route("/photos/{token}", self.take, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        if self._limit.take(address_of(request)):
            return self._page(request, SLOWLY, 429)
        open_ = await run_in_threadpool(self._open, request.path_params["token"])
        return self._page(request, None if open_ else OVER, 200 if open_ else 410, form=open_)

    async def take(self, request: Request) -> Response:
        if self._limit.take(address_of(request)):
            return self._page(request, SLOWLY, 429)
        token = request.path_params["token"]
        if not sent_from_here(request) or not await run_in_threadpool(self._open, token):
            return self._page(request, OVER, 410)
        try:
            async with file_of(request) as file:
                if file is None:
                    return self._page(request, NO_FILE, 400, form=True)
                begins = await file.read(len(ZIP))
                await file.seek(0)
                if begins != ZIP:
                    return self._page(request, NO_ZIP, 400, form=True)
                name = confidential.file_name(without_surrogates(file.filename or "照片.zip")[:200])
                done = await run_in_threadpool(self._hear, token, file.file, name)
        except (TooManyFiles, Refused, Refusal) as refused:
            words, status = why(refused)
            return self._page(request, words, status, form=status == TOO_LARGE_STATUS)
        return self._page(request, TAKEN if done else OVER, 200 if done else 410)

    def _open(self, token: str) -> bool:
        with self._office.read() as work:
            return self._sender(work, token) is not None

    def _sender(self, work: Work, token: str) -> tuple[AccountLink, ChatAccount] | None:
        """The link and its account, while it is still of somebody who may have pictures checked."""
        link = links.live(work, self._links.read_one_time("photos", token), links.PHOTOS)
        if link is None or link.account_id is None or link.person_id is None:
            return None
        account = work.session.get_one(ChatAccount, link.account_id)
        held = authority.roles(work, link.person_id)
        if account.person_id not in (None, link.person_id):  # bound or unbound since
            return None
        return (link, account) if held & {Role.UNIT_OFFICER, Role.STUDENT_AFFAIRS} else None

    def _hear(self, token: str, file: BinaryIO, name: str) -> bool:
        """The link is used by whoever is first, so that nobody fills the store with one; the parts
        then are the sender's, and count among what is theirs."""
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        bulk.require_size(size)
        with self._office.work() as work:
            found = self._sender(work, token)
            if found is None or not links.use(work, found[0]):
                return False
            link, account = found
            owner = link.person_id or 0
            admit(work, owner, size)
            where = (account.channel, account.address, link.person_id, f"photos:{link.id}")
        archive = bulk.put(
            self._office, file, name, owner, lambda work, part: admit(work, owner, len(part.data))
        )
        with self._office.work() as work:
            bulk.keep_parts(work, archive, work.now + bulk.UPLOAD_KEPT)
            first = archive.parts[0][0]
            work.session.add(
                PhotoArchive(
                    blob_id=first,
                    institution_id=work.institution,
                    owner_id=owner,
                    name=name,
                    parts=[list(part) for part in archive.parts],
                )
            )
        body: dict[str, Any] = {
            "name": name,
            "type": "application/zip",
            "size": size,
            "blob": first,
        }
        self._reception.accept(Sent(*where, "attached", body))
        return True

    def _page(
        self,
        request: Request,
        words: tuple[str, str] | None,
        status: int = 200,
        *,
        form: bool = False,
    ) -> Response:
        zh, en = words or ("", "")
        context = {"zh": zh, "en": en, "form": form, "most": MOST_ARCHIVE // MEGABYTE}
        return self._templates.TemplateResponse(
            request, "upload_photos.html", context, status, headers=dict(HEADERS)
        )


def why(refused: TooManyFiles | Refused | Refusal) -> tuple[tuple[str, str], int]:
    """What is said, and with which status; only too large a file leaves the link as it was."""
    if isinstance(refused, TooManyFiles):
        return words_for("too_many_files"), 429
    if isinstance(refused, Refused) and refused.code == "file_gone":
        return LOST, 410
    return TOO_LARGE, TOO_LARGE_STATUS


def admit(work: Work, owner: int, size: int) -> None:
    """Raises TooManyFiles where the sender has so much here that it does not fit any more."""
    if sum(one.size for one in blobs.held(work, owner)) + size > ALL_MOST:
        raise TooManyFiles


@asynccontextmanager
async def file_of(request: Request) -> AsyncIterator[UploadFile | None]:
    """The form's file, on disk where it is large. Raises Refusal when it is too large."""
    most = MOST_ARCHIVE + FORM_ROOM
    if int(request.headers.get("content-length") or 0) > most:
        raise Refusal(413, "too_large")
    limited = Request(request.scope, no_more_than(most, request.receive))
    async with limited.form(max_files=1, max_fields=1, max_part_size=FORM_ROOM) as form:
        file = form.get("file")
        yield file if isinstance(file, UploadFile) and file.size else None
