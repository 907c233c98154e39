"""Graduation photos: one picture checked, beside decoding it; a batch with all that is kept of it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from backend.models import Person, Student
from backend.photos import batch_intake, batch_running, batch_steering, measures, naming
from backend.photos.filecheck import Whose, check
from backend.pictures import reader
from backend.policy.first_photo import PHOTO
from backend.policy.photo import PhotoPolicy
from benchmarks.installation import copied
from benchmarks.measure import Row, Section, Series, cpu_row, interleaved, shown
from bot.assemble import office_alone
from bot.settings import Settings
from tests.photos import making

ROUNDS = 60
PICTURES = 20  # different ones
POLICY = PhotoPolicy.model_validate(PHOTO)


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    pictures = [making.jpeg(making.portrait(seed=seed)) for seed in range(PICTURES)]
    name, nobody = naming.read("20231800000001.jpg"), Whose(None)
    data, looks = pictures[0], reader.installed()

    def decoded() -> None:
        with Image.open(BytesIO(data)) as image:
            image.load()

    found = interleaved(
        {
            "check": lambda: check(measures.measure(data, looks), name, nobody, POLICY),
            "decode": decoded,
        },
        rounds=ROUNDS,
    )
    faces = "with faces" if looks else "no face detector installed"
    per_picture, count = batch(copied(original, folder / "batch"), pictures)
    yield Section(
        "Graduation photos: checking picture files",
        [
            cpu_row(f"one picture ({faces})", found["check"], "Pillow's decoding", found["decode"]),
            Row(
                f"one of {count} in a batch, wall",
                shown(per_picture),
                "Pillow's decoding",
                shown(found["decode"].typical_wall),
                per_picture / found["decode"].typical_wall,
                "archive, own process, registry, report; bytes sealed and kept",
            ),
        ],
        f"480×640 JPEG of {len(data) // 1000} kB; medians of {ROUNDS}, interleaved.",
    )


def batch(settings: Settings, pictures: list[bytes]) -> tuple[float, int]:
    """Seconds for each picture of an archive in which every student of the demo has one."""
    with office_alone(settings) as office:
        with office.read() as work:
            numbers = work.session.scalars(
                select(Person.number).join(Student, Student.person_id == Person.id)
            ).all()
        files = {f"{one}.jpg": pictures[place % PICTURES] for place, one in enumerate(numbers)}
        stored = batch_intake.put(office, BytesIO(making.archive(files)), "photos.zip")
        with office.work() as work:
            number = batch_intake.begin(work, stored, None, None, None).number
        series = Series()
        with series.once():
            batch_running.run(office, number)
        office.studio.close()
        with office.read() as work:
            assert batch_steering.of_number(work, number).passed == len(numbers)
    return series.wall[0] / len(numbers), len(numbers)
