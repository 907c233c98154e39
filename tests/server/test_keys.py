"""``registrar keys`` at the keyboard, as an administrator uses it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from backend import signing
from backend.database import Database
from backend.models import SigningCertificate
from bot import cli
from bot.assemble import office_alone
from bot.prepare import keyring_of, prepare_data
from bot.settings import Settings
from tests.documents.key_files import PASSPHRASE, Given, Issuer
from tests.documents.test_keyring import NOW


class Said(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REGISTRAR_DATA", str(tmp_path / "data"))
    settings = Settings(demo=True)
    prepare_data(settings)
    return settings


@pytest.fixture
def keys(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*arguments: object) -> Said:
        status = cli.main(["keys", *(str(one) for one in arguments)])
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture
def given(tmp_path: Path) -> Given:
    return Issuer().files(tmp_path / "new", begins=NOW, days=3650, passphrase=PASSPHRASE)


def files(given: Given, tmp_path: Path) -> tuple[object, ...]:
    phrase = tmp_path / "phrase"
    phrase.write_bytes(PASSPHRASE)
    return (
        *("--key", given.key, "--certificate", given.certificate_file, "--chain", given.chain),
        *("--passphrase-file", phrase),
    )


def test_key_is_added_listed_retired_and_brought_back(
    keys: Callable[..., Said], given: Given, settings: Settings, tmp_path: Path
) -> None:
    assert "demo · 正在用 in use" in keys("list").out
    added = keys("add", "seal-2027", *files(given, tmp_path))
    assert added.status == 0, added.err
    assert "已加入 seal-2027" in added.out
    database = Database(settings.database)
    with database.read() as session:
        known = session.scalars(select(SigningCertificate.fingerprint)).all()
    database.close()
    assert given.fingerprint in known
    assert "seal-2027 · 正在用 in use" in keys("list").out
    assert keys("check").status == 0
    assert "现在签名的是 seal-2027" in keys("retire", "demo").out
    last = keys("retire", "seal-2027")
    assert (last.status, last.out) == (1, "")
    assert "--even-last" in last.err
    assert keys("retire", "demo", "--undo").status == 0
    assert "现在签名的是 demo" in keys("retire", "seal-2027").out
    assert "seal-2027 · 密钥已停用 the key was retired" in keys("list").out
    assert PASSPHRASE.decode() not in "".join(path.read_text() for path in key_files(settings))


def key_files(settings: Settings) -> list[Path]:
    return [path for path in (settings.data / "keys").rglob("*") if path.is_file()]


def test_key_counts_from_the_time_in_shanghai_that_is_given(
    keys: Callable[..., Said], given: Given, settings: Settings, tmp_path: Path
) -> None:
    said = keys("add", "later", *files(given, tmp_path), "--from", "2035-12-01T00:00")
    assert "2035-12-01 00:00" in said.out
    listed = keys("list").out
    assert "later · 还没到起用的时间" in listed
    assert "demo · 正在用 in use" in listed
    (info,) = [one for one in keyring_of(settings).all() if one.name == "later"]
    assert info.starts
    assert info.starts.isoformat() == "2035-12-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "x"), "--key"),
        (("add", "Bad_Name", "--key", "k.pem"), "名字"),
        (("add", "x", "--key", "nothing.pem"), "读不了"),
        (("retire", "nobody"), "没有这个密钥"),
        (("check", "nobody"), "没有这个密钥"),
    ],
)
def test_what_cannot_be_done_says_why(
    arguments: tuple[str, ...], said: str, keys: Callable[..., Said]
) -> None:
    result = keys(*arguments)
    assert result.status == 1
    assert said in result.err


def test_wrong_passphrase_adds_nothing_and_is_not_shown(
    keys: Callable[..., Said], given: Given, settings: Settings, tmp_path: Path
) -> None:
    arguments = files(given, tmp_path)
    (tmp_path / "phrase").write_text("quite wrong")
    result = keys("add", "seal", *arguments)
    assert result.status == 1
    assert "口令不对" in result.err
    assert "quite wrong" not in result.out + result.err
    assert key_files(settings) == []


def test_revoked_certificate_is_shown_and_fails_the_check(
    keys: Callable[..., Said], given: Given, settings: Settings, tmp_path: Path
) -> None:
    keys("add", "seal", *files(given, tmp_path))
    status = signing.CertificateStatus(
        given.fingerprint, "revoked", NOW, revoked_at=NOW, why="key_compromise"
    )
    with office_alone(settings) as office, office.work() as work:
        signing.learned(work, status)
    assert "已吊销 revoked 2026-03-02（key_compromise）" in keys("list").out
    assert "demo · 正在用 in use" in keys("list").out
    assert keys("check", "seal").status == 1
