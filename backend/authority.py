"""What a person may do. Asked at the moment it is used, never remembered."""

from enum import StrEnum

from sqlalchemy import or_, select

from backend.errors import NotAllowed
from backend.models import Role as RoleRow
from backend.work import Work


class Role(StrEnum):
    UNIT_OFFICER = "unit_officer"  # 培养单位教育管理干部
    ACADEMIC_AFFAIRS = "academic_affairs"  # 教务部
    FINANCE = "finance"  # 财务处
    ADMINISTRATOR = "administrator"  # 系统管理员


def roles(work: Work, person_id: int) -> set[Role]:
    rows = work.session.scalars(select(RoleRow.role).where(RoleRow.person_id == person_id))
    return {Role(row) for row in rows}


def units(work: Work, person_id: int, role: Role) -> list[int]:
    """Units this person holds the role for; a role for the whole institution is not among them."""
    rows = work.session.scalars(
        select(RoleRow.unit_id).where(RoleRow.person_id == person_id, RoleRow.role == role)
    )
    return [unit for unit in rows if unit is not None]


def holds(work: Work, person_id: int, role: Role, unit_id: int | None = None) -> bool:
    query = select(RoleRow.id).where(
        RoleRow.institution_id == work.institution,
        RoleRow.person_id == person_id,
        RoleRow.role == role,
    )
    if unit_id is not None:
        query = query.where(or_(RoleRow.unit_id == unit_id, RoleRow.unit_id.is_(None)))
    return work.session.scalar(query.limit(1)) is not None


def require(work: Work, role: Role, unit_id: int | None = None) -> int:
    """The actor's id, if they hold the role; raises NotAllowed."""
    if work.actor is None or not holds(work, work.actor, role, unit_id):
        raise NotAllowed
    return work.actor


def people(work: Work, role: Role, unit_id: int | None = None) -> list[int]:
    """Everyone who holds the role (for the unit, where one is given)."""
    query = select(RoleRow.person_id).where(
        RoleRow.institution_id == work.institution, RoleRow.role == role
    )
    if unit_id is not None:
        query = query.where(RoleRow.unit_id == unit_id)
    return list(work.session.scalars(query.order_by(RoleRow.person_id)))
