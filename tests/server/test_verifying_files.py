"""A file that the real server issued, and what people make of it, on the public page and in the chat (T8)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pikepdf
import pypdfium2
import pytest

from tests.server.guest import Guest, number_in
from tests.server.running import Running

OWNER, READER = "20181800000001", "20121800000003"  # of whom no other test knows


@pytest.fixture(scope="module")
def pdf(server: Running) -> Iterator[bytes]:
    owner = Guest(server.base, OWNER)
    owner.apply()
    number = number_in(owner.press("确认订单")[-1], "T")
    link = owner.wait_for(number, ".pdf")["files"][0]["url"]
    yield owner.http.get(link).content
    owner.close()


def photograph(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    picture = io.BytesIO()
    document[len(document) - 1].render(scale=2).to_pil().save(picture, "PNG")
    document.close()
    return picture.getvalue()


def saved_anew(pdf: bytes) -> bytes:
    anew = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(anew)
    return anew.getvalue()


KINDS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "issued": (lambda pdf: pdf, "真实有效"),
    "appended": (lambda pdf: pdf + b"\n1 0 obj\n<< >>\nendobj\n%%EOF\n", "不能认定为真"),
    "altered": (lambda pdf: pdf[:5000] + b"x" + pdf[5001:], "不能认定为真"),
    "saved anew": (saved_anew, "不能认定为真"),
    "photographed": (photograph, "记录属实，图片无法核验"),
    "nothing": (lambda _pdf: b"%PDF-1.4\n%%EOF\n", "不能认定为真"),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_page_says_of_a_file_what_it_is(server: Running, pdf: bytes, kind: str) -> None:
    make, title = KINDS[kind]
    answer = httpx.post(
        f"{server.base}/v",
        files={"file": ("a.pdf", make(pdf))},
        headers={"Origin": server.base},
        timeout=40,
        trust_env=False,
    )
    heading = re.search(r"<h1>([^<]*)<", answer.text)
    assert heading is not None
    assert (answer.status_code, heading[1]) == (200, title)
    assert ("verdict good" in answer.text) is (kind == "issued")


def test_chat_says_the_same_of_a_file_that_nobody_asked_for(server: Running, pdf: bytes) -> None:
    reader = Guest(server.base, READER)
    reader.attach(pdf, "成绩单.pdf")
    genuine = reader.wait_for("✓ 真实有效")
    rows: dict[str, Any] = dict(genuine["card"]["rows"])
    assert (rows["签名覆盖"], rows["现在的状态"]) == ("整个文件", "有效")
    reader.attach(pdf + b"more", "成绩单.pdf")
    assert "前面" in reader.wait_for("✗ 不能认定为真")["text"]
    reader.close()
