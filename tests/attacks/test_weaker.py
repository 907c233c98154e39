"""What well-known programs call valid and we refuse, each by name.

They are asked as their users ask them; none of them is wrong about the mathematics. When a newer
version refuses one of these files its line here goes, and the table in the manual with it.
"""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.attacks.corpus import KINDS
from tests.attacks.materials import Materials
from tests.attacks.test_attacks import found
from tests.peers.java.run import java

# Something was put behind what was signed: "valid", with a line beside that not all is signed.
ADDED = frozenset(
    {
        "page_appended",
        "content_replaced",
        "content_object_overwritten",
        "pages_exchanged",
        "page_removed",
        "page_cropped",
        "pages_hidden_in_layers",
        "objects_without_a_table",
        "keywords_changed",
        "script_on_opening",
        "form_filled",
        "attachment_replaced",
        "text_over_a_score",
        "white_over_a_score",
        "signature_over_a_score",
        "certified_once_more",
        "font_exchanged",
        "text_copied_otherwise",
        "seal_exchanged",
        "hidden_under_a_picture",
        "replaced_under_a_form",
        "hidden_and_replaced",
        "trailing_nul",
        "trailing_html",
    }
)
# Written otherwise, or by whom it must not be: "valid", and nothing beside.
OTHERWISE = frozenset(
    {
        "certificate_of_another_added",
        "note_beside_the_signature",
        "other_number",
        "digits_in_small_letters",
        "weak_digest",
        "same_names_of_another_root",
        "our_file_signed_anew",
        "approved_and_not_certified",
        "annotations_may_be_added",
        "certification_not_in_the_catalog",
        "signed_by_us_and_not_on_record",
        "withdrawn_by_the_registrar",
        "stolen_key",
    }
)
WEAKER = {
    "pdfsig": ADDED | OTHERWISE,
    "mutool": ADDED | OTHERWISE,
    "pdfbox": ADDED | OTHERWISE,
    "pyhanko": frozenset(
        {
            "objects_without_a_table",
            "keywords_changed",
            "title_changed",
            "evidence_replaced",
            "trailing_nul",
            "trailing_html",
            "trailing_archive",
            "digits_in_the_hole",
            "blanks_in_the_hole",
        }
    )
    | OTHERWISE - {"weak_digest", "same_names_of_another_root", "our_file_signed_anew"},
}


@pytest.fixture(scope="module")
def files(plain: Materials, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The attacks of all tables, one file each."""
    folder = tmp_path_factory.mktemp("weaker")
    made = {}
    for name in sorted(frozenset().union(*WEAKER.values())):
        made[name] = folder / f"{name}.pdf"
        made[name].write_bytes(KINDS[name].made(plain))
    return made


def told(program: str, *args: str | Path) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(
        [path, *map(str, args)], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr


def by_pdfsig(files: dict[str, Path], _materials: Materials) -> set[str]:
    said = {name: told("pdfsig", "-nocert", path) for name, path in files.items()}
    return {
        name
        for name, text in said.items()
        if set(re.findall(r"Signature Validation: (.*)", text)) == {"Signature is Valid."}
    }


def by_mutool(files: dict[str, Path], _materials: Materials) -> set[str]:
    good = ("signature is valid", "unchanged since signing")
    said = {name: told("mutool", "sign", "-v", path) for name, path in files.items()}
    return {name for name, text in said.items() if any(words in text for words in good)}


def by_pdfbox(files: dict[str, Path], _materials: Materials) -> set[str]:
    jars = ("bcprov.jar", "bcpkix.jar", "bcutil.jar")
    verdicts: dict[str, set[str]] = {}
    asked = [path for name, path in files.items() if name in WEAKER["pdfbox"]]
    for line in java("BoxCheck", *asked, jars=jars).splitlines():
        path, _kind, verdict, _whole = line.split("\t")
        verdicts.setdefault(Path(path).stem, set()).add(verdict)
    return {name for name, found in verdicts.items() if found == {"valid"}}


def by_pyhanko(files: dict[str, Path], materials: Materials) -> set[str]:
    """As it comes; our root is trusted."""
    assert materials.key.chain is not None
    root = load_cert_from_pemder(str(materials.key.chain))
    accepted = set()
    for name, path in files.items():
        context = ValidationContext(trust_roots=[root], moment=materials.now, allow_fetching=False)
        try:
            reader = PdfFileReader(BytesIO(path.read_bytes()))
            status = validate_pdf_signature(reader.embedded_regular_signatures[0], context)
        except Exception:  # it refuses some by being unable to read them
            continue
        if status.bottom_line:
            accepted.add(name)
    return accepted


ASKED = {
    "pdfsig": by_pdfsig,
    "mutool": by_mutool,
    "pdfbox": by_pdfbox,
    "pyhanko": by_pyhanko,
}


@pytest.mark.parametrize("program", WEAKER)
def test_what_other_programs_call_valid(
    program: str, files: dict[str, Path], plain: Materials
) -> None:
    accepted = ASKED[program](files, plain)
    refused = sorted(WEAKER[program] - accepted)
    assert not refused, f"{program} refuses what it used to accept: {refused}"
    for name in WEAKER[program]:
        data = files[name].read_bytes()
        assert not found(KINDS[name], plain, data).verdict.genuine
