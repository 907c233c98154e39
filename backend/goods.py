"""What is paid for, by the kind of application. Whatever costs something adds one entry here.

Its workflow has the edges ``order``, ``order_expired``, ``order_cancelled``, ``pay`` and
``pay_late``, which ``orders.py`` takes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from backend import transcripts
from backend.exam import graduation, graduation_cases
from backend.models import Application
from backend.photos.fee_workflow import KIND as PHOTO_FEE
from backend.photos.fee_workflow import WORKFLOW as photo_fee_workflow
from backend.photos.fee_workflow import nothing_follows
from backend.work import Work
from backend.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Title:
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Goods:
    """``title`` is what the cashier and the statement call it; ``paid`` sets in motion what follows."""

    title: Title
    workflow: Workflow[Application]
    paid: Callable[[Work, Application], None]


GOODS: dict[str, Goods] = {
    PHOTO_FEE: Goods(
        Title("毕业照拍摄费", "Graduation photo fee"), photo_fee_workflow, nothing_follows
    ),
    transcripts.KIND: Goods(
        Title("电子成绩单", "Electronic transcript"),
        transcripts.WORKFLOW,
        transcripts.have_it_made,
    ),
    graduation_cases.KIND: Goods(
        Title("毕业审定费", "Graduation review fee"), graduation_cases.WORKFLOW, graduation.paid
    ),
}
