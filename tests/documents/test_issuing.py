"""A paid transcript at every level, from the job to the file, with real processes and authorities."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import select

from backend import issuing, signing
from backend.database import Database
from backend.documents import proving
from backend.documents.evidence import EvidenceKeeper
from backend.documents.keyring import Keyring
from backend.documents.materials import Level
from backend.documents.timestamps import TimeStampAuthority
from backend.documents.workshop import Workshop
from backend.models import Blob, Credential
from tests.backend.scene import Scene
from tests.documents.asking import Meddler
from tests.documents.samples import SEAL
from tests.documents.test_levels import seal_of
from tests.peers.pki import Pki

House = Callable[..., Scene]


@pytest.fixture
def house(pki: Pki, fonts_folder: Path, sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    closing: list[Callable[[], None]] = []

    def open_house(level: Level, name: str = "seal", *, transport: Meddler | None = None) -> Scene:
        shutil.copyfile(sqlite_template, tmp_path / "registrar.db")
        database = Database(f"sqlite:///{tmp_path / 'registrar.db'}")
        scene = Scene(database, tmp_path)
        scene.clock.set(datetime.now(UTC))
        office = scene.office
        office.keyring = Keyring(tmp_path / "keys", pki.key(name))
        office.workshop = Workshop(fonts_folder, office.keyring, SEAL, processes=2)
        authority = TimeStampAuthority(
            pki.tsa(), pki.stamp_root, office.workshop.check_stamp, transport=transport
        )
        office.level, office.authority = level, authority
        office.evidence = EvidenceKeeper(office.workshop.prove, authority.path)
        closing.extend((office.workshop.close, authority.close, office.evidence.close))
        closing.append(database.close)
        signing.keep_known(office)
        return scene

    yield open_house
    for close in closing:
        close()


def paid(scene: Scene, student: str = "G1") -> str:
    number = scene.file(scene.graduate(student))
    scene.confirm(number)
    scene.direct.run_all(scene.office)
    return number


def issued(scene: Scene) -> tuple[Credential, bytes]:
    with scene.office.read() as work:
        (credential,) = work.session.scalars(select(Credential))
        blob = work.session.get_one(Blob, credential.blob_id)
    return credential, scene.blobs.get(blob.key)


@pytest.mark.parametrize("level", list(Level))
def test_the_file_is_of_the_level_that_was_asked_for_and_the_record_says_so(
    house: House, pki: Pki, level: Level
) -> None:
    scene = house(level)
    number = paid(scene)
    assert scene.application(number).state == "issued"
    credential, pdf = issued(scene)
    roots = [proving.certificates(one.read_bytes())[0] for one in (pki.root, pki.stamp_root)]
    status = validate_pdf_signature(seal_of(pdf), ValidationContext(trust_roots=roots))
    assert status.bottom_line
    assert (status.timestamp_validity is None) is (level is Level.B_B)
    own = pki.key().certificate
    assert own
    (certificate,) = proving.certificates(own.read_bytes())
    assert credential.level == level
    assert credential.certificate == sha256(certificate.dump()).hexdigest()
    assert (credential.size, credential.sha256) == (len(pdf), sha256(pdf).hexdigest())


def test_evidence_is_fetched_once_for_many_documents(house: House) -> None:
    scene = house(Level.B_LT)
    issuing.refresh_evidence(scene.office)
    held = issuing.evidence_for(scene.office, scene.clock.now(), {})
    paid(scene)
    paid(scene, "G2")
    assert issuing.evidence_for(scene.office, scene.clock.now(), {}) is held


def test_a_revoked_key_signs_nothing_and_those_who_can_mend_it_are_told(house: House) -> None:
    scene = house(Level.B_LT, "seal-revoked")
    number = paid(scene)
    assert scene.application(number).state == "stuck"
    assert scene.told("signing.revoked")
    assert scene.told("signing.refused")
    with scene.office.read() as work:
        assert work.session.scalars(select(Credential)).all() == []


def test_a_revoked_key_is_found_at_the_lowest_level_too(house: House) -> None:
    scene = house(Level.B_B, "seal-revoked")
    issuing.refresh_evidence(scene.office)
    assert len(scene.told("signing.revoked")) == 1
    number = paid(scene)
    assert scene.application(number).state == "stuck"
    issuing.refresh_evidence(scene.office)
    assert len(scene.told("signing.revoked")) == 1


def test_a_good_certificate_is_known_to_be_good_and_asked_about_again_in_time(
    house: House,
) -> None:
    scene = house(Level.B_B)
    issuing.refresh_evidence(scene.office)
    with scene.office.read() as work:
        (row,) = signing.known(work)
    assert (row.status, row.checked_at) == ("good", scene.clock.now())
    first = row.checked_at
    scene.clock.set(datetime.now(UTC) + timedelta(minutes=1))
    issuing.refresh_evidence(scene.office)
    with scene.office.read() as work:
        assert [one.checked_at for one in signing.known(work)] == [first]


def test_while_the_time_stamps_are_away_the_document_waits_and_is_made_after(
    house: House,
) -> None:

    meddler = Meddler(lambda _: httpx.Response(503))
    scene = house(Level.B_T, transport=meddler)
    number = paid(scene)
    assert scene.application(number).state == "paid"
    assert scene.told("signing.delayed") == [number]
    meddler.change = None
    with scene.office.work() as work:
        work.enqueue("issue_transcript", "again", application=number)
    scene.direct.run_all(scene.office)
    assert scene.application(number).state == "issued"
    assert issued(scene)[0].level == Level.B_T
