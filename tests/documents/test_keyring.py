"""Which key signs: every kind that may, none that must not, and a new one without a pause."""

import pickle
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)

from backend.documents import keyring, keys
from backend.documents.errors import SigningRefused
from backend.documents.keyring import Keyring
from backend.documents.materials import KeyInfo, Made, SigningKey
from backend.documents.workshop import Workshop
from bot.keys_adding import NewKey, Unusable, put
from tests.documents.key_files import NOW, PASSPHRASE, Given, Issuer
from tests.documents.samples import ISSUE, SEAL, facts

Add = Callable[..., KeyInfo]


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def add(folder: Path) -> Add:
    def added(name: str, given: Given, starts: datetime | None = None, **how: Path) -> KeyInfo:
        new = NewKey(name, starts, given.key, given.certificate_file, given.chain, **how)
        return put(folder, new, Keyring(folder, None).all(), NOW)

    return added


def configured(given: Given) -> SigningKey:
    return SigningKey(given.key, given.certificate_file, given.chain)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_keys_of_the_usual_curves_sign(
    curve: ec.EllipticCurve, issuer: Issuer, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "k", ec.generate_private_key(curve))
    keys.try_out(keys.load(configured(given)))


@pytest.mark.parametrize(
    "private",
    [
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 1024),
    ],
    ids=["secp256k1", "ed25519", "rsa-1024"],
)
def test_key_of_a_kind_that_cannot_sign_is_refused_with_the_reason(
    private: object, issuer: Issuer, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "k", private)
    with pytest.raises(SigningRefused) as refused:
        keys.load(configured(given))
    assert refused.value.reason == "wrong_kind"


def test_certificate_of_another_key_or_for_another_purpose_is_refused(
    issuer: Issuer, tmp_path: Path
) -> None:
    one, other = issuer.files(tmp_path / "a"), issuer.files(tmp_path / "b")
    with pytest.raises(SigningRefused) as pair:
        keys.load(replace(configured(one), key=other.key))
    assert pair.value.reason == "wrong_pair"
    with pytest.raises(SigningRefused) as purpose:
        keys.load(configured(issuer.files(tmp_path / "c", signs=False)))
    assert purpose.value.reason == "not_for_signing"


def test_refusal_comes_back_from_a_worker_with_its_reason() -> None:
    refused = pickle.loads(pickle.dumps(SigningRefused("why", "expired", "seal")))
    assert (str(refused), refused.reason, refused.key) == ("why", "expired", "seal")


@pytest.mark.parametrize("passphrase", [None, b"wrong and secret"])
def test_passphrase_is_in_no_error_and_no_repr(
    passphrase: bytes | None, issuer: Issuer, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "k", passphrase=PASSPHRASE)
    key = replace(configured(given), passphrase=passphrase)
    with pytest.raises(SigningRefused) as refused:
        keys.load(key)
    error = refused.value
    assert error.reason == "passphrase"
    assert error.__cause__ is None
    assert error.__suppress_context__
    source = keys.load(replace(key, passphrase=PASSPHRASE))
    ring = Keyring(None, replace(key, passphrase=PASSPHRASE))
    shown = f"{error} {error!r} {key!r} {source!r} {ring!r} {ring.all()!r}"
    for secret in (PASSPHRASE, b"wrong and secret"):
        assert secret.decode() not in shown


def test_key_in_pkcs12_is_added_with_its_chain(
    issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "k")
    private = load_pem_private_key(given.key.read_bytes(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    file, phrase = tmp_path / "k.p12", tmp_path / "phrase"
    phrase.write_bytes(PASSPHRASE + b"\n")
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", private, given.certificate, [issuer.root], BestAvailableEncryption(PASSPHRASE)
        )
    )
    info = put(folder, NewKey("seal", None, file, passphrase_file=phrase), [], NOW)
    assert info.source == "pkcs12"
    assert b"BEGIN CERTIFICATE" in info.chain
    assert Keyring(folder, None).current(NOW).name == "seal"


def test_every_file_of_a_key_is_private_and_nothing_is_left_of_one_that_was_refused(
    add: Add, issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    add("good", issuer.files(tmp_path / "a"))
    with pytest.raises(SigningRefused):
        add("bad", issuer.files(tmp_path / "b", passphrase=PASSPHRASE))
    assert [one.name for one in folder.iterdir()] == ["good"]
    assert stat.S_IMODE((folder / "good").stat().st_mode) == 0o700
    for file in (folder / "good").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"days": 5}, "过期"),
        ({"begins": NOW + timedelta(days=400)}, ""),
    ],
)
def test_expired_certificate_is_not_added_and_a_future_one_waits(
    how: dict[str, object], why: str, add: Add, issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "k", **how)
    if why:
        with pytest.raises(Unusable, match=why):
            add("seal", given)
        return
    assert add("seal", given).starts == given.certificate.not_valid_before_utc
    with pytest.raises(SigningRefused) as early:
        Keyring(folder, None).current(NOW)
    assert early.value.reason == "not_yet_valid"


def test_names_and_certificates_are_taken_once_and_a_chain_must_hold_the_issuer(
    add: Add, issuer: Issuer, tmp_path: Path
) -> None:
    given = issuer.files(tmp_path / "a")
    add("seal", given)
    with pytest.raises(Unusable, match="seal"):
        add("seal", issuer.files(tmp_path / "b"))
    with pytest.raises(Unusable, match="已经在用"):
        add("again", given)
    stranger = issuer.files(tmp_path / "c")
    shutil.copy(Issuer().files(tmp_path / "d").chain, stranger.chain)
    with pytest.raises(Unusable, match="chain"):
        add("other", stranger)
    for name in ("demo", "../x", "", "Seal"):
        with pytest.raises(Unusable):
            add(name, stranger)


