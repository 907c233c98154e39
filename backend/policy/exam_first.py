"""The first version of the exam's policy: what the manual of May 2020 gives, and the demo's values.

The demo's windows are counted from the day it is loaded, so that it never grows stale.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from backend.clock import SHANGHAI

EXAM: dict[str, Any] = {
    "office_unit": "SHEEA",
    "picture": {"max_bytes": 1_048_576, "formats": ["png", "jpeg"], "most_per_proof": 5},
    "exemption": {
        "most_courses": None,
        "diploma_with": [["registration_record"], ["authentication_report"]],
    },
    "prior_diploma": {
        "split_year": 2002,
        "from_split": "registration_record",
        "before_split": "authentication_report",
        "levels": ["bachelor"],
    },
    "back_entry": {
        "theory_last_month": "2002-12",
        "exemption_last_month": "2019-12",
        "transfer_last_month": "2019-12",
        "picture_required": ["theory", "practice"],
        "before_graduation": True,
    },
    "transfer_in": {"remind_evening_at": "18:00", "remind_hours": 2, "bring": None},
    "hotlines": ["400-0960-990", "400-0960-900"],  # the manual has both (E11)
}

OPENS, CLOSES = time(9), time(16)
WINDOWS = (  # service, opens and closes so many days from the day of loading
    ("exemption", -30, 60),
    ("graduation", -30, 60),
    ("graduation_payment", -5, 40),
    ("back_entry", -30, 60),
    ("transfer_out", -90, -10),
    ("transfer_out", 80, 110),
)

_DEGREE = {
    "way": "degree",
    "needs": [{"type": "diploma"}],
    "with_any": [["registration_record"], ["authentication_report"]],
}
MATRIX = {
    "00015": [  # 英语（二）
        {"way": "cet", "needs": [{"type": "cet", "grade": ["4", "6"], "least_score": 425}]},
        {
            "way": "pets3",
            "needs": [
                {
                    "type": "pets",
                    "grade": ["3", "4", "5"],
                    "paper": ["certificate", "score_notice"],
                }
            ],
        },
        _DEGREE | {"needs": [{"type": "diploma", "level": ["bachelor"]}]},
    ],
    "00012": [  # 英语（一）
        {"way": "pets2", "needs": [{"type": "pets", "grade": ["2", "3", "4", "5"]}]}
    ],
    "03708": [_DEGREE],
    "03709": [_DEGREE],
    "00018": [{"way": "other", "needs": [{"type": "other"}], "reviewer_note": "计算机等级证书"}],
}


def _reason(name: str, zh: str, en: str, rule: str) -> dict[str, str]:
    return {"id": name, "zh": zh, "en": en, "rule": rule}


REASONS = {
    "exemption": [
        _reason(
            "unclear",
            "图片不清楚，请重新拍摄上传",
            "The picture is not clear: please take it again",
            "E5",
        ),
        _reason(
            "not_accepted",
            "这种凭证不能免这门课",
            "This kind of proof does not exempt from this course",
            "E5",
        ),
        _reason(
            "number_differs",
            "填写的编号与凭证不一致",
            "The number given differs from the proof",
            "E5",
        ),
        _reason(
            "second_missing",
            "缺少电子注册备案表或学历认证报告",
            "The registration record or authentication report is missing",
            "E5",
        ),
        _reason(
            "not_own",
            "凭证上的姓名与考生不一致",
            "The name on the proof is not the candidate's",
            "E5",
        ),
        _reason(
            "sideways",
            "图片中的文字没有朝上",
            "The text in the picture is not upright",
            "E5",
        ),
    ],
    "graduation": [
        _reason(
            "gap",
            "课程未合格，情况说明不成立",
            "A course is not passed, and the explanation does not hold",
            "E6",
        ),
        _reason("prior", "前置学历凭证不符", "The proof of the earlier diploma does not fit", "E6"),
        _reason("appraisal", "自我鉴定不符合要求", "The self-appraisal is not as required", "E6"),
        _reason("data", "个人信息有误", "The personal data are wrong", "E6"),
    ],
    "transfer_out": [
        _reason("ticket", "转入准考证号不对", "The ticket number there is wrong", "E8"),
        _reason("major", "转入专业不对", "The major there is wrong", "E8"),
        _reason("score", "所选成绩不能转出", "A chosen score cannot leave", "E8"),
    ],
    "back_entry": [
        _reason("limit", "不在可以补登的期限内", "Not within the period that may be entered", "E9"),
        _reason("proof", "材料不能证明这项成绩", "The material does not prove this result", "E9"),
    ],
}


def demo(today: date) -> dict[str, Any]:
    """What the documents do not give, with windows around ``today``; all of it is marked."""
    made_up: dict[str, Any] = {
        "windows": [window(today, *one) for one in WINDOWS],
        "graduation": {
            "appraisal": {"least": 200, "most": 800},
            "review_fee_fen": 2000,
            "order_hours": 72,
        },
        "matrix": MATRIX,
        "review": {
            "second_look": "findings",
            "remind_after_days": 3,
            "escalate_after_days": 7,
            "hold_minutes": 15,
        },
        "originals_days": 180,
        "reasons": REASONS,
    }
    return made_up | {"demo": list(made_up)}


def window(today: date, service: str, opens: int, closes: int) -> dict[str, str]:
    """``2026年4月考次`` is the session before which the window closes: April's or October's."""
    last = today + timedelta(days=closes)
    year, month = session_after(last)
    return {
        "service": service,
        "session": f"{year}年{month}月考次",
        "opens_at": datetime.combine(today + timedelta(days=opens), OPENS, SHANGHAI).isoformat(),
        "closes_at": datetime.combine(last, CLOSES, SHANGHAI).isoformat(),
    }


def session_after(day: date) -> tuple[int, int]:
    """Year and month of the first session, in April or October, that is not over by ``day``."""
    if day.month <= 4:
        return day.year, 4
    return (day.year, 10) if day.month <= 10 else (day.year + 1, 4)
