"""``/s/…``: what a student shares of a document, for whoever has the link (no account needed).

Opening the address shows no facts and counts nothing, so that neither the link previews of chat
programs nor crawlers see any; only pressing the button does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.clock import local_date, local_text
from backend.identity import throttle
from backend.sharing import making, opening, pins
from backend.sharing.opening import Landing, NeedsPin, Shown, Wait
from bot.limits import Limit
from bot.links import SHARE_OPEN
from bot.shared_facts import table
from bot.sharing_words import ENDED, FOREIGN, PIN_OVER, TOO_OFTEN
from bot.verification import WAIT, Verification, asker_of
from bot.web.incoming import body_of, sent_from_here
from dialogs.engine.slots import tidy
from dialogs.engine.words import Words, _
from dialogs.revocations.revoked import why_words
from dialogs.sharing.terms import purpose_words

OPENED_PER_MINUTE = 30  # by one address; links that open nothing count as wrong codes do
FORM_LIMIT = 4096  # bytes
BROWSER, OPENED = "share-browser", "share-open"  # cookies, for one link only
BROWSER_KEPT = timedelta(days=1)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",  # a form has to say where it comes from
}
FACTS = HEADERS | {"Referrer-Policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request brings along. ``browser`` is new where it had none."""

    share_id: str
    token: str
    network: str
    browser: str
    key: str  # what it was opened with before
    pin: str = ""
    said: str = ""


