"""The manual's lines for a trial's key make one that signs, and whose files are found genuine."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.documents import making
from backend.documents.fonts import Fonts
from backend.documents.sign import Signer
from bot.prepare import check_signing_key, signing_key
from bot.settings import Settings
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.asking import verify

MANUAL = Path(__file__).parents[2] / "docs" / "operations.md"
LINES = re.compile(r"^```sh\n(openssl req .*?)^```\n+```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_a_trial_signs_with_a_key_that_is_made_as_the_manual_says(
    typefaces: Fonts, program: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = LINES.search(MANUAL.read_text(encoding="utf-8"))
    assert found
    monkeypatch.chdir(tmp_path)
    if "OpenSSL 3" not in program("openssl", "version"):
        pytest.skip("this openssl is older than the manual's")
    program("sh", "-euc", found[1])
    (tmp_path / "registrar.toml").write_text(found[2])
    settings = Settings()
    check_signing_key(settings)
    now = datetime.now(UTC) + timedelta(minutes=1)
    pdf = making.make(
        facts(),
        replace(ISSUE, issued_at=now),
        fonts=typefaces,
        signer=Signer(signing_key(settings)),
        seal=SEAL,
    ).pdf
    verdict = verify(pdf, trust_roots=[(tmp_path / "root.pem").read_bytes()], now=now)
    assert verdict.genuine, verdict.reasons
    assert not (tmp_path / "root-key.pem").exists(), "nobody can make further certificates"
