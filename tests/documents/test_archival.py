"""The file as archives and other programs take it: PDF/A-3b, with its data attached."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pikepdf.pdfa
import pypdfium2
import pytest
from PIL import ImageCms
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from backend.documents import archival, making, pages, scores
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Level, SigningKey
from backend.documents.sign import Signer
from tests.documents.samples import ISSUE, SEAL, facts
from tests.documents.test_form import EVIDENCE
from tests.documents.test_scores import facts as score_facts
from tests.peers.java.run import verapdf

Program = Callable[..., str]
Make = Callable[[TranscriptFacts], bytes]

# Rare characters of names (three of them above U+FFFF or in Extension A), a name with middle dots,
# one of ninety letters.
NAMES = (
    ("林知远", "LIN Zhiyuan"),
    ("欧阳䶮㛃𬱖𬭎", "OUYANG Yanjiewei"),
    ("买买提·艾力", "MAIMAITI Aili"),
    ("阿卜杜热西提·" * 8 + "买买提", "Abudurexiti-Maimaiti " * 4 + "Aili"),
)
LISTS = list(product(Language, Gpa, (1, 16, 60, 200)))


@pytest.fixture(scope="module")
def files(make: Make, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, TranscriptFacts]:
    """Signed transcripts of every length, language and kind of name."""
    folder = tmp_path_factory.mktemp("archival")
    found: dict[Path, TranscriptFacts] = {}
    for number, (language, gpa, count) in enumerate(LISTS):
        for extra in (0, 2):
            zh, en = NAMES[(number + extra) % len(NAMES)]
            about = facts(
                language=language,
                gpa=gpa,
                count=count,
                coverage=list(Coverage)[extra // 2],
                name_zh=zh,
                name_en=en,
                graduated_on=None if extra else "2024-06-30",
            )
            path = folder / f"{language}-{gpa}-{count}-{extra}.pdf"
            path.write_bytes(make(about))
            found[path] = about
    return found


def test_every_signed_transcript_is_pdf_a_3b(files: dict[Path, TranscriptFacts]) -> None:
    broken = {name: rules for name, rules in verapdf("3b", *files).items() if rules}
    assert not broken


def test_room_for_time_stamps_and_evidence_keep_it_pdf_a_3b(
    typefaces: Fonts, signing_key: SigningKey, tmp_path: Path
) -> None:
    signer = Signer(signing_key)
    files = []
    for level in (Level.B_T, Level.B_LT, Level.B_LTA):
        made = making.make(
            facts(),
            ISSUE,
            fonts=typefaces,
            signer=signer,
            seal=SEAL,
            level=level,
            evidence=None if level is Level.B_T else EVIDENCE,
        )
        assert not made.finished
        files.append(tmp_path / f"{level}.pdf")
        files[-1].write_bytes(made.pdf)
    assert not any(verapdf("3b", *files).values())


def test_text_is_as_searchable_as_pdf_a_3u_asks(files: dict[Path, TranscriptFacts]) -> None:
    """Declared is the level that was asked for; only the declaration is missing for the next."""
    some = list(files)[::11]
    for rules in verapdf("3u", *some).values():
        assert [rule[:7] for rule in rules] == ["not com", "6.6.4-3"]


def test_the_page_without_a_signature_is_pdf_a_3b_for_another_program(
    typefaces: Fonts, tmp_path: Path
) -> None:
    for language in Language:
        path = tmp_path / f"{language}.pdf"
        about = facts(language=language, count=60, coverage=Coverage.COMBINED)
        path.write_bytes(pages.render(about, fonts=typefaces, issue=ISSUE))
        report = pikepdf.pdfa.validate_written(path, "3b")
        assert report.passed, report


def test_no_other_program_finds_a_fault_in_the_syntax(
    files: dict[Path, TranscriptFacts], program: Program
) -> None:
    for path in files:
        assert "No syntax or stream encoding errors" in program("qpdf", "--check", path)


def test_names_can_be_copied_from_the_signed_file_by_every_program(
    files: dict[Path, TranscriptFacts], program: Program
) -> None:
    for path, about in list(files.items())[::3]:
        name = about.name_zh if about.language is Language.ZH else about.name_en
        document = pypdfium2.PdfDocument(path)
        read = {
            "pdfium": "".join(page.get_textpage().get_text_range() for page in document),
            "pdftotext": program("pdftotext", "-raw", path, "-"),
            "mutool": program("mutool", "draw", "-q", "-F", "txt", path),
        }
        document.close()
        for reader, text in read.items():
            assert bare(name) in bare(text), (reader, path.name)


def bare(text: str) -> str:
    return "".join(text.replace("\ufffe", "-").replace("\x02", "-").split())


def xmp(pdf: bytes) -> dict[str, str]:
    raw = PdfFileReader(BytesIO(pdf)).root["/Metadata"].data
    root = ElementTree.fromstring(raw.decode())
    found: dict[str, str] = {}
    for node in root.iter():
        if node.text and node.text.strip():
            found[node.tag.partition("}")[2]] = node.text
    for node in root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"):
        for part in node:
            found[part.tag.partition("}")[2]] = "".join(part.itertext())
    return found


@pytest.mark.parametrize("language", list(Language))
def test_metadata_say_the_same_twice(make: Make, language: Language) -> None:
    """What readers show (Info) and what archives read (XMP)."""
    pdf = make(facts(language=language, name_zh="𬱖<&>"))
    info = PdfFileReader(BytesIO(pdf)).trailer_view["/Info"]
    meta = xmp(pdf)
    for old, new in {
        "/Title": "title",
        "/Author": "creator",
        "/Subject": "description",
        "/Keywords": "Keywords",
        "/Creator": "CreatorTool",
        "/Producer": "Producer",
    }.items():
        assert str(info[old]) == meta[new]
    assert str(info["/CreationDate"]) == str(info["/ModDate"]) == "D:20261122023000+00'00'"
    assert meta["CreateDate"] == meta["ModifyDate"] == "2026-11-22T02:30:00+00:00"
    assert datetime.fromisoformat(meta["CreateDate"]) == ISSUE.issued_at
    assert (meta["part"], meta["conformance"]) == ("3", "B")


def test_an_institution_with_marks_of_xml_in_its_name_is_written_literally(make: Make) -> None:
    name = "A & B <University> \"quoted\" ]]> 'x'"
    pdf = make(replace(facts(language=Language.EN), institution_en=name))
    assert xmp(pdf)["creator"] == name


@pytest.mark.parametrize(("language", "code"), [(Language.ZH, "zh-CN"), (Language.EN, "en")])
def test_a_reader_is_told_language_and_title(make: Make, language: Language, code: str) -> None:
    pdf = make(facts(language=language))
    root = PdfFileReader(BytesIO(pdf)).root
    assert root["/Lang"] == code
    assert xmp(pdf)["language"] == code
    assert str(root["/ViewerPreferences"]["/DisplayDocTitle"]) == "True"
    title = "研究生成绩单" if language is Language.ZH else "Official Transcript"
    assert title in str(PdfFileReader(BytesIO(pdf)).trailer_view["/Info"]["/Title"])


def test_the_data_are_attached_under_a_name_that_programs_list(
    signed: bytes, program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "t.pdf"
    path.write_bytes(signed)
    assert "1: transcript.json" in program("pdfdetach", "-list", path)
    program("pdfdetach", "-save", "1", "-o", tmp_path / "t.json", path)
    assert json.loads((tmp_path / "t.json").read_text("utf-8"))["holder"]["name"] == "林知远"
    with pikepdf.open(path) as pdf:
        (only,) = pdf.Root.AF
        assert only.AFRelationship == "/Data"
        assert only.EF.UF.Subtype == "/application/json"
        assert int(only.EF.UF.Params.Size) == len(only.EF.UF.read_bytes())


def test_a_preview_carries_no_data_and_no_signature(typefaces: Fonts) -> None:
    root = PdfFileReader(BytesIO(pages.render(facts(), fonts=typefaces, issue=None))).root
    assert not {"/AF", "/Names", "/AcroForm", "/Perms"} & set(root)


def test_every_stream_ends_with_a_line_of_its_own(signed: bytes, typefaces: Fonts) -> None:
    table = scores.render(score_facts(3), "2026-03-02 09:00", fonts=typefaces)
    for pdf in (signed, table):
        ends = [match.start() for match in re.finditer(rb"endstream", pdf)]
        assert ends
        assert all(pdf[at - 1 : at] == b"\n" for at in ends)


def test_other_documents_of_the_process_are_drawn_by_reportlab_as_ever() -> None:

    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.drawString(9, 9, "x")
    canvas.save()
    assert re.search(rb"[^\n]endstream", buffer.getvalue())


def test_the_profile_of_colours_is_the_free_one_of_little_cms() -> None:
    """Its date, bytes 24 to 35, is frozen, so that the same page gives the same bytes."""
    own = bytearray(archival._PROFILE.read_bytes())
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    version = slice(8, 12)  # differs between releases of the library
    for part in (slice(24, 36), version):
        made[part] = own[part]
    assert bytes(own[36:128]) == bytes(made[36:128])
    assert b"N\x00o\x00 \x00c\x00o\x00p\x00y\x00r\x00i\x00g\x00h\x00t" in own


def test_the_same_facts_signed_twice_differ_in_the_signature_alone(
    typefaces: Fonts, signing_key: SigningKey
) -> None:
    signer = Signer(signing_key)
    one, two = (
        making.make(facts(), ISSUE, fonts=typefaces, signer=signer, seal=SEAL) for _ in range(2)
    )
    (start, end) = one.hole
    assert one.pdf[:start] == two.pdf[:start]
    assert one.pdf[end:] == two.pdf[end:]
    assert one.digest == two.digest


def test_nothing_is_drawn_outside_the_page(files: dict[Path, TranscriptFacts]) -> None:
    for path in files:
        document = pypdfium2.PdfDocument(path)
        for page in document:
            width, height = page.get_size()
            for thing in page.get_objects():
                left, bottom, right, top = thing.get_bounds()
                assert left > 20, path.name
                assert bottom > 20, path.name
                assert right < width - 20, path.name
                assert top < height - 20, path.name
        document.close()
