"""What staff send is read, whatever its format, and a file that means harm is refused in time."""

import pytest

from backend.publications.heading import heading
from backend.publications.limits import MOST_BYTES, MOST_CHARACTERS, Unreadable
from backend.publications.reading import read, read_apart
from backend.publications.splitting import split
from tests.publications import making
from tests.publications.making import NOTICE


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (NOTICE.encode(), "通知.txt"),
        (NOTICE.encode("utf-8-sig"), "通知.txt"),
        (NOTICE.encode("gb18030"), "通知.txt"),
        (NOTICE.encode("utf-16"), "通知.txt"),
        (NOTICE.replace("\n", "\r\n").encode(), "通知"),
        (making.docx(), "通知.docx"),
        (making.docx(), "叫错名字.pdf"),
        (making.pdf(numbered=False), "通知.pdf"),
    ],
)
def test_a_notice_says_the_same_in_every_format(data: bytes, name: str) -> None:
    assert squeezed(read(data, name)) == squeezed(NOTICE)


def test_marks_of_markdown_are_no_words_of_the_notice() -> None:
    text = "# 关于收费的通知\n\n一、收费\n\n- 每份 **8 元**。\n\n| 单位 | 日期 |\n|---|---|\n| 化学所 | 4月8日 |\n"
    assert read(text.encode(), "通知.md").split() == (
        ["关于收费的通知", "一、收费", "每份", "8", "元。", "单位", "日期", "化学所", "4月8日"]
    )


def test_what_is_deleted_or_hidden_in_word_is_not_published() -> None:
    extra = (
        "<w:p><w:del><w:r><w:delText>旧价五元。</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部备注。</w:t></w:r>"
        "<w:ins><w:r><w:t>新价八元。</w:t></w:r></w:ins></w:p>"
    )
    text = read(making.docx(extra=extra))
    assert "新价八元。" in text
    assert "旧价五元" not in text
    assert "内部备注" not in text


def test_a_table_within_a_table_is_read_once_and_no_cell_is_lost() -> None:
    def cell(words: str, inner: str = "") -> str:
        return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p>{inner}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell('化学所')}{cell('4月8日')}</w:tr></w:tbl>"
    control = f"<w:sdt><w:sdtContent>{cell('玉泉路')}</w:sdtContent></w:sdt>"
    outer = f"<w:tbl><w:tr>{cell('安排', inner)}{control}</w:tr></w:tbl>"
    lines = read(making.docx("关于安排的通知", extra=outer)).split("\n")
    assert lines == ["关于安排的通知", "安排\t玉泉路", "化学所\t4月8日"]


def test_control_characters_and_radicals_of_fonts_are_put_right() -> None:
    assert read("一、收\u200b费\x07标准\u202e\n⼀、⽇期".encode()) == "一、收费标准\n一、日期"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (making.docx(""), "empty"),
        (bytes(range(256)) * 20, "not_text"),
        ("乱码".encode() + bytes(range(128, 255)) * 40, "not_text"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "scanned"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "old_word"),
        (b"%PDF-1.7\nnothing of the kind", "damaged"),
        (making.pdf()[:900], "damaged"),
        (making.pages_without_words(), "scanned"),
        (b"PK\x03\x04 is no archive", "damaged"),
        (making.archive({"a.txt": b"no document"}), "not_a_document"),
        (making.archive({"word/document.xml": b"<w:document"}), "damaged"),
        (making.docx(head=making.entities(), extra="<w:p>&i;</w:p>"), "damaged"),
        (
            making.docx(
                head='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
                extra="<w:p>&f;</w:p>",
            ),
            "damaged",
        ),
        (("很长。" * MOST_CHARACTERS).encode(), "too_long"),
        (b"a" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data, "通知.txt")
    assert refused.value.code == code


def test_an_archive_that_unpacks_to_more_than_any_notice_is_refused() -> None:
    bomb = making.bomb()
    assert len(bomb) < MOST_BYTES
    with pytest.raises(Unreadable) as refused:
        read(bomb, "通知.docx")
    assert refused.value.code == "too_large"


def test_reading_happens_apart_and_comes_back_whole() -> None:
    found = read_apart(NOTICE.encode(), "通知.txt")
    assert found.text == NOTICE.strip("\ufeff")
    assert found.heading == heading(found.text)
    assert list(found.parts) == split(found.text, found.heading)
    assert read_apart(b"", "通知.txt").refused == "empty"
    assert read_apart(b"a" * (MOST_BYTES + 1)).refused == "too_large"


def test_a_file_that_takes_for_ever_is_given_up() -> None:
    assert read_apart(NOTICE.encode(), seconds=0.0).refused == "damaged"


MANY = 60_000


@pytest.mark.parametrize(
    "hostile",
    [
        f"自2020年1月1日{' ' * MANY}施",
        f"中国科学院大学教字〔2020〕{' ' * MANY}号",
        "." * MANY + "某",
        f"附件{' ' * MANY}一{' ' * MANY}某，某",
        "\t" * MANY + "某",
        "-" * MANY + "某",
        "如下：\n" + "字\n" * MANY,
        "某" * 30 + "\n" + "字字字\n" * (MANY // 2),
    ],
    ids=["begins", "number", "dots", "annex", "cells", "rule", "list", "lines"],
)
def test_a_notice_of_endless_blanks_dots_or_lines_is_read_and_keeps_nobody_waiting(
    hostile: str,
) -> None:
    notice = f"关于某事的通知\n一、每份8元。\n{hostile}\n二、即日起实行。\n"
    found = read_apart(notice.encode(), "通知.md")
    assert found.refused in ("", "too_many_clauses")  # "damaged" is what is given up
