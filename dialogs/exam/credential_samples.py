"""凭证样例 (E10): what proofs look like, and what of them is to be copied."""

from backend.documents.sample_data import SAMPLES
from backend.proofs import samples
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Option, Slot, choice, option_meant
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _

NAMES: dict[str, Words] = {
    "pets3": _("PETS3 合格证书"),
    "pets3_notice": _("PETS3 成绩通知单"),
    "cet4": _("CET4 合格证书"),
    "pets2": _("PETS2 证书"),
    "registration_record": _("教育部电子注册备案表"),
    "authentication_report": _("学历认证报告"),
}
BY_TYPE = {
    "cet": ("cet4",),
    "pets": ("pets3", "pets3_notice", "pets2"),
    "registration_record": ("registration_record",),
    "authentication_report": ("authentication_report",),
}
CALLED: dict[str, tuple[str, ...]] = {
    "pets3": ("三级", "三级证书", "合格证书", "公共英语三级", "pets3", "pets3证书"),
    "pets3_notice": ("成绩通知单", "通知单", "score notice"),
    "cet4": ("四级", "四级证书", "大学英语四级", "cet4", "cet-4"),
    "pets2": ("二级", "二级证书", "公共英语二级", "pets2", "pets-2"),
    "registration_record": ("备案表", "the record"),
    "authentication_report": ("认证报告", "the report"),
}
NONE = _("手册第五章没有这种凭证的样例，只有这六种（E10）。")


def credential_samples(chat: Chat, work: Work) -> None:
    """One of the six of the manual; others have no sample there."""
    name = _which(chat)
    language = chat.language
    picture = samples.picture(work, name, language)
    if picture is None:
        chat.wait(samples.key(name, language), _("正在画样例，请稍等几秒。"))
    rows = [(_number(place), words) for place, words in enumerate(_marks(name), 1)]
    chat.say(
        _("这是{name}的样例（E10），虚构的，只看样子；圈出来的照着抄。", name=NAMES[name]),
        card=chat.card(NAMES[name], *rows),
        pictures=[chat.picture(picture, _("{name}样例", name=NAMES[name]))],
        buttons=[
            chat.button(words, "credential_samples", lasting=True, sample=other)
            for other, words in NAMES.items()
            if other != name
        ],
    )


def _which(chat: Chat) -> str:
    """As the button or the words say; a kind without a sample is said to have none."""
    everything = _slot(tuple(NAMES))
    if (pressed := chat.known(everything)) is not None:
        return pressed
    heard = chat.known(_kind())
    if heard is not None and heard not in BY_TYPE and chat.once("none"):
        chat.say(NONE)
    names = BY_TYPE.get(heard or "", tuple(NAMES))
    return names[0] if len(names) == 1 else chat.ask(_slot(names))


def _kind() -> Slot[str]:
    return Slot("kind", _("凭证"), _("凭证"), str, lambda _said: None, entity="credential_type")


def _slot(names: tuple[str, ...]) -> Slot[str]:
    """Those that are offered; whichever is named is shown all the same."""
    base = choice(
        "sample",
        _("看哪一种的样例？"),
        {name: NAMES[name] for name in names},
        title=_("样例"),
    )
    every = tuple(Option(name, words, aliases=CALLED[name]) for name, words in NAMES.items())

    def parse(stored: str) -> str:
        if stored not in NAMES:
            raise Invalid(NONE)
        return stored

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, every)) is not None:
            return meant
        heard = said.entities().get("credential_type")
        if heard is not None and heard not in BY_TYPE:
            return heard  # it has none
        of_type = BY_TYPE.get(heard or "", ())
        return of_type[0] if len(of_type) == 1 else None

    return Slot(base.name, base.prompt, base.title, parse, read, base.options)


def _marks(name: str) -> list[Speech]:
    return [Bilingual(zh, en) for zh, en in SAMPLES[name].marks]


def _number(place: int) -> Words:
    return _("圈 {place}", place=place)
