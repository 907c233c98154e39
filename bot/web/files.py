"""Pictures and documents of messages, for whoever holds the link; private ones only for those they concern."""

import logging
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend import credentials, media_types, private_files
from backend.models import Blob
from backend.office import Office
from bot.links import Links
from bot.web.sessions import Sessions, token_of
from bot.web.words import Refusal

# whoever sends a file says what it is: nothing is shown that could hold a script, such as SVG
SHOWN = ("image/png", "image/jpeg")
log = logging.getLogger(__name__)


class Files:
    def __init__(self, office: Office, links: Links, sessions: Sessions) -> None:
        self._office = office
        self._links = links
        self._sessions = sessions

    def routes(self) -> list[Route]:
        return [Route("/files/{token}", self.file)]

    async def file(self, request: Request) -> Response:
        blob_id = self._links.read_file(request.path_params["token"], self._office.clock.now())
        if blob_id is None:
            raise Refusal(404, "link_expired")
        found = await run_in_threadpool(self._find, blob_id, token_of(request))
        if found is None:
            raise Refusal(410, "file_gone")
        blob, data = found
        kind = media_types.strict(blob.media_type)  # the row may be older than the check
        shown = "inline" if kind in SHOWN else "attachment"
        return Response(
            data,
            media_type=kind,
            headers={
                "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(blob.name)}",
                "Cache-Control": "no-store" if blob.private else "private, max-age=3600",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
            },
        )

    def _find(self, blob_id: str, session: str) -> tuple[Blob, bytes] | None:
        """None for what was deleted, has expired, or belongs to a document that does not stand.

        Raises Refusal for what is private where nobody is signed in, or somebody else.
        """
        with self._office.read() as work:
            blob = work.session.get(Blob, blob_id)
            if blob is not None and blob.private:
                person = self._sessions.of(work, session)
                if not private_files.may_see(work, person, blob):
                    raise Refusal(403, "not_yours")
            ended = credentials.ended_file(work, blob_id)
            now = work.now
        gone = blob is None or blob.deleted_at or (blob.expires_at and blob.expires_at < now)
        if blob is None or gone or ended:
            return None
        try:
            return blob, self._office.blobs.get(blob.key)
        except FileNotFoundError:
            log.error("the bytes of file %s are gone", blob_id)
            return None
