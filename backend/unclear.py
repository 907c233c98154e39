"""What was not understood: kept with consent, masked, sealed, and for a while only.

Whose words they are nobody can tell any more: only the person who withdraws finds them, by a keyed
hash. Staff say what they meant (``labels.py``).
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select

from backend import accounts, masking, numbering
from backend.consent import Consent
from backend.consents import keep as keep_consent
from backend.database import insert_into
from backend.errors import NotAllowed
from backend.models import Inbound, LearningConsent, Outbound, Person, UnclearMessage
from backend.sealing import Sealer
from backend.work import Work

KEPT = timedelta(days=90)
DISCARDED = "discarded"  # the label of what nobody can make anything of
DISCARDED_KEPT = timedelta(hours=1)  # so long it can be taken back
MOST_OF_ONE = 20  # waiting messages of one person
RANKED = 5
BEFORE = timedelta(days=1)  # what was said before the question counts if it is answered by then
MISSES = 2  # after so many the question comes


class Standing(StrEnum):
    ASKED = "asked"  # and not answered; nobody is asked twice
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# --- consent --------------------------------------------------------------------------------


def standing(work: Work, person: int) -> Standing | None:
    """None where this person has never been asked."""
    found = work.session.get(LearningConsent, person)
    return None if found is None else Standing(found.state)


def can_ask(work: Work, person: int | None) -> bool:
    """Once in a life; never where nothing could be kept."""
    return person is not None and work.sealer is not None and standing(work, person) is None


def note_asked(work: Work, person: int) -> None:
    _stand(work, person, Standing.ASKED)


def give(work: Work, consent: Consent) -> int:
    """From now on, and for the words that led to the question; returns how many were kept of these."""
    person = consent.person_id
    before = work.session.get(LearningConsent, person)
    asked = before.asked_at if before and before.state == Standing.ASKED else None
    given = _stand(work, person, Standing.GIVEN)
    given.consent_id = keep_consent(work, consent)
    work.session.flush()
    if asked is None or work.now - asked > BEFORE:
        return 0
    said = work.session.execute(
        select(Inbound.body, Inbound.parse)
        .where(
            Inbound.conversation_id == accounts.conversation_of(work, person),
            Inbound.kind == "said",
            Inbound.done_at <= asked,
            Inbound.received_at > asked - BEFORE,
        )
        .order_by(Inbound.id.desc())
        .limit(MISSES)
    ).all()
    return sum(
        bool(keep(work, person, str(body["text"]), (parse or {}).get("ranking", ())))
        for body, parse in reversed(said)
    )


def decline(work: Work) -> None:
    """Nothing is kept, and it is never asked again."""
    _stand(work, _actor(work), Standing.DECLINED)


def withdraw(work: Work) -> int:
    """What is kept of the actor's words is erased at once; returns how many messages it was."""
    person = _actor(work)
    _stand(work, person, Standing.WITHDRAWN)
    if work.sealer is None:
        return 0
    return erase(work, select(UnclearMessage.number).where(_mine(work, work.sealer, person)))


def _stand(work: Work, person: int, state: Standing) -> LearningConsent:
    found = work.session.get(LearningConsent, person)
    if found is None:
        found = LearningConsent(
            person_id=person, institution_id=work.institution, state=state, asked_at=work.now
        )
        work.session.add(found)
    found.state = state
    work.session.flush()
    return found


def _actor(work: Work) -> int:
    if work.actor is None:
        raise NotAllowed
    return work.actor


# --- keeping --------------------------------------------------------------------------------


