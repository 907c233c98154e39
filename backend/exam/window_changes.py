"""Whom another window concerns (E4): who has not sent a form, may file once more, or has to pay."""

from collections.abc import Collection, Iterable

from sqlalchemy import String, cast, or_, select

from backend.exam import graduation_cases
from backend.models import Application, Conversation
from backend.policy.exam import Service, Window
from backend.work import Work

EVENT = "exam_window.change"
REJECTED: dict[Service, str] = {  # kinds whose rejected cases may be filed anew until it closes
    Service.EXEMPTION: "exemption",
    Service.GRADUATION: graduation_cases.KIND,
    Service.TRANSFER_OUT: "transfer_out",
}
TO_PAY = (
    graduation_cases.State.APPROVED,
    graduation_cases.State.PAYABLE,
    graduation_cases.State.ORDERED,
    graduation_cases.State.LAPSED,
)


def concerned(
    work: Work, service: Service, gone: Iterable[Window], dialogs: Collection[str]
) -> set[int]:
    """People by id. ``dialogs`` are those in which the service is applied for, ``gone`` the windows
    that change: whoever was rejected before them has had another window since."""
    people = with_open_form(work, dialogs)
    mine = select(Application.applicant_id).where(Application.institution_id == work.institution)
    if service is Service.GRADUATION_PAYMENT:
        cases = mine.where(Application.kind == graduation_cases.KIND, Application.state.in_(TO_PAY))
        return people | set(work.session.scalars(cases))
    since = min((one.opens_at for one in gone), default=None)
    if service in REJECTED and since is not None:
        cases = mine.where(
            Application.kind == REJECTED[service],
            Application.state == "rejected",
            Application.since >= since,
        )
        people |= set(work.session.scalars(cases))
    return people


def with_open_form(work: Work, dialogs: Collection[str]) -> set[int]:
    """Who has begun one of these dialogs and not finished it."""
    if not dialogs:
        return set()
    state = cast(Conversation.state, String)  # narrows it down; the rows themselves decide
    rows = work.session.execute(
        select(Conversation.person_id, Conversation.state).where(
            Conversation.institution_id == work.institution,
            Conversation.person_id.is_not(None),
            or_(*(state.contains(f'"{one}"', autoescape=True) for one in dialogs)),
        )
    )
    return {
        person
        for person, talk in rows
        if person is not None
        and any(frame.get("dialog") in dialogs for frame in talk.get("stack", ()))
    }


def tell(
    work: Work, service: Service, gone: Iterable[Window], come: Iterable[Window], people: set[int]
) -> None:
    """Nothing is said where nobody is concerned."""
    if people:
        work.emit(
            EVENT,
            service,
            service=service,
            gone=[one.model_dump(mode="json") for one in gone],
            come=[one.model_dump(mode="json") for one in come],
            people=sorted(people),
        )
