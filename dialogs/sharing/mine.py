"""我的分享 (my shares): which links there are, who looked, and stopping them."""

import re

from backend.identity.stepup import Purpose
from backend.models import Share
from backend.sharing import making
from backend.sharing.making import Owned
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.sharing.sharing import PIN_THERE, links, mine_button
from dialogs.sharing.terms import to_words

SHARE = fixed("share", _("分享"))
EVERY = "every"
ALL_OF_THEM = re.compile(
    r"(全部|所有|全都|统统|一起|都)(的?分享|的?链接)?.{0,6}(停|关|撤|取消|收回|作废)"
    r"|(停|关|撤|取消|收回|作废).{0,6}(全部|所有|每一?个)"
    r"|\b(all|every|everything)\b"
)
# Not all at once on such words: then they are shown, with a button for all.
DOUBTFUL = re.compile(r"不|别|没|怎么|如何|吗|[?？]|\b(not|don.?t|never|how|can|could|should)\b")
_ENDING = r"(?<![不别没])(?<!不要)(停用|停止|停掉|关掉|关闭|取消|撤回|收回|终止)"
STOPPING = re.compile(
    rf"{_ENDING}(我的?|对外|全部|所有|那个|这个|成绩单?的?|掉|\s)*(分享|共享)"
    rf"|(不再|不想再|别再|不要再)(分享|共享)"
    rf"|(分享|共享)的?(链接)?(全部|都|给我|\s)?{_ENDING}"
    r"|\b(stop|end|cancel|revoke|disable) (all )?(my |the )?(shar(e|es|ing)|shared? links?)\b"
)
MOST_LISTED, MOST_BUTTONS, MOST_VIEWS = 10, 5, 20
ENDED: dict[str, Words] = {
    making.OWNER: _("已停用"),
    making.EXPIRED: _("已到期"),
    making.LOCKED: _("口令错得太多，已锁住"),
}
FALLEN: dict[str, Words] = {
    "superseded": _("成绩单已被新文件取代，对方看不到内容"),
    "revoked": _("成绩单已作废，对方看不到内容"),
}


def my_shares(chat: Chat, work: Work) -> None:
    """Every link that works, and those that ended lately."""
    found = making.own(work, work.now - making.RECENT)[:MOST_LISTED]
    share = chat.button(_("分享成绩单"), "share_transcript", style="" if found else "primary")
    if not found:
        chat.say(_("您没有分享过成绩单，或者链接早已失效。"), buttons=[share])
        return
    live = [one for one in found if one.live(work.now)]
    locked = [one for one in found if one.share.stopped_why == making.LOCKED]
    buttons = [
        chat.button(
            _("看 {to}", to=to_words(one.share.purpose, one.share.recipient)),
            "share_record",
            lasting=True,
            share=one.share.id,
        )
        for one in (live + locked)[:MOST_BUTTONS]
    ]
    if live:
        buttons.append(chat.button(_("全部停用"), "stop_share", style="danger", share=EVERY))
    rows = [(_("第 {n} 个", n=place), row(work, one)) for place, one in enumerate(found, 1)]
    chat.say(
        _("您的分享，最近的在前面："),
        card=chat.card(_("我的分享"), *rows),
        buttons=[*buttons, share],
    )


def row(work: Work, one: Owned) -> Speech:
    return _(
        "{to}，{number}：{state}；{views}",
        to=to_words(one.share.purpose, one.share.recipient),
        number=one.number,
        state=state(work, one),
        views=viewed(one.share),
    )


def state(work: Work, one: Owned) -> Words:
    if not one.live(work.now):
        return ENDED[one.share.stopped_why or making.EXPIRED]
    if one.status in FALLEN:
        return FALLEN[one.status]
    return _("有效到 {until}", until=one.share.expires_at)


def viewed(share: Share) -> Words:
    if not share.views or share.last_view_at is None:
        return _("还没有人看过")
    return _("看过 {views} 次，最近 {at}", views=share.views, at=share.last_view_at)


