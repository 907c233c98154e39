"""A draft of the schedule read from Annex 1 of the notice (P1)."""

from dataclasses import dataclass

from backend import authority
from backend.authority import Role
from backend.clauses.clause import Document
from backend.clauses.shooting import shootings, spans, units_named
from backend.errors import Refused
from backend.models import PhotoSchedule, PhotoSlot
from backend.photos import drafting
from backend.photos.schedule import unit_names
from backend.photos.schedule_publishing import discard_drafts
from backend.work import Work


@dataclass(frozen=True, slots=True)
class FromAnnex:
    """A draft made from Annex 1: how many rows were taken, and units that no unit here is called."""

    draft: PhotoSchedule
    rows: int
    unknown: tuple[str, ...]


def from_annex(work: Work, notice: Document) -> FromAnnex:
    """A draft from Annex 1 of the notice, as it was read for answers. Student affairs only.

    The season is the year in which the class graduates, the one after the notice. Raises Refused
    ``no_annex`` where the notice has none.
    """
    actor = authority.require(work, Role.STUDENT_AFFAIRS)
    found = shootings(notice)
    if not found:
        raise Refused("no_annex", "P1", office="student_affairs")
    discard_drafts(work)
    code = str(found[0].day.year + 1)
    draft_id = drafting.open_draft(work.session, work.institution, code, now=work.now, actor=actor)
    known = unit_names(work)
    unknown: list[str] = []
    taken = 0
    for one in found:
        unit = next((known[name] for name in units_named(one) if name in known), None)
        if unit is None:
            unknown.append(one.unit)
            continue
        for begins, ends in spans(one):
            work.session.add(
                PhotoSlot(
                    institution_id=work.institution,
                    schedule_id=draft_id,
                    unit_id=unit,
                    day=one.day,
                    begins=begins,
                    ends=ends,
                    group_no=one.group,
                    place_zh=one.place,
                    place_en=one.place_en,
                    approximate=one.about,
                )
            )
        taken += 1
    work.session.flush()
    draft = work.session.get_one(PhotoSchedule, draft_id)
    return FromAnnex(draft, taken, tuple(dict.fromkeys(unknown)))
