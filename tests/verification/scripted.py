"""An operation for conversation scripts: a file is made, and what the inspector is to find of it.

``操作 核验 原件.pdf 原件 T260302-0001`` is the file as it was issued, ``加页.pdf 加了一页 T…`` has something after
it, ``照片.jpg 照片 T…`` shows its QR code; ``别校.pdf foreign`` is refused for that reason. Codes and bytes differ
from play to play: the document on record is given one of each by its number.
"""

from hashlib import sha256

from sqlalchemy import select

from backend.documents.verdict import addition
from backend.models import Application, Credential
from bot import play
from bot.play import Stage
from tests.verification import fake

FACTS = {"foreign_qr": {"host": "verify.example.com"}, "other_institution": {"signer": "另一大学"}}


def prepare(stage: Stage, name: str, what: str, number: str = "") -> None:
    office = stage.assistant.office
    if not isinstance(office.inspector, fake.FakeInspector):
        office.inspector = fake.FakeInspector()
    data, finding = f"{name} {what}".encode(), fake.refused(what, **FACTS.get(what, {}))
    if number:
        code, pdf = recorded(stage, number)
        kinds = {
            "原件": (pdf, fake.signed_here(code)),
            "加了一页": (pdf + b"%", fake.added_to(pdf, addition("appended_pages", 1), code=code)),
            "照片": (f"picture of {code}".encode(), fake.picture(code)),
        }
        data, finding = kinds[what]
    office.inspector.answers[data] = finding
    stage.given[name] = data


def recorded(stage: Stage, number: str) -> tuple[str, bytes]:
    """The code and the file of the latest document of this application, from now on."""
    code = "ABCDEFGHJK" + number[1:].replace("-", "")
    with stage.assistant.office.work() as work:
        credential = work.session.scalars(
            select(Credential)
            .join(Application, Application.id == Credential.application_id)
            .where(Application.number == number)
            .order_by(Credential.id.desc())
            .limit(1)
        ).one()
        pdf = f"%PDF {number}".encode()
        credential.code, credential.size = code, len(pdf)
        credential.sha256 = sha256(pdf).hexdigest()
    return code, pdf


def install() -> None:
    play.OPERATIONS.setdefault("核验", prepare)
