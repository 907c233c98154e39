"""An institution whose candidates send pictures, and a studio at hand."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from backend.blobs import NewFile
from backend.database import Database
from backend.files import written
from backend.models import ProofPicture
from backend.pictures import gate
from backend.pictures.gate import Wanted
from backend.pictures.studio import Here
from bot.scripted_reader import ScriptedReader
from tests.backend.scene import SEALER, Scene


@dataclass
class Desk:
    """Where pictures come in."""

    scene: Scene
    reader: ScriptedReader = field(default_factory=ScriptedReader)

    def __post_init__(self) -> None:
        self.scene.office.sealer = SEALER
        self.scene.office.studio = Here(self.reader)

    def blob(self, owner: int, data: bytes) -> str:
        self.reader.learn(data)
        file = NewFile(data, owner, "a.jpg", "image/jpeg")
        (blob_id,) = written(self.scene.office, [file])
        return blob_id

    def send(
        self, owner: int, data: bytes, *, place: str = "picture.a.1", type_: str = "cet"
    ) -> int:
        """Through the gate, looked at and read; the id of the picture."""
        blob_id = self.blob(owner, data)
        with self.scene.office.work(owner) as work:
            picture = gate.submit(work, blob_id, Wanted(place, type_, "E5")).id
        self.scene.direct.run_all(self.scene.office)
        return picture

    def picture(self, picture: int) -> ProofPicture:
        with self.scene.office.read() as work:
            return work.session.get_one(ProofPicture, picture)

    def codes(self, picture: int, *, reviewer: bool = True) -> dict[str, str]:
        with self.scene.office.read() as work:
            found = gate.findings(work, picture, reviewer=reviewer)
        return {one.code: one.severity for one in found}


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(Scene(database, tmp_path))
