"""All that a verdict rests on, as rows with a name and a value: for the page, and a card in the chat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.clock import local_text
from backend.documents.facts import Coverage, Language
from backend.documents.facts import Gpa as WithGpa
from backend.documents.words import gpa_in_words, grouped
from backend.offers import Kind
from dialogs.engine.words import Joined, Speech, Words, _, plain
from dialogs.revocations.revoked import why_words
from dialogs.titles import COVERAGES, kind_title
from dialogs.verification.verdict_words import Report, added, moment, said

Row = tuple[Words, Speech]
DOWNLOAD_OVER = _("网上下载期已过；这不影响文件的效力。")
STATES = {"issued": _("有效"), "superseded": _("已被新文件取代"), "revoked": _("已作废")}
REVOCATION = {"good": _("没有吊销"), "revoked": _("已吊销"), "unknown": _("没有可查的吊销信息")}
SOURCES = {
    "ocsp": _("证书机构的答复（OCSP）"),
    "crl": _("证书机构的吊销列表（CRL）"),
    "record": _("本校的签发记录"),
}
WHO_SAYS_WHEN = {
    "time_stamp": _("时间戳为证"),
    "record": _("签发记录为证"),
    "claimed": _("签名者所写"),
}
ATTACHMENT = {
    "equal": _("与页面一致"),
    "differs": _("与页面不一致"),
    "none": _("没有随附数据"),
}
CHECKED = {"ok": "✓", "warn": "！", "fail": "✗", "skipped": "–"}


@dataclass(frozen=True, slots=True)
class Part:
    """``folded``: for whoever wants to know exactly."""

    title: Words
    rows: list[Row]
    folded: bool = False


def parts(report: Report) -> list[Part]:
    """In the order they are shown; a part of which nothing is known is left out."""
    itself = report["verdict"] in ("genuine", "superseded", "revoked")
    failed = any(one["state"] == "fail" for one in report["checks"])
    every = (
        Part(
            _("这份文件") if itself else _("签发记录里的那一份"),
            [*document(report), *status(report)],
        ),
        Part(_("发来的文件"), list(file(report))),
        Part(_("签名"), [*signature(report), *stamps(report), *revocation(report)]),
        Part(_("证书"), list(certificates(report)), folded=True),
        Part(_("检查过的各项"), list(checks(report)), folded=not failed),
    )
    return [one for one in every if one.rows]


def summary(report: Report) -> list[Row]:
    """Enough for whoever looks once, and no more than fits a phone below the verdict. Where a picture or
    a code is compared with paper, what the paper says in sum."""
    compared = report["file"] is None or report["verdict"] == "record_only"
    left_out = (NUMBER, CODE) if compared else (NUMBER, CODE, COURSES, GPA)
    rows = [row for row in document(report) if row[0] not in left_out]
    rows += status(report)
    rows += [row for row in signature(report) if row[0] == SIGNER]
    rows += [row for row in file(report) if row[0] in (COVERS, ADDED)]
    return rows


def details(report: Report) -> list[Row]:
    """What the summary leaves out."""
    shown = summary(report)
    return [row for part in parts(report) for row in part.rows if row not in shown]


# --- what is on record -----------------------------------------------------------------------------


NUMBER, CODE, COURSES, GPA = _("编号"), _("验证码"), _("课程"), _("GPA")


def document(report: Report) -> Iterator[Row]:
    found = report["document"]
    if found is None:
        return
    yield _("持有人"), plain(found["holder"])
    yield _("文件种类"), kind_of(found["language"], found["gpa"], found["coverage"])
    yield _("签发日期"), plain(found["issued_on"])
    if totals := found["totals"]:
        yield (
            COURSES,
            _("{count} 门，{credits} 学分", count=totals["courses"], credits=totals["credits"]),
        )
        if totals["gpa"]:
            yield GPA, plain(gpa_in_words(totals["gpa"], totals["scale"]))
    yield NUMBER, plain(found["number"])
    yield CODE, plain(grouped(found["code"]))


def kind_of(language: str, gpa: str, coverage: str) -> Words:
    return _(
        "电子成绩单（{kind}；{coverage}）",
        kind=kind_title(Kind(Language(language), WithGpa(gpa))),
        coverage=COVERAGES[Coverage(coverage)],
    )


def status(report: Report) -> Iterator[Row]:
    found = report["status"]
    if found is None:
        return
    ended = found["state"] != "issued"
    day = local_text(moment(found["since"])).split()[0]
    state = STATES[found["state"]]
    refused = report["file"] is not None and report["verdict"] in ("not_genuine", "unknown")
    name = _("签发记录的状态") if refused else _("现在的状态")
    yield name, _("{state}（{day}）", state=state, day=day) if ended else state
    if found["why"]:
        yield _("作废理由"), why_words(found["why"])
    if not ended and not found["downloadable"]:
        yield _("说明"), DOWNLOAD_OVER


# --- what was sent -----------------------------------------------------------------------------------

BYTES, COVERS, ADDED = _("和签发时比"), _("签名覆盖"), _("签发后加上的")
SIGNER, SIGNED = _("签名者"), _("签名时间")
SAME = _("完全一致，一个字节都没有变")


def file(report: Report) -> Iterator[Row]:
    found = report["file"]
    if found is None:
        return
    if found["as_issued"] is not None and report["signature"]:
        yield BYTES, SAME if found["as_issued"] else _("不一致")
    if found["covered"] is not None:
        whole = found["covered"] == found["size"]
        covered, size = f"{found['covered']:,}", f"{found['size']:,}"
        part = _("前 {covered} 字节（共 {size} 字节）", covered=covered, size=size)
        yield COVERS, _("整个文件") if whole else part
    if (more := added(report)) is not None:
        yield ADDED, more
    if found["pages"]:
        yield _("页数"), plain(str(found["pages"]))
    yield _("大小"), _("{size} 字节", size=f"{found['size']:,}")
    yield _("SHA-256"), plain(found["sha256"])
    if found["level"]:
        yield _("签名级别"), plain(f"PAdES {found['level']}")
    if data := report["data"]:
        yield _("随附的数据"), ATTACHMENT[data["attachment"]]


def signature(report: Report) -> Iterator[Row]:
    found = report["signature"]
    if found is None:
        return
    yield SIGNER, _names(found["signer"], found["organization"])
    if found["signed_at"]:
        who = WHO_SAYS_WHEN[found["source"]]
        yield SIGNED, _("{at}（{who}）", at=_at(found["signed_at"]), who=who)
    yield _("算法"), plain(found["algorithm"])
    nothing = found["permits"] == "no_changes"
    yield _("允许的修改"), _("一概不许") if nothing else _("允许一部分")
    yield _("页上的印章"), _("有，就是签名") if found["appearance"] else _("没有")


def _names(*names: str) -> Words:
    return plain(" · ".join(dict.fromkeys(one for one in names if one)))


def stamps(report: Report) -> Iterator[Row]:
    for name, stamp in ((_("时间戳"), "time_stamp"), (_("归档时间戳"), "archive_stamp")):
        if found := report[stamp]:
            yield (
                name,
                _(
                    "{at}，{authority}，{valid}",
                    at=_at(found["at"]),
                    authority=found["authority"],
                    valid=_("有效") if found["valid"] else _("无效"),
                ),
            )
    if report["signature"] and not report["time_stamp"]:
        yield _("时间戳"), _("没有")


def revocation(report: Report) -> Iterator[Row]:
    found = report["revocation"]
    if found is None:
        return
    then = REVOCATION[found["at_signing"]]
    source = SOURCES.get(found["source"])
    yield (
        _("证书（签名时）"),
        _("{state}（{source}）", state=then, source=source) if source else then,
    )
    now = REVOCATION[found["now"]]
    checked = found["checked_at"]
    yield (
        _("证书（现在）"),
        _("{state}（{at} 查询）", state=now, at=_at(checked)) if checked else now,
    )


def certificates(report: Report) -> Iterator[Row]:
    for place, one in enumerate(report["certificates"]):
        yield _("签名证书") if not place else _("上级证书"), plain(one["subject"])
        yield _("颁发者"), plain(one["issuer"])
        first, last = (_at(one[end]).split()[0] for end in ("not_before", "not_after"))
        yield _("证书有效期"), _("{first} 到 {last}", first=first, last=last)
        yield _("序列号"), plain(one["serial"])
        yield _("指纹"), plain(one["fingerprint"])
        if one["own"]:
            yield _("说明"), _("登记在册的本校证书")


def checks(report: Report) -> Iterator[Row]:
    for one in report["checks"]:
        yield plain(CHECKED[one["state"]]), said(one)


def _at(stored: str) -> str:
    return local_text(moment(stored))


def both(speech: Speech) -> Mapping[str, str]:
    """For pages, which say everything in both languages; ``en`` is "" where it is the same."""
    zh, en = speech.into("zh"), speech.into("en")
    return {"zh": zh, "en": "" if en == zh else en}


def shown(part: Part) -> dict[str, Any]:
    return {
        "title": both(part.title),
        "folded": part.folded,
        "rows": [{"name": both(name), "value": both(value)} for name, value in part.rows],
    }


def card_rows(report: Report) -> list[Row]:
    """Of the whole report in a chat, where a card has no headings: of what was checked only what is not
    simply right has a row of its own."""
    checked = list(checks(report))
    rows = [row for row in details(report) if row not in checked]
    if passed := sum(one["state"] == "ok" for one in report["checks"]):
        rows.append((_("检查"), _("✓ 通过 {n} 项", n=passed)))
    rows += [
        (_("检查"), Joined((mark, what), " ", " "))
        for (mark, what), one in zip(checked, report["checks"], strict=True)
        if one["state"] != "ok"
    ]
    return rows
