"""Training units and their dated names; academic affairs publish them."""

from datetime import date

from sqlalchemy import bindparam, select

from backend import audit
from backend.authority import Role, require
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import Unit, UnitName
from backend.work import Work

NAMES = (
    select(UnitName.valid_from, UnitName.name_zh, UnitName.name_en)
    .where(UnitName.unit_id == bindparam("unit"))
    .order_by(UnitName.valid_from.desc())
)


def by_code(work: Work, code: str) -> Unit | None:
    return work.session.scalar(
        select(Unit).where(Unit.institution_id == work.institution, Unit.code == code)
    )


def name(work: Work, unit_id: int, on: date | None = None) -> tuple[str, str]:
    """Chinese and English name as of a day (today where none is given).

    A unit that has its first name only later is called by that.
    """
    day = on or local_date(work.now)
    rows = work.once(
        ("unit", unit_id), lambda: work.reading.execute(NAMES, {"unit": unit_id}).all()
    )
    row = next((one for one in rows if one.valid_from <= day), rows[-1])
    return row.name_zh, row.name_en


def publish(
    work: Work, code: str, name_zh: str, name_en: str, valid_from: date, consent: Consent
) -> Unit:
    """A new unit, or a new name of one, from a day on; cases filed before keep the old name."""
    require(work, Role.ACADEMIC_AFFAIRS)
    if valid_from < local_date(work.now):
        raise Refused("policy_in_the_past", valid_from=valid_from.isoformat())
    keep(work, consent)
    unit = by_code(work, code)
    if unit is None:
        unit = Unit(institution_id=work.institution, code=code)
        work.session.add(unit)
        work.session.flush()
    work.session.merge(
        UnitName(unit_id=unit.id, valid_from=valid_from, name_zh=name_zh, name_en=name_en)
    )
    work.session.flush()
    work.forget(("unit", unit.id))
    audit.record(work, f"unit:{code}", "publish", "", valid_from.isoformat(), name_zh)
    return unit
