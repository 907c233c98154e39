"""Certificates that sign here: known for ever, warned of in time, and refused for a reason."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend import signing, stamp_expiry
from backend.clock import local_date
from backend.documents import demo_ca, keys
from backend.documents.errors import SigningRefused, TokenAway
from backend.documents.keyring import Keyring
from backend.documents.materials import CertificateStatus, KeyInfo, Level
from backend.issuing import issue_transcript
from backend.models import AuditEntry, Credential, SigningCertificate
from tests.backend.scene import CERTIFICATE, START, Scene
from tests.documents.key_files import Given, Issuer

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


def info(
    issuer: Issuer,
    folder: Path,
    name: str = "seal",
    *,
    days: int = 365,
    starts: datetime | None = None,
    ocsp: str = "",
) -> KeyInfo:
    """Of a key whose certificate ends ``days`` after the first day."""
    given = issuer.files(folder / name, begins=START - DAY, days=days + 1, ocsp=ocsp)
    source = keys.FileSource(signing_key(given), name)
    return keys.info(source, starts or START - DAY)


def signing_key(given: Given) -> keys.SigningKey:
    return keys.SigningKey(given.key, given.certificate_file, given.chain)


def rows(scene: Scene) -> list[SigningCertificate]:
    with scene.office.read() as work:
        found = signing.known(work)
        work.session.expunge_all()
        return found


def paid(scene: Scene, graduate: str = "G1") -> str:
    """A free transcript whose file is still to be made."""
    number = scene.file(scene.graduate(graduate))
    scene.confirm(number)
    return number


def state(scene: Scene, number: str) -> str:
    return scene.application(number).state


def events(scene: Scene, name: str) -> list[tuple[str, dict[str, object]]]:
    return [(one.subject, one.facts) for one in scene.events if one.name == name]


def test_certificate_is_registered_once_whoever_is_first(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    known = info(issuer, tmp_path)
    failed: list[BaseException] = []

    def register() -> None:
        try:
            with scene.office.work() as work:
                signing.register(work, known)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    (row,) = rows(scene)
    assert (row.der, row.chain, row.name, row.status) == (known.der, known.chain, "seal", "unknown")


def test_demo_key_is_registered_before_it_signs_anything(scene: Scene, tmp_path: Path) -> None:
    key = demo_ca.demo_signing_key(tmp_path / "demo-ca", "演示大学", now=START)
    scene.office.keyring = Keyring(tmp_path / "keys", key, "demo")
    signing.keep_known(scene.office)
    (row,) = rows(scene)
    assert (row.name, row.first_used_at) == ("demo", START)
    with scene.office.work() as work:
        signing.used(work, scene.office, row.fingerprint)
        with pytest.raises(signing.Unregistered):
            signing.used(work, scene.office, "0" * 64)


def test_no_document_is_kept_whose_certificate_nobody_knows(scene: Scene, tmp_path: Path) -> None:
    """The job fails and is tried again; a file nobody could verify is worse than a late one."""
    number = paid(scene)
    key = demo_ca.demo_signing_key(tmp_path / "demo-ca", "演示大学", now=START)
    scene.office.keyring = Keyring(None, key)
    with pytest.raises(signing.Unregistered):
        issue_transcript(scene.office, number)
    assert state(scene, number) == "paid"
    scene.office.keyring = None
    issue_transcript(scene.office, number)
    with scene.office.read() as work:
        assert work.session.scalars(select(Credential.certificate)).all() == [CERTIFICATE]


@pytest.mark.parametrize(
    ("status", "why", "after"),
    [("revoked", "key_compromise", "revoked"), ("revoked", "certificate_hold", "")],
)
def test_revoked_certificate_signs_no_more_and_only_a_hold_is_taken_back(
    status: str, why: str, after: str, scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    known = info(issuer, tmp_path, ocsp="http://ocsp.test/")
    said = CertificateStatus(
        known.fingerprint, status, START, START + DAY, revoked_at=START - DAY, why=why
    )
    with scene.office.work() as work:
        signing.register(work, known)
    for _ in range(2):  # it is asked again and again
        with scene.office.work() as work:
            signing.learned(work, said)
            assert signing.barred(work) == {known.fingerprint: "revoked"}
    told = {"why": why, "day": (START - DAY).isoformat()}
    assert events(scene, "signing.revoked") == [("seal", told)]
    good = CertificateStatus(known.fingerprint, "good", START + DAY)
    with scene.office.work() as work:
        signing.learned(work, good)
        assert signing.barred(work).get(known.fingerprint, "") == after
        old = replace(said, checked_at=START)
        signing.learned(work, old)  # an answer that was on its way for long
        assert signing.barred(work).get(known.fingerprint, "") == after


def test_certificate_signs_on_for_a_week_when_its_authority_is_silent(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    asked, alone = (
        info(issuer, tmp_path, "a", ocsp="http://ocsp.test/"),
        info(issuer, tmp_path, "b"),
    )
    with scene.office.work() as work:
        for known in (asked, alone):
            signing.register(work, known)
        signing.learned(work, CertificateStatus(asked.fingerprint, "good", START, START + DAY))
    silence = CertificateStatus(asked.fingerprint, "unknown", START + 2 * DAY)
    for days, barred in ((7, {}), (9, {asked.fingerprint: "unchecked"})):
        scene.clock.set(START + days * DAY)
        with scene.office.work() as work:
            signing.learned(work, silence)
            assert signing.barred(work) == barred
    with scene.office.work() as work:
        signing.learned(work, CertificateStatus(asked.fingerprint, "good", work.now))
        assert signing.barred(work) == {}


def test_retired_key_signs_no_more_until_it_is_brought_back(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    known = info(issuer, tmp_path)
    with scene.office.work() as work:
        signing.retire(work, known)
        assert signing.barred(work) == {known.fingerprint: "retired"}
        signing.bring_back(work, known)
        assert signing.barred(work) == {}
    assert len(rows(scene)) == 1


def warned(scene: Scene, *infos: KeyInfo) -> list[object]:
    """The days left that are told of, when it is looked every day for a hundred days."""
    with scene.office.work() as work:
        for one in infos:
            signing.register(work, one)
    for day in range(105):
        scene.clock.set(START + day * DAY)
        for _ in range(2):
            with scene.office.work() as work:
                signing.warn_due(work, infos)
    return [facts["days"] for _, facts in events(scene, "signing.expiring")]


def test_expiry_is_warned_of_once_for_each_number_of_days(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    known = info(issuer, tmp_path, days=100)
    assert warned(scene, known) == [60, 30, 14, 7, 3, 1]
    subject, facts = events(scene, "signing.expiring")[0]
    assert subject == "seal"
    assert known.not_after
    assert facts["day"] == known.not_after.isoformat()


def test_key_that_comes_late_is_warned_of_at_once_and_not_for_what_is_past(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    assert warned(scene, info(issuer, tmp_path, days=10)) == [10, 7, 3, 1]


def test_nobody_is_warned_when_a_later_key_signs_on(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    first = info(issuer, tmp_path, "first", days=100)
    later = info(issuer, tmp_path, "later", days=1000, starts=START + 90 * DAY)
    assert warned(scene, first, later) == []


def test_key_that_begins_too_late_covers_nothing(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    first = info(issuer, tmp_path, "first", days=100)
    later = info(issuer, tmp_path, "later", days=1000, starts=START + 102 * DAY)
    assert warned(scene, first, later) == [60, 30, 14, 7, 3, 1]


def test_later_key_that_is_revoked_covers_nothing(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    first, later = info(issuer, tmp_path, "first", days=100), info(issuer, tmp_path, "b", days=1000)
    with scene.office.work() as work:
        signing.register(work, later)
        signing.learned(
            work, CertificateStatus(later.fingerprint, "revoked", START, why="superseded")
        )
    assert warned(scene, first, later) == [60, 30, 14, 7, 3, 1]


@pytest.mark.parametrize("reason", ["expired", "revoked", "wrong_pair", "pin", "no_key"])
def test_paid_document_waits_when_no_key_may_sign_and_it_is_told_once(
    reason: str, scene: Scene
) -> None:
    numbers = [paid(scene), paid(scene, "G2")]
    scene.press.failing = SigningRefused("no", reason, "" if reason == "no_key" else "seal")
    for number in numbers:
        issue_transcript(scene.office, number)
        issue_transcript(scene.office, number)  # nothing more is to be done
        assert state(scene, number) == "stuck"
    ((subject, facts),) = events(scene, "signing.refused")
    assert (subject, facts) == ("-" if reason == "no_key" else "seal", {"reason": reason})
    assert [facts["key"] for _, facts in events(scene, "transcript.get_stuck")] == [reason] * 2
    scene.clock.set(START + DAY)
    with scene.office.work() as work:
        signing.refused(work, paid(scene, "G3"), scene.press.failing)
    assert len(events(scene, "signing.refused")) == 2


def test_token_that_is_away_leaves_the_document_to_be_made_later(scene: Scene) -> None:
    number = paid(scene)
    scene.press.failing = TokenAway("no answer")
    with pytest.raises(TokenAway):
        issue_transcript(scene.office, number)
    assert state(scene, number) == "paid"
    scene.press.failing = None
    issue_transcript(scene.office, number)
    assert state(scene, number) == "issued"


def test_what_is_recorded_of_keys_names_nobody_but_them(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    known = info(issuer, tmp_path)
    with scene.office.work() as work:
        signing.retire(work, known)
    with scene.office.read() as work:
        about = select(AuditEntry.event).where(AuditEntry.subject == signing.subject("seal"))
        assert work.session.scalars(about).all() == ["retire"]
        assert work.session.scalar(select(func.count(SigningCertificate.id))) == 1


def test_days_are_counted_in_shanghai(issuer: Issuer, tmp_path: Path) -> None:
    known = info(issuer, tmp_path, days=1)
    assert known.not_after
    assert (local_date(known.not_after) - local_date(START)).days == 1


def test_those_who_can_mend_it_are_told_in_time_when_nothing_can_be_stamped_soon(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "stamps", begins=START - DAY, days=101)
    short, long = given.certificate_file.read_bytes(), given.chain.read_bytes()
    for day in range(105):
        scene.clock.set(START + day * DAY)
        for _ in range(2):
            with scene.office.work() as work:
                stamp_expiry.warn_due(work, (short + long,))
    told = events(scene, "signing.stamps_expiring")
    assert [facts["days"] for _, facts in told] == [60, 30, 14, 7, 3, 1]
    assert not rows(scene)  # whoever stamps for us does not sign for us


def test_where_nothing_is_stamped_nobody_is_told_of_stamps(
    scene: Scene, issuer: Issuer, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "stamps", begins=START - DAY, days=3)
    scene.office.keyring = Keyring(tmp_path / "keys", None)
    scene.office.stamp_roots = (given.certificate_file.read_bytes(),)
    signing.keep_known(scene.office)
    assert not events(scene, "signing.stamps_expiring")
    scene.office.level = Level.B_T
    signing.keep_known(scene.office)
    assert len(events(scene, "signing.stamps_expiring")) == 1
