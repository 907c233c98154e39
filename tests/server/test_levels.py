"""A server that signs for archives hands out files that others find whole, stamped and evident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from backend.documents import archive, proving
from tests.peers.pki import Pki
from tests.server.guest import Guest
from tests.server.running import Running, command, with_fonts_and_model

GRADUATE = "20141800000002"  # has no free copy left


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    found = Pki(tmp_path_factory.mktemp("pki"))
    yield found
    found.close()


@pytest.fixture
def archival(pki: Pki, tmp_path: Path) -> Iterator[Running]:
    key = pki.key()
    running = Running(
        with_fonts_and_model(tmp_path / "data"),
        REGISTRAR_SIGNING__LEVEL="B-LTA",
        REGISTRAR_SIGNING__WORKERS="2",
        REGISTRAR_SIGNING__TSA__URL=pki.tsa(),
        REGISTRAR_SIGNING__TSA__CHAIN=str(pki.stamp_root),
        REGISTRAR_SIGNING_KEY=str(key.key),
        REGISTRAR_SIGNING_CERTIFICATE=str(key.certificate),
        REGISTRAR_SIGNING_CHAIN=str(key.chain),
    )
    running.start()
    yield running
    running.stop()


def test_a_student_downloads_a_file_for_archives(archival: Running, pki: Pki) -> None:
    graduate = Guest(archival.base, GRADUATE)
    _order, link = graduate.order()
    graduate.pay(link)
    file = graduate.wait_for(".pdf")["files"][0]
    pdf = graduate.http.get(file["url"]).content
    graduate.close()
    signed, token = archive.without(pdf)
    assert token
    assert len(signed) < len(pdf)
    roots = [proving.certificates(one.read_bytes())[0] for one in (pki.root, pki.stamp_root)]
    trusted = ValidationContext(trust_roots=roots, moment=datetime.now(UTC))
    reader = PdfFileReader(BytesIO(pdf))
    assert validate_pdf_signature(reader.embedded_regular_signatures[0], trusted).bottom_line
    stamp = validate_pdf_timestamp(reader.embedded_timestamp_signatures[0], trusted)
    assert stamp.valid
    assert stamp.trusted


def test_evidence_cannot_be_promised_for_a_key_that_nobody_can_be_asked_about(
    pki: Pki, tmp_path: Path
) -> None:
    done = command(
        with_fonts_and_model(tmp_path / "data"),
        *("serve", "--demo"),
        REGISTRAR_SIGNING__LEVEL="B-LT",
        REGISTRAR_SIGNING__TSA__URL=pki.tsa(),
        REGISTRAR_SIGNING__TSA__CHAIN=str(pki.stamp_root),
    )
    assert done.returncode == 1
    assert "OCSP" in done.stderr


def test_check_says_whether_stamps_and_evidence_can_be_had(pki: Pki, tmp_path: Path) -> None:
    key = pki.key()
    given = {
        "REGISTRAR_SIGNING__LEVEL": "B-LT",
        "REGISTRAR_SIGNING__TSA__URL": pki.tsa(),
        "REGISTRAR_SIGNING__TSA__CHAIN": str(pki.stamp_root),
        "REGISTRAR_SIGNING_KEY": str(key.key),
        "REGISTRAR_SIGNING_CERTIFICATE": str(key.certificate),
        "REGISTRAR_SIGNING_CHAIN": str(key.chain),
    }
    data = with_fonts_and_model(tmp_path / "data")
    said = command(data, "check", "--demo", **given)
    assert said.returncode == 0, said.stdout
    assert "时间戳服务" in said.stdout
    assert "验证材料齐全" in said.stdout
    away = command(data, "check", "--demo", **{**given, "REGISTRAR_SIGNING__TSA__URL": pki.url})
    assert away.returncode == 1
    assert "时间戳拿不到" in away.stdout
    assert "Traceback" not in said.stderr + away.stderr
