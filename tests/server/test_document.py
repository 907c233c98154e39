"""The PDF that the chat handed over convinces independent programs, and a changed one nobody."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from bot.cli import main
from tests.server.guest import Guest
from tests.server.running import Running, command

EMAILED_EVERY_KIND = "20141800000002"  # has no free copy left


@pytest.fixture(scope="module")
def paid(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transcript that was ordered, paid for and downloaded."""
    graduate = Guest(server.base, EMAILED_EVERY_KIND)
    _order, link = graduate.order()
    graduate.pay(link)
    file = graduate.wait_for(".pdf")["files"][0]
    path = tmp_path_factory.mktemp("paid") / "成绩单.pdf"
    path.write_bytes(graduate.http.get(file["url"]).content)
    graduate.close()
    return path


def tool(*words: str | Path) -> str:
    """What another program says; the test is skipped by name where it is missing."""
    if shutil.which(str(words[0])) is None:
        pytest.skip(f"{words[0]} is not installed: its opinion of the PDF was not asked")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def verdict(server: Running, path: Path) -> tuple[int, dict[str, Any]]:
    done = command(server.data, "verify", str(path))
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_registrar_verify_calls_the_downloaded_file_genuine(server: Running, paid: Path) -> None:
    status, found = verdict(server, paid)
    assert (status, found["genuine"], found["record"]) == (0, True, "genuine"), found


def test_pdfsig_finds_one_signature_over_the_whole_file(paid: Path) -> None:
    said = tool("pdfsig", "-nocert", paid)
    assert said.count("Signature #") == 1
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_openssl_finds_the_signature_true_under_the_demo_root(
    server: Running, paid: Path, tmp_path: Path
) -> None:
    pdf = paid.read_bytes()
    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    start, length, tail, rest = (int(number) for number in signature.byte_range)
    assert tail + rest == len(pdf)
    (tmp_path / "signed").write_bytes(pdf[start : start + length] + pdf[tail : tail + rest])
    (tmp_path / "cms").write_bytes(signature.pkcs7_content)
    asked = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
    said = tool(
        *asked,
        *("-in", tmp_path / "cms", "-content", tmp_path / "signed", "-out", "/dev/null"),
        *("-CAfile", server.data / "demo-ca" / "root.pem"),
    )
    assert "Verification successful" in said


def test_printed_qr_code_leads_to_a_page_that_says_genuine(paid: Path, tmp_path: Path) -> None:
    tool("pdftoppm", "-r", "150", "-png", paid, tmp_path / "page")
    pages = sorted(tmp_path.glob("page*.png"))
    found = tool("zbarimg", "-q", "--raw", *pages).split()
    addresses = {line for line in found if "/v/" in line}
    assert len(addresses) == 1, found
    page = httpx.get(addresses.pop(), trust_env=False)
    assert page.status_code == 200
    assert "真实有效" in page.text
    assert "唐*" in page.text or "唐＊" in page.text
    assert "唐梦洁" not in page.text, "the public page shows the whole name"


def test_text_of_the_document_can_be_searched_and_names_its_owner(paid: Path) -> None:
    assert "唐梦洁" in tool("pdftotext", paid, "-")


# --- what has been changed since ------------------------------------------------------------


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def rectangle(*corners: int) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(corner) for corner in corners])


def page_appended(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Page"),
                pdf_name("/MediaBox"): rectangle(0, 0, 595, 842),
                pdf_name("/Contents"): writer.add_object(
                    generic.StreamObject(stream_data=b"0 0 m 9 9 l S")
                ),
                pdf_name("/Resources"): generic.DictionaryObject(),
            }
        )
        writer.insert_page(page)

    return updated(pdf, change)


def annotated(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): rectangle(9, 9, 99, 99),
                pdf_name("/Contents"): generic.pdf_string("100"),
            }
        )
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Annots"].append(writer.add_object(note))
        writer.update_container(page["/Annots"])
        writer.update_container(page)

    return updated(pdf, change)


def byte_changed(pdf: bytes) -> bytes:
    place = len(pdf) // 2
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def junk_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"junk"


def cut_short(pdf: bytes) -> bytes:
    return pdf[: len(pdf) * 2 // 3]


def nothing_left(pdf: bytes) -> bytes:
    return b""


def signature_cleared(pdf: bytes) -> bytes:
    return re.sub(rb"/ByteRange ?\[[^\]]*\]", lambda found: b" " * len(found[0]), pdf)


@pytest.mark.parametrize(
    "spoil",
    [
        page_appended,
        annotated,
        byte_changed,
        junk_after_the_end,
        cut_short,
        nothing_left,
        signature_cleared,
    ],
)
def test_registrar_verify_refuses_a_changed_file_and_says_why(
    server: Running,
    paid: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[bytes], bytes],
) -> None:
    path = tmp_path / "changed.pdf"
    path.write_bytes(spoil(paid.read_bytes()))
    monkeypatch.setenv("REGISTRAR_DATA", str(server.data))
    monkeypatch.setattr("os.umask", lambda _: 0)  # the command's own, not that of the tests
    status = main(["verify", str(path)])
    found = json.loads(capsys.readouterr().out)
    assert (status, found["genuine"]) == (1, False)
    assert found["reasons"]
    assert all(reason["code"] and reason["zh"] and reason["en"] for reason in found["reasons"])


def test_exit_status_of_a_changed_file_stops_a_script(
    server: Running, paid: Path, tmp_path: Path
) -> None:
    path = tmp_path / "changed.pdf"
    path.write_bytes(junk_after_the_end(paid.read_bytes()))
    status, found = verdict(server, path)
    assert (status, found["genuine"]) == (1, False)


def test_registrar_verify_says_when_there_is_no_such_file(server: Running, tmp_path: Path) -> None:
    status, found = verdict(server, tmp_path / "nowhere.pdf")
    assert (status, found["reasons"][0]["code"]) == (1, "no_file")


# --- the public page ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def code(server: Running, paid: Path) -> str:
    _status, found = verdict(server, paid)
    printed: str = found["code"]
    return printed


@pytest.mark.parametrize("typed", ["lower", "dashes", "spaces", "mistaken"])
def test_code_is_understood_however_it_is_typed(server: Running, code: str, typed: str) -> None:
    ways = {
        "lower": code.lower(),
        "dashes": "-".join(code[place : place + 4] for place in range(0, 20, 4)).lower(),
        "spaces": " ".join(code[place : place + 4] for place in range(0, 20, 4)),
        "mistaken": code.replace("0", "o").replace("1", "l"),
    }
    page = httpx.get(
        f"{server.base}/v", params={"code": ways[typed]}, follow_redirects=True, trust_env=False
    )
    assert (page.status_code, "真实有效" in page.text) == (200, True)
    page = httpx.get(f"{server.base}/v/{ways[typed]}", trust_env=False)
    assert (page.status_code, "真实有效" in page.text) == (200, True)


@pytest.mark.parametrize(
    "typed", ["0" * 20, "X", "%00", "<script>alert(1)</script>", "A" * 5000, "%ff%fe", "'or 1=1--"]
)
def test_code_of_no_document_is_found_nowhere(server: Running, typed: str) -> None:
    for address in (f"/v/{typed}", f"/v?code={typed}"):
        page = httpx.get(server.base + address, follow_redirects=True, trust_env=False)
        assert page.status_code in (200, 404)
        assert "真实有效" not in page.text
        assert "<script>alert" not in page.text
