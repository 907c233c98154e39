"""Whoever configures it wrongly is told what, where and how it should be, by every command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.settings import Settings

Told = tuple[int, str, str]
Run = Callable[..., Told]
SECRET = "a-secret-nobody-may-see-anywhere"
AES_KEY = "a" * 43
COMMANDS = [
    ("serve", "--demo"),
    ("serve",),
    ("setup", "--demo"),
    ("chat", "--as", "20231800000001"),
    ("check",),
    ("deliveries",),
    ("wecom", "menu"),
    ("wecom", "people"),
    ("exam-password", "1"),
    ("import", "people.csv"),
    ("parse",),
    ("verify", "some.pdf"),
]


@pytest.fixture(autouse=True)
def folder(unconfigured: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def goes_on(*_: object) -> None:
        pytest.fail("it goes on with settings that are wrong")

    monkeypatch.setattr("bot.serving.serve", goes_on)
    monkeypatch.setattr("bot.prepare.prepare_data", goes_on)
    return unconfigured


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """``registrar`` with these arguments and this configuration file: status, output, errors."""

    def run_it(*arguments: str, toml: str = "") -> Told:
        if toml:
            (folder / "registrar.toml").write_text(toml, encoding="utf-8")
        before = os.umask(0o077)
        os.umask(before)
        try:
            status = cli.main(arguments)
        finally:
            os.umask(before)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run_it


WRONG = {
    "section misspelt": ('[telegramm]\ntoken = "x"\n', ["[telegramm]", "[telegram]"]),
    "entry misspelt": ("prot = 8001\n", ["prot", "port"]),
    "entry of a section misspelt": (
        '[telegram]\ntoken = "x"\ntokken_file = "x"\n',
        ["REGISTRAR_TELEGRAM__TOKKEN_FILE", "[telegram] tokken_file", "[telegram] token_file"],
    ),
    "secret missing": (
        f'[wecom]\ncorp_id = "ww1"\nagent_id = 1\ntoken = "t"\naes_key = "{AES_KEY}"\n',
        ["REGISTRAR_WECOM__SECRET", "[wecom] secret", "没有填", "missing"],
    ),
    "section missing an entry": (
        '[sign_in.oidc]\nissuer = "https://sso.example.edu.cn"\n',
        ["REGISTRAR_SIGN_IN__OIDC__CLIENT_ID", "[sign_in.oidc] client_id", "没有填", "missing"],
    ),
    "secret's file missing": (
        '[telegram]\ntoken_file = "no-such-file"\n',
        ["REGISTRAR_TELEGRAM__TOKEN_FILE", "[telegram] token_file", "no-such-file", "没有文件"],
    ),
    "secret's file a folder": ('[telegram]\ntoken_file = "."\n', ["token_file", "读不了"]),
    "secret's file a number": ("[telegram]\ntoken_file = 5\n", ["token_file", "路径"]),
    "secret empty": ('[telegram]\ntoken = ""\n', ["REGISTRAR_TELEGRAM__TOKEN", "空", "empty"]),
    "secret given twice": (
        f'signing_passphrase = "{SECRET}"\nsigning_passphrase_file = "x"\n',
        ["REGISTRAR_SIGNING_PASSPHRASE_FILE", "只能写一个", "not both"],
    ),
    "number no number": ('port = "eighty"\n', ["REGISTRAR_PORT", "整数", "whole number"]),
    "number too large": ("port = 65536\n", ["REGISTRAR_PORT", "65535"]),
    "choice no choice": ('production = "perhaps"\n', ["REGISTRAR_PRODUCTION", "true"]),
    "section no section": ("wecom = 5\n", ["REGISTRAR_WECOM", "[wecom]", "一节", "section"]),
    "not TOML": ("port = 8000\nhost = \n", ["registrar.toml", "第 2 行", "TOML", "line 2"]),
    "not closed": ("[wecom", ["registrar.toml", "TOML"]),
    "level that is none": (
        '[signing]\nlevel = "B-X"\n',
        ["REGISTRAR_SIGNING__LEVEL", "[signing] level", "B-LTA"],
    ),
    "time stamps from nowhere": ('[signing]\nlevel = "B-T"\n', ["[signing]", "[signing.tsa]"]),
    "time stamps unencrypted": (
        '[signing.tsa]\nurl = "http://tsa.example.edu.cn"\nchain = "tsa.pem"\n',
        ["[signing.tsa] url", "https"],
    ),
    "two keys": (
        'signing_key = "k"\n[signing.pkcs11]\nmodule = "m"\ntoken = "t"\nlabel = "l"\n'
        f'pin = "{SECRET}"\n',
        ["[signing]", "signing_key"],
    ),
    "key in a token without a name": (
        f'[signing.pkcs11]\nmodule = "m"\ntoken = "t"\npin = "{SECRET}"\n',
        ["[signing.pkcs11]", "label", "key_id"],
    ),
    "key of a token in digits that are none": (
        f'[signing.pkcs11]\nmodule = "m"\ntoken = "t"\nkey_id = "0g"\npin = "{SECRET}"\n',
        ["[signing.pkcs11] key_id", "hexadecimal"],
    ),
    "policy of a time stamp that is none": (
        '[signing.tsa]\nurl = "https://x.cn"\nchain = "c"\npolicy = "qualified"\n',
        ["[signing.tsa] policy", "1.2.3"],
    ),
    "address not encrypted": (
        '[sign_in.cas]\nurl = "http://cas.example.edu.cn"\n',
        ["[sign_in.cas] url", "https"],
    ),
}


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_command_says_in_one_line_that_a_section_is_misspelt(
    run: Run, folder: Path, arguments: tuple[str, ...]
) -> None:
    status, out, err = run(*arguments, toml='[telegramm]\ntoken = "x"\n')
    assert status == 1
    (line,) = [one for one in (out + err).splitlines() if "telegramm" in one]
    assert "[telegram]" in line
    assert arguments == ("check",) or out == "", "nothing is done on half of the settings"
    assert arguments == ("check",) or not (folder / "var").exists()


@pytest.mark.parametrize("arguments", [("serve", "--demo"), ("check",)], ids=lambda one: one[0])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_by_its_name_in_both_languages_in_one_line(
    run: Run, what: str, arguments: tuple[str, ...]
) -> None:
    toml, words = WRONG[what]
    status, out, err = run(*arguments, toml=toml)
    assert status == 1
    lines = [one for one in (out + err).splitlines() if words[0] in one]
    assert len(lines) == 1, out + err
    assert [word for word in words if word not in lines[0]] == []
    assert "Traceback" not in out + err
    assert SECRET not in out + err


@pytest.mark.parametrize("arguments", [("serve", "--demo"), ("check",)], ids=lambda one: one[0])
def test_a_configuration_that_is_not_where_it_is_said_to_be_is_told(
    run: Run, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRAR_CONFIG", "/nowhere/registrar.toml")
    status, out, err = run(*arguments)
    assert status == 1
    assert out == ""
    (line,) = err.splitlines()
    assert "/nowhere/registrar.toml" in line
    assert "REGISTRAR_CONFIG" in line


def test_everything_that_is_wrong_is_said_at_once(run: Run) -> None:
    _, _, err = run("serve", toml="prot = 1\n[wecom]\nagent_id = 1\n[telegram]\n")
    for name in ("CORP_ID", "SECRET", "TOKEN", "AES_KEY"):
        assert f"REGISTRAR_WECOM__{name} / [wecom] {name.lower()}：没有填" in err
    assert "REGISTRAR_TELEGRAM__TOKEN" in err
    assert "prot：没有这一项" in err


def test_a_check_goes_on_with_the_other_channels(run: Run) -> None:
    toml = (
        '[wecom]\ncorp_id = "ww1"\nagent_id = 1\n'
        '[telegram]\ntoken = "1:x"\napi_url = "http://127.0.0.1:9"\n'
        '[sign_in.cas]\nurl = "http://127.0.0.1:9"\n'
    )
    status, out, _ = run("check", toml=toml)
    assert status == 1
    assert "✗ 企业微信 WeCom：REGISTRAR_WECOM__SECRET / [wecom] secret" in out
    assert "企业微信 WeCom：没有设置" not in out, "it is set up, and wrongly"
    assert "✗ Telegram：连不上 Telegram" in out
    assert "✗ 登录 sign-in：CAS 打不开" in out
    for part in ("数据 data", "文件 files", "签名 signing", "地址 address"):
        assert part in out


@pytest.mark.parametrize("name", ["WECOM", "TELEGRAM", "SIGN_IN"])
@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_section_in_a_variable_that_is_none_is_told_by_its_name(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    monkeypatch.setenv(f"REGISTRAR_{name}", f"{{{SECRET}")
    status, out, err = run(command)
    assert status == 1
    assert f"REGISTRAR_{name} / [{name.lower()}]：要写成一节" in out + err
    assert SECRET not in out + err


def test_a_check_ends_well_where_nothing_is_wrong(run: Run) -> None:
    status, out, err = run("check", "--demo")
    assert status == 0, out + err
    assert "✗" not in out
    for channel in ("企业微信 WeCom：没有设置", "Telegram：没有设置"):
        assert channel in out


def test_an_address_of_a_platform_that_is_none_is_told_and_ends_nothing(run: Run) -> None:
    status, out, _ = run("check", toml='[telegram]\ntoken = "1:x"\napi_url = "http://[x"\n')
    assert status == 1
    assert "✗ Telegram" in out


def test_a_check_tells_of_a_misspelt_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRAR_TELEGRAMM__TOKEN", SECRET)
    monkeypatch.setenv("REGISTRAR_DATABASE_URL_FLIE", "x")
    _, out, _ = run("check")
    assert "REGISTRAR_TELEGRAMM__TOKEN：" in out
    assert "REGISTRAR_TELEGRAM meant" in out
    assert "REGISTRAR_DATABASE_URL_FLIE：" in out
    assert SECRET not in out


def test_a_check_says_that_production_cannot_take_money_yet(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRAR_PRODUCTION", "true")
    status, out, _ = run("check")
    assert status == 1
    assert "✗ 付款 payment" in out


# --- secrets in files -----------------------------------------------------------------------


def kept(folder: Path, value: str = SECRET) -> str:
    path = folder / "kept"
    path.write_text(f"{value}\n", encoding="utf-8")
    return str(path)


ENTRIES = {
    ("signing_passphrase",): "",
    ("signing", "tsa", "password"): 'url = "https://x.cn"\nchain = "c"\n',
    ("signing", "pkcs11", "pin"): 'module = "m"\ntoken = "t"\nlabel = "l"\n',
    ("wecom", "secret"): f'corp_id = "w"\nagent_id = 1\ntoken = "t"\naes_key = "{AES_KEY}"\n',
    ("wecom", "token"): f'corp_id = "w"\nagent_id = 1\nsecret = "t"\naes_key = "{AES_KEY}"\n',
    ("wecom", "aes_key"): 'corp_id = "w"\nagent_id = 1\nsecret = "t"\ntoken = "t"\n',
    ("telegram", "token"): "",
    ("rasa", "token"): "",
    ("photo_codes", "key"): 'url = "https://x.cn"\n',
    ("wechat_pay", "apiv3_key"): (
        'mchid = "1900000109"\nappid = "wxd678efh567hg6787"\nprivate_key = "k"\n'
        f'merchant_serial = "{"0" * 40}"\npublic_keys = {{ PUB_KEY_ID_01 = "p" }}\n'
    ),
    ("sign_in", "oidc", "client_secret"): 'issuer = "https://x.cn"\nclient_id = "c"\n',
}


def secret_at(path: tuple[str, ...]) -> str:
    found = Settings()
    for name in path:
        found = getattr(found, name)
    return str(found.get_secret_value())  # type: ignore[attr-defined]


def toml_of(path: tuple[str, ...], entry: str, beside: str) -> str:
    section = ".".join(path[:-1])
    return (f"[{section}]\n" if section else "") + beside + entry


@pytest.mark.parametrize("path", ENTRIES, ids=".".join)
def test_every_secret_can_be_in_a_file_that_the_configuration_names(
    folder: Path, path: tuple[str, ...]
) -> None:
    entry = f'{path[-1]}_file = "{kept(folder)}"\n'
    (folder / "registrar.toml").write_text(toml_of(path, entry, ENTRIES[path]))
    assert secret_at(path) == SECRET


@pytest.mark.parametrize("path", ENTRIES, ids=".".join)
def test_every_secret_can_be_in_a_file_that_a_variable_names_before_all_else(
    folder: Path, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "registrar.toml").write_text(toml_of(path, f'{path[-1]} = "old"\n', ENTRIES[path]))
    monkeypatch.setenv("REGISTRAR_" + "__".join(path).upper() + "_FILE", kept(folder))
    assert secret_at(path) == SECRET


@pytest.mark.parametrize("path", ENTRIES, ids=".".join)
def test_a_secret_in_the_environment_goes_before_a_file_of_the_configuration(
    folder: Path, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = f'{path[-1]}_file = "{kept(folder, "old")}"\n'
    (folder / "registrar.toml").write_text(toml_of(path, entry, ENTRIES[path]))
    monkeypatch.setenv("REGISTRAR_" + "__".join(path).upper(), SECRET)
    assert secret_at(path) == SECRET


def test_no_secret_has_been_forgotten_here() -> None:
    def secrets(model: type, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
        found = set()
        for name, field in model.model_fields.items():  # type: ignore[attr-defined]
            text = str(field.annotation)
            if "SecretStr" in text:
                found.add((*path, name))
            for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if hasattr(kind, "model_fields"):
                    found |= secrets(kind, (*path, name))
        return found

    assert secrets(Settings) == set(ENTRIES)


@pytest.mark.parametrize("by_variable", [True, False])
def test_the_password_in_a_databases_address_can_be_in_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, by_variable: bool
) -> None:
    url = f"postgresql://registrar:{SECRET}@db.example.edu.cn/registrar"
    if by_variable:
        monkeypatch.setenv("REGISTRAR_DATABASE_URL_FILE", kept(folder, url))
    else:
        (folder / "registrar.toml").write_text(f'database_url_file = "{kept(folder, url)}"\n')
    assert Settings().database == url


def test_a_signing_keys_bytes_are_never_taken_for_its_path(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, err = run("setup", toml=f'signing_key_file = "{kept(folder)}"\n')
    assert status == 1
    assert "signing_key_file：没有这一项" in err
    assert SECRET not in err


@pytest.mark.parametrize(
    "toml",
    [
        '[signing]\nlevel = "B-T"\n[signing.tsa]\nurl = "https://x.cn"\nchain = "c.pem"\n',
        f'[signing.pkcs11]\nmodule = "m"\ntoken = "t"\nlabel = "l"\npin = "{SECRET}"\n',
    ],
    ids=["level", "token"],
)
def test_no_document_is_signed_with_less_than_was_asked_for(run: Run, toml: str) -> None:
    status, out, err = run("check", toml=toml)
    assert status == 1
    assert "签名 signing" in out
    assert SECRET not in out + err
