"""What things of the self-study exam are called, wherever they are mentioned."""

import re

from backend.policy.exam import Service
from dialogs.engine.words import Bilingual, Speech, Words, _, plain

# What is windowed, called as people ask for it, and the dialog that does it.
SERVICES: dict[Service, tuple[Words, str]] = {
    Service.EXEMPTION: (_("申请免考"), "apply_exemption"),
    Service.GRADUATION: (_("申请自考毕业"), "apply_exam_graduation"),
    Service.GRADUATION_PAYMENT: (_("缴毕业审定费"), "exam_graduation_status"),
    Service.TRANSFER_OUT: (_("申请转出"), "apply_transfer_out"),
    Service.BACK_ENTRY: (_("成绩补登"), "backfill_scores"),
}
KINDS: dict[str, Words] = {
    "theory": _("理论"),
    "practice": _("实践"),
    "exemption": _("免考"),
    "transfer_in": _("转入"),
}


SESSION = re.compile(r"(\d{4})年(\d{1,2})月考次")


def session_words(session: str) -> Speech:
    """A session by its name, which is the exam office's own: "2026年4月考次"."""
    named = SESSION.fullmatch(session)
    return Bilingual(session, f"session {named[1]}-{int(named[2]):02}") if named else plain(session)


def service_name(service: Service) -> Words:
    return SERVICES[service][0]


def course_name(code: str, name_zh: str, name_en: str) -> Words:
    """``英语（二）(00015)``"""
    name = Bilingual(f"{name_zh}({code})", f"{name_en or name_zh} ({code})")
    return Words("{text}", {"text": name})
