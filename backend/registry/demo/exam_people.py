"""Candidates of nobody's: one for every branch of the rules E1 to E9, always the same.

Their numbers are K and eight digits, their tickets begin with 99, which no ticket does. Sessions are
counted back from the day of loading, so that the latest one is always the last one that was held.
"""

from dataclasses import dataclass, replace
from datetime import date

from backend.registry.demo.exam import BACHELOR, COLLEGE, MAJORS, PLANS


@dataclass(frozen=True, slots=True)
class DemoScore:
    """``ago`` is how many sessions back; ``score`` of None with a remark is none at all."""

    course: str
    ago: int
    score: int | None
    kind: str = "theory"
    remark: str = ""
    month: str = ""  # of a pass before there were sessions here, instead of ``ago``


@dataclass(frozen=True, slots=True)
class DemoTicket:
    number: str
    major: str | None
    scores: tuple[DemoScore, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class DemoTransfer:
    """Scores on their way here (E7). ``days`` is when the appointment is, from the day of loading."""

    number: str
    ticket: str
    from_province: str
    from_ticket: str
    state: str
    courses: tuple[tuple[str, int, str], ...]  # code, score, month
    days: int | None = None
    reason: str = ""  # of a rejection


@dataclass(frozen=True, slots=True)
class DemoCandidate:
    case: str
    number: str
    name: str
    name_en: str
    born: date
    tickets: tuple[DemoTicket, ...]
    language: str = "zh"
    gender: str = "female"
    transfers: tuple[DemoTransfer, ...] = ()


PLACE = "演示大学甲 1 号楼 101 室"


def everything(major: str, *, but: tuple[str, ...] = ()) -> tuple[DemoScore, ...]:
    """Every course of the plan, passed over the last sessions; of a choice the first."""
    plan = next(one for one in MAJORS if one.code == major)
    lines = (*plan.required, *plan.choice[:1], *plan.others)
    scores = []
    for place, line in enumerate(lines):
        code, _, kind = line.partition("/")
        if code not in but:
            score = 60 + (int(code) * 7 + place) % 35
            scores.append(DemoScore(code, 1 + place // 3, score, kind or "theory"))
    return tuple(scores)


def some(*lines: str) -> tuple[DemoScore, ...]:
    """``00316:71@1``: course, score (or 缺考, 违纪) and how many sessions ago; ``/practice``."""
    scores = []
    for line in lines:
        course, _, rest = line.partition(":")
        code, _, kind = course.partition("/")
        result, _, ago = rest.partition("@")
        remark = {"缺考": "absent", "违纪": "violation"}.get(result, "")
        score = None if remark else int(result)
        month = ago if "-" in ago else ""
        scores.append(
            DemoScore(code, 0 if month else int(ago), score, kind or "theory", remark, month)
        )
    return tuple(scores)


def candidate(
    serial: int, case: str, name: str, name_en: str, born: int, *tickets: DemoTicket
) -> DemoCandidate:
    gender = "female" if serial % 2 else "male"
    day = date(born, serial % 12 + 1, serial % 28 + 1)
    return DemoCandidate(case, person_number(serial), name, name_en, day, tickets, gender=gender)


def person_number(serial: int) -> str:
    return f"K{90000000 + serial:08d}"


def ticket(
    serial: int,
    scores: tuple[DemoScore, ...] = (),
    major: str | None = BACHELOR,
    *,
    active: bool = True,
    second: bool = False,
) -> DemoTicket:
    return DemoTicket(f"99{serial:05d}{'2' if second else '1':0>5}", major, scores, active)


PLAIN = some(
    "00316:71@1", "00318:55@1", "00015:缺考@1", "00320:66@2", "00320:48@3", "01848:77@3",
    "00315:80@3", "00319:62@4", "03709:74@4", "03708:68@5",
)  # fmt: skip
HALF = some("00316:64@1", "00318:70@1", "03708:72@2", "03709:61@2", "00315:83@3", "00034:58@3")

COLLEGE_HALF = some("00002:71@2", "00005:66@2", "00058:80@3", "00277:64@3")
# Whose cases are under way, all at the second university (exam_waiting_cases.py)
WAITING = (
    (25, "k_several", "纪晓棠", "JI Xiaotang", COLLEGE_HALF),
    (26, "k_filed", "卢知夏", "LU Zhixia", everything(COLLEGE)),
    (27, "k_sent_back", "莫凌云", "MO Lingyun", everything(COLLEGE)),
    (28, "k_awaiting_fee", "蓝亦舟", "LAN Yizhou", everything(COLLEGE)),
    (29, "k_leaving", "顾怀瑾", "GU Huaijin", COLLEGE_HALF),
    (30, "k_stays", "费若水", "FEI Ruoshui", COLLEGE_HALF),
    (31, "k_entry_waits", "祁慕白", "QI Mubai", COLLEGE_HALF),
)
COMING = (
    (32, "k_transfer_in_reviewing", "尤婉清", "YOU Wanqing", "reviewing", None, ""),
    (33, "k_transfer_in_confirmed", "聂子墨", "NIE Zimo", "confirmed", -3, ""),
    (34, "k_transfer_in_rejected", "冉星河", "RAN Xinghe", "rejected", None, "原省未确认这项成绩"),
)

CANDIDATES = (
    candidate(1, "k_plain", "温若溪", "WEN Ruoxi", 1996, ticket(1, PLAIN)),
    candidate(
        2,
        "k_two_tickets",
        "柏景行",
        "BAI Jingxing",
        1993,
        ticket(2, some("00316:69@1", "03708:81@2", "00034:90@3")),
        ticket(2, some("00012:75@2", "00005:58@2", "00058:88@3"), COLLEGE, second=True),
    ),
    candidate(3, "k_inactive", "邢书瑶", "XING Shuyao", 1980, ticket(3, (), active=False)),
    candidate(4, "k_pending", "施知行", "SHI Zhixing", 1997, ticket(4, HALF)),
    candidate(5, "k_rejected", "龚令仪", "GONG Lingyi", 1995, ticket(5, HALF)),
    candidate(6, "k_approved", "汤卓然", "TANG Zhuoran", 1994, ticket(6, HALF)),
    candidate(7, "k_second", "严望舒", "YAN Wangshu", 1998, ticket(7, HALF)),
    candidate(8, "k_ready", "方嘉树", "FANG Jiashu", 1986, ticket(8, everything(BACHELOR))),
    candidate(
        9, "k_gap", "孟清扬", "MENG Qingyang", 1988, ticket(9, everything(BACHELOR, but=("01848",)))
    ),
    candidate(
        10, "k_college", "易乐天", "YI Letian", 1999, ticket(10, everything(COLLEGE), COLLEGE)
    ),
    candidate(11, "k_2001", "钟安琪", "ZHONG Anqi", 1979, ticket(11, everything(BACHELOR))),
    candidate(12, "k_2002", "丁守拙", "DING Shouzhuo", 1980, ticket(12, everything(BACHELOR))),
    candidate(13, "k_payable", "任一诺", "REN Yinuo", 1989, ticket(13, everything(BACHELOR))),
    candidate(14, "k_paid", "白宇轩", "BAI Yuxuan", 1990, ticket(14, everything(BACHELOR))),
    candidate(15, "k_no_fee", "石诗涵", "SHI Shihan", 1991, ticket(15, everything(BACHELOR))),
    replace(
        candidate(16, "k_transfer_in_invited", "侯俊杰", "HOU Junjie", 1992, ticket(16, HALF)),
        transfers=(
            DemoTransfer(
                "W200101-0001",
                ticket(16).number,
                "江苏",
                "990000160001",
                "invited",
                (("00319", 71, "2023-10"), ("00320", 66, "2024-04")),
                10,
            ),
        ),
    ),
    replace(
        candidate(17, "k_transfer_in_missed", "姚子涵", "YAO Zihan", 1993, ticket(17, HALF)),
        transfers=(
            DemoTransfer(
                "W200101-0002",
                ticket(17).number,
                "浙江",
                "990000170001",
                "missed",
                (("00923", 63, "2022-10"),),
                -6,
            ),
        ),
    ),
    replace(
        candidate(18, "k_transfer_in_accepted", "熊梦洁", "XIONG Mengjie", 1994, ticket(18, HALF)),
        transfers=(
            DemoTransfer(
                "W200101-0003",
                ticket(18).number,
                "安徽",
                "990000180001",
                "accepted",
                (("00319", 78, "2021-04"), ("01848", 85, "2021-10")),
                -40,
            ),
        ),
    ),
    candidate(
        19,
        "k_left",
        "秦晓雯",
        "QIN Xiaowen",
        1984,
        ticket(19, (*HALF, *some("00015:60@2010-12", "00015:75@2019-06", "00277:65@2010-06"))),
    ),
    candidate(20, "k_backentry", "史思源", "SHI Siyuan", 1978, ticket(20, HALF)),
    candidate(
        21,
        "k_closed",
        "贾天翔",
        "JIA Tianxiang",
        1996,
        ticket(21, some("00012:71@2", "00277:64@3"), COLLEGE),
    ),
    replace(
        candidate(
            22,
            "k_english",
            "常安琪",
            "CHANG Anqi",
            1997,
            ticket(22, some("00316:82@1", "00318:41@1", "03708:77@2")),
        ),
        language="en",
    ),
    # 没有专业的准考证：由自考办自己审核
    candidate(23, "k_no_major", "谭佳怡", "TAN Jiayi", 2001, ticket(23, (), None)),
    *(
        candidate(serial, case, name, name_en, 1985 + serial % 10, ticket(serial, had, COLLEGE))
        for serial, case, name, name_en, had in WAITING
    ),
    *(
        replace(
            candidate(serial, case, name, name_en, 1992, ticket(serial, COLLEGE_HALF, COLLEGE)),
            transfers=(
                DemoTransfer(
                    f"W200101-{serial - 28:04}",
                    ticket(serial).number,
                    "福建",
                    f"9900{serial:04}0001",
                    state,
                    (("00146", 69, "2023-04"),),
                    days,
                    reason,
                ),
            ),
        )
        for serial, case, name, name_en, state, days, reason in COMING
    ),
)
REVIEWER_AND_CANDIDATE = "S00602"
REVIEWERS_TICKET = ticket(24, everything(BACHELOR))

PLANNED = frozenset(line for lines in PLANS.values() for line in lines)


def sessions(today: date, count: int) -> list[str]:
    """The months of the last sessions held before ``today``'s month, newest first: April, October."""
    year, month = today.year, today.month
    found: list[str] = []
    while len(found) < count:
        for held in (10, 4):
            if (year, held) < (today.year, month):
                found.append(f"{year}-{held:02d}")
        year -= 1
    return found[:count]
