"""Makes the demo's data in a fresh database and prints what is in each table, as JSON of hashes."""

import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from backend.database import Database
from backend.models import Base
from backend.registry import demo
from backend.sealing import Sealer

SECRET = b"a secret of thirty-two characters"


def hashes(path: Path, today: str) -> dict[str, str]:
    """Of all rows of each table that has some. What is sealed is opened: its nonce is random."""
    database, sealer = Database(f"sqlite:///{path}"), Sealer(SECRET)
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        demo.load(session, sealer, date.fromisoformat(today))
    found = {}
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = []
            for row in session.execute(select(table)).mappings():
                opened = {
                    name: sealer.open(value) if name.endswith("_sealed") and value else value
                    for name, value in row.items()
                }
                rows.append(json.dumps(opened, default=str, sort_keys=True, ensure_ascii=False))
            if rows:
                whole = sha256("\n".join(sorted(rows)).encode()).hexdigest()
                found[table.name] = f"{len(rows)} {whole}"
    database.close()
    return found


if __name__ == "__main__":
    print(json.dumps(hashes(Path(sys.argv[1]), sys.argv[2])))
