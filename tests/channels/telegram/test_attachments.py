"""Files and everything else that is not words, from people."""

import pytest

from backend.models import Blob
from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person

PDF = b"%PDF-1.7 " + b"x" * 300_000


def kept(house: House, person: Person) -> list[tuple[Blob, bytes]]:
    found = []
    for one in house.heard(person.id):
        if one.kind == "attached" and "blob" in one.body:
            with house.office.read() as work:
                blob = work.session.get_one(Blob, one.body["blob"])
            found.append((blob, house.office.blobs.get(blob.key)))
    return found


def test_a_document_arrives_whole_with_its_name_and_owner(
    house: House, api: BotApi, student: Person
) -> None:
    owner = house.bind(student.id, "enrolled")
    student.send_document("获奖/证书.pdf", PDF, "application/pdf", caption="这是证书")
    api.webhook.quiet()
    ((blob, data),) = kept(house, student)
    assert data == PDF
    assert (blob.name, blob.media_type, blob.owner_id) == (
        "获奖_证书.pdf",
        "application/pdf",
        owner,
    )
    (attached, said) = house.heard(student.id)
    assert attached.body["size"] == len(PDF)
    assert not attached.body["recompressed"]
    assert said.body["text"] == "这是证书"


def test_of_a_photo_the_largest_is_kept_and_one_learns_how_to_send_the_original(
    house: House, api: BotApi, student: Person
) -> None:
    house.bind(student.id, "enrolled")
    picture = b"\xff\xd8" + b"p" * 2000
    student.send_photo(picture, media_group_id="album")
    student.send_photo(picture + b"2", media_group_id="album")
    house.settle()
    assert [data for _, data in kept(house, student)] == [picture, picture + b"2"]
    assert [one.body["recompressed"] for one in house.heard(student.id)] == [True, True]
    assert student.seen.count("照片经 Telegram 压缩过") == 1


def test_a_file_of_somebody_unknown_is_not_fetched(
    house: House, api: BotApi, student: Person
) -> None:
    student.send_document("a.pdf", PDF, "application/pdf")
    api.webhook.quiet()
    (one,) = house.heard(student.id)
    assert one.body == {"name": "a.pdf", "type": "application/pdf", "size": len(PDF)}
    assert "getFile" not in [method for method, _ in api.calls]


def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(
    house: House, api: BotApi, student: Person
) -> None:
    house.bind(student.id, "enrolled")
    document = {"file_id": "huge", "file_unique_id": "u", "file_size": 20_000_001}
    student.send(document=document)
    house.settle()
    assert house.heard(student.id) == []
    assert "文件太大，最大 20 MB" in student.seen
    assert "getFile" not in [method for method, _ in api.calls]


def test_a_file_that_turns_out_larger_than_was_said_is_not_kept(
    house: House, api: BotApi, student: Person
) -> None:
    house.bind(student.id, "enrolled")
    for size in (20_500_000, 21_500_000):  # one that the platform gives out, and one it does not
        file_id = api.put_file(b"x" * size)
        student.send(document={"file_id": file_id, "file_unique_id": "u", "file_size": 5})
    house.settle()
    assert house.heard(student.id) == []
    assert student.seen.count("文件太大，最大 20 MB") == 2


def test_a_file_that_the_platform_has_lost_is_asked_for_again(
    house: House, api: BotApi, student: Person
) -> None:
    house.bind(student.id, "enrolled")
    student.send(document={"file_id": "lost", "file_unique_id": "u", "file_size": 5})
    house.settle()
    assert house.heard(student.id) == []
    assert "没能从 Telegram 取到这个文件" in student.seen


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "u", "duration": 3}}, "听不了语音"),
        (
            {
                "sticker": {
                    "file_id": "s",
                    "file_unique_id": "u",
                    "type": "regular",
                    "width": 512,
                    "height": 512,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "看不懂",
        ),
        ({"location": {"longitude": 116.4, "latitude": 39.9}}, "不需要位置"),
        ({"contact": {"phone_number": "13800000000", "first_name": "甲"}}, "没有保存"),
        (
            {
                "animation": {
                    "file_id": "g",
                    "file_unique_id": "u",
                    "width": 1,
                    "height": 1,
                    "duration": 1,
                },
                "document": {"file_id": "g", "file_unique_id": "u"},
            },
            "看不了视频",
        ),
    ],
)
def test_what_cannot_be_read_is_answered_and_not_kept(
    house: House, api: BotApi, student: Person, content: dict[str, object], answer: str
) -> None:
    house.bind(student.id, "enrolled")
    student.send(**content)
    house.settle()
    assert answer in student.seen
    assert house.heard(student.id) == []
