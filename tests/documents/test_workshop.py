"""The workshop serves previews and signed files without loading anything heavy in the server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.documents import font_files, fonts
from backend.documents.errors import MissingGlyph, SigningRefused
from backend.documents.keyring import Keyring
from backend.documents.materials import SigningKey
from backend.documents.workshop import Workshop
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.asking import verify


@pytest.fixture(scope="module")
def workshop(fonts_folder: Path, signing_key: SigningKey) -> Iterator[Workshop]:
    shop = Workshop(fonts_folder, Keyring(None, signing_key), SEAL)
    yield shop
    shop.close()


def test_student_gets_preview_and_then_a_genuine_file(workshop: Workshop, root: bytes) -> None:
    (picture,) = workshop.preview(facts())
    assert picture.png.startswith(b"\x89PNG")
    pdf = workshop.make(facts(), ISSUE).pdf
    verdict = verify(pdf, trust_roots=[root])
    # The demo key of the tests is dated like the sample, whenever they run.
    assert {reason.code for reason in verdict.reasons} <= {"genuine", "certificate_expired"}
    assert verdict.against_record(verdict.sha256).genuine


def test_refusals_come_back_from_the_worker_as_they_are(
    workshop: Workshop, signing_key: SigningKey, fonts_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(MissingGlyph) as caught:
        workshop.make(facts(name_zh="𠮷"), ISSUE)
    assert caught.value.characters == ("𠮷",)
    early = replace(ISSUE, issued_at=ISSUE.issued_at.replace(year=2000))
    with pytest.raises(SigningRefused):
        workshop.make(facts(), early)


def test_issuing_goes_on_after_a_worker_was_killed(workshop: Workshop) -> None:
    workshop.preview(facts())
    assert workshop._pool
    (pid,) = workshop._pool._processes
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)
    pdf = workshop.make(facts(), ISSUE).pdf
    assert pdf.startswith(b"%PDF-")


def test_no_process_is_left_behind_when_the_server_is_killed(
    fonts_folder: Path, signing_key: SigningKey, tmp_path: Path
) -> None:
    server = tmp_path / "server.py"
    server.write_text(
        "import time\n"
        "from pathlib import Path\n"
        "from backend.documents.materials import Seal, SigningKey\n"
        "from backend.documents.keyring import Keyring\n"
        "from backend.documents.workshop import Workshop\n"
        "if __name__ == '__main__':\n"
        f"    key = SigningKey(Path({str(signing_key.key)!r}), None, None)\n"
        "    ring = Keyring(None, key)\n"
        f"    shop = Workshop(Path({str(fonts_folder)!r}), ring, Seal('a', 'b', demo=True))\n"
        "    shop._started().submit(abs, 0).result()\n"
        "    print(*shop._pool._processes, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, str(server)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        worker = int(process.stdout.readline())
        process.kill()
    for _ in range(600):
        if not Path(f"/proc/{worker}").exists():
            return
        time.sleep(0.1)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived the server")


def test_closed_workshop_says_so(fonts_folder: Path, signing_key: SigningKey) -> None:
    shop = Workshop(fonts_folder, Keyring(None, signing_key), SEAL)
    shop.close()
    with pytest.raises(RuntimeError, match="closed"):
        shop.preview(facts())


def test_serving_process_never_loads_the_drawing_and_signing_libraries() -> None:
    heavy = (
        *("reportlab", "pyhanko", "pypdfium2", "fontTools", "qrcode", "PIL", "cryptography"),
        *("pkcs11", "zxingcpp"),
    )
    code = (
        "import sys, backend.documents.workshop, backend.documents.verdict\n"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_fonts_that_cannot_be_made_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_files, "instance_path", lambda folder, weight: folder / "no" / "x.ttf")
    with pytest.raises(RuntimeError, match="could not be prepared"):
        fonts.prepare(tmp_path)


def test_unprepared_fonts_are_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="not prepared"):
        fonts.Fonts(tmp_path)
