"""The rules as the source documents give them, and the demo values for what they do not give.

The first version of each policy of a new installation; everything later is published by staff.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import PolicyVersion
from backend.policy import exam_first
from backend.policy.credential import CREDENTIAL
from backend.policy.first_photo import PHOTO, with_demo
from backend.policy.invoice import INVOICE, INVOICE_DEMO
from backend.policy.refund import REFUND, REFUND_DEMO
from backend.policy.telling import IN_THE_DIGEST

IN_FORCE = date(2020, 4, 30)  # the notice on electronic transcripts
NOTES = {
    "exam": "上海市高等教育自学考试考籍管理服务平台考生使用手册",  # May 2020
    "credential": "",  # no document says any of it
    "refund": "",  # nor of this
    "invoice": "",  # but who issues them (T10)
}

TRANSCRIPT: dict[str, Any] = {
    "centralized_from": 2001,
    "combined_from": 2013,
    "free_copies": 1,
    "price_fen": 500,
    "email_from": "2020-03-25",
    "email_until": "2020-04-29",
    "approval_for_enrolled": True,
    "approval_for_graduated": False,
    "preview_before_order": True,
    "download_months": 1,
}

TRANSCRIPT_DEMO: dict[str, Any] = {
    "order_hours": 72,
    "remind_after_days": 2,
    "escalate_after_days": 5,
    "gpa": {
        "scale": "4.0",
        "bands": [
            [90, "4.0"],
            [85, "3.7"],
            [82, "3.3"],
            [78, "3.0"],
            [75, "2.7"],
            [72, "2.3"],
            [68, "2.0"],
            [64, "1.5"],
            [60, "1.0"],
            [0, "0"],
        ],
        "letters": {
            "A+": "4.0",
            "A": "4.0",
            "A-": "3.7",
            "B+": "3.3",
            "B": "3.0",
            "B-": "2.7",
            "C+": "2.3",
            "C": "2.0",
            "C-": "1.7",
            "D+": "1.3",
            "D": "1.0",
            "D-": "0.7",
            "F": "0",
        },
        "note_zh": "平均学分绩点（演示算法）：各课程绩点按学分加权平均，“通过”不计入。",
        "note_en": "GPA (demonstration formula): grade points weighted by credits; Pass not counted.",
    },
    "demo": ["order_hours", "remind_after_days", "escalate_after_days", "gpa"],
}

# T10, R17 and E11, in the words of their documents.
OFFICES: dict[str, Any] = {
    "offices": {
        "academic_affairs": {
            "name_zh": "教务部",
            "name_en": "Office of Academic Affairs",
            "contact": "刘老师",
            "phone": "010-69671080",
            "email": "liuhuizhu@ucas.ac.cn",
        },
        "finance": {
            "name_zh": "财务处",
            "name_en": "Finance Office",
            "contact": "陈老师",
            "phone": "010-88256213",
        },
        "technical_support": {
            "name_zh": "教学技术保障部",
            "name_en": "Teaching Technology Support",
            "phone": "010-88256622",
            "email": "service@ucas.ac.cn",
        },
        "student_affairs": {
            "name_zh": "学生处",
            "name_en": "Student Affairs Office",
            "contact": "段秉亚、卢美玉",
            "phone": "13701266891、13439266058",
            "email": "roll@ucas.ac.cn",
        },
        "photo": {
            "name_zh": "学生处（图像采集）",
            "name_en": "Student Affairs Office (photo collection)",
            "contact": "赵怡斐",
            "phone": "010-69671118/88256154",
            "email": "roll@ucas.ac.cn",
        },
        "exam_policy": {
            "name_zh": "自考考籍咨询",
            "name_en": "Self-study Exam Records Advice",
            "phone": "021-35367070",
        },
        "exam_technical": {
            "name_zh": "自考平台技术咨询",
            "name_en": "Self-study Exam Platform Support",
            "phone": "400-0960-900",
        },
    }
}

HOURS_DEMO = [["08:30", "11:30"], ["13:30", "17:00"]]
OFFICES_DEMO: dict[str, Any] = {
    "offices": {name: one | {"hours": HOURS_DEMO} for name, one in OFFICES["offices"].items()},
    "demo": [f"offices.{name}.hours" for name in OFFICES["offices"]],
}

CALENDAR_DEMO: dict[str, Any] = {
    "holidays": [
        "2026-01-01",
        "2026-02-16",
        "2026-02-17",
        "2026-02-18",
        "2026-02-19",
        "2026-02-20",
        "2026-04-06",
        "2026-05-01",
        "2026-06-19",
        "2026-09-25",
        "2026-10-01",
        "2026-10-02",
        "2026-10-05",
        "2026-10-06",
        "2026-10-07",
    ],
    "worked_weekends": [],
    "demo": ["holidays"],
}


# Two hours before a shooting at 08:30 lie inside the quiet hours: a day too late is no reminder (P1).
PHOTO_URGENT = ("photo.remind_hours", "photo.moved")
# A document that should not stand, and keys that must not sign: nobody waits for the morning.
CREDENTIAL_URGENT = ("revocation.propose", "signing.refused", "signing.revoked")
NOTICES: dict[str, Any] = {"urgent": [*PHOTO_URGENT, *CREDENTIAL_URGENT]}
NOTICES_DEMO: dict[str, Any] = {
    "quiet_from": "22:00",
    "quiet_until": "07:30",
    "digest_at": "08:30",
    "gathered": list(IN_THE_DIGEST),
    "urgent": [
        "transcript.pay",
        "transcript.pay_late",
        "payment.received",
        "transcript.issue",
        "transcript.get_stuck",
        "handoff.take",
        "handoff.words",
        "handoff.end",
        "handoff.run_out",
        "transfer_in.remind_hours",  # before an appointment in the morning
        *PHOTO_URGENT,
        *CREDENTIAL_URGENT,
    ],
    "handoff_minutes": 30,
    "handoff_days": 3,
    "demo": [
        "quiet_from",
        "quiet_until",
        "digest_at",
        "gathered",
        "urgent",
        "handoff_minutes",
        "handoff_days",
    ],
}


# No document says who may waive a fee.
WAIVED_BY: dict[str, list[str]] = {
    "transcript": ["finance", "academic_affairs"],
    "exam_graduation": ["finance", "exam_office"],
    "photo_fee": ["finance", "student_affairs"],
}
SECOND_ABOVE_FEN = dict.fromkeys(WAIVED_BY, 3000)
FEES_DEMO: dict[str, Any] = {
    "waived_by": WAIVED_BY,
    "second_above_fen": SECOND_ABOVE_FEN,
    "demo": [
        f"{entry}.{kind}" for kind in WAIVED_BY for entry in ("waived_by", "second_above_fen")
    ],
}


def load(session: Session, institution: str, *, demo: bool, today: date) -> None:
    """The first version of each policy that an institution does not have yet.

    The demo's windows and last days are counted from ``today``.
    """
    known = set(
        session.scalars(
            select(PolicyVersion.name).where(PolicyVersion.institution_id == institution)
        )
    )
    first: dict[str, dict[str, Any]] = {
        "transcript": TRANSCRIPT | (TRANSCRIPT_DEMO if demo else {}),
        "offices": OFFICES_DEMO if demo else OFFICES,
        "calendar": CALENDAR_DEMO if demo else {},
        "exam": exam_first.EXAM | (exam_first.demo(today) if demo else {}),
        "notices": NOTICES_DEMO if demo else NOTICES,
        "photo": with_demo(today) if demo else PHOTO,
        "credential": CREDENTIAL,
        "refund": REFUND | (REFUND_DEMO if demo else {}),
        "fees": FEES_DEMO if demo else {},
        "invoice": INVOICE | (INVOICE_DEMO if demo else {}),
    }
    for name, body in first.items():
        if name in known:
            continue
        session.add(
            PolicyVersion(
                institution_id=institution,
                name=name,
                version=1,
                valid_from=IN_FORCE,
                body=body,
                published_at=datetime(2020, 4, 30, tzinfo=UTC),
                note=NOTES.get(name, "关于启用研究生电子成绩单办理系统的通知"),
            )
        )
    session.flush()