def test_later_key_signs_from_its_moment_on_and_the_earlier_until_then(
    add: Add, issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    ring = Keyring(folder, configured(issuer.files(tmp_path / "old")))
    moment = NOW + timedelta(days=2)
    assert ring.current(NOW).name == "configured"
    add("new", issuer.files(tmp_path / "new"), moment)
    assert ring.current(moment - timedelta(seconds=1)).name == "configured"
    assert ring.current(moment).name == "new"
    assert [info.name for info in ring.all()] == ["configured", "new"]
    shutil.rmtree(folder / "new")
    assert ring.current(moment).name == "configured"


@pytest.mark.parametrize("why", ["revoked", "retired", "unchecked"])
def test_key_that_is_barred_gives_way_to_another_or_refuses_with_the_reason(
    why: str, add: Add, issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    old = add("old", issuer.files(tmp_path / "a"), NOW - timedelta(days=1))
    new = add("new", issuer.files(tmp_path / "b"))
    ring = Keyring(folder, None)
    assert ring.current(NOW, {new.fingerprint: why}).name == "old"
    with pytest.raises(SigningRefused) as refused:
        ring.current(NOW, {new.fingerprint: why, old.fingerprint: "retired"})
    assert (refused.value.reason, refused.value.key) == (why, "new")


def test_expired_key_refuses_and_says_which(issuer: Issuer, tmp_path: Path) -> None:
    ring = Keyring(None, configured(issuer.files(tmp_path / "k")), "seal")
    for when, reason in ((timedelta(days=400), "expired"), (timedelta(days=-20), "not_yet_valid")):
        with pytest.raises(SigningRefused) as refused:
            ring.current(NOW + when)
        assert (refused.value.reason, refused.value.key) == (reason, "seal")
    with pytest.raises(SigningRefused) as nothing:
        Keyring(None, None).current(NOW)
    assert nothing.value.reason == "no_key"


def test_files_that_are_replaced_one_after_the_other_never_stop_the_signing(
    issuer: Issuer, tmp_path: Path
) -> None:
    given, fresh = issuer.files(tmp_path / "a"), issuer.files(tmp_path / "b")
    ring = Keyring(None, configured(given))
    before = ring.current(NOW)
    shutil.copy(fresh.key, given.key)
    assert ring.current(NOW) is before
    assert ring.all()[0].problem == "wrong_pair"
    shutil.copy(fresh.certificate_file, given.certificate_file)
    assert keys.fingerprint(ring.current(NOW).certificate) == fresh.fingerprint
    assert ring.all()[0].problem == ""


def test_damaged_description_takes_no_other_key_away(
    add: Add, issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    add("good", issuer.files(tmp_path / "a"), NOW - timedelta(days=1))
    add("bad", issuer.files(tmp_path / "b"))
    (folder / "bad" / keyring.DESCRIPTION).write_text("source = \nfrom = tomorrow")
    ring = pickle.loads(pickle.dumps(Keyring(folder, None)))
    assert ring.current(NOW).name == "good"
    assert {info.name: info.problem for info in ring.all()} == {"good": "", "bad": "unreadable"}


def test_key_that_another_thread_is_reading_is_not_missing(
    issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    """Reading an encrypted key takes long enough for others to come by."""
    given = issuer.files(tmp_path / "k", passphrase=PASSPHRASE)
    key = replace(configured(given), passphrase=PASSPHRASE)
    for _ in range(5):
        ring, found, failed = Keyring(folder, key), list[str](), list[Exception]()

        def look(ring: Keyring, found: list[str], failed: list[Exception]) -> None:
            try:
                found.append(ring.current(NOW).name)
            except Exception as error:
                failed.append(error)

        threads = [Thread(target=look, args=(ring, found, failed)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert found == ["configured"] * 4


def test_new_key_is_used_from_its_moment_on_while_documents_are_being_made(
    fonts_folder: Path, issuer: Issuer, folder: Path, tmp_path: Path
) -> None:
    """Two threads make documents without a pause; a key is added, and nothing is started anew."""
    began = datetime.now(UTC)
    old = issuer.files(tmp_path / "old", begins=began - timedelta(days=1))
    fresh = issuer.files(tmp_path / "fresh", begins=began - timedelta(days=1))
    shop = Workshop(fonts_folder, Keyring(folder, configured(old)), SEAL)
    made: list[tuple[datetime, Made]] = []
    failed: list[Exception] = []
    enough = Event()

    def work() -> None:
        while not enough.is_set():
            now = datetime.now(UTC)
            try:
                made.append((now, shop.make(facts(), replace(ISSUE, issued_at=now))))
            except Exception as error:
                failed.append(error)
                return

    threads = [Thread(target=work) for _ in range(2)]
    try:
        shop.make(facts(), replace(ISSUE, issued_at=began))
        for thread in threads:
            thread.start()
        moment = datetime.now(UTC) + timedelta(seconds=1)
        put(
            folder,
            NewKey("fresh", moment, fresh.key, fresh.certificate_file, fresh.chain),
            [],
            datetime.now(UTC),
        )
        while not failed and not any(now > moment + timedelta(seconds=0.5) for now, _ in made):
            enough.wait(0.05)
    finally:
        enough.set()
        for thread in threads:
            thread.join()
        shop.close()
    assert not failed
    second = moment.replace(microsecond=0)  # what a description says of moments
    assert {one.certificate for now, one in made if now < second} == {old.fingerprint}
    assert {one.certificate for now, one in made if now >= second} == {fresh.fingerprint}
