"""发布新通知 (publishing a notice): a document is sent, checked clause by clause, dated and published.

What was filed keeps the documents of then; a document published by mistake is withdrawn.
"""

import re
from hashlib import sha256

from backend.authority import Role
from backend.clock import local_date
from backend.errors import NotAllowed, Refused
from backend.models import DocumentDraft, PublishedDocument
from backend.publications import drafts, publishing
from backend.publications.offices import office_of
from backend.publications.publishing import Facts
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Slot, choice, fixed
from dialogs.engine.turn import Attached
from dialogs.engine.words import Speech, Words, _, listed, plain
from dialogs.publications.clauses import Piece, Title, checked
from dialogs.publications.facts import NO_NUMBER, asked_facts, titled
from dialogs.publications.refusals import why_unread
from dialogs.uploads import upload_button

PUBLISHING = re.compile(
    r"^(我要|我想|帮我|请)?发布?(一份|一个|一下|个|份)?新?的?(通知|文件|手册)[。!！]?$"
    r"|^(i want to |please |let me )?publish( a| the| my)?( new)? (notice|document|manual)[.!]?$"
)
WITHDRAWING = re.compile(
    r"^(我要|我想|帮我|请)?撤[回销下](一份|一个|这份|那份)?(已?发布的|发布过的)?(通知|文件)[。!！]?$"
    r"|^(i want to |please |let me )?withdraw( a| the| my)?( published)? (notice|document)[.!]?$"
)
SENT = "file"
KINDS = (".pdf", ".docx", ".txt", ".md", ".markdown", ".doc", ".wps")
NUMBER = fixed("document", _("文件"))

WHY = slots.text("why", _("为什么撤回？会记在案上。"), title=_("原因"), verbatim=True)


def may_send(work: Work, person: int | None, file: Attached) -> bool:
    """Whether a file that nobody asked for is a document to be published."""
    named = file.name.lower().endswith(KINDS)
    return (
        named and bool(file.blob_id) and person is not None and office_of(work, person) is not None
    )


def publish_notice(title: Title, chat: Chat, work: Work) -> None:
    """Read, check, date, look once more, publish."""
    if chat.person is None or office_of(work, chat.person) is None:
        raise NotAllowed
    draft = read(chat, work)
    head, parts = drafts.found(draft)
    if (same := publishing.same_text(work, draft.text)) is not None:
        raise Refused("published_already", number=same.number, title=same.title)
    key = draft.blob_id[:6]
    pieces = checked(chat, work, title, key, parts)
    facts = asked_facts(chat, work, key, head)
    consent = chat.confirm(
        _(
            "请核对。发布后，{day} 起按这份文件回答；之前提交的申请仍按提交时的规定，收费按下单那天的。",
            day=facts.begins,
        ),
        card=chat.card(_("发布新通知"), *preview(work, facts, pieces, len(parts))),
        facts=sha256(repr((draft.blob_id, facts, pieces)).encode()).hexdigest(),
        agree=_("发布"),
    )
    office = office_of(work, chat.person)
    published = publishing.publish(work, draft, facts, pieces, consent)
    chat.say(
        _(
            "已发布{title}，编号 {number}，共 {count} 条，{day} 起按它回答。",
            title=published.title,
            number=published.number,
            count=len(pieces),
            day=facts.begins,
        ),
        buttons=[
            chat.button(
                _("撤回这份通知"), "withdraw_notice", style="danger", document=published.number
            )
        ],
    )
    if office is Role.ACADEMIC_AFFAIRS:
        chat.say(
            _("收费、免费份数这些由系统执行的规定不会跟着变；要改，请再发布新规定。"),
            buttons=[chat.button(_("发布新规定"), "publish_policy", lasting=True)],
        )


def read(chat: Chat, work: Work) -> DocumentDraft:
    """Asks for a file until there is one that can be read."""
    place = 1
    while True:
        draft = drafts.ask(work, sent(chat, work, place))
        if draft.read_at is None:
            chat.wait(drafts.key(draft.blob_id), _("正在读这份文件，请稍等几秒。"))
        if not draft.refused:
            return draft
        chat.say(why_unread(draft.refused, draft.refused_limit))
        place += 1


