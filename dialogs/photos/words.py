"""Sentences about graduation photos that several dialogs say: when and where, dress, cost, make-up."""

from datetime import date

from backend.clock import SHANGHAI, local_date
from backend.photos.attendance import Attendance, MakeUpCard, Standing
from backend.photos.schedule import Shooting
from backend.policy import store
from backend.policy.photo import PhotoPolicy
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.saying import Saying
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, listed, plain, yuan

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
DRESS: dict[str, Words] = {
    "formal": _("着正装"),
    "light_blue": _("不穿浅蓝色系的上衣"),
    "patterns": _("避免复杂图案和条纹"),
    "lenses": _("不戴美瞳"),
    "jewellery": _("不戴耳环、项链等首饰"),
    "hair": _("头发不遮耳朵、眉毛"),
}


def day_words(day: date) -> Words:
    return _(
        "{day}（{weekday}）",
        day=Bilingual(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%b %Y}"),
        weekday=WEEKDAYS[day.weekday()],
    )


def time_words(turn: Shooting) -> Words:
    """``大约 09:30–10:30``: "about" where the notice says so."""
    begins = turn.begins_at.astimezone(SHANGHAI)
    span = f"{begins:%H:%M}"
    if turn.ends_at is not None:
        span += f"–{turn.ends_at.astimezone(SHANGHAI):%H:%M}"
    return _("大约 {span}", span=span) if turn.approximate else plain(span)


def when_words(turn: Shooting) -> Words:
    return _("{day} {time}", day=day_words(turn.day), time=time_words(turn))


def place_words(turn: Shooting) -> Bilingual:
    return Bilingual(turn.place_zh, turn.place_en)


def turn_words(turn: Shooting) -> Words:
    if turn.group_no is None:
        return _("{when}，{place}", when=when_words(turn), place=place_words(turn))
    return _(
        "{when}，第 {group} 组，{place}",
        when=when_words(turn),
        group=turn.group_no,
        place=place_words(turn),
    )


def dress_words(policy: PhotoPolicy) -> Speech:
    """P4, as far as the policy still asks for it."""
    if not policy.dress:
        return _("没有要求（P4）")
    return _("{rules}（P4）", rules=Joined(tuple(DRESS[one] for one in policy.dress), "；", "; "))


def fee_words(policy: PhotoPolicy) -> Words:
    """P3: told here; paid on the spot unless the institution collects it."""
    if policy.fee_collected == "institution":
        return _("每人 {price}，在这里缴（P3）", price=yuan(policy.fee_fen))
    return _("每人 {price}，拍摄时用微信扫码付，这里不用付（P3）", price=yuan(policy.fee_fen))


def earlier_words(found: Attendance) -> Words | None:
    """P5: nobody but they themselves can tell how much they have changed."""
    if found.earlier is None or found.keeps_until is None:
        return None
    return _(
        "您 {taken} 拍过毕业照。往年采集过、两年内没有如期毕业的，容貌变化不大就不用重拍（P5）；"
        "从拍摄那天算到 {until}。容貌变化大的话，请按安排再拍一次。",
        taken=day_words(found.earlier),
        until=day_words(found.keeps_until),
    )


def no_photo_words() -> Words:
    return _("学历电子注册里没有照片的，网上不提供学历验证（P7）。")


def makeup_card(chat: Saying, card: MakeUpCard) -> Card:
    """What is written on the collection card, ready to be copied (P6)."""
    return chat.card(
        _("单独补拍：图像采集卡这样填（P6）"),
        (_("学校代码"), plain(card.school_code)),
        (_("学校名称"), plain(card.school_name)),
        (_("院系代码"), plain(card.unit_code)),
        (_("院系名称"), plain(card.unit_name)),
        (_("最晚"), until_words(card)),
        (_("地点"), Bilingual(card.place.address_zh, card.place.address_en)),
        (_("咨询电话"), listed(*map(plain, card.place.phones))),
        (
            _("要带"),
            _("学生证；提前在学信网取好的采集码；费用扫付款码交"),
        ),
        (
            _("注意"),
            _(
                "不接受{fine}，要拍普通照片；到时自己领数码照片光盘和纸质照片，交给所在单位研究生部上传",
                fine=plain("“精拍”"),
            ),
        ),
    )


def until_words(card: MakeUpCard) -> Speech:
    if card.until is None:
        return _("学校还没有定")
    if card.over:
        return _("{day}前，已经过了：请尽快联系学生处", day=day_words(card.until))
    return _("{day}前（那天算不算没有写明，请在前一天之前去）", day=day_words(card.until))


def makeup_words(found: Attendance, policy: PhotoPolicy) -> Words:
    if found.standing is Standing.MISSED and found.turn is not None:
        return _(
            "您单位的集体拍摄（{when}）已经过了，没有您的拍摄记录。请自己到中国图片社补拍，"
            "否则会影响毕业注册（P6）。",
            when=when_words(found.turn),
        )
    return _("参加不了集体拍摄的，要自己到中国图片社补拍，否则会影响毕业注册（P6）。")


def must_go_now(work: Work, card: MakeUpCard, policy: PhotoPolicy) -> bool:
    """So near to the last day that nobody should wait any longer."""
    if card.until is None or card.over:
        return False
    return (card.until - local_date(work.now)).days <= policy.last_days


def say_makeup(chat: Chat, work: Work, found: Attendance, card: MakeUpCard) -> None:
    policy = store.photo(work)
    words = [makeup_words(found, policy)]
    if must_go_now(work, card, policy) and card.until is not None:
        words.append(
            _(
                "离最后一天只有 {days} 天，请不要再等。",
                days=(card.until - local_date(work.now)).days,
            )
        )
    if policy.no_photo_warning:
        words.append(no_photo_words())
    chat.say(Joined(tuple(words)), card=makeup_card(chat, card))
