"""The README's tour is a conversation that is played as a test, and promises nothing more."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
TOUR = (ROOT / "tests/conversations/tour.md").read_text()
SCRIPTS = [path.read_text() for path in sorted((ROOT / "tests/conversations").glob("*.md"))]

# What the tour says in its own words, and how the conversation shows it.
PROMISES = {
    "what she may have": r"student < 您可以办电子成绩单：北京集中教学阶段、集中教学和所级教学合在一起。",
    "four kinds with the free copies left": r"【四种成绩单和费用（T2）(.*?还有 1 份免费){4}",
    "and one question": r"student < [^？]+？ \[[^？]+$",
    "language and GPA were already said": r"\A(?!.*(中文的还是英文的|带 GPA 吗))",
    "the price": r"每份 5.00 元。",
    "the very words of the notice it rests on": r"原文：“.*每份需缴费 5元。”（《.*》，2020年4月30日，T2）",
    "and then the open question again": r"我们接着办：申请成绩单。\nstudent < 申请理由是什么？",
    "and the real page, watermarked": r"任务 draw_preview\n.*（图 1 张）",
    "and a new preview": r"任务 draw_preview\n.*这是成绩单预览.*（图 1 张）\n.*种类：中文",
    "and on the right the officer is asked, with all the facts": (
        r"officer < 有一份成绩单申请等您审批。 【成绩单申请 T\d{6}-\d{4}"
        r"｜学生：.*；入学：.*；单位：.*；种类：.*；范围：.*；理由：.*；提交时间：.*】 \[同意\]"
    ),
    "one press decides": r"^  · T\d{6}-\d{4} approve: waiting → approved，officer$",
    "on the left": r"^student < .*已通过审批",
    "the order": r"【电子成绩单订单｜申请：T\d{6}-\d{4}；",
    "free for the first copy of each kind": r"费用：免费】",
    "a few seconds later the signed PDF in the chat": r"任务 issue_transcript\n.*《电子成绩单-T.*\.pdf》",
    "and a way to verify it": r"\[验证真伪 ↗\]",
    "that it is settled, with nobody any more": r"已办好，可以下载。.*当前办理人：无，已经办结；",
    "since when": r"办结时间：\d{4}年\d+月\d+日 \d\d:\d\d",
    "and until when it can be downloaded": r"下载截止：\d{4}年\d+月\d+日 23:59",
}
SPLIT = re.compile(r"\s*(?:[:;—]|, (?!watermarked|with ))\s*")


def rows() -> list[tuple[str, str, str]]:
    """Who, what they type or press, and what they are said to see."""
    return re.findall(r"^\| (student|officer) \| `(.+?)` \| (.+) \|$", README, re.M)


def steps() -> list[tuple[str, str, str]]:
    """Who, what they typed or pressed, and everything that came of it until the next step."""
    parts = re.split(r"^(\S+) > (.+)\n", TOUR, flags=re.M)[1:]
    return list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))


def promised(seen: str) -> tuple[list[str], list[str]]:
    """The words that are quoted, and the promises in words of the README's own."""
    quotes = re.findall(r"`(.+?)`", seen)
    rest = re.sub(r"`.+?`", "", seen)
    return quotes, [part.strip() for part in SPLIT.split(rest) if part.strip()]


def test_the_tour_of_the_readme_is_what_really_happens() -> None:
    assert [row[:2] for row in rows()] == [step[:2] for step in steps()]


@pytest.mark.parametrize("place", range(len(rows())))
def test_a_step_of_the_tour_shows_all_that_is_promised_of_it(place: int) -> None:
    _who, _what, seen = rows()[place]
    answer = steps()[place][2]
    quotes, own_words = promised(seen)
    for quote in quotes:
        assert quote.removesuffix("…") in answer, quote
    for promise in own_words:
        assert promise in PROMISES, f"nothing tells how this is shown: {promise}"
        assert re.search(PROMISES[promise], answer, re.MULTILINE), promise


def test_nothing_is_left_of_promises_that_the_tour_does_not_make_any_more() -> None:
    made = {promise for _who, _what, seen in rows() for promise in promised(seen)[1]}
    assert made == set(PROMISES)


def test_what_the_readme_says_to_try_next_is_tried_in_some_script() -> None:
    told = README.partition("Then try ")[2].partition("\n\n")[0]
    words = [one for one in re.findall(r"`(.+?)`", told) if not one.startswith(("/", "REGISTRAR_"))]
    assert words
    for one in [*words, "English please"]:
        said = re.compile(rf"^\S+ > {re.escape(one)}$", re.MULTILINE)
        shown = f"[{one} ↗]"
        assert any(said.search(script) or shown in script for script in SCRIPTS), one
