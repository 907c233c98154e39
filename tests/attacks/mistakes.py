"""Signed by us, by mistake or by a stolen key: what the file says of itself does not agree."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from backend.documents import record
from backend.documents.verdict import Issued
from tests.attacks.corpus import PLAIN, kind
from tests.attacks.materials import OTHER_CODE, Materials
from tests.attacks.materials import record as on_record
from tests.documents.samples import ISSUE, facts

FAMILY = "our own mistake"


def with_data(m: Materials, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The attached data are others than the pages show, and nobody saw it when it was made."""
    honest = record.record

    def false(*given: Any) -> dict[str, Any]:
        data = honest(*given)
        change(data)
        return data

    with patch.object(record, "record", false), patch.object(record, "unprinted", lambda *_: []):
        return m.signed_by(m.key)


@kind(FAMILY, "attachment_differs", levels=PLAIN)
def data_with_a_better_score(m: Materials) -> bytes:
    """Machines are told 99, and people read what is printed."""

    def change(data: dict[str, Any]) -> None:
        data["courses"][0]["score"] = data["courses"][0]["score_text"] = "99"

    return with_data(m, change)


@kind(FAMILY, "attachment_differs", levels=PLAIN)
def data_of_somebody_else(m: Materials) -> bytes:
    def change(data: dict[str, Any]) -> None:
        data["holder"]["name"] = "周明远"

    return with_data(m, change)


@kind(FAMILY, "attachment_differs", levels=PLAIN)
def data_that_are_none(m: Materials) -> bytes:
    with patch.object(record, "as_json", lambda _: b"{}"):
        return m.signed_by(m.key)


@kind(FAMILY, "code_of_another", levels=PLAIN)
def qr_code_of_another(m: Materials) -> bytes:
    """Whoever scans the page is shown somebody else's record."""
    address = ISSUE.verify_url.replace(ISSUE.code, OTHER_CODE)
    return m.signed_by(m.key, facts(), replace(ISSUE, verify_url=address))


@kind(FAMILY, "no_code", levels=PLAIN)
def code_left_out(m: Materials) -> bytes:
    """A file that names no record cannot be compared with any."""
    unsigned = m.empty_place()
    assert unsigned.count(b"(registrar-code:") == 1
    return m.signed_here(unsigned.replace(b"(registrar-code:", b"(registrar-cade:"))


def _there(m: Materials, _data: bytes) -> Issued:
    return on_record(m.genuine, code=OTHER_CODE)


@kind(FAMILY, "code_of_another", record=_there, elsewhere=True)
def asked_about_under_another_code(m: Materials) -> bytes:
    """A genuine file, shown by somebody whose page is another one."""
    return m.other
