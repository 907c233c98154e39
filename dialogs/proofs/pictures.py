"""Asking for the pictures of one proof, each of which passes the gate before the next is asked for."""

from backend.models import ProofPicture
from backend.pictures import gate
from backend.pictures.findings import Finding
from backend.pictures.gate import Wanted
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import FILE, Invalid, Option, Slot, option_meant
from dialogs.engine.turn import Said
from dialogs.engine.words import Joined, Words, _
from dialogs.proofs import findings
from dialogs.proofs.kinds import Kind, kind_words
from dialogs.proofs.slots import Titled, alone
from dialogs.uploads import upload_button

PICTURE = "picture"
ENOUGH = "enough"
ANYWAY = "anyway:"
WORDS = "words:"  # what was typed instead of another picture, where words will do
PAUSE = Option("skip", _("不等识别，自己填"))


def collect(
    chat: Chat,
    work: Work,
    place: str,
    kind: Kind,
    *,
    rule: str,
    most_bytes: int = gate.MOST_BYTES,
    most: int = 5,
    needed: bool = True,
    titled: Titled = alone,
    in_words: Slot[str] | None = None,
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """The ids of the pictures, and what their owner should know about them.

    Where words will do as well, ``in_words`` is the question that takes them: whoever types them
    has no more pictures (``typed``).
    """
    found: list[ProofPicture] = []
    while len(found) < most:
        name = f"{PICTURE}.{place}.{len(found) + 1}"
        wanted = Wanted(name, kind.type, rule, most_bytes)
        optional = bool(found) or not needed
        if not found and chat.once("upload"):
            chat.say(
                _("手机会压缩图片的话，可以在网页上传原图。"), buttons=[upload_button(chat, work)]
            )
        more = chat.answered(name) == ENOUGH
        title = titled(kind, _title(len(found) + 1, more))
        picture = chat.ask(_slot(work, wanted, kind, found, optional, title, in_words))
        if picture is None:
            break
        _wait(chat, picture)
        found.append(picture)
    warnings = {
        one.code: one
        for picture in found
        for one in gate.findings(work, picture.id, reviewer=False)
    }
    return tuple(one.id for one in found), tuple(warnings.values())


def typed(chat: Chat, place: str, most: int) -> str:
    """The words that came instead of another picture."""
    told = (chat.answered(f"{PICTURE}.{place}.{count}") or "" for count in range(1, most + 1))
    return next((one.removeprefix(WORDS) for one in told if one.startswith(WORDS)), "")


def _slot(
    work: Work,
    wanted: Wanted,
    kind: Kind,
    before: list[ProofPicture],
    optional: bool,
    title: Words,
    in_words: Slot[str] | None,
) -> Slot[ProofPicture | None]:
    """A picture, None for no more. What the gate stops is no answer: it is asked for again."""
    options: list[Option] = []
    if optional:
        options.append(Option(ENOUGH, _("这些就够了") if before else _("没有图片")))
    if (last := gate.may_insist(work, wanted.place)) is not None:
        options.append(Option(f"{ANYWAY}{last}", _("就用这张，请人工看")))

    def parse(stored: str) -> ProofPicture | None:
        if stored == ENOUGH:
            return None
        if in_words is not None and stored.startswith(WORDS):
            in_words.parse(stored.removeprefix(WORDS))
            return None
        if stored.startswith(ANYWAY):
            return gate.insist(work, int(stored.removeprefix(ANYWAY)))
        picture = gate.submit(work, stored, wanted)
        if picture.state == "failed":
            raise Invalid(_("这张图一时检查不了，请再发一次。"))
        if stopped := gate.stops(work, picture.id):
            raise Invalid(_why(stopped))
        return picture

    def read(said: Said) -> str | None:
        words = f"{WORDS}{said.text}" if in_words is not None and said.text else None
        return option_meant(said.words, tuple(options)) or words

    return Slot(
        wanted.place,
        _received(work, before[-1]) if before else _prompt(kind, wanted),
        title,
        parse,
        read,
        tuple(options),
        FILE,
        help=_("请直接把图片发到这里；要换一张，也直接发就行。"),
        free=in_words is not None,
        verbatim=in_words is not None,
    )


def _title(place: int, more: bool) -> Words:
    """Who said that there is no other picture may yet add one."""
    if more:
        return _("再加图片")
    return _("第 {count} 张图片", count=place) if place > 1 else _("图片")


def _why(stopped: list[Finding]) -> Words:
    """The first reason is enough to take another picture; there is seldom a second."""
    return findings.words(stopped[0])


def _received(work: Work, picture: ProofPicture) -> Joined:
    """With what may be wrong with it: there is time yet to take a better one."""
    warnings = [findings.words(one) for one in gate.findings(work, picture.id, reviewer=False)]
    return Joined((_("收到。"), *warnings, _("这份凭证还有图片的话接着发。")))


def _prompt(kind: Kind, wanted: Wanted) -> Words:
    return _(
        "请发{kind}的图片：JPG 或 PNG，单个不超过 {most} MB，清晰完整、文字朝上（{rule}）。",
        kind=kind_words(kind),
        most=findings.megabytes(wanted.most_bytes),
        rule=wanted.rule,
    )


def _wait(chat: Chat, picture: ProofPicture) -> None:
    """While it is looked at, and while it is read; who does not want to wait types what is asked."""
    if picture.state == "checking":
        chat.wait(gate.key(picture.id), _("正在检查图片…"), _("还在检查，马上就好。"))
    if picture.reading == "asked" and chat.known(_skip(picture.id)) is None:
        chat.wait(
            gate.reading_key(picture.id),
            _("正在识别文字…"),
            _("还在识别，马上就好。"),
            buttons=chat.options(_skip(picture.id)),
        )


def _skip(picture_id: int) -> Slot[str]:
    return Slot(
        f"skip.{picture_id}",
        _("识别"),
        _("识别"),
        str,
        lambda said: None,
        (PAUSE,),
        revisable=False,
    )
