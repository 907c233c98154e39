"""The exam office's own sign-in (E1): ID number, password, captcha; the first password is changed."""

from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend.clock import local_text
from backend.identity import exam, sign_ins, sign_out, throttle
from backend.models import SignIn
from backend.sealing import Sealer
from backend.work import Work
from bot.signin import captcha
from bot.signin.doorway import HEADERS, Doorway, address_of
from dialogs.engine.words import Words, _

NAME = "exam"
TITLES = ("/sign-in/exam", "自考账号（身份证号）", "Exam account (ID number)")
WEAK: dict[str, Words] = {
    "short": _("密码至少要 {least} 个字符。", least=exam.SHORTEST),
    "long": _("密码太长了。"),
    "simple": _("密码太简单：字母、数字、符号至少要有两种，不要总用同一个字符。"),
    "id_number": _("密码里不要有身份证号的一部分。"),
    "different": _("两次输入的不一样。"),
}


class ExamPages:
    def __init__(self, doorway: Doorway, sealer: Sealer) -> None:
        self._doorway = doorway
        self._office = doorway.office
        self._sealer = sealer

    def routes(self) -> list[Route]:
        return [
            Route("/sign-in/exam", self.show, methods=["GET"]),
            Route("/sign-in/exam", self.sign_in, methods=["POST"]),
            Route("/sign-in/exam/captcha", self.picture),
            Route("/sign-in/exam/password", self.show_password, methods=["GET"]),
            Route("/sign-in/exam/password", self.change, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        words = request.query_params.get("captcha") == "words"
        return await self._form(request, words=words)

    async def _form(
        self,
        request: Request,
        *,
        words: bool,
        error: Words | None = None,
        status: int = 200,
    ) -> Response:
        """With a captcha nobody has seen yet."""
        sum_ = captcha.new_sum()
        known = await run_in_threadpool(
            self._of, request, lambda _work, one: self._expect(one, sum_.answer if words else None)
        )
        if not known:
            return self._doorway.over(request)
        context = {
            "words": words,
            "sum_zh": sum_.zh,
            "sum_en": sum_.en,
            "error_zh": error.into("zh") if error else "",
            "error_en": error.into("en") if error else "",
        }
        return self._doorway.page(request, "exam_sign_in.html", context, status)

    async def picture(self, request: Request) -> Response:
        """Another text each time it is fetched; to draw it takes as long as many pages."""
        if answer := self._doorway.too_many(request):
            return answer
        text = captcha.new_text()
        known = await run_in_threadpool(
            self._of, request, lambda _work, one: self._expect(one, text)
        )
        if not known:
            return Response(status_code=404, headers=dict(HEADERS))
        png = await run_in_threadpool(captcha.picture, text)
        return Response(png, media_type="image/png", headers=dict(HEADERS))

    async def sign_in(self, request: Request) -> Response:
        if answer := self._doorway.too_many(request):
            return answer
        form = await self._doorway.form(request)
        if form is None:
            return self._doorway.foreign(request)
        words = form.get("captcha_kind") == "words"
        typed = captcha.normal(form.get("captcha", ""))
        matched = await run_in_threadpool(
            self._of, request, lambda _work, one: self._matches(one, typed)
        )
        if not matched:
            error = _("验证码不对，请按新的再填一次。")
            return await self._form(request, words=words, error=error, status=403)
        id_number = exam.normal_id_number(form.get("id_number", ""))
        password = form.get("password", "")[: exam.LONGEST + 1]
        here = throttle.address(self._office.identity.mark("address", address_of(request)))
        proved, until = await run_in_threadpool(self._prove, id_number, password, here)
        if proved is None:
            return await self._form(request, words=words, error=self._why_not(until), status=403)
        if proved.must_change:
            token = await run_in_threadpool(self._of, request, owes(proved.person))
            return self._doorway.go("/sign-in/exam/password", token)
        return await self._doorway.welcome(
            request, self._doorway.token(request), proved.person, fresh=True
        )

    def _prove(
        self, id_number: str, password: str, here: str
    ) -> tuple[exam.Proved | None, datetime | None]:
        """Who it is; or nobody, and until when the next try has to wait."""
        who = throttle.account(self._sealer.index(id_number))
        with self._office.work() as work:
            if until := throttle.take(work, who, here):
                return None, until
        with self._office.read() as work:
            claim = exam.claim(work, self._sealer, id_number)
        proved = exam.prove(claim, password)
        with self._office.work() as work:
            if proved is None:
                return None, throttle.waiting(work, who, here)
            throttle.clear(work, who)
            throttle.give_back(work, here)
        return proved, None

    def _why_not(self, until: datetime | None) -> Words:
        """The same words whoever it is, and whether or not there is such a person."""
        if until is None:
            return _("身份证号或密码不对。")
        wait = (until - self._office.clock.now()).total_seconds()
        if wait < throttle.LOCKED_FROM:
            return _("身份证号或密码不对，请过 {seconds} 秒再试。", seconds=int(wait) + 1)
        return _("错的次数太多，这个账号暂时锁住了，{at} 之后再试。", at=local_text(until))

    # --- the first password is changed ------------------------------------------------------

    async def show_password(self, request: Request) -> Response:
        return await self._password_form(request)

    async def _password_form(
        self, request: Request, error: Words | None = None, status: int = 200
    ) -> Response:
        if await run_in_threadpool(self._of, request, lambda _work, one: one.pending_id) is None:
            return self._doorway.over(request)
        context = {
            "least": exam.SHORTEST,
            "error_zh": error.into("zh") if error else "",
            "error_en": error.into("en") if error else "",
        }
        return self._doorway.page(request, "exam_password.html", context, status)

    async def change(self, request: Request) -> Response:
        form = await self._doorway.form(request)
        if form is None:
            return self._doorway.foreign(request)
        person = await run_in_threadpool(self._of, request, lambda _work, one: one.pending_id)
        if person is None:
            return self._doorway.over(request)
        new = form.get("password", "")
        weak = await run_in_threadpool(
            self._of, request, lambda work, _one: self._weakness(work, person, new)
        )
        if not weak and new != form.get("again", ""):
            weak = "different"
        if weak:
            return await self._password_form(request, WEAK[weak], 403)
        hashed = await run_in_threadpool(exam.hash_password, new)
        kept = await run_in_threadpool(self._of, request, keep_password(person, hashed))
        if kept is None:
            return self._doorway.over(request)
        return await self._doorway.welcome(
            request, self._doorway.token(request), person, fresh=True
        )

    def _weakness(self, work: Work, person: int, new: str) -> str:
        return exam.weakness_for(work, self._sealer, person, new)

    # --- the sign-in of this browser --------------------------------------------------------

    def _of(self, request: Request, do: Callable[[Work, SignIn], Any]) -> Any:
        """Do it with the sign-in under way here; None where there is none."""
        with self._office.work() as work:
            one = sign_ins.find(work, self._doorway.token(request))
            if one is None or one.provider != NAME:
                return None
            return do(work, one)

    def _expect(self, one: SignIn, answer: str | None) -> bool:
        one.captcha = self._mark(one, answer) if answer else None
        return True

    def _matches(self, one: SignIn, typed: str) -> bool:
        """An answer is looked at once, right or wrong."""
        expected, one.captcha = one.captcha, None
        return bool(expected) and compare_digest(
            (expected or "").encode(), self._mark(one, typed).encode()
        )

    def _mark(self, one: SignIn, answer: str) -> str:
        return self._office.identity.mark("captcha", f"{one.token_hash}:{answer}")


def owes(person: int) -> Callable[[Work, SignIn], str]:
    """The password was the initial one: nothing goes on before it is another."""

    def note(work: Work, one: SignIn) -> str:
        one.pending_id = person
        work.session.flush()
        return sign_ins.renew(work, one)

    return note


def keep_password(person: int, hashed: str) -> Callable[[Work, SignIn], bool | None]:
    """Once for each sign-in, and only the first; what else is under way for the person ends."""

    def keep(work: Work, one: SignIn) -> bool | None:
        if one.pending_id != person:
            return None
        one.pending_id = None
        work.actor = person
        if not exam.keep_first_password(work, person, hashed):
            return None
        sign_out.everywhere(work, person, but=one)
        return True

    return keep
