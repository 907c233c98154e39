"""Five programs not written here on every level, and where they are weaker than our own judgement.

Their stores hold no root of the tests: what they say of trust is not asked, but of the signature and
of what it covers.
"""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms, parser
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from backend.documents import archive
from backend.documents.materials import Level
from tests.documents.levels import Maker
from tests.peers.java.run import java, verapdf

Program = Callable[..., str]
Issued = Callable[[Level], bytes]
STAMPED = [Level.B_T, Level.B_LT, Level.B_LTA]
JARS = ("bcprov.jar", "bcpkix.jar", "bcutil.jar")


@pytest.fixture
def file(issued: Issued, tmp_path: Path) -> Callable[[Level], Path]:
    def written(level: Level) -> Path:
        path = tmp_path / f"{level}.pdf"
        path.write_bytes(issued(level))
        return path

    return written


def ranges(pdf: bytes) -> tuple[int, ...]:
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", pdf)
    assert found
    return tuple(map(int, found.groups()))


def parts(pdf: bytes) -> tuple[bytes, bytes]:
    """What the seal's signature covers, and its CMS object."""
    start, length, second, rest = ranges(pdf)
    raw = bytes.fromhex(pdf[length + 1 : second - 1].decode())
    covered = pdf[start : start + length] + pdf[second : second + rest]
    return covered, raw[: parser.peek(raw)]


@pytest.mark.parametrize("level", list(Level))
def test_pdfsig(file: Callable[[Level], Path], program: Program, level: Level) -> None:
    said = program("pdfsig", file(level), check=False)
    first, *more = said.split("Signature #")[1:]
    assert "Signature is Valid" in first
    assert "ETSI.CAdES.detached" in first
    if level is Level.B_LTA:  # it counts what archives add as not signed, and reads no such stamp
        assert "Not total document signed" in first
        assert len(more) == 1
        assert "Total document signed" in more[0]
        assert "Signature is Valid" not in more[0]
    else:
        assert "Total document signed" in first
        assert not more


@pytest.mark.parametrize("level", list(Level))
def test_mutool(file: Callable[[Level], Path], program: Program, level: Level) -> None:
    said = program("mutool", "sign", "-v", file(level), check=False)
    if level is Level.B_LTA:  # likewise
        assert "valid but there have been edits" in said
    else:
        assert "unchanged since signing" in said


@pytest.mark.parametrize("level", list(Level))
def test_qpdf(file: Callable[[Level], Path], program: Program, level: Level) -> None:
    assert "No syntax or stream encoding errors" in program("qpdf", "--check", file(level))


@pytest.mark.parametrize("level", list(Level))
def test_openssl_on_the_signature(
    issued: Issued, maker: Maker, program: Program, tmp_path: Path, level: Level
) -> None:
    covered, signature = parts(issued(level))
    (tmp_path / "s.der").write_bytes(signature)
    (tmp_path / "data").write_bytes(covered)
    said = program(
        "openssl",
        *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"),
        *("-in", tmp_path / "s.der", "-content", tmp_path / "data"),
        *("-CAfile", maker.pki.root, "-out", tmp_path / "out"),
    )
    assert "successful" in said


@pytest.mark.parametrize("level", STAMPED)
def test_openssl_on_the_time_stamps(
    issued: Issued, maker: Maker, program: Program, tmp_path: Path, level: Level
) -> None:
    pdf = issued(level)
    (signer,) = cms.ContentInfo.load(parts(pdf)[1])["content"]["signer_infos"]
    stamps = [(signer["signature"].native, signer["unsigned_attrs"][0]["values"][0].dump())]
    if level is Level.B_LTA:
        signed, token = archive.without(pdf)
        assert token
        hole = pdf.index(b"/Contents <", len(signed)) + len(b"/Contents ")
        stamps.append((pdf[:hole] + pdf[hole + archive.DIGITS + 2 :], token))
    for data, token in stamps:
        (tmp_path / "data").write_bytes(data)
        (tmp_path / "token").write_bytes(token)
        said = program(
            "openssl",
            *("ts", "-verify", "-token_in", "-in", tmp_path / "token"),
            *("-data", tmp_path / "data", "-CAfile", maker.pki.stamp_root),
        )
        assert "Verification: OK" in said


def test_pdfbox_and_bouncycastle(file: Callable[[Level], Path]) -> None:
    said = java("BoxCheck", *(file(level) for level in Level), jars=JARS)
    found = [tuple(line.split("\t")[1:]) for line in said.splitlines()]
    seal = ("ETSI.CAdES.detached", "valid", "whole")
    assert found == [
        *(seal, seal, seal),
        *(("ETSI.CAdES.detached", "valid", "part"), ("ETSI.RFC3161", "valid", "whole")),
    ]


def test_every_level_is_pdf_a_3b(file: Callable[[Level], Path]) -> None:
    found = verapdf("3b", *(file(level) for level in Level))
    assert found == {f"{level}.pdf": [] for level in Level}


def junk(pdf: bytes) -> bytes:
    return pdf + b"\n% added\n"


def annotation(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
            generic.NameObject("/Rect"): generic.ArrayObject(
                [generic.NumberObject(one) for one in (50, 50, 200, 80)]
            ),
            generic.NameObject("/Contents"): generic.TextStringObject("GPA 4.0"),
            generic.NameObject("/DA"): generic.TextStringObject("/Helv 12 Tf 0 g"),
        }
    )
    found = page.get("/Annots")
    kept = list(found.get_object()) if found is not None else []
    page[generic.NameObject("/Annots")] = generic.ArrayObject([*kept, writer.add_object(note)])
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("add", [junk, annotation], ids=["junk", "annotation"])
@pytest.mark.parametrize("level", [Level.B_B, Level.B_LTA])
def test_weaker_tools_accept_what_we_refuse(
    issued: Issued,
    program: Program,
    tmp_path: Path,
    add: Callable[[bytes], bytes],
    level: Level,
) -> None:
    """A signature stays valid for what it covers; whether that is all of a file, they leave to others.

    When one of these gets stricter, that is good news: change what is expected of it here.
    """
    pdf = add(issued(level))
    path = tmp_path / "added.pdf"
    path.write_bytes(pdf)
    assert "Signature is Valid" in program("pdfsig", path, check=False)
    assert "valid but there have been edits" in program("mutool", "sign", "-v", path, check=False)
    first, *_ = java("BoxCheck", path, jars=JARS).splitlines()
    assert first.split("\t")[2] == "valid"
    # Ours: after the signed bytes comes the exact archive section, or the file is not as it was signed.
    assert archive.without(pdf) == (pdf, None)
    start, _, second, rest = ranges(pdf)
    assert (start, second + rest < len(pdf)) == (0, True)
