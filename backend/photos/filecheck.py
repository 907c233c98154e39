"""What was measured, against what a picture file must be: a verdict per rule (R14, R15)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from backend.photos.naming import Name, NameKind, Owner
from backend.policy.photo import Background, PhotoPolicy

if TYPE_CHECKING:
    from backend.photos.measures import Measured


class Severity(StrEnum):
    OK = "ok"
    FAIL = "fail"
    WARN = "warn"  # worth a look; the file passes
    UNKNOWN = "unknown"  # nobody here can tell


@dataclass(frozen=True, slots=True)
class Verdict:
    """``measured`` and ``limit`` are numbers and codes, the same in every language; what a code
    means is in ``verdict_words.py``."""

    rule: str
    code: str
    severity: Severity
    measured: str
    limit: str


@dataclass(frozen=True, slots=True)
class Whose:
    """What is known of the person a file is named after. ``twice`` is an earlier file of theirs;
    ``own_only``: who sent it is told of no number but their own."""

    owner: Owner | None
    year: int | None = None
    unit_id: int | None = None
    twice: str = ""
    own_only: bool = False


def check(measured: Measured, name: Name, whose: Whose, policy: PhotoPolicy) -> list[Verdict]:
    """Every rule, in the order in which they are told."""
    found = [of_format(measured)]
    if found[0].severity is Severity.OK:
        found += [
            of_pixels(measured, policy),
            of_dpi(measured, policy),
            of_colour(measured, policy),
            of_size(measured, policy),
            of_background(measured, policy.background),
            *of_face(measured, policy),
        ]
    else:
        found.append(of_size(measured, policy))
    found += of_name(name, whose)
    if measured.editor:
        found.append(Verdict("R15", "retouch", Severity.WARN, measured.editor, ""))
    least = policy.file.least_quality
    if measured.quality is not None and measured.quality < least:
        limit = f"≥ {least}"
        found.append(Verdict("R15", "recompressed", Severity.WARN, str(measured.quality), limit))
    return found


def passes(verdicts: list[Verdict]) -> bool:
    return all(one.severity is not Severity.FAIL for one in verdicts)


def judged(rule: str, code: str, good: bool, measured: str, limit: str) -> Verdict:
    return Verdict(rule, code, Severity.OK if good else Severity.FAIL, measured, limit)


def of_format(measured: Measured) -> Verdict:
    if measured.kind == "jpeg" and measured.damaged:
        return Verdict("R15", "damaged", Severity.FAIL, "JPEG", "JPEG")
    kind = measured.kind.upper() or "?"
    return judged("R15", "format", measured.kind == "jpeg", kind, "JPEG")


def of_pixels(measured: Measured, policy: PhotoPolicy) -> Verdict:
    wanted = (policy.file.width, policy.file.height)
    return judged(
        "R15",
        "pixels",
        (measured.width, measured.height) == wanted,
        f"{measured.width}×{measured.height}",
        f"{wanted[0]}×{wanted[1]}",
    )


def of_dpi(measured: Measured, policy: PhotoPolicy) -> Verdict:
    least = policy.file.least_dpi
    said = "" if measured.dpi is None else f"{measured.dpi:.0f}"
    good = measured.dpi is not None and round(measured.dpi) >= least
    return judged("R15", "dpi" if said else "no_dpi", good, said, f"≥ {least}")


def of_colour(measured: Measured, policy: PhotoPolicy) -> Verdict:
    return judged(
        "R15",
        "colour",
        measured.mode == "RGB" and measured.bits == policy.file.bits,
        f"{measured.bits}" if measured.mode == "RGB" else f"{measured.bits} {measured.mode}",
        str(policy.file.bits),
    )


def of_size(measured: Measured, policy: PhotoPolicy) -> Verdict:
    rules = policy.file
    limit = f"{rules.least_bytes:,}–{rules.most_bytes:,}"
    said = f"{measured.size:,}"
    if rules.least_bytes <= measured.size <= rules.most_bytes:
        if rules.sure_least_bytes <= measured.size <= rules.sure_most_bytes:
            return Verdict("R15", "size", Severity.OK, said, limit)
        return Verdict("R15", "size_close", Severity.WARN, said, limit)
    code = "too_small" if measured.size < rules.least_bytes else "too_large"
    return Verdict("R15", code, Severity.FAIL, said, limit)


def of_background(measured: Measured, rules: Background) -> Verdict:
    whole = sum(count for _hue, _saturation, count in measured.background)
    low, high = rules.hue
    least = rules.least_saturation * 100
    blue = sum(
        count
        for hue, saturation, count in measured.background
        if low <= hue < high and saturation >= least
    )
    if not whole:
        return Verdict("R14", "blue", Severity.UNKNOWN, "", "")
    share = blue / whole
    limit = f"≥ {rules.least_share:.0%}"
    return judged("R14", "blue", share >= rules.least_share, f"{share:.0%}", limit)


def of_face(measured: Measured, policy: PhotoPolicy) -> list[Verdict]:
    """Only warnings: the detector has not been tried on enough real pictures to refuse by it."""
    if measured.faces is None:
        return [Verdict("R15", "face", Severity.UNKNOWN, "", "1")]
    count = len(measured.faces)
    if count != 1:
        return [Verdict("R15", "face", Severity.WARN, str(count), "1")]
    (face,), rules = measured.faces, policy.face
    height = face.height / measured.height
    off = abs(face.x + face.width / 2 - measured.width / 2) / measured.width
    tall = rules.least_height <= height <= rules.most_height
    limit = f"{rules.least_height:.0%}–{rules.most_height:.0%}"
    return [
        Verdict("R15", "face", Severity.OK, "1", "1"),
        Verdict("R15", "face_size", Severity.OK if tall else Severity.WARN, f"{height:.0%}", limit),
        Verdict(
            "R15",
            "face_place",
            Severity.OK if off <= rules.off_centre else Severity.WARN,
            f"{off:.0%}",
            f"≤ {rules.off_centre:.0%}",
        ),
    ]


UNNAMED = {
    NameKind.OWN_ID: ("name", Severity.OK),
    NameKind.SOME_ID: ("name_hidden", Severity.UNKNOWN),
    NameKind.PLATFORM: ("name_platform", Severity.FAIL),
    NameKind.OTHER: ("name_other", Severity.FAIL),
    NameKind.BAD_ID_NUMBER: ("name_id", Severity.FAIL),
}


def of_name(name: Name, whose: Whose) -> list[Verdict]:
    """Whom the file is of, and whether they are of this batch."""
    fail, owner = Severity.FAIL, whose.owner
    if name.kind in UNNAMED:
        return [Verdict("R15", *UNNAMED[name.kind], name.shown, "")]
    if name.kind is NameKind.ID_NUMBER and whose.year is None:
        return [Verdict("R15", "year_needed", fail, name.shown, "")]
    if owner is None:
        code = "name_not_own" if whose.own_only else "name_nobody"
        return [Verdict("R15", code, fail, name.shown, "")]
    found = [Verdict("R15", "name", Severity.OK, name.shown, "")]
    if whose.year is not None and owner.enrolled != whose.year:
        found.append(Verdict("R16", "year", fail, str(owner.enrolled), str(whose.year)))
    if whose.unit_id is not None and owner.unit_id != whose.unit_id:
        found.append(Verdict("R16", "unit", fail, owner.number, ""))
    if whose.twice:
        found.append(Verdict("R15", "twice", fail, name.shown, whose.twice))
    return found
