"""What the health page of a real server says of understanding."""

from pathlib import Path

from tests.server.guest import Guest, get
from tests.server.running import Running, free_port, with_fonts_and_model


def test_without_rasa_the_page_names_the_embedded_interpreter(server: Running) -> None:
    page = get(server, "/health").json()
    assert page == {
        "status": "ok",
        "database": "ok",
        "understanding": {"interpreter": "embedded"},
    }


def test_where_rasa_does_not_run_people_are_understood_and_the_page_says_why(
    tmp_path: Path,
) -> None:
    server = Running(
        with_fonts_and_model(tmp_path / "data"),
        REGISTRAR_RASA__URL=f"http://127.0.0.1:{free_port()}",
    )
    server.start()
    try:
        guest = Guest(server.base, "enrolled")
        (*_, answer) = guest.say("我想要一份英文成绩单，带绩点")
        assert answer["buttons"]
        page = get(server, "/health")
        assert page.status_code == 200
        told = page.json()["understanding"]
        assert (told["interpreter"], told["why"]) == ("embedded", "down")
        assert told["answered_by_rasa"] == 0
        assert told["fell_back"]["down"] >= 1
        guest.close()
    finally:
        server.stop()