def share_record(chat: Chat, work: Work) -> None:
    """One link: who looked and when, and what can be done about it."""
    found = making.one(work, chat.ask(SHARE))
    share = found.share
    views = making.views(work, share, MOST_VIEWS)
    rows: list[tuple[Words, Speech]] = [
        (_("分享给"), to_words(share.purpose, share.recipient)),
        (_("成绩单"), plain(found.number)),
        (_("状态"), state(work, found)),
        (_("查看"), viewed(share)),
    ]
    if views:
        browsers, networks = making.spread(work, share)
        rows.append(
            (
                _("来自"),
                _("{browsers} 台设备，{networks} 个网络", browsers=browsers, networks=networks),
            )
        )
    rows += [(_("{at}", at=one.at), someone(one.said)) for one in views]
    chat.say(
        _("这个分享的查看记录，最近的在前面："),
        card=chat.card(_("查看记录"), *rows),
        buttons=steps(chat, work, found),
    )


def someone(said: str) -> Words:
    """Who they are is their own word: nobody has checked it."""
    return _("有人查看，自称“{said}”", said=plain(said)) if said else _("有人查看")


def steps(chat: Chat, work: Work, one: Owned) -> list[Button]:
    locked = one.share.stopped_why == making.LOCKED and one.share.expires_at > work.now
    if locked:
        again = _("换口令，重新启用")
        return [
            chat.button(again, "share_pin", style="primary", share=one.share.id),
            stop_button(chat, one.share),
            mine_button(chat),
        ]
    if not one.live(work.now):
        return [mine_button(chat)]
    label = _("换口令") if one.share.pin_hash else _("加口令")
    return [
        links(chat, one.share)[0],
        stop_button(chat, one.share),
        chat.button(label, "share_pin", share=one.share.id),
        mine_button(chat),
    ]


def stop_button(chat: Chat, share: Share) -> Button:
    return chat.button(_("停用"), "stop_share", style="danger", lasting=True, share=share.id)


def stop_share(chat: Chat, work: Work) -> None:
    """One press, and no second question: it only takes back what was given."""
    chosen = chat.known(SHARE)
    opening = chat.opening.lower()
    if chosen is None and ALL_OF_THEM.search(opening) and not DOUBTFUL.search(opening):
        chosen = EVERY
    if chosen == EVERY:
        count = making.stop_all(work)
        if count:
            chat.say(
                _("{count} 个分享全部停用了，对方马上看不到了。", count=count),
                buttons=[mine_button(chat)],
            )
        else:
            none_live(chat)
        return
    if chosen is not None:
        found = making.stop(work, chosen)
        chat.say(
            _(
                "“{to}”的链接已停用，对方马上看不到了。",
                to=to_words(found.share.purpose, found.share.recipient),
            ),
            buttons=[mine_button(chat)],
        )
        return
    live = making.own(work)
    if not live:
        none_live(chat)
        return
    buttons = [
        chat.button(
            _("停用 {to}", to=to_words(one.share.purpose, one.share.recipient)),
            "stop_share",
            style="danger",
            share=one.share.id,
        )
        for one in live[:MOST_BUTTONS]
    ]
    if len(live) > 1:
        buttons.append(chat.button(_("全部停用"), "stop_share", style="danger", share=EVERY))
    chat.say(_("要停用哪一个？停用以后不能恢复，可以再做新的。"), buttons=buttons)


def none_live(chat: Chat) -> None:
    chat.say(
        _("您现在没有有效的分享。"), buttons=[chat.button(_("分享成绩单"), "share_transcript")]
    )


def share_pin(chat: Chat, work: Work) -> None:
    """Another PIN; a link that was locked opens again with it."""
    share_id = chat.ask(SHARE)
    making.one(work, share_id)
    step_up.require(chat, work, Purpose.FIRST_FILE, _("分享链接"))
    found = making.new_pin(work, share_id)
    chat.say(
        lines(_("口令换好了，链接还是原来的；以前的口令不能用了。"), PIN_THERE),
        buttons=[*links(chat, found.share), mine_button(chat)],
    )
