"""Collection codes (图像采集码, P2): kept sealed, drawn as a QR picture for their owner alone."""

from datetime import timedelta

from sqlalchemy import select

from backend import blobs, qr
from backend.blobs import NewFile
from backend.clock import local_date
from backend.errors import Refused
from backend.files import written
from backend.models import Blob, CodePicture, CodeRequest, CollectionCode, Person
from backend.office import Office
from backend.photos import schedule
from backend.photos.codes_provider import CodesUnreachable
from backend.work import Work

PICTURE_KEPT = timedelta(minutes=30)
ASK_AGAIN = timedelta(minutes=2)  # until then the last answer of the provider stands
LOST = timedelta(minutes=1)  # a picture that has not come by then is ordered once more


def of(work: Work, person_id: int) -> CollectionCode | None:
    """The code of this season that still counts."""
    plan = schedule.current(work)
    if plan is None:
        return None
    code = work.session.get(CollectionCode, (plan.season_id, person_id))
    if code is None or (code.valid_until and code.valid_until < local_date(work.now)):
        return None
    return code


def picture_key(person_id: int) -> str:
    """Announced when the picture has been drawn."""
    return f"photo_code:{person_id}"


def request_key(person_id: int) -> str:
    """Announced when the provider has answered."""
    return f"photo_code_request:{person_id}"


def picture(work: Work, code: CollectionCode) -> Blob | None:
    """The QR picture; while there is none it is being drawn, ordered by asking. Its owner only."""
    if work.actor != code.person_id:
        raise Refused("not_allowed")
    made = work.session.get(CodePicture, code.person_id, with_for_update=True)
    if made is None:
        made = CodePicture(
            person_id=code.person_id,
            institution_id=work.institution,
            payload_index=code.payload_index,
        )
        work.session.add(made)
    if made.payload_index == code.payload_index and made.blob_id is not None:
        blob = work.session.get_one(Blob, made.blob_id)
        if blob.deleted_at is None and blob.expires_at and blob.expires_at > work.now:
            return blob
    if made.drawing_since is None or made.drawing_since < work.now - LOST:
        made.drawing_since = work.now
        work.enqueue(
            "draw_photo_code",
            f"{code.person_id}:{code.payload_index[:8]}:{work.now.isoformat()}",
            person=code.person_id,
        )
    return None


def draw(office: Office, person: int) -> None:
    """The job ``draw_photo_code``."""
    with office.read() as work:
        code = of(work, person)
        if code is None or office.sealer is None:
            return
        mark, payload = code.payload_index, office.sealer.open(code.payload_sealed)
    png, side = qr.picture(payload)
    (blob_id,) = written(
        office, [NewFile(png, person, "photo-code.png", "image/png", (side, side), private=True)]
    )
    with office.work() as work:
        made = work.session.get_one(CodePicture, person, with_for_update=True)
        blobs.keep(work, blob_id, expires_at=work.now + PICTURE_KEPT)
        made.blob_id, made.payload_index, made.drawing_since = blob_id, mark, None
        work.emit("job.done", picture_key(person))


# --- asking the provider ----------------------------------------------------------------------


def ask(work: Work, person_id: int) -> CodeRequest:
    """The provider's last answer; where it is old or there is none, it is asked by a job."""
    request = work.session.get(CodeRequest, person_id, with_for_update=True)
    if request is None:
        request = CodeRequest(
            person_id=person_id, institution_id=work.institution, asked_at=work.now
        )
        work.session.add(request)
    elif (request.answered_at or request.asked_at) > work.now - ASK_AGAIN:
        return request
    request.asked_at, request.answered_at, request.answer = work.now, None, ""
    work.enqueue("fetch_photo_code", f"{person_id}:{work.now.isoformat()}", person=person_id)
    return request


def fetch(office: Office, person: int) -> None:
    """The job ``fetch_photo_code``: nothing is tried again by itself, the student may ask again."""
    with office.read() as work:
        number = work.session.get_one(Person, person).number
        plan = schedule.current(work)
        season = plan.season_id if plan else None
    answer, found = "none", None
    if office.codes is not None and season is not None:
        try:
            found = office.codes.fetch(number)
            answer = "code" if found else "none"
        except CodesUnreachable:
            answer = "unreachable"
    with office.work() as work:
        request = work.session.get_one(CodeRequest, person, with_for_update=True)
        if found is not None and season is not None and office.sealer is not None:
            mark = office.sealer.index(found.payload)
            another = work.session.scalar(
                select(CollectionCode.person_id)
                .where(
                    CollectionCode.institution_id == work.institution,
                    CollectionCode.payload_index == mark,
                    CollectionCode.person_id != person,
                )
                .limit(1)
            )
            if another is not None:  # a code is one person's: the provider is mistaken
                answer = "unreachable"
            else:
                work.session.merge(
                    CollectionCode(
                        season_id=season,
                        person_id=person,
                        institution_id=work.institution,
                        payload_sealed=office.sealer.seal(found.payload),
                        payload_index=mark,
                        source="provider",
                        valid_until=found.valid_until,
                    )
                )
        request.answer, request.answered_at = answer, work.now
        work.emit("job.done", request_key(person))


def give_up_asking(work: Work, person: int) -> None:
    """The job has failed for good: nothing is waited for until the student asks again."""
    request = work.session.get_one(CodeRequest, person, with_for_update=True)
    if request.answered_at is None:
        request.answer, request.answered_at = "unreachable", work.now
    work.emit("job.done", request_key(person), ok=False)
