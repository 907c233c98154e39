"""What a person may do. Asked at the moment it is used, never remembered."""

from enum import StrEnum

from sqlalchemy import bindparam, select

from backend.errors import NotAllowed
from backend.models import Role as RoleRow
from backend.work import Work


class Role(StrEnum):
    UNIT_OFFICER = "unit_officer"  # 培养单位教育管理干部
    ACADEMIC_AFFAIRS = "academic_affairs"  # 教务部
    FINANCE = "finance"  # 财务处
    ADMINISTRATOR = "administrator"  # 系统管理员


_HELD = select(RoleRow.role, RoleRow.unit_id).where(
    RoleRow.institution_id == bindparam("institution"), RoleRow.person_id == bindparam("person")
)
_HOLDERS = (
    select(RoleRow.person_id)
    .where(RoleRow.institution_id == bindparam("institution"), RoleRow.role == bindparam("role"))
    .order_by(RoleRow.person_id)
)
_HOLDERS_IN_UNIT = _HOLDERS.where(RoleRow.unit_id == bindparam("unit"))


def _held(work: Work, person_id: int) -> list[tuple[Role, int | None]]:
    where = {"institution": work.institution, "person": person_id}
    return work.once(
        ("roles", person_id),
        lambda: [(Role(role), unit) for role, unit in work.reading.execute(_HELD, where)],
    )


def roles(work: Work, person_id: int) -> set[Role]:
    return {role for role, _unit in _held(work, person_id)}


def units(work: Work, person_id: int, role: Role) -> list[int]:
    """Units this person holds the role for; a role for the whole institution is not among them."""
    held = _held(work, person_id)
    return [unit for one, unit in held if one is role and unit is not None]


def holds(work: Work, person_id: int, role: Role, unit_id: int | None = None) -> bool:
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
    """Everyone who holds the role (for the unit, where one is given)."""
    where = {"institution": work.institution, "role": role, "unit": unit_id}
    holders = _HOLDERS if unit_id is None else _HOLDERS_IN_UNIT
    return work.once(
        ("holders", role, unit_id),
        lambda: list(work.reading.execute(holders, where).scalars()),
    )
