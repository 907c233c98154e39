"""The verdict on a file in one glance: a tone, a word and a sentence, for chat and page alike.

Read from the report as it is kept (``backend.verification.report.Report.to_json``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.clock import local_date
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, listed
from dialogs.revocations.revoked import why_words

Report = Mapping[str, Any]

MARKS = {"good": "✓", "bad": "✗", "warn": "！", "plain": "！"}
NOT_OURS = ("foreign", "other_institution")
NO_PROOF = ("empty", "too_large", "not_pdf", "unreadable")  # a wrong file, which is no forged one
NOT_ON_RECORD = ("unknown_code", "qr_unknown_code")
ADVISED = ("resaved", "truncated", "foreign_qr")  # they say themselves what to do now
DO_NOT_RELY = _("请不要采信；可以请对方提供下载时的 PDF 原件。")
ADVICE = {
    "foreign": _("请不要采信。"),
    "other_institution": _("要核实，请找签名的机构。"),
    **dict.fromkeys(
        NO_PROOF,
        _("请发下载时的 PDF 原件；拍下的二维码请用 JPG 或 PNG。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """``tone`` is "good" (green), "warn", "bad" or "plain"; ``icon`` a symbol of the pages."""

    tone: str
    icon: str
    title: Words
    text: Speech

    def in_a_line(self) -> Words:
        """For a message, where there is no colour."""
        return _("{mark} {title}。{text}", mark=MARKS[self.tone], title=self.title, text=self.text)


# Where only a code was asked for: what the record says, to be compared with the paper at hand.
BY_CODE = {
    "issued": Headline(
        "good",
        "tick",
        _("真实有效"),
        _("本校签发了这份文件，目前有效。请核对下列内容与您手中的文件一致。"),
    ),
    "superseded": Headline(
        "warn",
        "renew",
        _("已被新文件取代"),
        _("这份文件曾由本校签发，但已有更新的版本，请以新文件为准。"),
    ),
    "revoked": Headline(
        "bad",
        "close",
        _("已作废"),
        _("这份文件曾由本校签发，但已作废，不应再使用。"),
    ),
    "unknown": Headline(
        "warn",
        "question",
        _("暂时无法判断"),
        _("现在无法确认这份文件的状态，请稍后再试。这不表示文件是假的，也不表示它有效。"),
    ),
    "": Headline(
        "bad",
        "question",
        _("查无此文件"),
        _("没有与此验证码对应的文件。请核对验证码；若无误，请勿采信该文件。"),
    ),
}


def code_headline(report: Report) -> Headline:
    return BY_CODE[report["status"]["state"] if report["status"] else ""]


def headline(report: Report) -> Headline:
    match report["verdict"]:
        case "genuine":
            return Headline(
                "good",
                "tick",
                _("真实有效"),
                _("这就是本校签发的那份文件，一个字节都没有变，现在有效。"),
            )
        case "superseded":
            return Headline("warn", "renew", _("已被新文件取代"), _superseded(report))
        case "revoked":
            return Headline("bad", "close", _("已作废"), _revoked(report))
        case "record_only":
            return Headline(
                "plain",
                "question",
                _("记录属实，图片无法核验"),
                _(
                    "图上二维码对应的文件由本校签发，现在有效。图片可以被改动：请和下面的内容逐项核对，"
                    "最好请对方提供 PDF 原件再核验。"
                ),
            )
        case "unknown":
            return _undecided(report)
    return _refused(report)


def _superseded(report: Report) -> Words:
    day = _since(report)
    if _as_issued(report):
        return _(
            "这是本校签发的文件，没有被改动；但 {day} 起由新文件代替，请以新文件为准。", day=day
        )
    return _("二维码对应的文件曾由本校签发，{day} 起由新文件代替，请以新文件为准。", day=day)


def _revoked(report: Report) -> Words:
    day, why = _since(report), why_words(report["status"]["why"])
    if _as_issued(report):
        return _(
            "这是本校签发的文件，没有被改动；但 {day} 起已经作废，请不要再使用。理由：{why}。",
            day=day,
            why=why,
        )
    return _("二维码对应的文件 {day} 起已经作废，请不要再使用。理由：{why}。", day=day, why=why)


def _undecided(report: Report) -> Headline:
    match report["reasons"][0]["code"]:
        case "no_qr":
            title = _("没有读到二维码")
            text = _(
                "请让二维码占画面一半以上、不反光，再拍一张；截图上没有二维码的，请发 PDF 原件。"
            )
        case "several_qr":
            title, text = _("不止一个二维码"), _("请一次拍一个。")
        case _other:
            return Headline("warn", "question", _("暂时无法判断"), first_reason(report))
    return Headline("warn", "question", title, text)


def _refused(report: Report) -> Headline:
    code = report["reasons"][0]["code"]
    text: Speech = first_reason(report)
    if code not in ADVISED:
        text = Joined((text, ADVICE.get(code, DO_NOT_RELY)))
    if code in (*NO_PROOF, "truncated"):
        return Headline("warn", "question", _("这个文件核验不了"), text)
    title = _("不能认定为真")
    if code in NOT_OURS:
        title = _("不是本校签发的")
    elif code == "foreign_qr":
        title = _("不是本校的二维码")
    elif code in NOT_ON_RECORD:
        title = _("查无此文件")
    return Headline("bad", "close", title, text)


def first_reason(report: Report) -> Bilingual:
    return said(report["reasons"][0])


def said(part: Mapping[str, Any]) -> Bilingual:
    """What the judge says in both languages."""
    return Bilingual(part["zh"], part["en"])


def further_reasons(report: Report) -> list[Bilingual]:
    """What else speaks against it, after the first."""
    file = report["file"]
    prefix = bool(file and file["begins_as_issued"] and not file["as_issued"])
    understood = ("picture_only", "differs_from_issued") if prefix else ("picture_only",)
    reasons = [said(one) for one in report["reasons"][1:] if one["code"] not in understood]
    if prefix:
        reasons.append(
            Bilingual(
                *(
                    _("前面 {size} 字节与签发时完全一致。", size=f"{file['covered']:,}").into(one)
                    for one in ("zh", "en")
                )
            )
        )
    return reasons


def _as_issued(report: Report) -> bool:
    return bool(report["file"] and report["file"]["as_issued"])


def _since(report: Report) -> str:
    return local_date(moment(report["status"]["since"])).isoformat()


def moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored)


def added(report: Report) -> Speech | None:
    """What was added after it was issued, by kind."""
    file = report["file"]
    additions = [said(one) for one in file["added"]] if file else []
    return listed(*additions) if additions else None
