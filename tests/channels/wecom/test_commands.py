"""What the administrator is told before anybody writes in vain."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.channels.wecom.checking import CLOSED, CODES, NOBODY, UNREACHABLE, problems
from bot.channels.wecom.wecom import Wecom
from bot.play import Stage
from bot.sections import WecomSettings
from bot.settings import NotReady
from tests.channels.wecom.house import SEALER, House, number_of
from tests.peers.wecom.simulator import SETTINGS, Simulator

BASE = "https://registrar.example.edu.cn"
Registrar = Callable[..., int]


def found(house: House, base_url: str = BASE) -> list[tuple[str, str]]:
    api = house.wecom.api
    return problems(house.run(api.get("/cgi-bin/agent/get", agentid=api.agent_id)), base_url)


def test_an_application_that_is_set_up_well_has_no_problems(house: House) -> None:
    assert found(house) == []


def test_each_thing_that_is_wrong_is_told_in_words(house: House) -> None:
    (domain,) = found(house, base_url="https://other.example.edu.cn")
    assert "other.example.edu.cn" in domain[0]
    house.simulator.control("agent", close=1)
    assert found(house) == [CLOSED]
    house.simulator.control("agent", close=0, allow_partys={"partyid": []})
    assert found(house) == [NOBODY]


@pytest.fixture
def registrar(
    stage: Callable[..., Stage], simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Registrar:
    """The command, in a prepared data folder."""
    monkeypatch.setenv("REGISTRAR_DATA", str(stage().data))
    monkeypatch.setenv("REGISTRAR_DEMO", "true")
    monkeypatch.setenv("REGISTRAR_BASE_URL", BASE)
    for name, value in {**SETTINGS, "api_url": simulator.url}.items():
        monkeypatch.setenv(f"REGISTRAR_WECOM__{name.upper()}", str(value))

    return lambda *words: cli.main(["wecom", *words])


def test_the_administrator_creates_the_menu(registrar: Registrar, simulator: Simulator) -> None:
    assert registrar("menu") == 0
    assert simulator.control("calls")["menu"]


@pytest.mark.parametrize("code", sorted(CODES))
def test_what_wecom_refuses_is_told_by_what_to_mend(
    registrar: Registrar, simulator: Simulator, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    simulator.control("misbehave", path="/cgi-bin/menu", errcode=code, times=3)
    assert registrar("menu") == 1
    assert CODES[code][0] in capsys.readouterr().err


def test_an_outage_is_told_as_an_outage(
    registrar: Registrar, simulator: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    simulator.control("misbehave", path="/cgi-bin", errcode=-1, times=99)
    assert registrar("menu") == 1
    assert UNREACHABLE[0] in capsys.readouterr().err


def test_the_administrator_binds_people_from_the_directory_and_from_a_file(
    registrar: Registrar,
    simulator: Simulator,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    simulator.control("member", userid=number_of("unit_officer"))
    assert registrar("people") == 0
    assert "bound: 1" in capsys.readouterr().out
    table = tmp_path / "people.csv"
    table.write_text(f"账号,学号\nlinrx,{number_of('enrolled')}\nwho,NOBODY\n", encoding="utf-8")
    assert registrar("people", str(table)) == 1
    told = capsys.readouterr().out
    assert "bound: 1" in told
    assert "who" in told
    assert registrar("people", str(tmp_path / "absent.csv")) == 1
    table.write_text("姓名\n林\n", encoding="utf-8")
    assert registrar("people", str(table)) == 1


def test_a_command_without_settings_says_where_they_are_described(
    registrar: Registrar, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (*SETTINGS, "api_url"):
        monkeypatch.delenv(f"REGISTRAR_WECOM__{name.upper()}")
    assert registrar("menu") == 1
    assert "docs/wecom.md" in capsys.readouterr().err


def test_a_wrong_secret_is_told_and_not_shown(
    registrar: Registrar, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_WECOM__SECRET", "a-secret-nobody-may-see")
    assert registrar("menu") == 1
    told = capsys.readouterr()
    assert "secret 不对" in told.err
    assert "a-secret-nobody-may-see" not in told.err + told.out


def test_a_server_with_a_broken_key_does_not_start_and_says_which(house: House) -> None:
    for key in ("short", "!" * 43):
        settings = WecomSettings.model_validate({**SETTINGS, "aes_key": key})
        with pytest.raises(NotReady, match="EncodingAESKey"):
            Wecom(settings, house.office, house.reception, SEALER)
