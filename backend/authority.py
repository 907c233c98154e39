"""What a person may do. Asked at the moment it is used, never remembered.

While an officer or a reviewer is away, the deputy holds that role too: for exactly that time, and as
long as both still are what they were when it was arranged.
"""

from enum import StrEnum

from sqlalchemy import BigInteger, and_, bindparam, exists, or_, select, union_all
from sqlalchemy.orm import aliased

from backend.errors import NotAllowed
from backend.models import Absence
from backend.models import Role as RoleRow
from backend.work import Work


class Role(StrEnum):
    UNIT_OFFICER = "unit_officer"  # 培养单位教育管理干部
    ACADEMIC_AFFAIRS = "academic_affairs"  # 教务部
    FINANCE = "finance"  # 财务处
    STUDENT_AFFAIRS = "student_affairs"  # 学生处
    EXAM_OFFICE = "exam_office"  # 自考办
    EXAM_REVIEWER = "exam_reviewer"  # 主考学校的自考审核人, for the candidates of that university
    ADMINISTRATOR = "administrator"  # 系统管理员
    DEPUTY = "deputy"  # 代办人: may stand in for officers and reviewers of a unit; nothing more


OF_UNIT = frozenset({Role.UNIT_OFFICER, Role.DEPUTY, Role.EXAM_REVIEWER})  # held for one unit each
DECIDERS = frozenset({Role.UNIT_OFFICER, Role.ACADEMIC_AFFAIRS})  # on applications (T4, T10)
REVIEWERS = frozenset({Role.EXAM_REVIEWER, Role.EXAM_OFFICE})  # on cases of the exam (E5-E9)
# Roles that are lent while somebody is away, each with the office that answers for it.
LENT = {Role.UNIT_OFFICER: Role.ACADEMIC_AFFAIRS, Role.EXAM_REVIEWER: Role.EXAM_OFFICE}

_PERSON = bindparam("person", type_=BigInteger)
_INSTITUTION = RoleRow.institution_id == bindparam("institution")
_OWN = aliased(RoleRow)
_MAY_STAND_IN = exists().where(
    _OWN.person_id == _PERSON,
    or_(
        *(
            and_(
                RoleRow.role == lent,
                or_(
                    _OWN.role == office,
                    and_(_OWN.role.in_((lent, Role.DEPUTY)), _OWN.unit_id == RoleRow.unit_id),
                ),
            )
            for lent, office in LENT.items()
        )
    ),
)
_LENT = (
    select(RoleRow.role, RoleRow.unit_id)
    .join(Absence, Absence.person_id == RoleRow.person_id)
    .where(
        _INSTITUTION,
        Absence.deputy_id == _PERSON,
        Absence.begins_at <= bindparam("now"),
        Absence.ends_at > bindparam("now"),
        RoleRow.role.in_(LENT),
        _MAY_STAND_IN,
    )
)
_HELD = union_all(
    select(RoleRow.role, RoleRow.unit_id).where(_INSTITUTION, RoleRow.person_id == _PERSON),
    _LENT,
)
_HOLDERS = (
    select(RoleRow.person_id)
    .where(RoleRow.institution_id == bindparam("institution"), RoleRow.role == bindparam("role"))
    .order_by(RoleRow.person_id)
)
_HOLDERS_IN_UNIT = _HOLDERS.where(RoleRow.unit_id == bindparam("unit"))


def _held(work: Work, person_id: int) -> list[tuple[Role, int | None]]:
    where = {"institution": work.institution, "person": person_id, "now": work.now}
    return work.once(
        ("roles", person_id),
        lambda: [(Role(role), unit) for role, unit in work.reading.execute(_HELD, where)],
    )


def roles(work: Work, person_id: int) -> set[Role]:
    """Every role this person has now, for whatever unit, lent ones too."""
    return {role for role, _unit in _held(work, person_id)}


def units(work: Work, person_id: int, role: Role) -> list[int]:
    """Units this person holds the role for; a role for the whole institution is not among them."""
    held = _held(work, person_id)
    return [unit for one, unit in held if one is role and unit is not None]


def holds(work: Work, person_id: int, role: Role, unit_id: int | None = None) -> bool:
    """Whether the role is theirs now: for this unit, or for any where none is given.

    A role without a unit is for all of them.
    """
    return any(
        one is role and (unit_id is None or unit is None or unit == unit_id)
        for one, unit in _held(work, person_id)
    )


def require(work: Work, role: Role, unit_id: int | None = None) -> int:
    """The actor's id, if they hold the role; raises NotAllowed."""
    if work.actor is None or not holds(work, work.actor, role, unit_id):
        raise NotAllowed
    return work.actor


def people(work: Work, role: Role, unit_id: int | None = None) -> list[int]:
    """Everyone whose own role it is (for the unit, where one is given); deputies are not among them."""
    where = {"institution": work.institution, "role": role, "unit": unit_id}
    holders = _HOLDERS if unit_id is None else _HOLDERS_IN_UNIT
    return work.once(
        ("holders", role, unit_id),
        lambda: list(work.reading.execute(holders, where).scalars()),
    )
