"""图像采集码 (collection code): shown to its owner, or how one gets it from CHSI oneself (P2)."""

from backend.errors import Refused
from backend.identity.stepup import Purpose
from backend.models import CollectionCode
from backend.photos import attendance, codes
from backend.policy import store
from backend.registry import students
from backend.work import Work
from dialogs import refusals
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Words, _, lines, plain
from dialogs.photos.words import day_words, time_words

WAY = fixed("code_way", _("获取方式"))
STEP = fixed("code_step", _("步骤"))
AGAIN = fixed("code_again", _("再取一次"))

WAYS: dict[str, Words] = {
    "wechat": _("学信网公众号"),
    "app": _("学信网 APP"),
    "web": _("学信档案网页"),
}
ON_SCREEN = {  # what CHSI's pages and app say, to be found there in whatever language one reads this
    "account": plain("“学信网”"),
    "follow": plain("“关注公众号”"),
    "service": plain("“在线服务”"),
    "archive": plain("“学信档案”"),
    "sign_in": plain("“登录”"),
    "register": plain("“注册学信网账号”"),
    "education": plain("“高等教育信息”"),
    "studies": plain("“学籍查询”"),
    "get": plain("“获取图像采集码”"),
}
STEPS: dict[str, tuple[Words, ...]] = {
    "wechat": (
        _("在微信里搜索{account}公众号，点{follow}，绑定学信网账号。", **ON_SCREEN),
        _(
            "点菜单栏{service}里的{archive}，再点{sign_in}；第一次登录要先{register}。",
            **ON_SCREEN,
        ),
        _("查看{education}，选对应的学籍（有几段学籍的，选这次要毕业的）。", **ON_SCREEN),
        _("点屏幕上方{get}，保存到手机，拍摄时出示。", **ON_SCREEN),
    ),
    "app": (
        _("在应用商城下载{account} APP，用账号密码或微信登录；第一次登录要注册账号。", **ON_SCREEN),
        _(
            "点{studies}，查看学籍学历信息，选对应的学籍（有几段学籍的，选这次要毕业的）。",
            **ON_SCREEN,
        ),
        _("点屏幕上方{get}，保存到手机，拍摄时出示。", **ON_SCREEN),
    ),
    "web": (
        _("打开学信网 https://www.chsi.com.cn ，点{sign_in}；第一次登录要注册。", **ON_SCREEN),
        _("选学信档案里的{education}，查看本人学籍信息。", **ON_SCREEN),
        _("做身份验证：人像比对，或者输入学校名称，任选一种。"),
        _(
            "选对应的学籍（有几段学籍的，选这次要毕业的），{get}并保存，拍摄时出示。",
            **ON_SCREEN,
        ),
    ),
}


def get_photo_code(chat: Chat, work: Work) -> None:
    """The code of whoever asks; it is never said in a notice, and never to anybody else."""
    if students.find(work, chat.person or 0) is None:
        raise Refused("no_studies_for_photo", "P2", office="photo")
    way = chat.known(WAY)
    if way in store.photo(work).code_ways:
        step = chat.known(STEP)
        tell_step(chat, work, way, int(step) if step else 1)
        return
    code = codes.of(work, chat.person or 0)
    again = chat.known(AGAIN)
    if code is None and again:
        code = asked_again(chat, work)
    if code is None:
        none_yet(chat, work)
    else:
        step_up.require(chat, work, Purpose.FIRST_FILE, _("图像采集码"))
        show(chat, work, code)


def asked_again(chat: Chat, work: Work) -> CollectionCode | None:
    """The provider is asked once more, where there is one."""
    if not work.code_source:
        return None
    request = codes.ask(work, chat.person or 0)
    if request.answered_at is None:
        chat.wait(codes.request_key(chat.person or 0), _("正在向学信网的接口取采集码，请稍等。"))
    if request.answer == "unreachable":
        chat.say(_("接口现在没有回应，过一会儿再试；不想等就自己取。"))
    return codes.of(work, chat.person or 0)


def show(chat: Chat, work: Work, code: CollectionCode) -> None:
    blob = codes.picture(work, code)
    if blob is None:
        chat.wait(codes.picture_key(chat.person or 0), _("正在准备您的采集码，请稍等。"))
    words = [
        _("这是您的图像采集码，只给您本人看，请不要转发（P2）。"),
        _("请截图存到手机，拍摄时出示；现场不用带身份证。"),
    ]
    if code.valid_until is not None:
        words.append(_("有效期到 {day}。", day=day_words(code.valid_until)))
    turn = attendance.of_person(work, chat.person or 0).turn
    if turn is not None and turn.over_at > work.now:
        words.append(_("您的拍摄：{day}，{time}。", day=day_words(turn.day), time=time_words(turn)))
    chat.say(
        lines(*words),
        pictures=[chat.picture(blob, _("图像采集码，二维码"))],
        buttons=[chat.button(_("拍照时间和地点"), "photo_schedule", lasting=True)],
        until=blob.expires_at,
    )


def none_yet(chat: Chat, work: Work) -> None:
    buttons = way_buttons(chat, work)
    if work.code_source:
        buttons.append(chat.button(_("再取一次"), "get_photo_code", lasting=True, code_again="yes"))
    chat.say(
        lines(
            _(
                "学校还没有收到您的采集码。采集码只能由学信网给，要本人去取（P2）："
                "下面几种办法任选一种，取到以后截图存在手机里，拍摄时出示就行。"
            ),
            refusals.office(work, "photo"),
        ),
        buttons=buttons,
    )


def way_buttons(chat: Chat, work: Work, but: str = "") -> list[Button]:
    return [
        chat.button(WAYS[way], "get_photo_code", lasting=True, code_way=way)
        for way in store.photo(work).code_ways
        if way != but
    ]


def tell_step(chat: Chat, work: Work, way: str, step: int) -> None:
    """One step at a time, so that one can go back and forth between the phone's windows."""
    steps = STEPS[way]
    step = min(max(step, 1), len(steps))
    said = _(
        "{way}，第 {step} 步，共 {count} 步：{what}",
        way=WAYS[way],
        step=step,
        count=len(steps),
        what=steps[step - 1],
    )
    if step < len(steps):
        after = chat.button(
            _("下一步"),
            "get_photo_code",
            lasting=True,
            style="primary",
            code_way=way,
            code_step=str(step + 1),
        )
        chat.say(said, buttons=[after, *way_buttons(chat, work, but=way)])
    else:
        chat.say(
            lines(said, _("现场扫描采集码拍摄，不用带身份证（P2）。")),
            buttons=[chat.button(_("拍照时间和地点"), "photo_schedule", lasting=True)],
        )