def sent(chat: Chat, work: Work, place: int) -> str:
    """The id of the file."""
    name = SENT if place == 1 else f"{SENT}.{place}"
    prompt = _("请把文件发到这里：PDF（能选中文字的）、DOCX、TXT 或 MD，最大 20 MB。")
    slot: Slot[str] = Slot(name, prompt, _("文件"), str, lambda _said: None, revisable=False)
    if place == 1 and chat.known(slot) is None and chat.once("upload"):
        chat.say(_("这里不方便发文件的话，可以在网页上传。"), buttons=[upload_button(chat, work)])
    return chat.ask(slot)


def preview(
    work: Work, facts: Facts, pieces: list[Piece], read_: int
) -> list[tuple[Words, Speech]]:
    known = {one.id: one for one in publishing.replaceable(work, facts.begins)}
    subjects = list(dict.fromkeys(one.subject for one in pieces if one.subject))
    rows: list[tuple[Words, Speech]] = [
        (_("标题"), plain(facts.title)),
        (_("文号"), plain(facts.number) if facts.number else NO_NUMBER),
        (_("发文单位"), plain(facts.issuer)),
        (_("发文日期"), plain(facts.dated.isoformat())),
        (_("实行日期"), plain(facts.begins.isoformat())),
        (_("条款数"), _("{count} 条（读出 {read} 条）", count=len(pieces), read=read_)),
    ]
    if subjects:
        rows.append((_("讲的事"), listed(*map(plain, subjects[:12]))))
    untranslated = sum(not one.en for one in pieces)
    if untranslated:
        rows.append(
            (_("英文"), _("{count} 条没有英文译文，用英文的人看到中文原文", count=untranslated))
        )
    if not facts.replaces:
        rows.append((_("代替的文件"), _("无")))
    for name in facts.replaces:
        document = known[name]
        rows.append(
            (
                _("代替的文件"),
                _(
                    "{title}，原来的 {count} 条只作为以前的规定保留",
                    title=titled(document.title, document.dated),
                    count=len(document.clauses),
                ),
            )
        )
    if facts.begins < local_date(work.now):
        rows.append((_("注意"), _("实行日期已经过去，发布后马上按它回答。")))
    return rows


# --- published by mistake -------------------------------------------------------------------


def withdraw_notice(chat: Chat, work: Work) -> None:
    """What it took the place of counts again, unless it has been replaced itself."""
    if chat.person is None or office_of(work, chat.person) is None:
        raise NotAllowed
    number = chat.known(NUMBER)
    found = publishing.find(work, number) if number else chosen(chat, work)
    if found is None:
        if number:
            raise NotAllowed
        chat.say(_("没有由您撤回的通知。"))
        return
    if found.withdrawn_at is not None:
        raise Refused("withdrawn_already", number=found.number)
    why = chat.ask(WHY)
    after = publishing.outlook(work, found)
    again = [plain(one.title) for one in after.again]
    consent = chat.confirm(
        _("这份文件已经被代替，撤回以后也不再作为以前的规定；现在适用的文件不变。确认吗？")
        if after.history
        else _("撤回以后马上不再按它回答，它代替的文件重新适用。确认吗？"),
        card=chat.card(
            _("撤回通知 {number}", number=found.number),
            (_("标题"), plain(found.title)),
            (_("实行日期"), plain(found.begins.isoformat())),
            (_("重新适用"), listed(*again) if again else _("无")),
            (_("原因"), plain(why)),
        ),
        facts=found.number,
        agree=_("撤回"),
    )
    publishing.withdraw(work, found.number, why, consent)
    chat.say(_("已撤回{title}（{number}）。", title=found.title, number=found.number))


def chosen(chat: Chat, work: Work) -> PublishedDocument | None:
    rows = {one.number: one for one in publishing.standing(work)}
    if not rows:
        return None
    labels = {
        name: _("{title}（{begins} 起）", title=one.title, begins=one.begins)
        for name, one in rows.items()
    }
    return rows[chat.ask(choice("which", _("撤回哪一份？"), labels, title=_("文件")))]
