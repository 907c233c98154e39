"""A time stamp says when, evidence says that the certificate counted then, and nothing may follow."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from asn1crypto import cms as asn1

from backend.documents import archive
from backend.documents.container import Container
from backend.documents.fonts import Fonts
from backend.documents.materials import Level
from backend.verification import cms, raw
from backend.verification.findings import Findings
from backend.verification.judge import judge
from tests.peers.pki import Pki
from tests.verification.asking import asked
from tests.verification.levels import Levels


@pytest.fixture(scope="module")
def levels(typefaces: Fonts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Levels]:
    pki = Pki(tmp_path_factory.mktemp("pki"))
    yield Levels(pki, typefaces)
    pki.close()


@pytest.fixture(scope="module")
def files(levels: Levels) -> dict[Level, bytes]:
    return {level: levels.make(level) for level in Level}


def judged(levels: Levels, pdf: bytes, **more: Any) -> Findings:
    known = {one: more.pop(one) for one in ("status", "revoked_at", "revoked_why") if one in more}
    fields = {
        "now": levels.issue.issued_at + timedelta(days=30),
        "stamp_roots": (levels.stamp_root,),
    }
    return judge(pdf, asked(levels.listed(**known), **(fields | more)))


def codes(found: Findings) -> list[str]:
    return [one.code for one in found.verdict.reasons]


@pytest.mark.parametrize("level", list(Level))
def test_a_document_of_every_level_is_genuine(
    levels: Levels, files: dict[Level, bytes], level: Level
) -> None:
    found = judged(levels, files[level])
    assert codes(found) == ["genuine"]
    assert found.verdict.level is level
    assert found.data is not None
    assert found.data.attachment == "equal"
    stamped = level is not Level.B_B
    assert (found.time_stamp is not None) == stamped
    assert (found.archive_stamp is not None) == (level is Level.B_LTA)
    assert found.signature is not None
    assert found.signature.source == ("time_stamp" if stamped else "claimed")
    assert found.revocation is not None
    assert found.revocation.at_signing == (
        "good" if level in (Level.B_LT, Level.B_LTA) else "unknown"
    )


# --- the certificate counted then, or did not -------------------------------------------------


@pytest.mark.parametrize("level", list(Level))
def test_after_the_certificate_has_expired_a_time_stamp_or_the_record_is_needed(
    levels: Levels, files: dict[Level, bytes], level: Level
) -> None:
    late = levels.issue.issued_at + timedelta(days=365 * 11)
    stamped = level is not Level.B_B
    found = judged(levels, files[level], now=late)
    assert codes(found) == (["genuine"] if stamped else ["certificate_expired"])
    assert codes(judged(levels, files[level], now=late, issued_at=levels.issue.issued_at)) == [
        "genuine"
    ]


def revoked(levels: Levels, hours: float, why: str) -> dict[str, Any]:
    at = levels.issue.issued_at + timedelta(hours=hours)
    return {"status": "revoked", "revoked_at": at, "revoked_why": why}


@pytest.mark.parametrize(
    ("level", "why", "known", "fine"),
    [
        (Level.B_B, "superseded", False, False),  # anybody may write any date
        (Level.B_B, "superseded", True, True),
        (Level.B_T, "superseded", False, True),
        (Level.B_LTA, "cessation_of_operation", False, True),
        (Level.B_T, "key_compromise", False, False),  # a thief can have stamps made too
        (Level.B_T, "", False, False),
        (Level.B_B, "key_compromise", True, True),
        (Level.B_LTA, "key_compromise", True, True),
    ],
)
def test_after_a_revocation_what_was_signed_before_counts_where_something_shows_it(
    levels: Levels, files: dict[Level, bytes], level: Level, why: str, known: bool, fine: bool
) -> None:
    issued = levels.issue.issued_at if known else None
    found = judged(levels, files[level], issued_at=issued, **revoked(levels, 1, why))
    assert codes(found)[0] == ("genuine" if fine else "certificate_revoked")
    assert found.revocation is not None
    assert found.revocation.now == "revoked"
    said = {one.name: one.state for one in found.checks}
    assert said["revocation"] == ("warn" if fine else "fail")


@pytest.mark.parametrize("level", list(Level))
def test_what_was_signed_after_a_revocation_never_counts(
    levels: Levels, files: dict[Level, bytes], level: Level
) -> None:
    before = revoked(levels, -1, "superseded")
    for issued in (None, levels.issue.issued_at):
        found = judged(levels, files[level], issued_at=issued, **before)
        assert codes(found)[0] == "certificate_revoked"


def test_a_time_outside_the_certificates_validity_is_refused(levels: Levels) -> None:
    pdf = levels.make(Level.B_B)
    early = levels.issue.issued_at - timedelta(days=4000)
    assert codes(judged(levels, pdf, issued_at=early))[0] == "outside_validity"


# --- whose stamp, and of what ------------------------------------------------------------------


def test_a_stamp_of_an_authority_that_is_not_trusted_is_refused_unless_the_file_is_on_record(
    levels: Levels, files: dict[Level, bytes]
) -> None:
    other = (levels.pki.certificate("root").read_bytes(),)
    for level, why in ((Level.B_T, "time_stamp_invalid"), (Level.B_LTA, "time_stamp_invalid")):
        assert codes(judged(levels, files[level], stamp_roots=other)) == [why]
        known = judged(levels, files[level], stamp_roots=other, issued_at=levels.issue.issued_at)
        assert codes(known) == ["genuine"]
        assert known.signature is not None
        assert known.signature.source == "record"


def test_where_no_authority_is_trusted_the_stamp_proves_no_time(
    levels: Levels, files: dict[Level, bytes]
) -> None:
    found = judged(levels, files[Level.B_T], stamp_roots=())
    assert codes(found) == ["genuine"]
    assert found.signature is not None
    assert found.time_stamp is not None
    assert (found.signature.source, found.time_stamp.valid) == ("claimed", False)
    assert found.time_stamp.authority == ""


def test_a_stamp_of_another_file_is_refused(levels: Levels, files: dict[Level, bytes]) -> None:
    pdf = files[Level.B_T]
    token = levels.authority().stamp(sha256(b"something else").digest())
    assert codes(judged(levels, with_token(pdf, token))) == ["time_stamp_invalid"]
    other = levels.make(Level.B_T)
    moved = with_token(pdf, token_of(other))
    assert codes(judged(levels, moved)) == ["time_stamp_invalid"]
    assert with_token(pdf, token_of(pdf)) == pdf


def test_a_file_that_lost_its_stamp_is_not_taken_for_one_without(
    levels: Levels, files: dict[Level, bytes]
) -> None:
    assert codes(judged(levels, with_token(files[Level.B_T], None))) == ["altered"]


def token_of(pdf: bytes) -> bytes:
    token = signed_of(pdf)["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()
    assert isinstance(token, bytes)
    return token


def with_token(pdf: bytes, token: bytes | None) -> bytes:
    place = raw.find(pdf)
    signed = signed_of(pdf)
    certificates = [one.chosen for one in signed["certificates"]]
    (signer,) = (one for one in certificates if not one.ca)
    digest = sha256(pdf[: place.start] + pdf[place.end : place.covered]).digest()
    value = signed["signer_infos"][0]["signature"].native
    filled = Container(signer, certificates).fill(digest, value, token).hex().upper().encode()
    return pdf[: place.start + 1] + filled.ljust(len(place.hole), b"0") + pdf[place.end - 1 :]


def signed_of(pdf: bytes) -> Any:
    return asn1.ContentInfo.load(cms.load(raw.find(pdf).hole).der)["content"]


# --- what follows ------------------------------------------------------------------------------


def test_an_archive_stamp_of_something_else_is_refused(
    levels: Levels, files: dict[Level, bytes]
) -> None:
    base, token = archive.without(files[Level.B_LTA])
    assert token is not None
    other = levels.authority().stamp(sha256(b"x").digest())
    assert codes(judged(levels, base + archive.tail(base, other))) == ["archive_invalid"]
    assert base + archive.tail(base, token) == files[Level.B_LTA]


def test_without_the_archive_stamp_the_signed_part_is_whole_and_another_file(
    levels: Levels, files: dict[Level, bytes]
) -> None:
    base, _ = archive.without(files[Level.B_LTA])
    found = judged(levels, base)
    assert (codes(found), found.verdict.level) == (["genuine"], Level.B_LT)
    assert found.verdict.sha256 != sha256(files[Level.B_LTA]).hexdigest()


def test_nothing_may_stand_in_the_archive_field_but_its_stamp(
    levels: Levels, files: dict[Level, bytes]
) -> None:
    pdf = files[Level.B_LTA]
    base, _ = archive.without(pdf)
    more = pdf[len(base) :].replace(b"endobj\n", b"endobj\n99 0 obj\n<< >>\nendobj\n", 1)
    found = judged(levels, base + more)
    assert codes(found)[0] in ("archive_invalid", "appended")
    assert not found.verdict.genuine
    lower = pdf.replace(b"/ETSI.RFC3161", b"/ETSI.RFC3162")
    assert codes(judged(levels, lower))[0] == "archive_invalid"


@pytest.mark.parametrize("level", list(Level))
def test_something_after_it_is_refused_at_every_level(
    levels: Levels, files: dict[Level, bytes], level: Level
) -> None:
    found = judged(levels, files[level] + b"\0" * 9)
    assert codes(found)[0] in ("appended", "archive_invalid")


@pytest.mark.parametrize("level", list(Level))
def test_a_download_that_was_cut_short_is_called_that(
    levels: Levels, files: dict[Level, bytes], level: Level
) -> None:
    pdf = files[level]
    for length in (len(pdf) // 4, len(pdf) // 2, len(pdf) * 3 // 4, len(pdf) - 1):
        assert codes(judged(levels, pdf[:length])) == ["truncated"], (level, length, len(pdf))
