"""One file on its way into the tables, a batch at a time."""

from collections.abc import Callable, Iterator
from itertools import islice

from backend.registry.column import Column
from backend.registry.columns import COLUMNS, KEYS
from backend.registry.ending import end_roles
from backend.registry.entry import Entry, Registry
from backend.registry.report import Problem, Report, shown
from backend.registry.resolving import RESOLVERS
from backend.registry.tables import Line
from backend.registry.upsert import TARGETS, Row, upsert
from backend.registry.values import BadValue, Reader, as_any_id_number, check_text

BATCH = 5000


class Taking:
    def __init__(
        self,
        registry: Registry,
        report: Report,
        kind: str,
        found: dict[str, int],
        *,
        strict: bool,
    ) -> None:
        """``found`` is where each column is; see ``import_file`` for ``strict``."""
        self.registry, self.report, self.kind = registry, report, kind
        self.columns = [
            (column, found[column.key], reader_of(column, strict))
            for column in COLUMNS[kind]
            if column.key in found
        ]
        self.headings = {column.key: column.zh for column in COLUMNS[kind]}
        self.seen: dict[tuple[object, ...], tuple[int, int]] = {}  # key: line, hash of the row
        registry.refuse = self.refuse
        registry.load_units()

    def take(
        self, rows: Iterator[Line], width: int, progress: Callable[[int], None] | None
    ) -> None:
        """Reads to the end; ``width`` is how many headings there are."""
        while batch := list(islice(rows, BATCH)):
            self.registry.unread.clear()
            entries = [entry for line in batch if (entry := self.understood(line, width))]
            resolved = self.remaining(RESOLVERS[self.kind](self.registry, entries))
            elsewhere = sum(row.pop("changed_elsewhere", False) for row in resolved)
            if resolved:
                added, changed = upsert(
                    self.registry.session,
                    self.registry.institution,
                    TARGETS[self.kind],
                    resolved,
                )
                changed += min(elsewhere, len(resolved) - added - changed)
                self.report.added += added
                self.report.changed += changed
                self.report.unchanged += len(resolved) - added - changed
            if progress:
                progress(self.report.rows)

    def remaining(self, resolved: list[Row]) -> list[Row]:
        """What is to be written, after what is to be taken away has been."""
        over = [row for row in resolved if row.pop("revoked", False)]
        ended = end_roles(self.registry, over)
        self.report.ended += ended
        self.report.unchanged += len(over) - ended
        gone = {id(row) for row in over}
        return [row for row in resolved if id(row) not in gone]

    def understood(self, line: Line, width: int) -> Entry | None:
        """The line with its values; None for one that is refused or repeats an earlier one."""
        if any(line.cells[width:]):
            self.problem(line.number, "", "", "too_many_cells")
            self.report.refused += 1
            return None
        entry = Entry(line.number, {}, {})
        right = True
        for column, place, read in self.columns:
            cell = line.cells[place] if place < len(line.cells) else ""
            entry.cells[column.key] = cell
            try:
                entry.values[column.key] = value_of(column, read, cell)
            except BadValue as bad:
                right = False
                self.problem(line.number, column.key, cell, bad.code, **bad.facts)
        if not right:
            self.registry.unread.append(entry)
            self.report.refused += 1
            return None
        return entry if self.first_of_its_kind(entry) else None

    def first_of_its_kind(self, entry: Entry) -> bool:
        key = tuple(entry.values.get(name) for name in KEYS[self.kind])
        content = hash(tuple(entry.values.values()))
        line, earlier = self.seen.setdefault(key, (entry.line, content))
        if line == entry.line:
            return True
        if content == earlier:
            self.report.unchanged += 1
        else:
            self.refuse(entry, KEYS[self.kind][0], "duplicate", first=line)
        return False

    def refuse(self, entry: Entry, column: str, code: str, **facts: object) -> None:
        self.report.refused += 1
        self.problem(entry.line, column, entry.cells.get(column, ""), code, **facts)

    def problem(self, line: int, column: str, cell: str, code: str, **facts: object) -> None:
        heading = self.headings.get(column, "")
        self.report.problems.append(Problem(line, heading, shown(column, cell), code, facts))


def reader_of(column: Column, strict: bool) -> Reader:
    return as_any_id_number if column.key == "id_number" and not strict else column.read


def value_of(column: Column, read: Reader, cell: str) -> object:
    if not cell:
        if not column.blank:
            raise BadValue("blank")
        return column.empty
    check_text(cell, column.limit)
    return read(cell)
