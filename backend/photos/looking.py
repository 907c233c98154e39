"""One picture file, looked at for whoever sent it (R15)."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from backend import authority, blobs
from backend.authority import Role
from backend.errors import Refused
from backend.file_names import NameFacts
from backend.models import Blob, Person, PhotoLook
from backend.office import Office
from backend.photos import naming
from backend.photos.filecheck import Verdict, Whose, check
from backend.pictures.seen import Box
from backend.pictures.studio import Failed, Lost
from backend.policy import store
from backend.work import Work

KEPT = timedelta(days=1)
LOST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Came:
    """What was known of a file when it came in."""

    named: NameFacts
    recompressed: bool

    def to_text(self) -> str:
        return json.dumps({"named": self.named.to_json(), "recompressed": self.recompressed})

    @classmethod
    def from_text(cls, text: str | None) -> "Came":
        if text is None:
            return cls(NameFacts(), False)
        body = json.loads(text)
        return cls(NameFacts.from_json(body["named"]), body["recompressed"])


def key(blob_id: str) -> str:
    return f"photo:{blob_id}"


def ask(work: Work, blob_id: str, came: Came) -> PhotoLook:
    """The look at one's own file, by a job; ``done_at`` None until then. Raises ``file_gone``."""
    look_ = work.session.get(PhotoLook, blob_id)
    if look_ is None:
        blob = work.session.get(Blob, blob_id)
        if blob is None or blob.deleted_at is not None or blob.owner_id != work.actor:
            raise Refused("file_gone")
        blobs.keep(work, blob_id, expires_at=work.now + KEPT).private = True
        look_ = PhotoLook(
            blob_id=blob_id,
            institution_id=work.institution,
            owner_id=blob.owner_id,
            asked_at=work.now,
            named=came.named.to_json(),
            recompressed=came.recompressed,
            measured={},
        )
        work.session.add(look_)
        work.enqueue("look_at_photo", key(blob_id), blob=blob_id)
    elif look_.owner_id != work.actor:
        raise Refused("file_gone")
    elif look_.done_at is None and work.now - look_.asked_at > LOST:
        look_.asked_at = work.now
        work.enqueue("look_at_photo", f"{key(blob_id)}:{work.now:%H%M}", blob=blob_id)
    work.session.flush()
    return look_


def look(office: Office, blob: str) -> None:
    """The job ``look_at_photo``."""
    with office.read() as work:
        asked = work.session.get(PhotoLook, blob)
        if asked is None or asked.done_at is not None:
            return
        place = work.session.get_one(Blob, blob).key
    measured = measured_in(office, office.blobs.get(place))
    with office.work() as work:
        asked = work.session.get_one(PhotoLook, blob, with_for_update=True)
        asked.measured, asked.done_at = as_json(measured), work.now
        work.emit("job.done", key(blob))


def measured_in(office: Office, data: bytes) -> Any:
    """What the studio measures; a file that ends its process is called damaged."""
    try:
        studio = office.studio
        return studio.run("backend.photos.measures:measure", data, studio.finds_faces)
    except (Failed, Lost):
        from backend.photos.measures import Measured  # noqa: PLC0415 - numpy is wanted nowhere else

        return Measured("jpeg", len(data), sha256(data).hexdigest(), damaged=True)


def give_up(work: Work, blob: str) -> None:
    work.emit("job.done", key(blob), ok=False)


def verdicts(work: Work, look_: PhotoLook) -> list[Verdict]:
    """By the rules of today, the file's name and the registry."""
    sender = work.session.get_one(Person, look_.owner_id)
    kept = work.session.get_one(Blob, look_.blob_id).name
    facts = NameFacts.from_json(look_.named)
    name = naming.told(facts, kept, sender.id_number_index)
    owner = naming.owners(work, [name], None).get(name.stem)
    staff = authority.roles(work, sender.id) & {Role.UNIT_OFFICER, Role.STUDENT_AFFAIRS}
    if not staff and owner is not None and owner.person_id != sender.id:
        owner = None  # whether somebody else has this number is not said to just anybody
    whose = Whose(owner, own_only=not staff)
    return check(from_json(look_.measured), name.of(owner), whose, store.photo(work))


def as_json(measured: Any) -> dict[str, Any]:
    return asdict(measured)


def from_json(body: dict[str, Any]) -> Any:
    from backend.photos.measures import Measured  # noqa: PLC0415 - numpy is wanted nowhere else

    faces = body["faces"]
    return Measured(
        **body
        | {
            "background": tuple(map(tuple, body["background"])),
            "faces": None if faces is None else tuple(Box(**one) for one in faces),
        }
    )