class Sharing:
    """Beside the verification page: the same office, and the same limit on guessing."""

    def __init__(self, pages: Verification) -> None:
        self._pages = pages
        self._office = pages.office
        self._links = pages.links
        self._opened = Limit(OPENED_PER_MINUTE, OPENED_PER_MINUTE)

    def routes(self) -> list[Route]:
        return [
            Route("/s/{token}", self.landing, methods=["GET"]),
            Route("/s/{token}", self.facts, methods=["POST"]),
            Route("/share-pin/{token}", self.pin, methods=["GET"]),
        ]

    async def landing(self, request: Request) -> Response:
        asked = self._asked(request)
        if asked is None or self._pages.wrong_codes.spent(asked.network):
            return self._nothing(request)
        found = await run_in_threadpool(self._landing, asked.share_id)
        return self._form(request, found, asked) if found else self._nothing(request)

    async def facts(self, request: Request) -> Response:
        asked = self._asked(request)
        if asked is None or self._pages.wrong_codes.spent(asked.network):
            return self._nothing(request)
        if not sent_from_here(request):
            return self._message(request, *FOREIGN, 403, HEADERS)
        if wait := self._opened.take(asked.network):
            return self._too_often(request, int(wait) + 1)
        asked = await with_form(request, asked)
        return await run_in_threadpool(self._answer, request, asked)

    def _answer(self, request: Request, asked: Asked) -> Response:
        if asked.pin:
            opened = self._try(asked)
            if isinstance(opened, Words):
                return self._again(request, asked, opened)
            asked = replace(asked, key=opened)
        with self._office.work() as work:
            shown = opening.view(
                work,
                asked.share_id,
                key=asked.key,
                browser=asked.browser,
                network=asked.network,
                said=asked.said,
            )
        if shown is None:
            return self._nothing(request)
        if isinstance(shown, NeedsPin):
            return self._again(request, asked, _("请输入口令。"))
        response = self._shown(request, shown)
        self._keep(response, asked)
        return response

    async def pin(self, request: Request) -> Response:
        """For its owner, who comes from the chat. Each look is as costly as a try, and as limited."""
        if wait := self._opened.take(asker_of(request)):
            return self._too_often(request, int(wait) + 1)
        share_id = self._links.read_one_time("share-pin", request.path_params["token"])

        def find() -> making.ShownPin | None:
            with self._office.read() as work:
                return making.shown_pin(work, share_id) if share_id else None

        found = await run_in_threadpool(find)
        if found is None or not await run_in_threadpool(pins.right, found.pin_hash, found.mark):
            return self._message(request, *PIN_OVER, 410, HEADERS)
        return self._page(request, "share_pin.html", {"pin": found.pin}, FACTS)

    # --- looking ----------------------------------------------------------------------------

    def _landing(self, share_id: str) -> Landing | None:
        with self._office.read() as work:
            return opening.landing(work, share_id)

    def _try(self, asked: Asked) -> str | Words:
        """What the link is opened with now; or why the PIN did not open it."""
        here = f"share:{self._office.identity.mark('share address', asked.network)}"
        with self._office.work() as work:
            one = opening.take_try(work, asked.share_id, here)
            mark = pins.marked(work, asked.share_id, asked.pin)
        if one is None:  # it has ended, or needs none: looking will tell
            return ""
        if isinstance(one, Wait):
            return self._wrong(one.until)
        right = pins.right(one.pin_hash, mark)
        with self._office.work() as work:
            if not right:
                return self._wrong(opening.was_wrong(work, asked.share_id, one, here))
            opening.was_right(work, asked.share_id, one, here)
        return one.key

    def _wrong(self, until: datetime | None) -> Words:
        if until is None:
            return _("口令不对。请核对后再试，或者问分享给您的人。")
        wait = (until - self._office.clock.now()).total_seconds()
        if wait < throttle.LOCKED_FROM:
            return _("口令不对，请过 {seconds} 秒再试。", seconds=int(wait) + 1)
        return _("错的次数太多，{at} 之后再试。", at=local_text(until))

    def _again(self, request: Request, asked: Asked, error: Words) -> Response:
        found = self._landing(asked.share_id)
        return self._form(request, found, asked, error) if found else self._nothing(request)

    # --- what comes in ----------------------------------------------------------------------

    def _asked(self, request: Request) -> Asked | None:
        """None for a token that is not ours, which counts as guessing."""
        network = asker_of(request)
        token = request.path_params["token"][:128]
        share_id = self._links.read_one_time("share", token)
        if share_id is None:
            self._pages.wrong_codes.take(network)
            return None
        now = self._office.clock.now()
        opened = self._links.read_open_share(request.cookies.get(OPENED, ""), now) or ""
        whose, _bar, key = opened.partition("|")
        return Asked(
            share_id,
            token,
            network,
            request.cookies.get(BROWSER, "")[:64] or token_urlsafe(16),
            key if whose == share_id else "",
        )

    # --- what goes out ----------------------------------------------------------------------

    def _form(
        self, request: Request, found: Landing, asked: Asked, error: Words | None = None
    ) -> Response:
        context = {
            "university_zh": found.institution[0],
            "university_en": found.institution[1],
            "owner": found.owner,
            "purpose_zh": purpose_words(found.purpose).into("zh"),
            "purpose_en": purpose_words(found.purpose).into("en"),
            "until": local_date(found.until).isoformat(),
            "needs_pin": bool(found.key) and found.key != asked.key,
            "action": request.url.path,
            "said": asked.said,
            "said_length": opening.SAID_LENGTH,
            "error_zh": error.into("zh") if error else "",
            "error_en": error.into("en") if error else "",
        }
        return self._page(request, "share.html", context, HEADERS, 403 if error else 200)

    def _shown(self, request: Request, shown: Shown) -> Response:
        why = why_words(shown.status_why) if shown.status == "revoked" else None
        context = {
            "status": shown.status,
            "since": local_date(shown.status_since).isoformat(),
            "why_zh": why.into("zh") if why else "",
            "why_en": why.into("en") if why else "",
            "owner": shown.owner,
            "purpose_zh": purpose_words(shown.purpose).into("zh"),
            "purpose_en": purpose_words(shown.purpose).into("en"),
            "recipient": shown.recipient,
            "until": local_date(shown.until).isoformat(),
            "issued": local_date(shown.issued_at).isoformat(),
            "checked": local_text(self._office.clock.now()),
            "demo": not self._office.production,
            "table": table(shown.facts, shown.fields) if shown.facts else None,
            "university_zh": shown.facts.institution_zh if shown.facts else "",
            "university_en": shown.facts.institution_en if shown.facts else "",
        }
        return self._page(request, "share_facts.html", context, FACTS)

    def _page(
        self,
        request: Request,
        name: str,
        context: Mapping[str, Any],
        headers: Mapping[str, str],
        status: int = 200,
    ) -> Response:
        return self._pages.templates.TemplateResponse(
            request, name, dict(context), status, headers=dict(headers)
        )

    def _message(
        self,
        request: Request,
        heading: tuple[str, str],
        text: tuple[str, str],
        status: int,
        headers: Mapping[str, str],
    ) -> Response:
        """Without a way to the chat: who reads it is no student."""
        context = {
            "heading_zh": heading[0],
            "heading_en": heading[1],
            "text_zh": text[0],
            "text_en": text[1],
            "action_url": "",
        }
        return self._page(request, "message.html", context, headers, status)

    def _nothing(self, request: Request) -> Response:
        """The same for what was stopped, has expired, or never was."""
        return self._message(request, *ENDED, 404, HEADERS)

    def _too_often(self, request: Request, seconds: int) -> Response:
        later = {"Retry-After": str(max(seconds, WAIT))}
        return self._message(request, *TOO_OFTEN, 429, HEADERS | later)

    def _keep(self, response: Response, asked: Asked) -> None:
        """This browser's view is not counted twice, nor its PIN asked for twice."""
        cookies = [(BROWSER, asked.browser, BROWSER_KEPT)]
        if asked.key:
            opened = self._links.open_share(
                f"{asked.share_id}|{asked.key}", self._office.clock.now()
            )
            cookies.append((OPENED, opened, SHARE_OPEN))
        for name, value, kept in cookies:
            response.set_cookie(
                name,
                value,
                max_age=int(kept.total_seconds()),
                path=f"/s/{asked.token}",
                httponly=True,
                samesite="strict",
                secure=self._office.base_url.startswith("https"),
            )


async def with_form(request: Request, asked: Asked) -> Asked:
    body = await body_of(request, FORM_LIMIT)
    try:
        sent = parse_qs(body.decode("utf-8", "replace"), max_num_fields=8)
    except ValueError:  # more fields than the page has
        sent = {}
    said = " ".join(tidy(sent.get("said", [""])[0]).split())
    return replace(
        asked,
        pin=pins.normal(sent.get("pin", [""])[0]),
        said=said[: opening.SAID_LENGTH],
    )
