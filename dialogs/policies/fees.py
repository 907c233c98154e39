"""What finance publishes about waivers: who may give which, and above which amount two people must."""

from typing import Any

from backend.goods import GOODS
from dialogs.engine import slots
from dialogs.engine.slots import Slot
from dialogs.engine.words import Bilingual, Speech, Words, _, listed, yuan
from dialogs.policies.entry import Entry, arrow
from dialogs.policies.photo import some_slot

GIVERS: dict[str, Words] = {
    "finance": _("财务"),
    "academic_affairs": _("教务部"),
    "exam_office": _("自考办"),
    "student_affairs": _("学生处"),
}
MOST_FEN = 10_000_000


def show_givers(value: Any) -> Speech:
    return listed(*(GIVERS[one] for one in value)) if value else _("没有人")


def givers(kind: str, what: Bilingual) -> Entry:
    title = _("谁能减免{what}", what=what)

    def slot(name: str) -> Slot[tuple[str, ...]]:
        return some_slot(name, _("哪些部门的老师可以减免？"), GIVERS, title, 0)

    return Entry("fees", ("waived_by", kind), title, slot, arrow(show_givers))


def second(kind: str, what: Bilingual) -> Entry:
    title = _("{what}减免超过多少要第二人", what=what)

    def slot(name: str) -> Slot[int]:
        asked = _("一份减免合计超过多少元，要另一位老师确认？")
        return slots.fen(name, asked, title=title, most=MOST_FEN)

    return Entry("fees", ("second_above_fen", kind), title, slot, arrow(yuan))


def fee_entries() -> tuple[Entry, ...]:
    """Two for each kind of thing that costs something."""
    named = [(kind, Bilingual(goods.title.zh, goods.title.en)) for kind, goods in GOODS.items()]
    return tuple(make(kind, what) for kind, what in named for make in (givers, second))