def keep(work: Work, person: int, text: str, ranking: Iterable[Sequence[object]]) -> str:
    """The number of what is kept of these words; "" where nothing is: without consent, when masking is
    in doubt, when the same words wait already, or when this person has left enough.

    ``ranking`` are pairs of an intent and its share, the likeliest first.
    """
    sealer = work.sealer
    if sealer is None or standing(work, person) is not Standing.GIVEN:
        return ""
    words = masking.masked(text, names_in(work, person, text))
    if words is None:
        return ""
    mine = select(func.count()).where(_mine(work, sealer, person), waiting(work))
    if (work.session.scalar(mine) or 0) >= MOST_OF_ONE:
        return ""
    # to the second it would tell whose message of that second it is
    day = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    kept = work.session.execute(
        insert_into(work.writing, UnclearMessage)
        .values(
            institution_id=work.institution,
            number=numbering.next_number(work, "U"),
            giver=_giver(work, sealer, person),
            sealed=sealer.seal(words),
            alike=sealer.index("unclear:" + "".join(filter(str.isalnum, words.casefold()))),
            ranking=[str(one[0]) for one in ranking][:RANKED],
            expires_at=day + KEPT,
            place=day,
        )
        .on_conflict_do_nothing(index_elements=["institution_id", "alike"])
        .returning(UnclearMessage.number)
    )
    return str(kept.scalar() or "")


def names_in(work: Work, person: int, text: str) -> set[str]:
    """The speaker's own, and whoever of the registry is named in the words."""
    speaker = work.session.get_one(Person, person)
    found = masking.names_of(speaker.name, speaker.name_en) | {speaker.number}
    chinese, english = masking.candidates(text)
    rows = work.reading.execute(
        select(Person.name, Person.name_en).where(
            Person.institution_id == work.institution,
            or_(Person.name.in_(chinese), func.lower(Person.name_en).in_(english)),
        )
    )
    for name, name_en in rows:
        found |= {one for one in (name, name_en) if len(one) > 1}
        found.add(" ".join(reversed(name_en.split())) or name)
    return found


def suggest(work: Work, person: int, intent: str) -> None:
    """The author of the last one kept of theirs went on with one of its likely meanings; staff still
    decide."""
    if work.sealer is None:
        return
    last = work.session.scalars(
        select(UnclearMessage)
        .where(_mine(work, work.sealer, person), UnclearMessage.place > work.now - BEFORE * 2)
        .order_by(UnclearMessage.id.desc())
        .limit(1)
    ).first()
    if last is not None and not last.label and intent in last.ranking:
        last.suggested = intent


def _giver(work: Work, sealer: Sealer, person: int) -> str:
    return sealer.index(f"giver of unclear words:{work.institution}:{person}")


def _mine(work: Work, sealer: Sealer, person: int) -> ColumnElement[bool]:
    return UnclearMessage.giver == _giver(work, sealer, person)


def waiting(work: Work) -> ColumnElement[bool]:
    return and_(
        UnclearMessage.institution_id == work.institution,
        UnclearMessage.label == "",
        UnclearMessage.expires_at > work.now,
    )


# --- erasing --------------------------------------------------------------------------------


ERASED: dict[str, object] = {
    "text": "（已删除 · erased）",
    "card": None,
    "buttons": [],
    "pictures": [],
    "files": [],
}


def expire_due(work: Work) -> int:
    """Erase what is over; returns how many messages it was."""
    discarded = and_(
        UnclearMessage.label == DISCARDED,
        UnclearMessage.labelled_at <= work.now - DISCARDED_KEPT,
    )
    over = select(UnclearMessage.number).where(
        UnclearMessage.institution_id == work.institution,
        or_(UnclearMessage.expires_at <= work.now, discarded),
    )
    return erase(work, over)


def erase(work: Work, which: Select[str]) -> int:
    """The rows with these numbers, and the words in the prompts that staff were shown."""
    numbers = list(work.session.scalars(which))
    for one in numbers:
        shown = work.session.scalars(
            select(Outbound).where(
                Outbound.institution_id == work.institution, Outbound.about == one
            )
        )
        for prompt in shown:
            prompt.body = {**prompt.body, **ERASED}
            prompt.actions = []
    work.session.flush()
    if numbers:
        work.session.execute(
            delete(UnclearMessage).where(
                UnclearMessage.institution_id == work.institution,
                UnclearMessage.number.in_(numbers),
            )
        )
    return len(numbers)
