"""A certificate that was revoked signs nothing more, whatever is said of it afterwards."""

from pathlib import Path

import pytest

from backend import signing
from backend.documents.materials import CertificateStatus
from tests.backend.scene import START, Scene
from tests.backend.test_signing import info
from tests.documents.key_files import Issuer


def test_thief_cannot_have_a_stolen_key_sign_again_by_old_answers(
    scene: Scene, tmp_path: Path
) -> None:
    """Answers come over plain HTTP: whoever can hold them back sends an older one that still counts."""
    known = info(Issuer(), tmp_path, ocsp="http://ocsp.test/")
    with scene.office.work() as work:
        signing.register(work, known)
        for why in ("certificate_hold", "key_compromise", "certificate_hold", ""):
            state = "revoked" if why else "good"
            said = CertificateStatus(known.fingerprint, state, START, revoked_at=START, why=why)
            signing.learned(work, said)
        assert signing.barred(work) == {known.fingerprint: "revoked"}
        assert signing.known(work)[0].revoked_why == "key_compromise"


def test_nobody_is_handed_a_document_whose_certificate_was_revoked_while_it_was_made(
    scene: Scene, tmp_path: Path
) -> None:
    """A time stamp may take a while; whoever verified the document would be told not to rely on it."""
    known = info(Issuer(), tmp_path)
    with scene.office.work() as work:
        signing.register(work, known)
        signing.used(work, scene.office, known.fingerprint)
        said = CertificateStatus(
            known.fingerprint, "revoked", START, revoked_at=START, why="superseded"
        )
        signing.learned(work, said)
        with pytest.raises(signing.RevokedMeanwhile):
            signing.used(work, scene.office, known.fingerprint)
