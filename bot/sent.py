"""What comes in from a person, and what of it is not kept: ID numbers, passwords, piles of marks."""

from dataclasses import dataclass, replace
from typing import Any

from backend import marks, media_types
from backend.identity import confidential
from backend.models import Person
from backend.office import Office
from bot import rows
from dialogs.engine.talk import Talk

NOT_STORED = "（没有保存 · not stored）"
NUMBER_ON_PAPER = (
    "number."  # how the slots are named in which the numbers of certificates are typed
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person sent: on which channel, under the channel's own key for it."""

    channel: str
    address: str
    person: int | None
    key: str
    kind: str  # "said", "pressed", "attached"; "withheld" once what was said must not be kept
    body: dict[str, Any]
    passive: bool = False  # the channel may show the answer as it acknowledges the message


def readable(sent: Sent) -> Sent:
    """Words without piles of marks, which nobody can read and everybody would have to sort."""
    if sent.kind != "said":
        return sent
    return replace(sent, body=sent.body | {"text": marks.with_few(sent.body["text"])})


def withheld(office: Office, sent: Sent) -> Sent:
    """An ID number or a password is neither stored nor parsed: what is kept is that there was one.

    A file is taken all the same, under a name without it.
    """
    if sent.kind == "attached":
        name = confidential.file_name(sent.body["name"])
        kept = {"name": name, "type": media_types.strict(sent.body["type"])}
        return replace(sent, body=sent.body | kept)
    what = not_to_be_kept(office, sent) if sent.kind == "said" else ""
    if not what:
        return sent
    kept = {name: value for name, value in sent.body.items() if name == "browser"}
    return replace(sent, kind="withheld", body=kept | {"what": what, "text": NOT_STORED})


def not_to_be_kept(office: Office, sent: Sent) -> str:
    """``id_number``, ``password``, or nothing.

    The number of a certificate may look like an ID number: it is taken where it is called one or
    asked for, unless it is the person's own ID number.
    """
    text = sent.body["text"]
    what = confidential.found_in(text)
    numbers = set() if what == "password" else confidential.as_long_as_one(text)
    if not numbers:
        return what
    own, asked = own_and_asked(office, sent)
    if office.sealer and own in {office.sealer.index(one) for one in numbers}:
        return "id_number"
    return "" if own and asked.startswith(NUMBER_ON_PAPER) else what


def own_and_asked(office: Office, sent: Sent) -> tuple[str | None, str]:
    """The index of the person's ID number, and the slot that is being asked for."""
    with office.read() as work:
        address = (work.institution, sent.channel, sent.address, sent.person)
        found = rows.of_address(work.reading, *address)
        top = Talk.from_json(found.state).top if found else None
        person = work.session.get_one(Person, sent.person) if sent.person else None
        return (person.id_number_index if person else None), (top.asked if top else "")
