"""Samples of proofs as pictures (E10): drawn once for each language, for everybody."""

from sqlalchemy.exc import IntegrityError

from backend import blobs
from backend.blobs import NewFile
from backend.documents.sample_data import EDITION
from backend.files import written
from backend.models import Blob, SamplePicture
from backend.office import Office
from backend.work import Work

__all__ = ["draw", "key", "picture"]


def key(sample: str, language: str) -> str:
    return f"sample:{sample}:{language}"


def picture(work: Work, sample: str, language: str) -> Blob | None:
    """None while it is being drawn, which asking begins; ``key`` is what announces it."""
    row = work.session.get(SamplePicture, (work.institution, sample, language, EDITION))
    if row is not None and row.blob_id is not None:
        blob = work.session.get(Blob, row.blob_id)
        if blob is not None and blob.deleted_at is None:
            return blob
    if row is None:
        row = SamplePicture(
            institution_id=work.institution,
            sample=sample,
            language=language,
            edition=EDITION,
            asked_at=work.now,
        )
        try:
            with work.savepoint():
                work.session.add(row)
                work.session.flush()
        except IntegrityError:  # somebody else has asked at this moment
            return None
    stamp = f"{work.now:%Y%m%d%H%M}"
    name = f"{key(sample, language)}:{stamp}"
    work.enqueue("draw_sample", name, sample=sample, language=language)
    return None


def draw(office: Office, sample: str, language: str) -> None:
    """The job."""
    with office.read() as work:
        row = work.session.get_one(SamplePicture, (work.institution, sample, language, EDITION))
        if row.blob_id is not None and work.session.get_one(Blob, row.blob_id).deleted_at is None:
            return  # another run has done it
    drawn = office.workshop.sample(sample, language)
    size = (drawn.width, drawn.height)
    file = NewFile(drawn.png, None, f"sample-{sample}-{language}.png", "image/png", size)
    (blob_id,) = written(office, [file])
    with office.work() as work:
        row = work.session.get_one(
            SamplePicture, (work.institution, sample, language, EDITION), with_for_update=True
        )
        row.blob_id = blobs.keep(work, blob_id, expires_at=None).id
        work.emit("job.done", key(sample, language))
